"""What a benchmark says: a time beside the time of its floor, measured in the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `value` and `floor` are in `unit`; `ratio` is the dearer over the cheaper, floor first."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    floor_name: str = ""
    goal: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times its floor it costs (of a rate: how many times slower)."""
        if not self.floor:
            return None
        return round(self.value / self.floor if self.unit == "ms" else self.floor / self.value, 2)


def milliseconds(work: Callable[[], object], times: int = 30) -> float:
    """The median time of one call in milliseconds, after a warm-up."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return round(statistics.median(taken), 2)
