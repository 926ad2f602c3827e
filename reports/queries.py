"""The balance's aggregates: a fixed number of grouped reads, whatever the size of the office.

`unidades` is the visible scope: ids of unidades, or None for the whole office (the command line).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDay, TruncMonth
from django.utils.timezone import get_default_timezone

from accounts.models import Papel, User
from cases.models import CIP, Atendimento, Classificacao, Reclamacao, Reclamado, RegistroNacional, Sequencia
from hearings.models import Audiencia
from parties.models import Fornecedor
from reports.period import Periodo

#: Who reads totals of their unidade. They name no person, so the counter reads them too; an administrador sees no case
#: by that role alone, and no totals either.
REPORT_READERS = frozenset(
    {Papel.ATENDENTE, Papel.CONCILIADOR, Papel.COORDENADOR, Papel.AUTORIDADE, Papel.AUDITOR, Papel.ENCARREGADO}
)

Scope = Collection[int] | None
Rows = list[Any]


def report_scope(user: User) -> list[int]:
    """The unidades whose totals `user` may read."""
    return user.unidades_com(REPORT_READERS)


def atendimentos(periodo: Periodo, unidades: Scope) -> Rows:
    """Cases opened in the period by tipo, canal, desfecho, órgão and NFP result."""
    return list(
        _within(Atendimento.objects.all(), "aberto_em", periodo, unidades, "unidade_id")
        .order_by()
        .values("tipo", "canal", "desfecho", "orgao__sigla", "nfp_desbloqueada")
        .annotate(n=Count("id"))
    )


def openings(periodo: Periodo, unidades: Scope) -> dict[datetime, int]:
    """Cases opened by local month (of a year) or by local day (of a month)."""
    trunc = TruncDay if periodo.mes else TruncMonth
    rows = _within(Atendimento.objects.all(), "aberto_em", periodo, unidades, "unidade_id").order_by()
    return dict(
        rows.annotate(quando=trunc("aberto_em", tzinfo=get_default_timezone()))
        .values_list("quando")
        .annotate(n=Count("id"))
    )


def cips(periodo: Periodo, unidades: Scope) -> dict[str, int]:
    """CIPs issued in the period by resultado; the empty resultado is a CIP still running."""
    return _counts(
        _within(CIP.objects.all(), "emitida_em", periodo, unidades, "reclamado__atendimento__unidade_id"), "resultado"
    )


def hearings(periodo: Periodo, unidades: Scope) -> Rows:
    """Hearings whose date is in the period by status and resultado."""
    return list(
        _within(Audiencia.objects.all(), "inicio", periodo, unidades, "atendimento__unidade_id")
        .order_by()
        .values("status", "resultado")
        .annotate(n=Count("id"))
    )


def reclamacoes(periodo: Periodo, unidades: Scope) -> int:
    """Reclamações of this office opened in the period."""
    return _within(Reclamacao.objects.all(), "instaurada_em", periodo, unidades, "atendimento__unidade_id").count()


def classifications(periodo: Periodo, unidades: Scope) -> dict[str, int]:
    """Standing decisions of this office made in the period by class, one per reclamado."""
    return _counts(
        _within(
            Classificacao.objects.current(), "decidida_em", periodo, unidades, "reclamado__atendimento__unidade_id"
        ),
        "valor",
    )


def national(periodo: Periodo) -> Rows:
    """Imported founded complaints by supplier, spelling and whether attended.

    A year is the register's own (`ano_calendario`); a month is that of the filing within this register's year.
    They belong to no unidade: published data, the same for every reader.
    """
    rows = RegistroNacional.objects.filter(ano_calendario=periodo.ano)
    if periodo.mes:
        rows = rows.filter(arquivado_em__gte=periodo.start, arquivado_em__lt=periodo.end)
    return list(
        rows.order_by()
        .values("fornecedor__radical", "fornecedor_id", "razao_social", "atendida")
        .annotate(n=Count("id"))
    )


def suppliers(periodo: Periodo, unidades: Scope) -> Rows:
    """Reclamados of the cases opened in the period by supplier."""
    return list(
        _within(Reclamado.objects.all(), "atendimento__aberto_em", periodo, unidades, "atendimento__unidade_id")
        .order_by()
        .values("fornecedor_id", "fornecedor__radical", "fornecedor__razao_social")
        .annotate(n=Count("id"))
    )


def merged() -> dict[int, dict[str, Any]]:
    """Of every supplier that was merged into another, what counts instead: the other's key, radical and name."""
    rows = Fornecedor.objects.filter(fundido_em__isnull=False).order_by()
    stands = rows.values_list("id", "fundido_em_id", "fundido_em__radical", "fundido_em__razao_social")
    return {
        key: {"fornecedor_id": after, "radical": radical, "razao_social": name} for key, after, radical, name in stands
    }


@dataclass(frozen=True, slots=True)
class Groups:
    """The name of the economic group of each supplier that is in one, and of each radical that is in one only."""

    by_supplier: dict[int, str]
    by_radical: dict[str, str]


def groups() -> Groups:
    """Who belongs to which economic group, as the registrations that stand say."""
    rows = Fornecedor.objects.standing().filter(grupo__isnull=False).order_by()
    told = list(rows.values_list("pk", "radical", "grupo__nome"))
    of_radical: dict[str, set[str]] = {}
    for _, radical, name in told:
        of_radical.setdefault(radical or "", set()).add(name)
    return Groups(
        {key: name for key, _, name in told},
        {radical: min(names) for radical, names in of_radical.items() if radical and len(names) == 1},
    )


def years(unidades: Scope) -> list[tuple[int, int, int]]:
    """(year, atendimentos, national records) of every year that has any, newest first.

    The atendimentos are read from the numbers given, which are gapless, so that no history is counted here.
    """
    given = Sequencia.objects.filter(ultimo__gt=0)
    if unidades is not None:
        given = given.filter(unidade_id__in=unidades)
    own = dict(given.order_by().values_list("ano").annotate(n=Sum("ultimo")))
    imported = dict(RegistroNacional.objects.order_by().values_list("ano_calendario").annotate(n=Count("id")))
    return [(ano, own.get(ano, 0), imported.get(ano, 0)) for ano in sorted(own.keys() | imported.keys(), reverse=True)]


def _within(rows: QuerySet[Any], moment: str, periodo: Periodo, unidades: Scope, path: str) -> QuerySet[Any]:
    inside = Q(**{f"{moment}__gte": periodo.start, f"{moment}__lt": periodo.end})
    return rows.filter(inside) if unidades is None else rows.filter(inside, **{f"{path}__in": unidades})


def _counts(rows: QuerySet[Any], field: str) -> dict[str, int]:
    return dict(rows.order_by().values_list(field).annotate(n=Count("id")))
