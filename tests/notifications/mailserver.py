"""A mail server for tests: enough of SMTP (RFC 5321) for one client, in a mood that the test sets."""

from __future__ import annotations

import random
import socketserver
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: What a server does with its clients; the last dies in the middle of a conversation.
GOOD, REFUSING, SLOW, DYING = "boa", "recusa", "lenta", "morre"


class Session(socketserver.StreamRequestHandler):
    """One conversation."""

    server: MailServer

    def handle(self) -> None:
        """Answer until the client leaves, or the mood says otherwise."""
        if self.server.mood == REFUSING:
            self._say("421 fora do ar")
            return
        self._say("220 teste")
        while line := self.rfile.readline():
            command = line.strip().upper()
            if command == b"DATA":
                self._say("354 siga")
                if not self._take():
                    return
                self._say("250 2.0.0 guardada")
            elif command == b"QUIT":
                self._say("221 tchau")
                return
            else:
                self._say("250 ok")

    def _take(self) -> bool:
        """Read one message and keep its Message-ID; False when the server dies at some point of it."""
        dies = self.server.fate()
        if dies == "no meio":
            self.rfile.readline()
            return False
        identity = self._message()
        if dies == "antes de guardar":
            return False
        self.server.take(identity)
        return dies != "sem responder"

    def _message(self) -> str:
        lines, in_headers = [], True
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            in_headers = in_headers and line != b"\r\n"
            if in_headers:
                lines.append(line.decode())
        headers = "".join(lines).replace("\r\n ", " ").splitlines()
        found = [line.split(":", 1)[1].strip() for line in headers if line.lower().startswith("message-id:")]
        return found[0] if found else ""

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """Counts what it took, and how often it took a message and died without saying so (`unanswered`)."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *, delay: float = 0.005, rng: random.Random | None = None) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.taken: list[str] = []
        self.fates: Counter[str] = Counter()
        self.mood = GOOD
        self._delay, self._rng, self._lock = delay, rng or random.Random(0), threading.Lock()

    @property
    def url(self) -> str:
        """Where it listens, as EMAIL_URL."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def fate(self) -> str:
        """Whether and where the server dies in this message; a slow one only takes long."""
        with self._lock:
            if self.mood == SLOW:
                pause = self._rng.uniform(0.1, 0.5)
            elif self.mood != DYING:
                return ""
            else:
                said = self._rng.choice(["", "no meio", "antes de guardar", "sem responder"])
                self.fates[said] += 1
                return said
        time.sleep(pause)
        return ""

    def take(self, identity: str) -> None:
        """Keep one message; a little slowly, as a real server does."""
        self.taken.append(identity)
        time.sleep(self._delay)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A killed client hangs up in the middle; that is what this is about."""


@contextmanager
def mail_server(**options: Any) -> Iterator[MailServer]:
    """A server for one test."""
    with MailServer(**options) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
