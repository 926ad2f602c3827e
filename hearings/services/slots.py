"""Which times are free."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Papel, Unidade, User
from deadlines.calendar import OutsideCalendarError
from deadlines.services import office_calendar
from hearings.models import Audiencia, Reserva, Sala
from hearings.queries import day_bounds
from hearings.rules import SLOT, overlaps, slots_of_day
from parties.models import Consumidor

#: No office means a day outside these years.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
T = TypeVar("T")
_Taken = dict[str, list[tuple[datetime, datetime]]]


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which a hearing can be held, with the room and the conciliator that it would be fairest to take."""

    inicio: datetime
    fim: datetime
    sala: Sala
    conciliador: User

    def __str__(self) -> str:
        return f"{timezone.localtime(self.inicio):%d/%m/%Y às %H:%M} ({self.sala}, {self.conciliador})"


def free_slots(
    *,
    unidade: Unidade,
    start: date,
    days: int = 30,
    limit: int | None = None,
    after: datetime | None = None,
    modalidade: str = Audiencia.Modalidade.PRESENCIAL,
    consumidor: Consumidor | None = None,
    length: timedelta = SLOT,
) -> list[Slot]:
    """Free times from `start` on, for `days` days, soonest first; one pair of room and conciliator for each time.

    The pair is the one with the fewest hearings on that day, then in the whole window. Times when the consumer is
    taken are left out, and so are times not later than `after`. Five queries, however many days.
    """
    rooms = rooms_for(unidade, modalidade)
    people = list(conciliators_of(unidade))
    if not rooms or not people:
        return []
    end = start + timedelta(days=days)
    wanted = [f"consumidor:{consumidor.pk}"] if consumidor else []
    taken = _taken(start, end, [*map(room_key, rooms), *map(person_key, people), *wanted])
    found: list[Slot] = []
    for inicio in _times(unidade, start, end, length):
        fim = inicio + length
        if (after and inicio <= after) or any(overlaps(inicio, fim, taken[key]) for key in wanted):
            continue
        room = _fairest({room_key(room): room for room in rooms}, inicio, fim, taken)
        person = _fairest({person_key(person): person for person in people}, inicio, fim, taken)
        if room and person:
            found.append(Slot(inicio, fim, room, person))
            if len(found) == limit:
                break
    return found


def rooms_for(unidade: Unidade, modalidade: str) -> list[Sala]:
    """The active rooms; where somebody joins from afar, only those with a link."""
    rooms = Sala.objects.filter(unidade=unidade, ativa=True)
    return list(rooms if modalidade == Audiencia.Modalidade.PRESENCIAL else rooms.exclude(link=""))


def conciliators_of(unidade: Unidade) -> QuerySet[User]:
    """Who conciliates in this unidade."""
    return User.objects.filter(
        is_active=True, atribuicoes__unidade=unidade, atribuicoes__papel=Papel.CONCILIADOR
    ).order_by("nome", "pk")


def room_key(room: Sala) -> str:
    """The room as a resource."""
    return f"sala:{room.pk}"


def person_key(person: User) -> str:
    """The conciliator as a resource."""
    return f"conciliador:{person.pk}"


def _times(unidade: Unidade, start: date, end: date, length: timedelta) -> Iterator[datetime]:
    calendar, zone = office_calendar(), timezone.get_current_timezone()
    opens, closes = Unidade.objects.values_list("abre_as", "fecha_as").get(pk=unidade.pk)
    day = start
    while day < end:
        try:
            works = calendar.is_working_day(day)
        except OutsideCalendarError:
            return
        if works:
            yield from slots_of_day(day, opens, closes, zone, length)
        day += timedelta(days=1)


def _taken(start: date, end: date, resources: list[str]) -> _Taken:
    window = Reserva.objects.meeting(day_bounds(start)[0], day_bounds(end)[0]).filter(recurso__in=resources)
    taken: _Taken = defaultdict(list)
    for recurso, durante in window.values_list("recurso", "durante"):
        taken[recurso].append((durante.lower, durante.upper))
    return taken


def _fairest(resources: dict[str, T], start: datetime, end: datetime, taken: _Taken) -> T | None:
    free = [key for key in resources if not overlaps(start, end, taken[key])]
    if not free:
        return None
    day = timezone.localdate(start)

    def load(key: str) -> tuple[int, int]:
        return sum(timezone.localdate(lower) == day for lower, _ in taken[key]), len(taken[key])

    return resources[min(free, key=load)]
