"""Passwords that leaked elsewhere, as the beginnings of their digests; `python -m tools.passwords` says from where."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

FILE = Path(__file__).with_name("senhas_vazadas.bin")
#: So many bytes of each digest, in order: one password in 25 million that never leaked is taken for one that did.
PREFIX = 5
#: What the rule of length refuses anyway is not kept.
SHORTEST = 12


def digest_of(password: str) -> bytes:
    """What is kept of a password, whatever its capitals."""
    return sha256(password.strip().lower().encode()).digest()[:PREFIX]


def has_leaked(password: str) -> bool:
    """Whether this is one of the most used passwords that leaked."""
    return digest_of(password) in _leaked()


@cache
def _leaked() -> frozenset[bytes]:
    content = FILE.read_bytes()
    return frozenset(content[start : start + PREFIX] for start in range(0, len(content), PREFIX))
