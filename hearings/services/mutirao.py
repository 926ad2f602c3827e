"""A mutirão: many cases against one supplier, heard in a row; planned, looked at, then booked all together or not.

Planning writes nothing. Booking takes a plan as it was shown and checks all of it again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Unidade, User
from cases.models import Atendimento, Reclamado
from deadlines.services import office_calendar
from hearings import acts
from hearings.models import Audiencia, Impedimento, Sala
from hearings.queries import PENDING
from hearings.rules import ones
from hearings.services.booking import tell_deadlock
from hearings.services.checks import CASE_STATES, FROM_AFAR, Proposal, check_case, first_day, in_the_way
from hearings.services.ground import hold_cases, impediments_of
from hearings.services.reserving import Item, Taken, book, listed, reasons
from hearings.services.search import Fits, Stretch, stretch_of
from hearings.services.slots import agenda_rules, consumer_key, hours_of, person_key, windows_of
from parties.models import Fornecedor
from parties.priority import RANK_NONE
from workflow.errors import ActNotAllowed, ContentRefused, Refusal
from workflow.services import require_papel

#: So many hearings in one go, and over so many days.
MOST, LONGEST = 300, 92
ALREADY = "Já tem audiência marcada com este fornecedor."
NO_TIME = "Os horários do período acabaram antes."
UNFIT = "Nenhum horário do período serve: o consumidor está ocupado, ou uma parte disse que não pode."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a mutirão is planned from. `das` and `ate_as` narrow the day; `duracao` in minutes."""

    unidade: Unidade
    casos: Sequence[int]
    fornecedores: Collection[int]
    salas: Sequence[Sala]
    conciliadores: Sequence[User]
    de: date
    ate: date
    duracao: int
    modalidade: str = Audiencia.Modalidade.PRESENCIAL
    das: time = time.min
    ate_as: time = time.max


