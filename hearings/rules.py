"""How long a hearing takes, how late one may come, what came of it, what a drawn signature is. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from math import hypot

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


@dataclass(frozen=True, slots=True)
class Unable:
    """When somebody cannot come: what is None does not narrow. Days are included, hours are half-open.

    `dias` are days of the week (Monday is 0); empty means all of them.
    """

    de: date | None = None
    ate: date | None = None
    dias: frozenset[int] = frozenset()
    das: time | None = None
    ate_as: time | None = None

    def meets(self, start: datetime, end: datetime) -> bool:
        """Whether [start, end), of one local day, falls into it."""
        day = start.date()
        if (
            (self.de and day < self.de)
            or (self.ate and day > self.ate)
            or (self.dias and day.weekday() not in self.dias)
        ):
            return False
        return not ((self.das and end.time() <= self.das) or (self.ate_as and start.time() >= self.ate_as))


def slots_of_day(
    day: date, opens: time, closes: time, zone: tzinfo, length: timedelta = SLOT, step: timedelta | None = None
) -> Iterator[datetime]:
    """The starts, every `step` (or `length`) from the opening, from which `length` still ends by the closing."""
    start, end = datetime.combine(day, opens, zone), datetime.combine(day, closes, zone)
    while start + length <= end:
        yield start
        start += step or length


def busy_bits(begins: Sequence[int], length: int, lower: int, upper: int) -> int:
    """The starts at which a hearing of `length` would meet [lower, upper): bit n stands for begins[n].

    `begins` is sorted; all in epoch seconds.
    """
    return (1 << bisect_left(begins, upper)) - (1 << bisect_right(begins, lower - length))


def ones(bits: int) -> Iterator[int]:
    """The places of the set bits, the lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def growing(bits: int, first: int) -> Iterator[int]:
    """The set bits in groups, the lowest first: `first` of them, and each next group four times as many."""
    places, begin = list(ones(bits)), 0
    while begin < len(places):
        yield sum(1 << place for place in places[begin : begin + first])
        begin, first = begin + first, first * 4


#: What may come of a hearing with one supplier; the last two where it did not take place with it.
AGREED, IN_PART, NOT_AGREED, AWAY, CAME = "acordo", "acordo_parcial", "sem_acordo", "ausente", "compareceu"


def overall(results: Iterable[str], *, consumer_came: bool = True) -> str:
    """The hearing's result from those with each supplier called to it (domain: hearings).

    `acordo` only where each one agreed on everything; a supplier who stayed away, or agreed in part, leaves it partial.
    """
    found = list(results)
    if all(result == AWAY for result in found):
        return "ausente_fornecedor" if consumer_came else "ausentes_ambos"
    if not consumer_came:
        return "ausente_consumidor"
    if all(result == AGREED for result in found):
        return "acordo"
    return "acordo_parcial" if AGREED in found or IN_PART in found else "sem_acordo"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """The clock of one hearing at one moment: `fase` is antes, correndo or encerrada."""

    fase: str
    inicio: datetime
    limite: datetime
    minutos: int

    def late(self, arrival: datetime) -> bool:
        """Whether somebody who came then came after the tolerance."""
        return arrival > self.limite


def tolerance(start: datetime, length: timedelta, *, at: datetime) -> Tolerance:
    """The tolerance of a hearing that begins at `start`, as it stands at `at`; `minutos` are left, rounded up.

    Before the start the minutes until it are told, afterwards those that the tolerance has been over.
    """
    limit = start + length
    if at < start:
        phase, span = "antes", start - at
    elif at < limit:
        phase, span = "correndo", limit - at
    else:
        phase, span = "encerrada", at - limit
    return Tolerance(phase, start, limit, -(-span // timedelta(minutes=1)))


#: Where strokes may lie, and how many there may be: a signature, not a drawing.
WIDTH, HEIGHT = 600, 200
MAX_STROKES, MAX_POINTS = 60, 4000
#: Less ink than this, in units of the field, is a slip of the finger.
LEAST_INK = 60.0

Stroke = list[tuple[int, int]]


def strokes_of(raw: object) -> list[Stroke]:
    """Check what a page sent as a drawn signature: strokes of [x, y] whole numbers within the field.

    Raises ValueError with a sentence for whoever holds the pen. Points that repeat the one before are left out.
    """
    if not isinstance(raw, list) or not raw:
        raise ValueError("A assinatura está em branco. Assine no quadro, ou digite o nome.")
    if len(raw) > MAX_STROKES or sum(len(item) for item in raw if isinstance(item, list)) > MAX_POINTS:
        raise ValueError("A assinatura tem traços demais. Limpe o quadro e assine de novo.")
    strokes = [_stroke(item) for item in raw]
    ink = sum(hypot(b[0] - a[0], b[1] - a[1]) for item in strokes for a, b in pairwise(item))
    if ink < LEAST_INK:
        raise ValueError("A assinatura é pequena demais para ser reconhecida. Limpe o quadro e assine de novo.")
    return strokes


def _stroke(item: object) -> Stroke:
    wrong = ValueError("O que chegou não é uma assinatura desenhada. Recarregue a página e assine de novo.")
    if not isinstance(item, list) or not item:
        raise wrong
    points: Stroke = []
    for point in item:
        if not (isinstance(point, list) and len(point) == 2 and all(type(value) is int for value in point)):
            raise wrong
        x, y = point
        if not (0 <= x <= WIDTH and 0 <= y <= HEIGHT):
            raise wrong
        if not points or points[-1] != (x, y):
            points.append((x, y))
    return points


def picture_of(strokes: Sequence[Stroke]) -> str:
    """The strokes as an SVG picture, made of checked numbers alone."""
    paths = "".join(
        '<path d="M' + "L".join(f"{x} {y}" for x, y in (stroke if len(stroke) > 1 else stroke * 2)) + '"/>'
        for stroke in strokes
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        '<g fill="none" stroke="#0c326f" stroke-width="4" stroke-linecap="round" stroke-linejoin="round">'
        f"{paths}</g></svg>"
    )
