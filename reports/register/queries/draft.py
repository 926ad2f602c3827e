"""The draft of a year's register, read from the decisions that stand."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce, ExtractYear

from cases.models import Classificacao, Recurso
from parties.models import Fornecedor
from reports.register.queries.terms import KEPT, Terms
from reports.register.rules import INDIVIDUAL, PERSON, Entry, Line, ordered

FOUNDED = (Classificacao.Valor.FUNDAMENTADA_ATENDIDA, Classificacao.Valor.FUNDAMENTADA_NAO_ATENDIDA)
#: A firm of one person is named by its CPF at the end or by the root of its CNPJ at the beginning: it names a person.
_ONE_PERSON = re.compile(r"[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}-?[0-9]{2}\s*$|^\s*[0-9]{2}\.?[0-9]{3}\.?[0-9]{3}\s+\D")
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f]+")

#: The visible scope: ids of unidades, or None for the whole office.
Scope = Collection[int] | None


def final_decisions(ano: int, unidades: Scope = None) -> QuerySet[Classificacao]:
    """The founded decisions that stand and became final in this year; only they are in its register."""
    first, after = date(ano, 1, 1), date(ano + 1, 1, 1)
    return _within(unidades).filter(transitada_em__gte=first, transitada_em__lt=after)


def pending_decisions(ano: int, unidades: Scope = None) -> QuerySet[Classificacao]:
    """The founded decisions of this year or before that are not final: they come into the year in which they are."""
    return _within(unidades).filter(transitada_em__isnull=True, decidida_em__year__lte=ano)


def _within(unidades: Scope) -> QuerySet[Classificacao]:
    found = Classificacao.objects.current().filter(valor__in=FOUNDED)
    return found if unidades is None else found.filter(reclamado__atendimento__unidade__in=unidades)


def years_decided(unidades: Scope = None) -> list[int]:
    """The years in which founded decisions became final, newest first."""
    found = _within(unidades).filter(transitada_em__isnull=False).annotate(ano=ExtractYear("transitada_em"))
    return list(found.values_list("ano", flat=True).distinct().order_by("-ano"))


def draft(ano: int, unidades: Scope = None) -> list[Line]:
    """What the register of this year says as the decisions and suppliers stand now: merged suppliers are one."""
    standing = Coalesce("reclamado__fornecedor__fundido_em_id", "reclamado__fornecedor_id")
    rows = list(
        final_decisions(ano, unidades)
        .annotate(
            de_quem=standing,
            area=F("reclamado__atendimento__assunto__area"),
            assunto=F("reclamado__atendimento__assunto__descricao"),
            problema=F("reclamado__atendimento__problema__descricao"),
        )
        .order_by("pk")
        .values("pk", "valor", "intimada_em", "transitada_em", "de_quem", "area", "assunto", "problema")
    )
    terms = Terms()
    lines = {f.pk: _named(f) for f in Fornecedor.objects.filter(pk__in={row["de_quem"] for row in rows})}
    for row in rows:
        lines[row["de_quem"]].entradas.append(_entry(row, terms))
    return ordered(lines.values())


def _entry(row: dict[str, Any], terms: Terms) -> Entry:
    start: date = row["intimada_em"] or row["transitada_em"]
    area, assunto, problema = (row[name] or "" for name in ("area", "assunto", "problema"))
    return Entry(row["pk"], row["valor"] == FOUNDED[0], area, assunto, problema, start, terms.term(KEPT, start)[1].ends)


def _named(fornecedor: Fornecedor) -> Line:
    """The supplier as the public may read it. Without a CNPJ it may be a person, so it is not named."""
    if fornecedor.cnpj is None:
        return Line(fornecedor.pk, PERSON, "", "", True)
    name, trade = (_BLANKS.sub(" ", text).strip() for text in (fornecedor.razao_social, fornecedor.nome_fantasia))
    if _ONE_PERSON.search(fornecedor.razao_social):
        return Line(fornecedor.pk, INDIVIDUAL, fornecedor.cnpj, "", False)
    return Line(fornecedor.pk, name, fornecedor.cnpj, trade, False)


def deciders(decisions: QuerySet[Classificacao]) -> set[int]:
    """Who decided, or judged an appeal, in one of these: none of them publishes (domain: papéis)."""
    judged = Recurso.objects.filter(classificacao__reclamado__in=decisions.values("reclamado"))
    found = {*decisions.values_list("autoridade", flat=True), *judged.values_list("julgado_por", flat=True)}
    return {pk for pk in found if pk is not None}
