"""How a term is counted. Pure Python: no framework, no clock, no database.

Lei 9.784/1999 art. 66, applied with Decreto 2.181/1997: exclude the first day, include the last, and where the last
falls on a day without work, roll to the next working day; consecutive days unless the norm says working days; years
from date to date. Days inside a suspension window do not count, unless the window spares the rule.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from deadlines.calendar import ONE_DAY, Calendar, weekday_name

CORRIDOS, UTEIS, ANOS = "corridos", "uteis", "anos"
COUNTINGS = frozenset({CORRIDOS, UTEIS, ANOS})
_UNITS = {
    CORRIDOS: ("dia corrido", "dias corridos"),
    UTEIS: ("dia útil", "dias úteis"),
    ANOS: ("ano", "anos"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A term as a norm sets it. `days` counts days, or years where `counting` is "anos".

    `start_text` names what starts it, with its preposition ("da ciência"); `rolls` says whether a term that would end
    on a day without work goes on to the next working day; `valid_until` is the last day of the rule's validity.
    """

    name: str
    version: int
    days: int
    counting: str
    start_text: str
    rolls: bool
    source: str
    valid_from: date
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if self.counting not in COUNTINGS:
            raise ValueError(f"unknown counting {self.counting!r}")
        if self.days < 1:
            raise ValueError("a term has at least one day")

    def in_words(self) -> str:
        """The length alone: "10 dias corridos"."""
        one, many = _UNITS[self.counting]
        return f"{self.days} {one if self.days == 1 else many}"


@dataclass(frozen=True, slots=True)
class Suspension:
    """A window, both days included, in which terms do not run, except those of the rules it spares."""

    first: date
    last: date
    reason: str
    spares: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("a suspension ends before it begins")

    def holds(self, day: date) -> bool:
        """Whether `day` lies in the window."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Extension:
    """Days granted on top of a running term: how many, why, and the day on which they were granted."""

    days: int
    reason: str
    granted_on: date

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError("an extension has at least one day")


@dataclass(frozen=True, slots=True)
class Term:
    """A computed term: the last day on which the act may be done, and how it was found, in words."""

    ends: date
    explanation: str


@dataclass(frozen=True, slots=True)
class _Leg:
    """One stretch of a term: where it would end, where it ends after rolling, and the windows it crossed."""

    start: date
    would_end: date
    ends: date
    crossed: Sequence[Suspension]


def compute(
    rule: Rule,
    start: date,
    calendar: Calendar,
    suspensions: Iterable[Suspension] = (),
    extensions: Iterable[Extension] = (),
    note: str = "",
) -> Term:
    """The term of `rule` that starts with what happened on `start`.

    Each extension is counted as the rule counts, from the end reached before it (docs/decisions/0032).
    `note` says how it came to start, where that is not plain; it stands behind the day.
    Raises OutsideCalendarError when it would end in a year whose holidays the calendar lacks.
    """
    windows = list(suspensions)
    leg = _leg(rule, start, calendar, windows)
    begun = f"{start.strftime(_shape(leg))} ({note})" if note else start.strftime(_shape(leg))
    text = f"{rule.in_words()} {rule.start_text} em {begun}{_explain(leg, calendar)}"
    for extra in extensions:
        longer = replace(rule, days=extra.days)
        leg = _leg(longer, leg.ends, calendar, windows)
        granted = extra.granted_on.strftime("%d/%m" if extra.granted_on.year == leg.ends.year else "%d/%m/%Y")
        text += f"; prorrogado por {longer.in_words()} em {granted} ({extra.reason}){_explain(leg, calendar)}"
    return Term(leg.ends, text)


def _leg(rule: Rule, start: date, calendar: Calendar, suspensions: Sequence[Suspension]) -> _Leg:
    stops = [window for window in suspensions if rule.name not in window.spares and window.last > start]
    would_end = _years_later(start, rule.days) if rule.counting == ANOS else _count(rule, start, calendar, stops)
    ends = _roll(would_end, calendar, stops) if rule.rolls else would_end
    crossed = [window for window in stops if window.first <= ends] if rule.counting != ANOS else []
    return _Leg(start, would_end, ends, crossed)


def _count(rule: Rule, start: date, calendar: Calendar, stops: Sequence[Suspension]) -> date:
    """The day on which the last counted day falls, before any rolling."""
    day, left = start, rule.days
    while left:
        day += ONE_DAY
        window = _window_at(day, stops)
        if window:
            day = window.last
        elif rule.counting == CORRIDOS or calendar.is_working_day(day):
            left -= 1
    return day


def _roll(day: date, calendar: Calendar, stops: Sequence[Suspension]) -> date:
    while True:
        window = _window_at(day, stops)
        if window:
            day = window.last + ONE_DAY
        elif calendar.is_working_day(day):
            return day
        else:
            day += ONE_DAY


def _window_at(day: date, stops: Sequence[Suspension]) -> Suspension | None:
    return next((window for window in stops if window.holds(day)), None)


def _years_later(start: date, years: int) -> date:
    """From date to date; where the month lacks the day, its last day (Lei 9.784 art. 66 §3)."""
    year = start.year + years
    return date(year, start.month, min(start.day, monthrange(year, start.month)[1]))


def _shape(leg: _Leg) -> str:
    """Days without their year, where the stretch lies within one."""
    years = {leg.start.year, leg.ends.year, *(day.year for w in leg.crossed for day in (w.first, w.last))}
    return "%d/%m" if len(years) == 1 else "%d/%m/%Y"


def _explain(leg: _Leg, calendar: Calendar) -> str:
    """In words: "; venceria sábado 14/03, prorrogado para segunda 16/03"."""
    shape = _shape(leg)

    def told(day: date) -> str:
        return f"{weekday_name(day)} {day.strftime(shape)}"

    text = ""
    for window in leg.crossed:
        text += f", suspensos de {window.first.strftime(shape)} a {window.last.strftime(shape)} ({window.reason})"
    if leg.ends == leg.would_end:
        return f"{text}; vence {told(leg.ends)}"
    holiday = calendar.name_of(leg.would_end)
    rolled = f"prorrogado para {told(leg.ends)}"
    return f"{text}; venceria {told(leg.would_end)}{f' ({holiday})' if holiday else ''}, {rolled}"


def minimum_start(rule: Rule, ends: date) -> date:
    """The latest start from which a rule in consecutive days, without rolling, is complete on `ends`.

    For minimum leads: a notice given on or before this day leaves the whole lead before a hearing on `ends`.
    """
    if rule.counting != CORRIDOS or rule.rolls:
        raise ValueError("only a rule in consecutive days that does not roll can be counted backwards")
    return ends - timedelta(days=rule.days)
