"""The office's days and hours in the demonstration year, and which hearing slots are taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils.timezone import get_default_timezone, localtime

from deadlines.calendar import Calendar

#: Busier after the holidays and before Mother's Day and Black Friday; the week begins full.
MONTHS = (0.95, 0.80, 1.10, 0.92, 1.08, 1.00, 1.02, 1.14, 0.98, 1.03, 1.12, 0.72)
WEEKDAYS = (1.25, 1.08, 1.00, 0.92, 0.80)
LUNCH = time(12)
#: The cases are followed in so many parts, which share no consumer and no hearing slot.
PARTS = 2


class YearOverError(Exception):
    """What was to follow would fall after the last working hour of the year; the case stays as it is."""


class Days:
    """The working days of one year."""

    def __init__(self, ano: int, calendar: Calendar) -> None:
        day, self.all = date(ano, 1, 1), list[date]()
        while day.year == ano:
            if calendar.is_working_day(day):
                self.all.append(day)
            day += timedelta(days=1)
        self.last = self.all[-1]

    def weights(self) -> list[float]:
        """How busy each day is."""
        return [MONTHS[day.month - 1] * WEEKDAYS[day.weekday()] for day in self.all]

    def from_(self, day: date) -> date:
        """The first working day on or after `day`; YearOverError when there is none."""
        for working in self.all:
            if working >= day:
                return working
        raise YearOverError

    def later(self, moment: datetime, days: int, rng: Random) -> datetime:
        """A moment in office hours, at least `days` days after `moment`."""
        day = self.from_(localtime(moment).date() + timedelta(days=days))
        return at_hour(day, time(9), rng.randrange(10, 460))


class Agenda:
    """The hearing slots that the demonstration has given; the database checks it again."""

    def __init__(self, days: Days, rooms: Sequence[int], people: Sequence[int], *, part: int) -> None:
        """`rooms` ends with the virtual one; `part` says which half hours are given: two builders never meet."""
        self.days, self.people, self.part = days, people, part
        self.rooms, self.virtual = list(rooms[:-1]), rooms[-1]
        self._taken: set[tuple[str, int, datetime]] = set()

    def keep(self, start: datetime, room: int, person: int, consumer: int) -> None:
        """Mark a slot as given."""
        self._taken |= {("r", room, start), ("p", person, start), ("c", consumer, start)}

    def take(self, first: date, consumer: int, rng: Random, *, online: bool) -> tuple[datetime, int, int]:
        """(start, room, conciliator) of a free slot on or shortly after `first`, chosen by chance within the day."""
        day = first
        while True:
            day = self.days.from_(day)
            starts = [at_hour(day, time(9), 30 * slot) for slot in range(self.part, 16, PARTS)]
            starts = [start for start in starts if start.time() != LUNCH and start.time() != time(12, 30)]
            rng.shuffle(starts)
            for start in starts:
                found = self._free(start, consumer, online=online)
                if found:
                    self.keep(start, *found, consumer)
                    return start, *found
            day += timedelta(days=1)

    def give_back(self, start: datetime, room: int, person: int, consumer: int) -> None:
        """Free a slot whose hearing was moved or cancelled."""
        self._taken -= {("r", room, start), ("p", person, start), ("c", consumer, start)}

    def _free(self, start: datetime, consumer: int, *, online: bool) -> tuple[int, int] | None:
        if ("c", consumer, start) in self._taken:
            return None
        rooms = [self.virtual] if online else self.rooms
        room = next((room for room in rooms if ("r", room, start) not in self._taken), None)
        turn = start.toordinal() % len(self.people)
        order = [*self.people[turn:], *self.people[:turn]]
        person = next((person for person in order if ("p", person, start) not in self._taken), None)
        return None if room is None or person is None else (room, person)


def at_hour(day: date, hour: time, minutes: int = 0) -> datetime:
    """A local moment of a day, `minutes` after `hour`."""
    return datetime.combine(day, hour, tzinfo=get_default_timezone()) + timedelta(minutes=minutes)
