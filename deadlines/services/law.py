"""The law as this process read it last: read again when its seal says that it changed.

An act that counts days needs some 350 days without work, the suspension windows and the rules. They change a few times
a year, so the act reads their seal, one value by whatever statement it makes anyway, and keeps what it knows while the
seal is the same (decision 95).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from deadlines.calendar import Calendar
from deadlines.models import RegraDePrazo
from deadlines.services.terms import Basis, Counting, Known, no_rule


@dataclass(frozen=True, slots=True)
class Law:
    """Days without work, windows and rules as they stood together under one seal."""

    basis: Basis
    rules: tuple[RegraDePrazo, ...]
    _ends: dict[tuple[str, date], date] = field(default_factory=dict)

    @property
    def calendar(self) -> Calendar:
        """The days on which the office does not work."""
        return self.basis.calendar

    def rule(self, name: str, *, on: date) -> RegraDePrazo:
        """The version of the rule in force on that day; refuses when there is none."""
        found = Counting(name, tuple(row for row in self.rules if row.nome == name), self.basis).rule(on=on)
        if found is None:
            raise no_rule(name, on)
        return found

    def ends(self, name: str, *, start: date) -> date:
        """The last day of the term that starts on that day, counted once; refuses as `preview` does."""
        if (name, start) not in self._ends:
            self._ends[name, start] = self.basis.term(self.rule(name, on=start), start).ends
        return self._ends[name, start]


_known: tuple[UUID, Law] | None = None


def law_under(seal: UUID | None) -> Law:
    """The law of now. `seal` is SeloDaLei's, read before in the caller's transaction; without one nothing is kept.

    What is kept under a seal is never older than it. Where somebody commits between the two reads it is newer; then the
    next seal is another one.
    """
    global _known
    kept = _known  # replaced whole, never changed: two threads at worst read it twice
    if kept is not None and kept[0] == seal:
        return kept[1]
    known = Known()
    law = Law(known.counting("").basis, tuple(known.rules))
    if seal is not None:
        _known = (seal, law)
    return law
