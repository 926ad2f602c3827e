"""How long a hearing takes, how late one may come, when reminders go out. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from notifications.rules import Quiet, considerate

#: Practice of the municipal offices: 20 to 40 minutes, and 10 to 15 of tolerance.
SLOT = timedelta(minutes=30)
TOLERANCE = timedelta(minutes=15)

_UNITS = {"d": "days", "h": "hours", "m": "minutes"}
_WORDS = {"d": ("dia", "dias"), "h": ("hora", "horas"), "m": ("minuto", "minutos")}


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder: `name` as the office wrote it ("7d"), how long before the hearing, and that in words."""

    name: str
    before: timedelta
    words: str


def parse_reminders(names: Iterable[str]) -> tuple[Reminder, ...]:
    """Read "7d", "1d", "2h"; raises ValueError with a sentence for whoever set PROCON_LEMBRETES."""
    return tuple(_parse(name.strip()) for name in names if name.strip())


def _parse(name: str) -> Reminder:
    digits, unit = name[:-1], name[-1]
    if unit not in _UNITS or not (digits.isascii() and digits.isdigit()) or not 0 < int(digits) <= 999:
        raise ValueError(
            f"PROCON_LEMBRETES contém «{name}», que não é uma antecedência. "
            "Escreva números seguidos de d, h ou m, separados por vírgula, como em 7d,1d,2h."
        )
    count = int(digits)
    one, many = _WORDS[unit]
    return Reminder(name, timedelta(**{_UNITS[unit]: count}), f"{count} {one if count == 1 else many}")


@dataclass(frozen=True, slots=True)
class Plan:
    """When one reminder goes out; not at all where a `closer` one goes out by that moment."""

    reminder: Reminder
    due: datetime
    closer: Reminder | None = None


def plan_reminders(reminders: Iterable[Reminder], *, start: datetime, quiet: Quiet | None) -> Iterator[Plan]:
    """When each goes out before a hearing at `start`, the farthest first, waking nobody.

    Two that the hours of quiet bring to one moment are one: the closer.
    """
    far_first = sorted(reminders, key=lambda reminder: reminder.before, reverse=True)
    dues = [considerate(start - reminder.before, event=start, quiet=quiet) for reminder in far_first]
    for place, (reminder, due) in enumerate(zip(far_first, dues, strict=True)):
        closer = next((far_first[later] for later in range(place + 1, len(dues)) if dues[later] <= due), None)
        yield Plan(reminder, due, closer)


def slots_of_day(
    day: date, opens: time, closes: time, zone: tzinfo, length: timedelta = SLOT, step: timedelta | None = None
) -> Iterator[datetime]:
    """The starts, every `step` (or `length`) from the opening, from which `length` still ends by the closing."""
    start, end = datetime.combine(day, opens, zone), datetime.combine(day, closes, zone)
    while start + length <= end:
        yield start
        start += step or length


def is_free(start: int, end: int, lowers: Sequence[int], uppers: Sequence[int]) -> bool:
    """Whether [start, end) meets none of the intervals, which are half-open, sorted and apart; all in epoch seconds."""
    place = bisect_right(uppers, start)
    return place == len(lowers) or lowers[place] >= end
