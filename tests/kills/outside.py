"""Servers of others that stop in the middle of an exchange for as long as the test wants."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from tests.notifications.mailserver import MailServer


@dataclass
class Pause:
    """One exchange that stops: `reached` once it does, until `go`."""

    reached: Event = field(default_factory=Event)
    go: Event = field(default_factory=Event)

    def __call__(self, *_: Any) -> None:
        """Stop here, and hang up in the end."""
        self.reached.set()
        self.go.wait(60)


class HoldingMail(MailServer):
    """A mail server whose next exchanges follow a script: None takes the message, a Pause holds it and hangs up."""

    def __init__(self) -> None:
        super().__init__(delay=0)
        self.script: list[Pause | None] = []

    def fate(self) -> str:
        """What becomes of this message."""
        pause = self.script.pop(0) if self.script else None
        if pause is None:
            return ""
        pause()
        return "no meio"


@contextmanager
def served(mail: HoldingMail) -> Iterator[HoldingMail]:
    """The server, at work."""
    with mail:
        threading.Thread(target=mail.serve_forever, args=(0.02,), daemon=True).start()
        yield mail
        mail.shutdown()
