"""Which times are free."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Atribuicao, Papel, Unidade, User
from deadlines.calendar import Calendar, OutsideCalendarError
from deadlines.services import office_calendar
from hearings.models import Audiencia, Disponibilidade, RegrasDaAgenda, Reserva, Sala
from hearings.queries import day_bounds
from hearings.rules import SLOT, TOLERANCE, is_free, slots_of_day
from parties.models import Consumidor
from parties.priority import RANK_NONE

#: No office means a day outside these years.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
#: The first stretch of days that is looked at; each next one is twice as long.
FIRST_STRETCH = timedelta(days=7)
#: What each resource holds: starts and ends in epoch seconds, and how many reservations.
Busy = dict[str, tuple[list[int], list[int], int]]


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which a hearing can be held, with the room and the conciliator that it would be fairest to take."""

    inicio: datetime
    fim: datetime
    sala: Sala
    conciliador: User

    def __str__(self) -> str:
        return f"{timezone.localtime(self.inicio):%d/%m/%Y às %H:%M} ({self.sala}, {self.conciliador})"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the parties can: the days of the week (Monday is 0) and the hours of the day; all, unless told otherwise."""

    dias: frozenset[int] = frozenset(range(7))
    das: time = time.min
    ate: time = time.max

    def allows(self, start: datetime, end: datetime) -> bool:
        """Whether this local time suits them."""
        return start.weekday() in self.dias and self.das <= start.time() and end.time() <= self.ate


def agenda_rules(unidade: Unidade) -> RegrasDaAgenda:
    """How this unidade cuts its day; the practice of hearings/rules.py where it set nothing."""
    try:
        return unidade.regras_da_agenda  # read once per object, also where there is none
    except RegrasDaAgenda.DoesNotExist:
        minute = timedelta(minutes=1)
        return RegrasDaAgenda(unidade=unidade, duracao=SLOT // minute, tolerancia=TOLERANCE // minute)


def free_slots(
    *,
    unidade: Unidade,
    start: date,
    days: int = 30,
    limit: int | None = None,
    after: datetime | None = None,
    modalidade: str = Audiencia.Modalidade.PRESENCIAL,
    consumidor: Consumidor | None = None,
    length: timedelta | None = None,
    wish: Wish | None = None,
    prioridade: int = RANK_NONE,
) -> list[Slot]:
    """Free times from `start` on, for `days` days, soonest first; one pair of room and conciliator for each time.

    The pair is the one with the fewest hearings on that day, then in the stretch that was looked at. Left out: times
    when the consumer is taken, not later than `after`, against the parties' `wish`; and the day's first ones, which
    the unidade keeps for those whom the law puts first, unless `prioridade` is such a rank.
    """
    rooms = {room.recurso: room for room in rooms_for(unidade, modalidade)}
    people = {person_key(person): person for person in conciliators_of(unidade)}
    if not rooms or not people:
        return []
    rules = agenda_rules(unidade)
    search = _Search(
        unidade=unidade,
        rooms=rooms,
        people=people,
        consumer=consumer_key(consumidor) if consumidor else "",
        length=length or timedelta(minutes=rules.duracao),
        step=timedelta(minutes=rules.duracao + rules.intervalo),
        kept=rules.prioritarias if prioridade >= RANK_NONE else 0,
        wish=wish or Wish(),
        after=after,
        calendar=office_calendar(),
        windows=_windows(unidade, [*rooms, *people], start, start + timedelta(days=days)),
    )
    return search.run(start, start + timedelta(days=days), limit)


def rooms_for(unidade: Unidade, modalidade: str) -> list[Sala]:
    """The active rooms; where somebody joins from afar, only those with a link."""
    rooms = Sala.objects.filter(unidade=unidade, ativa=True)
    return list(rooms if modalidade == Audiencia.Modalidade.PRESENCIAL else rooms.exclude(link=""))


def conciliators_of(unidade: Unidade) -> QuerySet[User]:
    """Who conciliates in this unidade."""
    return conciliators_in([unidade.pk])


def conciliators_in(unidades: Collection[int]) -> QuerySet[User]:
    """Who conciliates in any of these unidades, each once."""
    held = Atribuicao.objects.filter(unidade__in=unidades, papel=Papel.CONCILIADOR)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("nome", "pk")


def person_key(person: User) -> str:
    """The conciliator as a resource."""
    return f"conciliador:{person.pk}"


def consumer_key(person: Consumidor) -> str:
    """The consumer as a resource: who was merged holds the time of the registration that stands for them."""
    return f"consumidor:{person.fundido_em_id or person.pk}"


def outside_windows(
    unidade: Unidade, resources: list[str], start: datetime, end: datetime
) -> dict[str, list[Disponibilidade]]:
    """The weekly windows of each resource that [start, end) does not fit into; who has none, or fits, is left out."""
    day = timezone.localdate(start)
    found = {}
    for resource, windows in _windows(unidade, resources, day, day).items():
        valid = [window for window in windows if _in_force(window, day)]
        if not _available(valid, timezone.localtime(start), timezone.localtime(end)):
            found[resource] = valid
    return found


def _windows(unidade: Unidade, resources: list[str], first: date, last: date) -> dict[str, list[Disponibilidade]]:
    found: dict[str, list[Disponibilidade]] = {}
    for window in Disponibilidade.objects.filter(unidade=unidade).valid_between(first, last):
        if window.recurso in resources:
            found.setdefault(window.recurso, []).append(window)
    return found


def _in_force(window: Disponibilidade, day: date) -> bool:
    return window.vigente_de <= day and (window.vigente_ate is None or day <= window.vigente_ate)


def _available(windows: list[Disponibilidade], start: datetime, end: datetime) -> bool:
    """Whether a local time fits into the windows in force; without any, it does."""
    if not windows:
        return True
    return any(
        window.dia_da_semana == start.weekday() and window.das <= start.time() and end.time() <= window.ate
        for window in windows
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """One search for free times."""

    unidade: Unidade
    rooms: dict[str, Sala]
    people: dict[str, User]
    consumer: str
    length: timedelta
    step: timedelta
    kept: int
    wish: Wish
    after: datetime | None
    calendar: Calendar
    windows: dict[str, list[Disponibilidade]]

    def run(self, start: date, end: date, limit: int | None) -> list[Slot]:
        """Look at one stretch of days after another until enough is found; at all of them where there is no limit."""
        found: list[Slot] = []
        stretch = FIRST_STRETCH if limit else end - start
        while start < end and (limit is None or len(found) < limit):
            until = min(start + stretch, end)
            found += self._stretch(start, until, None if limit is None else limit - len(found))
            start, stretch = until, stretch * 2
        return found

    def _stretch(self, start: date, end: date, limit: int | None) -> list[Slot]:
        resources = [*self.rooms, *self.people, *filter(None, [self.consumer])]
        busy = Reserva.objects.busy(resources, start=day_bounds(start)[0], end=day_bounds(end)[0])
        loads: dict[tuple[str, date], int] | None = None
        found: list[Slot] = []
        for inicio in self._times(start, end):
            fim = inicio + self.length
            if self.consumer and not self._free(self.consumer, inicio, fim, busy):
                continue
            rooms = [key for key in self.rooms if self._free(key, inicio, fim, busy)]
            people = [key for key in self.people if self._free(key, inicio, fim, busy)] if rooms else []
            if not people:
                continue
            if loads is None:
                loads = Reserva.objects.loads(resources, start=start, end=end)
            room, person = (min(free, key=_burden(loads, inicio.date(), busy)) for free in (rooms, people))
            found.append(Slot(inicio, fim, self.rooms[room], self.people[person]))
            if len(found) == limit:
                break
        return found

    def _times(self, start: date, end: date) -> Iterator[datetime]:
        zone = timezone.get_current_timezone()
        opens, closes = Unidade.objects.values_list("abre_as", "fecha_as").get(pk=self.unidade.pk)
        day = start
        while day < end:
            try:
                works = self.calendar.is_working_day(day)
            except OutsideCalendarError:
                return
            starts = list(slots_of_day(day, opens, closes, zone, self.length, self.step)) if works else []
            for inicio in starts[self.kept :]:
                if not (self.after and inicio <= self.after) and self.wish.allows(inicio, inicio + self.length):
                    yield inicio
            day += timedelta(days=1)

    def _free(self, key: str, start: datetime, end: datetime, busy: Busy) -> bool:
        windows = self.windows.get(key)
        if windows and not _available([row for row in windows if _in_force(row, start.date())], start, end):
            return False
        held = busy.get(key)
        return held is None or is_free(int(start.timestamp()), int(end.timestamp()), held[0], held[1])


def _burden(loads: dict[tuple[str, date], int], day: date, busy: Busy) -> Callable[[str], tuple[int, int]]:
    """How taken a resource is: on the day, then in the stretch."""

    def burden(key: str) -> tuple[int, int]:
        return loads.get((key, day), 0), busy[key][2] if key in busy else 0

    return burden
