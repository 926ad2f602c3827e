"""The walk-in queue: what a ticket is called, who goes first, and how long people wait. Pure.

Order: Lei 10.048/2000 as amended by Lei 14.626/2023, and Lei 10.741/2003 art. 3º, § 2º (parties/priority.py): the 80+
first, then the others whom the law names, then blood donors, then everybody; within each, who came first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from parties.priority import RANK_80_PLUS, RANK_BLOOD_DONOR, RANK_BY_LAW, RANK_NONE

#: Rank → the ticket's letter and what reception asks. No ground is written down: a ground is data on health.
PREFIXES: dict[int, tuple[str, str]] = {
    RANK_80_PLUS: ("S", "80 anos ou mais"),
    RANK_BY_LAW: ("P", "Prioridade da lei"),
    RANK_BLOOD_DONOR: ("D", "Doador de sangue"),
    RANK_NONE: ("N", "Sem prioridade"),
}
#: Whom the second rank takes in, for reception.
BY_LAW = (
    "60 anos ou mais, pessoa com deficiência, com TEA ou com mobilidade reduzida, gestante, lactante, pessoa com "
    "criança de colo ou obesa"
)


def ticket_name(rank: int, number: int) -> str:
    """As it is called: "P-017"."""
    return f"{PREFIXES[rank][0]}-{number:03d}"


@dataclass(frozen=True, slots=True)
class Waits:
    """How long a number of people waited, in minutes."""

    people: int
    median: int
    p95: int

    @classmethod
    def of(cls, waits: Iterable[timedelta]) -> Waits:
        """Nearest rank: the value that so many per cent of the people did not exceed; nothing is interpolated."""
        minutes = sorted(round(wait.total_seconds() / 60) for wait in waits)
        return cls(len(minutes), _rank(minutes, 50), _rank(minutes, 95))


def _rank(values: Sequence[int], percent: int) -> int:
    return values[ceil(len(values) * percent / 100) - 1] if values else 0
