"""Terms that are stored: set, fulfilled, extended, counted again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db import connection, models
from django.utils import timezone

from accounts.models import User
from deadlines.calendar import Calendar, OutsideCalendarError
from deadlines.models import Feriado, Prazo, Prorrogacao, RegraDePrazo, Suspensao
from deadlines.rules import Extension, Rule, Suspension, Term, compute
from workflow.errors import ActNotAllowed, ContentRefused, TryAgain
from workflow.integrity import whole
from workflow.models import Historico
from workflow.queries import worded
from workflow.services import record

#: An extension longer than this is a new term, and needs a rule.
MAX_EXTENSION = 180
MAX_REASON = 200
#: The key of the advisory lock between those who count and the one who changes the calendar.
CALENDAR_LOCK = 0x50524158


def office_calendar() -> Calendar:
    """The days on which this office does not work, from the table; one query of some 350 short rows."""
    days = worded("deadlines.calendar", lambda: Feriado.objects.order_by("data", "id").values_list("data", "nome"), [])
    return Calendar.of(days)


def is_working_day(day: date) -> bool:
    """Whether the office works on `day`; refuses a year whose holidays were not loaded."""
    try:
        return office_calendar().is_working_day(day)
    except OutsideCalendarError as outside:
        raise no_calendar(outside.year) from outside


def current_rule(name: str, *, on: date) -> RegraDePrazo:
    """The version of the rule in force on that day; refuses when there is none."""
    in_force = models.Q(vigente_ate__isnull=True) | models.Q(vigente_ate__gte=on)
    regra = RegraDePrazo.objects.filter(in_force, nome=name, vigente_de__lte=on).order_by("-versao").first()
    if regra is None:
        raise no_rule(name, on)
    return regra


def no_rule(name: str, on: date) -> ContentRefused:
    """The refusal to count by a rule of which no version is in force."""
    return ContentRefused(
        f"Não há regra de prazo «{name}» em vigor em {on:%d/%m/%Y}. "
        "Confira a data, ou peça ao administrador que carregue as regras (carregar_calendario)."
    )


def preview(regra: str, *, start: date) -> Term:
    """The term that `set_prazo` would store, without storing it; for forms, letters and advice."""
    return office_basis().term(current_rule(regra, on=start), start)


@whole
def set_prazo(regra: str, *, historico: Historico, start: date, note: str = "") -> Prazo:
    """Store the term of the rule in force on `start`, with its explanation in words.

    `start` is the day of what starts it (for a CIP, the proven notice), in the office's time zone; `note` says how it
    came to start, where that is not plain.
    Refuses an unknown rule, a day outside every version's validity, and an end beyond the loaded calendar.
    """
    _share_calendar()
    row = current_rule(regra, on=start)
    term = office_basis().term(row, start, note=note)
    return Prazo.objects.create(
        historico=historico, regra=row, inicio=start, vence_em=term.ends, explicacao=term.explanation, nota=note
    )


@whole
def fulfil(*, prazo: Prazo, at: datetime) -> Prazo:
    """What the term waited for happened, or can no longer happen: it no longer runs. Twice is as good as once.

    Writes no event of its own: the act that fulfils the term is the record.
    """
    if Prazo.objects.running().holding([prazo.historico_id]).filter(pk=prazo.pk).update(cumprido_em=at):
        prazo.cumprido_em = at
    else:
        prazo.refresh_from_db(fields=["cumprido_em"])
    return prazo


@whole
def fulfil_all(*, historico: Historico, at: datetime) -> int:
    """The case is closed: nothing is waited for any more, but terms in years, which outlive it. How many stopped."""
    running = Prazo.objects.running().holding([historico.pk])
    return running.exclude(regra__contagem=RegraDePrazo.Contagem.ANOS).update(cumprido_em=at)


@whole
def extend(*, prazo: Prazo, dias: int, motivo: str, by: User, at: datetime) -> Prazo:
    """Grant days on top of a running term, counted as its rule counts, from its present end (decision 0032).

    The caller checks the papel: who may extend depends on what the term waits for. Refuses a fulfilled term, one
    whose last day has passed, one in years, and an extension without reason or days.
    """
    _share_calendar()
    (locked,) = locked_terms([prazo])
    _check_extension(locked, dias, motivo, timezone.localdate(at))
    Prorrogacao.objects.create(prazo=locked, dias=dias, motivo=motivo.strip(), por=by, quando=at)
    locked = Prazo.objects.select_related("regra").get(pk=locked.pk)  # with the new row among its extensions
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


@whole
def recompute(prazo: Prazo, *, by: User, at: datetime, motivo: str) -> bool:
    """Count a running term again by the version it was made with, after a day or suspension was decreed late.

    Its extensions are kept. Says whether it moved; a move is recorded in the case's history. A change of law never
    comes here, and a fulfilled term stays as it was.
    """
    (locked,) = locked_terms([prazo])
    before = locked.vence_em
    if locked.cumprido_em or not _recount(locked):
        return False
    prazo.vence_em, prazo.explicacao = locked.vence_em, locked.explicacao
    record(
        prazo, "RECALCULAR_PRAZO", by=by, at=at, de=before.isoformat(), para=prazo.vence_em.isoformat(), motivo=motivo
    )
    return True


def forget_reasons(terms: Iterable[int], *, word: str) -> None:
    """Put a word for the reasons of the extensions of these terms, also where they are explained. Nothing moves."""
    for prazo in Prazo.objects.filter(pk__in=list(terms), prorrogacoes__isnull=False).distinct():
        told = prazo.explicacao
        for extension in prazo.prorrogacoes.all():
            told = told.replace(f"({extension.motivo})", word)
        Prazo.objects.filter(pk=prazo.pk).update(explicacao=told)
        prazo.prorrogacoes.update(motivo=word)


def locked_terms(terms: Iterable[Prazo]) -> list[Prazo]:
    """These terms as they stand now, locked in the order in which acts lock: the case's history, then its term."""
    rows = list(terms)
    histories = Historico.objects.filter(pk__in={row.historico_id for row in rows}).order_by("pk")
    list(histories.select_for_update(no_key=True).values_list("pk"))
    chosen = Prazo.objects.filter(pk__in=[row.pk for row in rows]).order_by("historico_id", "pk")
    return list(
        chosen.select_for_update(of=("self",), no_key=True).select_related("regra").prefetch_related("prorrogacoes")
    )


