"""One POST to an address that was checked: to that very machine, no redirect, three seconds from name to answer.

The name is resolved anew at each try, every address that it has is checked, and the connection goes to one of these
addresses, never to the name again: a name that leads elsewhere a moment later (DNS rebinding) leads nowhere.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import Any

from notifications.transport import asked_wait
from portal.rules.addresses import Address, Network, Target, refusal

SECONDS = 3.0
GONE = 410


class Unreachable(Exception):  # noqa: N818  it names what is found
    """The receiver's server cannot or may not be spoken to; the message says why, in Portuguese."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one try. `gone`: it wants no more. `outage`: the server itself is out of reach."""

    taken: bool
    answer: str
    gone: bool = False
    outage: bool = False
    retry_after: timedelta = timedelta(0)


def post(target: Target, body: bytes, headers: Mapping[str, str], *, allowed: Sequence[Network]) -> Outcome:
    """Try once. Everything that can go wrong comes back as an Outcome."""
    end = time.monotonic() + SECONDS
    try:
        line = _connect(target, addresses_of(target, allowed=allowed), end)
    except Unreachable as reason:
        return Outcome(taken=False, answer=str(reason), outage=True)
    with line:
        try:
            line.settimeout(_left(end))
            line.sendall(_request(target, body, headers))
            return _read(line, end)
        except TimeoutError:
            return Outcome(taken=False, answer=f"O servidor não respondeu em {SECONDS:.0f} segundos.", outage=True)
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Outcome(taken=False, answer=f"A conversa se interrompeu ({type(error).__name__}).")


def addresses_of(target: Target, *, allowed: Sequence[Network]) -> list[Address]:
    """The addresses that the target's host has now, all of them allowed. Raises Unreachable."""
    found = _resolved(target.host, target.port)
    if not found:
        raise Unreachable(f"O nome {target.host} não foi encontrado na internet. Confira-o.")
    if reason := refusal(target, found, allowed):
        raise Unreachable(reason)
    return found


def _resolved(host: str, port: int) -> list[Address]:
    """In a thread of its own, because the system's resolver has no time-out."""
    found: list[Address] = []

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(ip_address(row[4][0]) for row in rows))
        except (OSError, UnicodeError, ValueError):
            return

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(SECONDS)
    return list(found)


def _connect(target: Target, addresses: Sequence[Address], end: float) -> socket.socket:
    """A line to the first of these addresses that answers, secured where the target asks for it."""
    said = ""
    for address in addresses:
        line = socket.socket(socket.AF_INET if address.version == 4 else socket.AF_INET6, socket.SOCK_STREAM)
        try:
            line.settimeout(_left(end))
            line.connect((str(address), target.port))
        except OSError as error:
            line.close()
            said = f"Não foi possível ligar ao servidor ({type(error).__name__})."
            continue
        try:
            return _secured(line, target, end) if target.secure else line
        except (OSError, ValueError) as error:
            line.close()
            why = getattr(error, "verify_message", "") or type(error).__name__
            said = f"A conexão segura falhou: confira o certificado do servidor ({why})."
    raise Unreachable(said)


def _secured(line: socket.socket, target: Target, end: float) -> socket.socket:
    line.settimeout(_left(end))
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context.wrap_socket(line, server_hostname=target.host)


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _request(target: Target, body: bytes, headers: Mapping[str, str]) -> bytes:
    lines = [
        f"POST {target.path} HTTP/1.1",
        f"Host: {target.authority}",
        *(f"{name}: {value}" for name, value in headers.items()),
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


class _Timed(io.RawIOBase):
    """What a line still says until the end: a server that drips bytes gains no time by it."""

    def __init__(self, line: socket.socket, end: float) -> None:
        self._line, self._end = line, end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._line.settimeout(_left(self._end))
        return self._line.recv_into(buffer)

    def makefile(self, *_: Any) -> io.BufferedReader:
        """What http.client asks of a socket."""
        return io.BufferedReader(self)


def _read(line: socket.socket, end: float) -> Outcome:
    """The status and what it means. The body is nobody's business: it is neither read nor kept."""
    response = http.client.HTTPResponse(_Timed(line, end), method="POST")  # type: ignore[arg-type]
    response.begin()
    status = response.status
    answer = f"HTTP {status}"
    if 300 <= status < 400:
        answer = f"{answer}: redirecionamentos não são seguidos. Cadastre o endereço final."
    return Outcome(taken=200 <= status < 300, answer=answer, gone=status == GONE, retry_after=asked_wait(response))
