"""Finding free times: the stretch of days as numbered starts, and who could take each of them as bits.

Bit n of a number stands for the n-th start. One read says when every room is taken in the whole stretch, two others
what each room and each conciliator holds at the soonest times that are left; after that, who is free together is an
AND, and the soonest time is the lowest bit. No read per day, time or person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache, reduce
from operator import or_

from django.utils import timezone

from deadlines.calendar import Calendar, OutsideCalendarError
from hearings.models import Disponibilidade, Reserva
from hearings.rules import busy_bits, growing, ones, slots_of_day

#: So many days are looked at first, then so many, and so many every next time. A longer stretch saves a question or two
#: where months are full, and reads weeks that nobody needs once the soonest times are found.
STRETCHES = (timedelta(days=7), timedelta(days=14), timedelta(days=42))
WEEK = timedelta(days=7)
Windows = Mapping[str, Sequence[Disponibilidade]]
Fits = Callable[[datetime, datetime], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """How a unidade cuts its days: opening hours, length, step from start to start, how many first starts it keeps."""

    opens: time
    closes: time
    length: timedelta
    step: timedelta
    kept: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The starts of some days, local and in order; `days` says which places are whose."""

    starts: list[datetime]
    begins: list[int]
    days: list[tuple[date, range]]
    length: timedelta

    @property
    def all(self) -> int:
        """Every start."""
        return (1 << len(self.starts)) - 1

    def where(self, fits: Fits | None) -> int:
        """The starts at which `fits` says so of start and end; every one, where nobody asks."""
        if fits is None:
            return self.all
        return sum(1 << place for place, start in enumerate(self.starts) if fits(start, start + self.length))

    def full(self, keys: Sequence[str], among: int) -> int:
        """The starts, `among` some of them, at which all resources hold one same time; others may be full, too."""
        length, start, end = int(self.length.total_seconds()), *self._bounds(among)
        held = Reserva.objects.full(list(keys), start=start, end=end)
        return among & reduce(or_, (busy_bits(self.begins, length, *times) for times in held), 0)

    def free(self, keys: Sequence[str], windows: Windows, among: int) -> dict[str, int]:
        """For each resource the starts, `among` some of them, at which it holds nothing else and keeps its windows."""
        found = {key: among & self._inside(windows[key]) if windows.get(key) else among for key in keys}
        length, start, end = int(self.length.total_seconds()), *self._bounds(among)
        for lower, upper, holders in Reserva.objects.busy(list(keys), start=start, end=end):
            other = ~busy_bits(self.begins, length, lower, upper)
            for key in holders.split():
                found[key] &= other
        return found

    def _bounds(self, among: int) -> tuple[datetime, datetime]:
        """From the first of these starts to where a hearing at the last of them ends."""
        return self.starts[(among & -among).bit_length() - 1], self.starts[among.bit_length() - 1] + self.length

    def _inside(self, windows: Sequence[Disponibilidade]) -> int:
        bits = 0
        for day, places in self.days:
            valid = [window for window in windows if window.holds_on(day)]
            today = [(window.das, window.ate) for window in valid if window.dia_da_semana == day.weekday()]
            for place in places:
                start = self.starts[place]
                opens, closes = start.time(), (start + self.length).time()
                if not valid or any(das <= opens and closes <= ate for das, ate in today):
                    bits |= 1 << place
        return bits


@lru_cache(maxsize=2048)  # everybody who looks for a time looks at the same days
def starts_of(day: date, hours: Hours, zone: tzinfo) -> list[tuple[datetime, int]]:
    """The starts that a working day offers, local and in epoch seconds."""
    starts = slots_of_day(day, hours.opens, hours.closes, zone, hours.length, hours.step)
    return [(start, int(start.timestamp())) for start in starts][hours.kept :]


def stretch_of(calendar: Calendar, hours: Hours, start: date, end: date) -> Stretch:
    """The starts of the working days from `start` to before `end`; it ends where the calendar does."""
    zone = timezone.get_current_timezone()
    starts: list[datetime] = []
    begins: list[int] = []
    days: list[tuple[date, range]] = []
    day = start
    while day < end:
        try:
            works = calendar.is_working_day(day)
        except OutsideCalendarError:
            break
        if works:
            some = starts_of(day, hours, zone)
            days.append((day, range(len(starts), len(starts) + len(some))))
            starts += [start for start, _ in some]
            begins += [begin for _, begin in some]
        day += timedelta(days=1)
    return Stretch(starts=starts, begins=begins, days=days, length=hours.length)


@dataclass(frozen=True, slots=True)
class Free:
    """A start, and the keys of the rooms and conciliators that are free then."""

    inicio: datetime
    rooms: list[str]
    people: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One search for the soonest free times."""

    calendar: Calendar
    hours: Hours
    rooms: Sequence[str]
    people: Sequence[str]
    consumer: str
    windows: Windows
    fits: Fits | None

    def run(self, start: date, end: date, limit: int | None) -> Iterator[Free]:
        """The free times, soonest first, looking at one stretch after another; at one only, without a limit."""
        found, stretches = 0, iter(STRETCHES if limit else ())
        while start < end and (limit is None or found < limit):
            until = min(start + next(stretches, STRETCHES[-1]), end) if limit else end
            for free in self._stretch(stretch_of(self.calendar, self.hours, start, until), limit):
                yield free
                found += 1
                if found == limit:
                    return
            start = until

    def _stretch(self, stretch: Stretch, limit: int | None) -> Iterator[Free]:
        """While every room is taken nobody needs to know who would be free, nor which room holds what.

        Then rooms, consumer and people, for as many of the times as are wanted; for more only where those do not do.
        """
        wanted = stretch.where(self.fits)
        if wanted:
            wanted &= ~stretch.full(self.rooms, wanted)
        for some in growing(wanted, limit or len(stretch.starts)):
            rooms = stretch.free([*self.rooms, *filter(None, [self.consumer])], self.windows, some)
            some &= reduce(or_, (rooms[key] for key in self.rooms)) & rooms.get(self.consumer, -1)
            people = stretch.free(self.people, self.windows, some) if some else {}
            for place in ones(reduce(or_, people.values(), 0)):
                yield Free(
                    stretch.starts[place],
                    [key for key in self.rooms if rooms[key] >> place & 1],
                    [key for key, bits in people.items() if bits >> place & 1],
                )


class Loads:
    """How many hearings each resource has in the weeks of some days: whoever has fewest is the fairest to take."""

    def __init__(self, keys: Sequence[str], days: Sequence[date]) -> None:
        first, last = min(days), max(days)
        monday = first - timedelta(days=first.weekday())
        self.by_day = Reserva.objects.loads(list(keys), start=monday, end=last - timedelta(days=last.weekday()) + WEEK)
        self.by_week: dict[tuple[str, date], int] = {}
        for (key, day), total in self.by_day.items():
            week = key, day - timedelta(days=day.weekday())
            self.by_week[week] = self.by_week.get(week, 0) + total

    def fairest(self, keys: Sequence[str], day: date) -> str:
        """The one with the fewest hearings in the week of `day`, then on the day; among equals the first one."""
        monday = day - timedelta(days=day.weekday())
        return min(keys, key=lambda key: (self.by_week.get((key, monday), 0), self.by_day.get((key, day), 0)))

    def add(self, key: str, day: date) -> None:
        """One more hearing of this resource on this day."""
        week = key, day - timedelta(days=day.weekday())
        self.by_week[week] = self.by_week.get(week, 0) + 1
        self.by_day[key, day] = self.by_day.get((key, day), 0) + 1
