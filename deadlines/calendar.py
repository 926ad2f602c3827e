"""Which days the office works. Pure Python: no framework, no clock, no database.

A Calendar knows the years for which its days were loaded and refuses to answer about any other, because a term
computed over a year without holidays would look right and be wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
SATURDAY = 5
WEEKDAYS = ("segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo")


class OutsideCalendarError(ValueError):
    """Asked about a year whose holidays were not loaded."""

    def __init__(self, year: int) -> None:
        super().__init__(f"no holidays loaded for {year}")
        self.year = year


def easter(year: int) -> date:
    """Easter Sunday of a Gregorian year (Meeus/Jones/Butcher), from which Carnaval and Corpus Christi are counted."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days without work besides Saturdays and Sundays, by date with their names, for whole `years`."""

    days: Mapping[date, str]
    years: frozenset[int] = field(default_factory=frozenset)

    @classmethod
    def of(cls, days: Iterable[tuple[date, str]]) -> Calendar:
        """A calendar of these days; it covers the years in which there is at least one. Same date: names joined."""
        named: dict[date, str] = {}
        for day, name in days:
            named[day] = f"{named[day]}; {name}" if day in named else name
        return cls(named, frozenset(day.year for day in named))

    def is_working_day(self, day: date) -> bool:
        """Whether the office works on `day`; raises OutsideCalendarError for a year that was not loaded."""
        if day.year not in self.years:
            raise OutsideCalendarError(day.year)
        return day.weekday() < SATURDAY and day not in self.days

    def next_working_day(self, day: date) -> date:
        """`day` itself if the office works on it, otherwise the first later day on which it does."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def name_of(self, day: date) -> str:
        """The name of the holiday on `day`, or nothing."""
        return self.days.get(day, "")


def weekday_name(day: date) -> str:
    """The short Portuguese name: "segunda" … "domingo"."""
    return WEEKDAYS[day.weekday()]