def _recount(prazo: Prazo) -> bool:
    """Store the end and the words that the calendar and the extensions of now give; says whether the end moved."""
    term = office_basis().term(prazo.regra, prazo.inicio, extensions_of(prazo), prazo.nota)
    moved = term.ends != prazo.vence_em
    prazo.vence_em, prazo.explicacao = term.ends, term.explanation
    prazo.save(update_fields=["vence_em", "explicacao"])
    return moved


def extensions_of(prazo: Prazo) -> list[Extension]:
    """The stored extensions as the pure module counts them, the first granted first."""
    return [Extension(row.dias, row.motivo, timezone.localdate(row.quando)) for row in prazo.prorrogacoes.all()]


def as_rule(row: RegraDePrazo) -> Rule:
    """The stored version as the pure module counts it."""
    return row.as_rule()


@dataclass(frozen=True, slots=True)
class Basis:
    """What terms are counted on: the days without work and the suspension windows."""

    calendar: Calendar
    windows: tuple[Suspension, ...]

    def term(self, row: RegraDePrazo, start: date, extensions: Iterable[Extension] = (), note: str = "") -> Term:
        """The term of this rule version; refuses an end beyond the loaded calendar."""
        try:
            return compute(as_rule(row), start, self.calendar, self.windows, extensions, note)
        except OutsideCalendarError as outside:
            raise no_calendar(outside.year) from outside


def office_basis(calendar: Calendar | None = None) -> Basis:
    """The office's days and windows of now, in two queries; in one where the calendar was read already."""
    rows = Suspensao.objects.order_by("de", "id")
    return Basis(calendar or office_calendar(), tuple(as_suspension(row) for row in rows))


def as_suspension(row: Suspensao) -> Suspension:
    """The stored window as the pure module counts it."""
    return row.as_window()


@dataclass(frozen=True, slots=True)
class Counting:
    """One rule with all its versions and what its terms are counted on, read once for many terms."""

    name: str
    versions: tuple[RegraDePrazo, ...]
    basis: Basis

    def rule(self, *, on: date) -> RegraDePrazo | None:
        """The version in force on that day."""
        found = [row for row in self.versions if row.vigente_de <= on and (row.vigente_ate or on) >= on]
        return found[-1] if found else None

    def new(self, historico_id: int, *, start: date, note: str = "") -> Prazo:
        """The term that `set_prazo` would store, not yet stored; with the same refusals."""
        row = self.rule(on=start)
        if row is None:
            raise no_rule(self.name, start)
        term = self.basis.term(row, start, note=note)
        return Prazo(
            historico_id=historico_id,
            regra=row,
            inicio=start,
            vence_em=term.ends,
            explicacao=term.explanation,
            nota=note,
        )


class Known:
    """The rules, the calendar and the windows, each read when it is first asked for, and once: for one page."""

    @cached_property
    def rules(self) -> list[RegraDePrazo]:
        """Every version of every rule, the newest of a rule last; some dozens of rows."""
        return list(RegraDePrazo.objects.order_by("nome", "versao"))

    @cached_property
    def calendar(self) -> Calendar:
        """The days on which the office does not work."""
        return office_calendar()

    def counting(self, regra: str) -> Counting:
        """As `counting`, with what was read already."""
        versions = tuple(row for row in self.rules if row.nome == regra)
        return Counting(regra, versions, office_basis(self.calendar))


def counting(regra: str) -> Counting:
    """What many terms of a rule are counted with, in three queries; who stores them holds the calendar before."""
    versions = tuple(RegraDePrazo.objects.filter(nome=regra).order_by("versao"))
    return Counting(regra, versions, office_basis())


def hold_calendar(*, to_change: bool) -> None:
    """Until the commit, nobody changes the calendar while a term is counted on it, nor counts while it is changed.

    Those who count share the lock; the one who changes waits for them and holds it alone. Whoever is going to count
    holds it before locking anything else: the change locks the cases' histories while it has the calendar.
    """
    lock = "pg_advisory_xact_lock" if to_change else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(%s)", [CALENDAR_LOCK])


def _share_calendar() -> None:
    """Hold the calendar to count on it, without waiting: the caller may have locked what a change of it waits for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [CALENDAR_LOCK])
        if not cursor.fetchone()[0]:
            raise TryAgain("O calendário dos prazos está sendo mudado neste instante. Tente de novo daqui a pouco.")


def no_calendar(year: int) -> ContentRefused:
    """The refusal to count over a year whose holidays are not loaded."""
    return ContentRefused(
        f"Os feriados de {year} não estão no calendário, e sem eles o prazo sairia errado. "
        f"Confira a data; se estiver certa, peça ao administrador que carregue {year} (carregar_calendario)."
    )
