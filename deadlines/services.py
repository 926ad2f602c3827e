"""Terms that are stored, the office's calendar, and the loading of both from the data files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from deadlines import lawdata
from deadlines.calendar import Calendar, OutsideCalendarError
from deadlines.models import Feriado, Prazo, Prorrogacao, RegraDePrazo, Suspensao
from deadlines.rules import Extension, Rule, Suspension, Term, compute
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Historico
from workflow.services import record

#: An extension longer than this is a new term, and needs a rule.
MAX_EXTENSION = 180
MAX_REASON = 200


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
def fulfil(*, prazo: Prazo, at: datetime) -> Prazo:
    """What the term waited for happened, or can no longer happen: it no longer runs. Twice is as good as once.

    Writes no event of its own: the act that fulfils the term is the record.
    """
    if Prazo.objects.running().filter(pk=prazo.pk).update(cumprido_em=at):
        prazo.cumprido_em = at
    else:
        prazo.refresh_from_db(fields=["cumprido_em"])
    return prazo


@transaction.atomic
def extend(*, prazo: Prazo, dias: int, motivo: str, by: User, at: datetime) -> Prazo:
    """Grant days on top of a running term, counted as its rule counts, from its present end (decision 0032).

    The caller checks the papel: who may extend depends on what the term waits for. Refuses a fulfilled term, one
    whose last day has passed, one in years, and an extension without reason or days.
    """
    locked = Prazo.objects.select_for_update(of=("self",)).select_related("regra").get(pk=prazo.pk)
    _check_extension(locked, dias, motivo, timezone.localdate(at))
    Prorrogacao.objects.create(prazo=locked, dias=dias, motivo=motivo.strip(), por=by, quando=at)
    before = locked.vence_em
    _recount(locked)
    record(
        locked,
        "PRORROGAR_PRAZO",
        by=by,
        at=at,
        de=before.isoformat(),
        para=locked.vence_em.isoformat(),
        motivo=motivo.strip(),
        dias=dias,
    )
    prazo.vence_em, prazo.explicacao = locked.vence_em, locked.explicacao
    return prazo


def _check_extension(prazo: Prazo, dias: int, motivo: str, today: date) -> None:
    if prazo.cumprido_em:
        raise ActNotAllowed("Este prazo já foi cumprido e não corre mais. Não há o que prorrogar.")
    if prazo.vence_em < today:
        raise ActNotAllowed(
            f"Este prazo venceu em {prazo.vence_em:%d/%m/%Y}, e prazo vencido não se prorroga. "
            "O que chegar depois ainda pode ser registrado, como fora do prazo."
        )
    if prazo.regra.contagem == RegraDePrazo.Contagem.ANOS:
        raise ActNotAllowed("Prazo contado em anos não se prorroga por dias.")
    if not motivo.strip():
        raise ContentRefused(
            "A prorrogação precisa de motivo: ele sai na explicação do prazo.", errors={"motivo": "Escreva o motivo."}
        )
    if not 1 <= dias <= MAX_EXTENSION:
        raise ContentRefused(
            f"Prorrogue por um número de dias entre 1 e {MAX_EXTENSION}.", errors={"dias": "Confira os dias."}
        )
    if len(motivo.strip()) > MAX_REASON:
        raise ContentRefused(
            f"O motivo sai na explicação do prazo: resuma-o em até {MAX_REASON} letras.",
            errors={"motivo": "Resuma o motivo."},
        )


@transaction.atomic
def recompute(prazo: Prazo, *, by: User, at: datetime, motivo: str) -> bool:
    """Count a running term again by the version it was made with, after a day or suspension was decreed late.

    Its extensions are kept. Says whether it moved; a move is recorded in the case's history. A change of law never
    comes here, and a fulfilled term stays as it was.
    """
    locked = Prazo.objects.running().select_for_update(of=("self",)).select_related("regra").filter(pk=prazo.pk).first()
    if locked is None:
        return False
    before = locked.vence_em
    if not _recount(locked):
        return False
    prazo.vence_em, prazo.explicacao = locked.vence_em, locked.explicacao
    record(
        prazo, "RECALCULAR_PRAZO", by=by, at=at, de=before.isoformat(), para=prazo.vence_em.isoformat(), motivo=motivo
    )
    return True


def _recount(prazo: Prazo) -> bool:
    """Store the end and the words that the calendar and the extensions of now give; says whether the end moved."""
    term = _term(prazo.regra, prazo.inicio, extensions_of(prazo))
    moved = term.ends != prazo.vence_em
    prazo.vence_em, prazo.explicacao = term.ends, term.explanation
    prazo.save(update_fields=["vence_em", "explicacao"])
    return moved


def extensions_of(prazo: Prazo) -> list[Extension]:
    """The stored extensions as the pure module counts them, the first granted first."""
    return [
        Extension(row.dias, row.motivo, timezone.localdate(row.quando))
        for row in Prorrogacao.objects.filter(prazo=prazo).order_by("id")
    ]


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


def _term(row: RegraDePrazo, start: date, extensions: Iterable[Extension] = ()) -> Term:
    windows = [
        Suspension(window.de, window.ate, window.motivo, frozenset(window.poupa))
        for window in Suspensao.objects.filter(ate__gt=start).order_by("de")
    ]
    try:
        return compute(as_rule(row), start, office_calendar(), windows, extensions)
    except OutsideCalendarError as outside:
        raise _no_calendar(outside.year) from outside


def _no_calendar(year: int) -> ContentRefused:
    return ContentRefused(
        f"Os feriados de {year} não estão no calendário, e sem eles o prazo sairia errado. "
        f"Confira a data; se estiver certa, peça ao administrador que carregue {year} (carregar_calendario)."
    )
