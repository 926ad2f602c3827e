"""Terms that are stored, the office's calendar, and the loading of both from the data files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models, transaction

from accounts.models import User
from deadlines import lawdata
from deadlines.calendar import Calendar, OutsideCalendarError
from deadlines.models import Feriado, Prazo, RegraDePrazo, Suspensao
from deadlines.rules import Rule, Suspension, Term, compute
from workflow.errors import ContentRefused
from workflow.models import Historico
from workflow.services import record


def office_calendar() -> Calendar:
    """The days on which this office does not work, from the table; one query of some 350 short rows."""
    return Calendar.of(Feriado.objects.order_by("data", "id").values_list("data", "nome"))


def is_working_day(day: date) -> bool:
    """Whether the office works on `day`; refuses a year whose holidays were not loaded."""
    try:
        return office_calendar().is_working_day(day)
    except OutsideCalendarError as outside:
        raise _no_calendar(outside.year) from outside


def current_rule(name: str, *, on: date) -> RegraDePrazo:
    """The version of the rule in force on that day; refuses when there is none."""
    in_force = models.Q(vigente_ate__isnull=True) | models.Q(vigente_ate__gte=on)
    regra = RegraDePrazo.objects.filter(in_force, nome=name, vigente_de__lte=on).order_by("-versao").first()
    if regra is None:
        raise ContentRefused(
            f"Não há regra de prazo «{name}» em vigor em {on:%d/%m/%Y}. "
            "Confira a data, ou peça ao administrador que carregue as regras (carregar_calendario)."
        )
    return regra


def preview(regra: str, *, start: date) -> Term:
    """The term that `set_prazo` would store, without storing it; for forms, letters and advice."""
    return _term(current_rule(regra, on=start), start)


@transaction.atomic
def set_prazo(regra: str, *, historico: Historico, start: date) -> Prazo:
    """Store the term of the rule in force on `start`, with its explanation in words.

    `start` is the day of what starts it (for a CIP, the proven notice), in the office's time zone.
    Refuses an unknown rule, a day outside every version's validity, and an end beyond the loaded calendar.
    """
    row = current_rule(regra, on=start)
    term = _term(row, start)
    return Prazo.objects.create(
        historico=historico, regra=row, inicio=start, vence_em=term.ends, explicacao=term.explanation
    )


@transaction.atomic
def recompute(prazo: Prazo, *, by: User, at: datetime, motivo: str) -> bool:
    """Count an open term again by the version it was made with, after a day or suspension was decreed late.

    Says whether it moved; a move is recorded in the case's history. A change of law never comes here.
    """
    term = _term(prazo.regra, prazo.inicio)
    before = prazo.vence_em
    if term.ends == before:
        return False
    prazo.vence_em, prazo.explicacao = term.ends, term.explanation
    prazo.save(update_fields=["vence_em", "explicacao"])
    record(prazo, "RECALCULAR_PRAZO", by=by, at=at, de=before.isoformat(), para=term.ends.isoformat(), motivo=motivo)
    return True


def as_rule(row: RegraDePrazo) -> Rule:
    """The stored version as the pure module counts it."""
    return Rule(
        name=row.nome,
        version=row.versao,
        days=row.dias,
        counting=row.contagem,
        start_text=row.inicio,
        rolls=row.prorroga,
        source=row.fonte,
        valid_from=row.vigente_de,
        valid_until=row.vigente_ate,
    )


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load wrote: days and rule versions that were not there before."""

    days: int
    rules: int


@transaction.atomic
def load_calendar(years: Iterable[int] = lawdata.YEARS) -> Loaded:
    """Load the days and rules of the data files; what is there already stays as it is.

    A rule version that some term used is never changed: the load refuses a file that tries to.
    """
    wanted = list(lawdata.holiday_rows(years))
    known = set(Feriado.objects.values_list("data", "nome"))
    missing = [Feriado(**row) for row in wanted if (row["data"], row["nome"]) not in known]
    Feriado.objects.bulk_create(missing, ignore_conflicts=True)
    return Loaded(len(missing), _load_rules())


def _load_rules() -> int:
    stored = {(row.nome, row.versao): row for row in RegraDePrazo.objects.all()}
    fresh = []
    for wanted in lawdata.rule_rows():
        row = stored.get((wanted["nome"], wanted["versao"]))
        if row is None:
            fresh.append(RegraDePrazo(**wanted))
        else:
            _bring_up_to_date(row, wanted)
    RegraDePrazo.objects.bulk_create(fresh)
    return len(fresh)


def _bring_up_to_date(row: RegraDePrazo, wanted: dict[str, object]) -> None:
    """Close a version, or correct one that no term used yet; refuse to change one that was used."""
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    closing = row.vigente_ate is None and set(changed) == {"vigente_ate"}
    if row.vigente_ate is not None and wanted["vigente_ate"] is None:
        changed.pop("vigente_ate", None)  # the office closed it; the file does not open it again
    if changed and not closing and row.prazos.exists():
        raise ContentRefused(
            f"A regra «{row.nome}» versão {row.versao} já tem prazos contados, e não muda mais. "
            "Escreva a mudança como versão nova, com a sua vigência.",
            errors={"nome": row.nome},
        )
    if changed:
        RegraDePrazo.objects.filter(pk=row.pk).update(**changed)


def _term(row: RegraDePrazo, start: date) -> Term:
    windows = [
        Suspension(window.de, window.ate, window.motivo, frozenset(window.poupa))
        for window in Suspensao.objects.filter(ate__gt=start).order_by("de")
    ]
    try:
        return compute(as_rule(row), start, office_calendar(), windows)
    except OutsideCalendarError as outside:
        raise _no_calendar(outside.year) from outside


def _no_calendar(year: int) -> ContentRefused:
    return ContentRefused(
        f"Os feriados de {year} não estão no calendário, e sem eles o prazo sairia errado. "
        f"Confira a data; se estiver certa, peça ao administrador que carregue {year} (carregar_calendario)."
    )
