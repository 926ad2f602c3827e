"""Counting by hand: every fact of the office by every dimension, in Python, to hold against the totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from cases.models import CIP, Atendimento, Classificacao, Reclamacao, Reclamado, RegistroNacional
from hearings.models import Audiencia
from parties.models import Fornecedor
from reports.measures import MEASURES, Grao, Medida, grains
from reports.queries import Wanted, cells
from tests.conftest import SAO_PAULO

#: (medida, grain, dimension, start, value) → how many.
Counts = Counter[tuple[Medida, Grao, str, date, str]]
#: Measure, year, day, unidade and the values of its dimensions.
Fact = tuple[Medida, int, date | None, int, dict[str, Any]]
SUBJECT = ("assunto", "problema")
SERVED = ("tipo", "canal", "assunto", "problema")


def local(moment: datetime) -> date:
    return moment.astimezone(SAO_PAULO).date()


def case_dims(case: Atendimento, *names: str) -> dict[str, Any]:
    every = {
        "tipo": case.tipo,
        "canal": case.canal,
        "assunto": case.assunto_id,
        "problema": case.problema_id,
        "desfecho": case.desfecho,
        "orgao": case.orgao_id,
        "nfp": {True: "sim", False: "nao", None: ""}[case.nfp_desbloqueada],
    }
    return {name: every[name] for name in names}


def fact(medida: Medida, day: date, case: Atendimento, **dims: Any) -> Fact:
    return medida, day.year, day, case.unidade_id, dims


def rows(model: type[Any], *joins: str) -> QuerySet[Any]:
    return model._base_manager.select_related(*joins)


def facts() -> Iterator[Fact]:
    """Every fact of every table."""
    yield from of_cases()
    yield from of_letters_and_hearings()
    yield from of_complaints()
    yield from of_the_register()


def of_cases() -> Iterator[Fact]:
    for case in rows(Atendimento):
        every = case_dims(case, *MEASURES[Medida.ATENDIMENTOS].dims)
        yield fact(Medida.ATENDIMENTOS, local(case.aberto_em), case, **every)
    for party in rows(Reclamado, "atendimento"):
        case = party.atendimento
        dims = case_dims(case, *SERVED)
        yield fact(Medida.RECLAMADOS, local(case.aberto_em), case, fornecedor=party.fornecedor_id, **dims)


def of_letters_and_hearings() -> Iterator[Fact]:
    for cip in rows(CIP, "reclamado__atendimento"):
        case, dims = cip.reclamado.atendimento, case_dims(cip.reclamado.atendimento, *SUBJECT)
        told = {"fornecedor": cip.reclamado.fornecedor_id, "resultado": cip.resultado, "meio": cip.meio}
        yield fact(Medida.CIPS, local(cip.emitida_em), case, **told, **dims)
    for one in rows(Audiencia, "atendimento"):
        told = {
            "situacao": one.status,
            "resultado": one.resultado,
            "conciliador": one.conciliador_id,
            "meio": one.modalidade,
        }
        case = one.atendimento
        yield fact(Medida.AUDIENCIAS, local(one.inicio), case, **told, **case_dims(case, *SUBJECT))


def of_complaints() -> Iterator[Fact]:
    for complaint in rows(Reclamacao, "atendimento"):
        case = complaint.atendimento
        yield fact(Medida.RECLAMACOES, local(complaint.instaurada_em), case, **case_dims(case, *SERVED))
    for decision in rows(Classificacao, "reclamado__atendimento").filter(substituida_em=None):
        case = decision.reclamado.atendimento
        told = {"fornecedor": decision.reclamado.fornecedor_id, "resultado": decision.valor}
        yield fact(Medida.CLASSIFICACOES, local(decision.decidida_em), case, **told, **case_dims(case, *SUBJECT))


def of_the_register() -> Iterator[Fact]:
    for record in rows(RegistroNacional):
        filed = local(record.arquivado_em) if record.arquivado_em else None
        day = filed if filed and filed.year == record.ano_calendario else None
        told = {
            "assunto": record.assunto_id,
            "problema": record.problema_id,
            "fornecedor": record.fornecedor_id,
            "resultado": "sim" if record.atendida else "nao",
        }
        yield Medida.REGISTROS, record.ano_calendario, day, 0, told


def by_hand(unidades: list[int]) -> Counts:
    """What the totals of every single dimension, and of none, should be in these unidades."""
    counts: Counts = Counter()
    for medida, year, day, unidade, dims in facts():
        if unidade not in (0, *unidades):
            continue
        starts = {Grao.ANO: date(year, 1, 1)}
        if day:
            starts |= {Grao.MES: day.replace(day=1), Grao.DIA: day}
        for grao, start in starts.items():
            counts[medida, grao, "", start, ""] += 1
            for name, value in dims.items():
                if grao not in grains((name,)):
                    continue
                counts[medida, grao, name, start, "" if value is None else str(value)] += 1
    return counts


def kept(unidades: list[int]) -> Counts:
    """The same of the totals."""
    wanted = [
        Wanted(medida, dims, grao)
        for medida, measure in MEASURES.items()
        for dims in [(), *((name,) for name in measure.dims if name != "grafia")]
        for grao in grains(dims)
    ]
    counts: Counts = Counter()
    for one, found in cells(wanted, date.min, date.max, unidades).items():
        for start, a, _, n in found:
            counts[one.medida, one.grao, one.dims[0] if one.dims else "", start, a] += n
    return counts


def homes() -> dict[int, dict[str, str]]:
    """Whom each supplier counts for, at each level."""
    suppliers = {one.pk: one for one in Fornecedor._base_manager.all()}
    of_radical: dict[str, set[int]] = {}
    for one in suppliers.values():
        if one.grupo_id and one.radical and not one.fundido_em_id:
            of_radical.setdefault(one.radical, set()).add(one.grupo_id)
    found = {}
    for key, one in suppliers.items():
        stands = suppliers[one.fundido_em_id or key]
        alike = of_radical.get(stands.radical or "", set())
        group = stands.grupo_id or (min(alike) if len(alike) == 1 else None)
        company = stands.radical or f"#{stands.pk:012d}"
        found[key] = {
            "titular": str(stands.pk),
            "empresa": company,
            "conglomerado": f"grupo {group}" if group else company,
        }
    return found


def ranking_by_hand(start: date, grao: Grao, unidades: list[int]) -> dict[str, dict[str, int]]:
    """Level → key → how many reclamados and national records of a month or year."""
    home, counts = homes(), {level: Counter[str]() for level in ("titular", "empresa", "conglomerado")}
    for medida, year, day, unidade, dims in facts():
        begins = date(year, 1, 1) if grao is Grao.ANO else day and day.replace(day=1)
        counted = medida in (Medida.RECLAMADOS, Medida.REGISTROS) and unidade in (0, *unidades)
        if counted and begins == start and dims["fornecedor"]:
            for level, count in counts.items():
                count[home[dims["fornecedor"]][level]] += 1
    return {level: dict(count) for level, count in counts.items()}
