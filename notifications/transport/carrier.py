"""What the outbox asks of whoever carries a message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from notifications.models import Mensagem


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try. `permanent`: no use trying again. `outage`: the server itself is out of reach.

    `retry_after`: how long the server asked to be left alone.
    """

    sent: bool
    answer: str
    permanent: bool = False
    outage: bool = False
    retry_after: timedelta = timedelta(0)


class Carrier(Protocol):
    """One way out. Everything that can go wrong comes back as an Outcome, never as an exception."""

    def send(self, mensagem: Mensagem) -> Outcome:
        """Try once."""
        ...

    def close(self) -> None:
        """Hang up, whatever state the line is in."""
        ...
