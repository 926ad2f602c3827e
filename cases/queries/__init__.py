"""Reads of cases, starting from who asks. A case that one may not see does not exist for one (404)."""

from cases.queries.cases import CASES_CAP, SEARCH_CAP, AtendimentoQuerySet, ReclamadoQuerySet, terms_visible_to
from cases.queries.complaints import (
    AcordoQuerySet,
    ClassificacaoQuerySet,
    DefesaQuerySet,
    ParecerQuerySet,
    ReclamacaoQuerySet,
    RecursoQuerySet,
)
from cases.queries.contingency import FormularioQuerySet
from cases.queries.desk import FiltroSalvoQuerySet, NumeroExternoQuerySet, RascunhoQuerySet, TextoPadraoQuerySet
from cases.queries.letters import AnexoQuerySet, CIPQuerySet
from cases.queries.queue import SenhaQuerySet
from cases.queries.texts import TextoQuerySet

__all__ = [
    "CASES_CAP",
    "SEARCH_CAP",
    "AcordoQuerySet",
    "AnexoQuerySet",
    "AtendimentoQuerySet",
    "CIPQuerySet",
    "ClassificacaoQuerySet",
    "DefesaQuerySet",
    "FiltroSalvoQuerySet",
    "FormularioQuerySet",
    "NumeroExternoQuerySet",
    "ParecerQuerySet",
    "RascunhoQuerySet",
    "ReclamacaoQuerySet",
    "ReclamadoQuerySet",
    "RecursoQuerySet",
    "SenhaQuerySet",
    "TextoPadraoQuerySet",
    "TextoQuerySet",
    "terms_visible_to",
]