@dataclass(frozen=True, slots=True)
class Placement:
    """One hearing of a plan."""

    case: Atendimento
    reclamados: tuple[Reclamado, ...]
    sala: Sala
    conciliador: User
    inicio: datetime
    fim: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes where, in the order of time; and which cases found no place, each with why."""

    placed: list[Placement]
    left: list[tuple[Atendimento, str]]


def suppliers_with(fornecedor: Fornecedor, alcance: str) -> set[int]:
    """The supplier and those merged into it; with "radical" or "grupo", also those of its CNPJ root or its group."""
    found = Fornecedor.objects.filter(pk=fornecedor.pk)
    if alcance == "radical" and fornecedor.radical:
        found = found | Fornecedor.objects.filter(radical=fornecedor.radical)
    if alcance == "grupo" and fornecedor.grupo_id:
        found = found | Fornecedor.objects.filter(grupo=fornecedor.grupo_id)
    chosen = set(found.values_list("pk", flat=True))
    return chosen | set(Fornecedor.objects.filter(fundido_em__in=chosen).values_list("pk", flat=True))


def ready_cases(unidade: Unidade, fornecedores: Collection[int]) -> Any:
    """The cases of the unidade against these suppliers that may have a hearing and have none to come; the first by law
    and by age first.
    """
    ready = Reclamado.objects.filter(
        fornecedor__in=fornecedores, atendimento__unidade=unidade, atendimento__status__in=CASE_STATES
    )
    free = ready.exclude(audiencias__status__in=PENDING)
    found = Atendimento.objects.filter(pk__in=free.values("atendimento"))
    return found.select_related("consumidor", "assunto").order_by("prioridade", "aberto_em", "id")


def plan_batch(*, wanted: Wanted, by: User, at: datetime) -> Plan:
    """Say which hearing would be when, where and with whom, soonest first, without writing anything.

    Cases go in the order of the law's priority, then of age, each to the first time that its consumer and its parties
    can. Rooms and conciliators stay together for the day; who has fewest hearings of the plan begins the next.
    A number of reads that does not grow with the cases. Raises ContentRefused for a period or means that make no sense.
    """
    require_papel(by, wanted.unidade.pk, frozenset(acts.TABLE), "marcar mutirão")
    start = _check(wanted, at=at)
    cases, called, left = _sorted_out(wanted)
    rules, length = agenda_rules(wanted.unidade), timedelta(minutes=wanted.duracao)
    hours = replace(
        hours_of(wanted.unidade, length=length, first_too=True), step=length + timedelta(minutes=rules.intervalo)
    )
    stretch = stretch_of(office_calendar(), hours, start, wanted.ate + timedelta(days=1))
    kept = sum(1 << place for _, places in stretch.days for place in list(places)[: rules.prioritarias])
    free = _free(wanted, stretch, cases)
    can = _who_can(stretch, cases, called, free)
    for case in cases:
        if case.prioridade >= RANK_NONE:
            can[case.pk] &= ~kept
    fits = stretch.where(lambda begin, end: begin > at and wanted.das <= begin.time() and end.time() <= wanted.ate_as)
    return _fill(stretch, _seats(wanted, stretch, free, fits), cases, called, can, left)


def _check(wanted: Wanted, *, at: datetime) -> date:
    """The first day that the period and the minimum lead allow; refuses a plan that cannot be."""
    first = first_day(today=timezone.localdate(at))
    start = max(wanted.de, first)
    found = {
        "casos": "" if 0 < len(wanted.casos) <= MOST else f"Marque de um a {MOST} casos.",
        "salas": _rooms(wanted),
        "conciliadores": "" if wanted.conciliadores else "Escolha ao menos um conciliador.",
        "ate": _period(wanted, first, start),
        "duracao": "" if 5 <= wanted.duracao <= 240 else "A duração fica entre 5 e 240 minutos.",
    }
    errors = {field: message for field, message in found.items() if message}
    if errors:
        raise ContentRefused(" ".join(errors.values()), errors=errors)
    return start


def _rooms(wanted: Wanted) -> str:
    without = [str(room) for room in wanted.salas if wanted.modalidade in FROM_AFAR and not room.link]
    if without:
        return f"Sem link, e a modalidade precisa de um: {', '.join(without)}. Escolha outra sala."
    return "" if wanted.salas else "Escolha ao menos uma sala."


def _period(wanted: Wanted, first: date, start: date) -> str:
    if wanted.ate < wanted.de:
        return "O período termina antes de começar."
    if wanted.ate < start:
        return f"Pela antecedência mínima, a primeira data possível é {first:%d/%m/%Y}. Escolha um período depois dela."
    return f"O período vai até {LONGEST} dias." if wanted.ate - start > timedelta(days=LONGEST) else ""


def _sorted_out(
    wanted: Wanted,
) -> tuple[list[Atendimento], dict[int, tuple[Reclamado, ...]], list[tuple[Atendimento, str]]]:
    """The cases that may be heard, whom each calls, and the cases that may not, with why."""
    found = Atendimento.objects.filter(pk__in=wanted.casos, unidade=wanted.unidade).select_related("consumidor")
    parties: dict[int, list[Reclamado]] = {}
    for row in (
        Reclamado.objects.filter(atendimento__in=wanted.casos, fornecedor__in=wanted.fornecedores)
        .select_related("fornecedor")
        .order_by("pk")
    ):
        parties.setdefault(row.atendimento_id, []).append(row)
    pending = Audiencia.objects.pending().filter(reclamados__in=[row for rows in parties.values() for row in rows])
    booked = set(pending.values_list("reclamados", flat=True))
    cases, called, left = [], {}, []
    for case in found.order_by("prioridade", "aberto_em", "id"):
        free = tuple(row for row in parties.get(case.pk, []) if row.pk not in booked)
        try:
            check_case(case)
        except Refusal as refusal:
            left.append((case, refusal.message))
            continue
        if not free:
            left.append((case, ALREADY if case.pk in parties else "Não é caso contra este fornecedor."))
            continue
        cases.append(case)
        called[case.pk] = free
    return cases, called, left


def _free(wanted: Wanted, stretch: Stretch, cases: Sequence[Atendimento]) -> dict[str, int]:
    if not stretch.starts:
        return {}
    means = [*(room.recurso for room in wanted.salas), *(person_key(person) for person in wanted.conciliadores)]
    keys = list(dict.fromkeys([*means, *(consumer_key(case.consumidor) for case in cases if case.consumidor)]))
    first, last = stretch.starts[0], stretch.starts[-1] + stretch.length
    windows = windows_of(wanted.unidade, means, first.date(), last.date())
    return stretch.free(keys, windows, stretch.all)


def _who_can(
    stretch: Stretch,
    cases: Sequence[Atendimento],
    called: Mapping[int, Sequence[Reclamado]],
    free: Mapping[str, int],
) -> dict[int, int]:
    """For each case the starts at which its consumer is free and nobody said that they cannot."""
    impediments = impediments_of(cases)
    can = {}
    for case in cases:
        bits = free.get(consumer_key(case.consumidor), 0) if case.consumidor else stretch.all
        rows = impediments.get(case.pk)
        if rows:
            bits &= stretch.where(_unhindered(rows, called[case.pk]))
        can[case.pk] = bits
    return can


def _unhindered(rows: Sequence[Impedimento], parties: Sequence[Reclamado]) -> Fits:
    """Whether nobody who is called said that they cannot come then."""

    def fits(begin: datetime, end: datetime) -> bool:
        return in_the_way(rows, parties, begin, end) is None

    return fits


def _seats(wanted: Wanted, stretch: Stretch, free: Mapping[str, int], fits: int) -> Iterator[tuple[int, Sala, User]]:
    """Each start with a free room and a free conciliator, in the order of time; who sits together stays so that day."""
    held: Counter[int] = Counter()
    for _, places in stretch.days:
        together: dict[int, User] = {}
        for place in places:
            if not fits >> place & 1:
                continue
            people = [one for one in wanted.conciliadores if free[person_key(one)] >> place & 1]
            rooms = [room for room in wanted.salas if free[room.recurso] >> place & 1]
            staying = {room.pk: together[room.pk] for room in rooms if together.get(room.pk) in people}
            rest = sorted((one for one in people if one not in staying.values()), key=lambda one: held[one.pk])
            for room in rooms:
                person = staying.get(room.pk) or (rest.pop(0) if rest else None)
                if person is not None:
                    together[room.pk] = person
                    held[person.pk] += 1
                    yield place, room, person


def _fill(
    stretch: Stretch,
    seats: Iterator[tuple[int, Sala, User]],
    cases: Sequence[Atendimento],
    called: Mapping[int, tuple[Reclamado, ...]],
    can: dict[int, int],
    left: list[tuple[Atendimento, str]],
) -> Plan:
    waiting, placed, offered = list(cases), [], 0
    for place, room, person in seats:
        if not waiting:
            break
        offered |= 1 << place
        case = next((one for one in waiting if can[one.pk] >> place & 1), None)
        if case is None:
            continue
        waiting.remove(case)
        start = stretch.starts[place]
        placed.append(Placement(case, called[case.pk], room, person, start, start + stretch.length))
        for other in waiting:  # the same consumer is not in two places
            if case.consumidor and other.consumidor and consumer_key(other.consumidor) == consumer_key(case.consumidor):
                can[other.pk] &= ~sum(1 << near for near in _near(stretch, place))
    left += [(case, NO_TIME if can[case.pk] & offered else UNFIT) for case in waiting]
    return Plan(placed, left)


def _near(stretch: Stretch, place: int) -> Iterator[int]:
    """The starts at which a hearing would meet the one that begins there."""
    start = stretch.starts[place]
    return ones(stretch.where(lambda begin, end: begin < start + stretch.length and start < end))


@tell_deadlock
def book_batch(*, placements: Sequence[Placement], modalidade: str, by: User, at: datetime) -> list[Audiencia]:
    """Book every hearing of a plan, or none; `announce` then makes the notices, as for a single one.

    Raises ActNotAllowed, saying what was taken meanwhile or which case may no longer have a hearing.
    """
    if not placements or len(placements) > MOST:
        raise ContentRefused(f"Um mutirão tem de uma a {MOST} audiências. Faça a prévia de novo.")
    try:
        with transaction.atomic():
            cases = hold_cases([one.case.pk for one in placements])
            _check_still_free(placements)
            items = [
                Item(
                    cases[one.case.pk],
                    Proposal(one.reclamados, one.sala, one.conciliador, one.inicio, one.fim, modalidade, ""),
                )
                for one in placements
            ]
            if len({item.case.unidade_id for item in items}) > 1:
                raise ContentRefused("Um mutirão é de uma só unidade. Faça a prévia de novo.")
            return book(items, by=by, at=at)
    except Taken as taken:
        told = [
            f"{item.case.protocolo}, {timezone.localtime(item.proposal.inicio):%d/%m/%Y às %H:%M}: {reason}."
            for (item, _), reason in zip(taken.found, reasons(taken.found, by=by), strict=True)
        ]
        raise ActNotAllowed(f"Nada foi marcado: alguém ocupou horários desta prévia. {listed(told)}") from taken


def _check_still_free(placements: Sequence[Placement]) -> None:
    """Refuse where a case got a hearing with the same supplier after the plan was made."""
    parties = [party.pk for one in placements for party in one.reclamados]
    pending = Audiencia.objects.pending().filter(reclamados__in=parties)
    told = [
        f"{case}: {ALREADY}"
        for case in pending.order_by("pk").values_list("atendimento__protocolo", flat=True).distinct()
    ]
    if told:
        raise ActNotAllowed(f"Nada foi marcado. {listed(told)}")
