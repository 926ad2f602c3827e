"""Asking an antivirus: clamd's INSTREAM command, spoken over TCP or a local socket.

The protocol is `zINSTREAM\\0`, then parts of four bytes of length (network order) and content, then a length of zero;
the answer is `stream: OK`, `stream: <name> FOUND` or a sentence that ends in ERROR.
"""

from __future__ import annotations

import re
import socket
import struct
from dataclasses import dataclass

_PART = 64 * 1024
_TIMEOUT = 30  # seconds without a word


class NoAntivirus(Exception):  # noqa: N818  it names what is found, as ActNotAllowed does
    """The antivirus does not answer, or not as agreed; the message says what happened."""


@dataclass(frozen=True)
class Verdict:
    """What the antivirus said: the name of what it found, or nothing; and a refusal to look, if it refused."""

    found: str = ""
    refused: str = ""


def scan(content: bytes, address: str) -> Verdict:
    """The antivirus's word on one file. Raises NoAntivirus where it cannot be reached."""
    try:
        with _connect(address) as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), _PART):
                part = content[start : start + _PART]
                line.sendall(struct.pack("!I", len(part)) + part)
            line.sendall(struct.pack("!I", 0))
            answer = _answer(line)
    except OSError as error:
        raise NoAntivirus(f"O antivírus em {address} não responde ({error.strerror or error}).") from error
    return _verdict(answer, address)


def _connect(address: str) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(_TIMEOUT)
        try:
            line.connect(address)
        except OSError as error:
            line.close()
            raise NoAntivirus(f"O antivírus em {address} não responde ({error.strerror or error}).") from error
        return line
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_TIMEOUT)


def _answer(line: socket.socket) -> str:
    """All that is said until the end, no more than a line's worth."""
    said = b""
    while len(said) < 4096 and (part := line.recv(4096)):
        said += part
        if b"\0" in part:
            break
    return said.split(b"\0")[0].decode("utf-8", "replace").strip()


def _verdict(answer: str, address: str) -> Verdict:
    if answer == "stream: OK":
        return Verdict()
    if found := re.fullmatch(r"stream: (.+) FOUND", answer):
        return Verdict(found=found[1][:120])
    if answer.endswith("ERROR"):
        return Verdict(refused=answer[:120])
    raise NoAntivirus(f"O antivírus em {address} respondeu «{answer[:80]}», que não é uma resposta conhecida.")
