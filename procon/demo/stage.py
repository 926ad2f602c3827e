"""Where the demonstration plays: its people, its days, its dice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from random import Random

from accounts.models import User
from hearings.models import Sala
from procon.demo.agenda import Agenda, Days, at_hour
from procon.demo.cast import Cast


@dataclass(frozen=True, slots=True)
class Stage:
    """What every act of the demonstration needs."""

    cast: Cast
    days: Days
    agenda: Agenda
    rng: Random

    @property
    def coordinator(self) -> User:
        """Dora, who decides what a clerk may not."""
        return self.cast.users["dora"]

    def clerk(self) -> User:
        """Who is at the counter."""
        return self.cast.users[self.rng.choice(("bruno", "bruno", "bianca"))]

    def sala(self, key: int) -> Sala:
        """The room of a slot."""
        return next(room for room in self.cast.salas if room.pk == key)

    def conciliador(self, key: int) -> User:
        """The conciliator of a slot."""
        return next(person for person in self.cast.conciliadores if person.pk == key)

    def later(self, moment: datetime, days: int) -> datetime:
        """A moment in office hours at least `days` days on; YearOverError past the year's end."""
        return self.days.later(moment, days, self.rng)

    def early(self, day: date) -> datetime:
        """The moment at which the office's clock certifies what ended the day before."""
        if day > self.days.last:
            return at_hour(self.days.from_(day), time(6), 5)
        return at_hour(day, time(6), 5)

    def pick(self, weights: Mapping[str, int]) -> str:
        """One of the keys, by weight."""
        return self.rng.choices(list(weights), weights=list(weights.values()))[0]
