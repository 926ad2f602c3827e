"""The plan of an agreement's instalments. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal

CENT = Decimal("0.01")
#: Longer plans are not an agreement of the counter.
MAX_INSTALMENTS = 120


def equal_parts(total: Decimal, n: int) -> list[Decimal]:
    """`total` reais in `n` parts that differ by cents at most: each rounded down to the cent, the rest in the last.

    Raises ValueError where a part would be nothing, or n is not from 1 to MAX_INSTALMENTS.
    """
    if not 1 <= n <= MAX_INSTALMENTS or total != total.quantize(CENT) or total < CENT * n:
        raise ValueError("from 1 to 120 parts of at least one cent")
    part = (total / n).quantize(CENT, rounding=ROUND_DOWN)
    return [part] * (n - 1) + [total - part * (n - 1)]


def monthly(first: date, n: int) -> list[date]:
    """The same day of `n` months in a row; where a month has no such day, its last one."""
    days = []
    for step in range(n):
        year, month = divmod(first.year * 12 + first.month - 1 + step, 12)
        days.append(date(year, month + 1, min(first.day, monthrange(year, month + 1)[1])))
    return days


def next_check(due: Sequence[date], otherwise: date) -> date:
    """When the office asks next: on the first due day still unpaid, or on the day agreed for asking."""
    return min(due, default=otherwise)
