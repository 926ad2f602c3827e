"""Check codes: unguessable, and easy to read off paper and type.

Twelve characters of Crockford's base 32 (no I, L, O, U), so 60 random bits, written XXXX-XXXX-XXXX. They come from
`secrets`, except inside `seeded`, by which the demo office gets the same codes every time.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUPS, GROUP = 3, 4
_TYPED = str.maketrans({"O": "0", "I": "1", "L": "1"})

_source: ContextVar[random.Random] = ContextVar("check_code_source")
_SECRET: random.Random = secrets.SystemRandom()


def new_code(groups: int = GROUPS) -> str:
    """A new code, as printed."""
    source = _source.get(_SECRET)
    return "-".join("".join(source.choices(ALPHABET, k=GROUP)) for _ in range(groups))


def normalize(typed: str, groups: int = GROUPS) -> str:
    """A typed code as it is printed, whatever its case, spaces and dashes; "" when it cannot be one."""
    plain = "".join(character for character in typed.upper() if character.isalnum()).translate(_TYPED)
    if len(plain) != groups * GROUP or not set(plain) <= set(ALPHABET):
        return ""
    return "-".join(plain[start : start + GROUP] for start in range(0, len(plain), GROUP))


@contextmanager
def seeded(seed: int | str) -> Iterator[None]:
    """Codes that follow from `seed`: guessable, so only for a demo or a test."""
    token = _source.set(random.Random(seed))  # noqa: S311  meant to be repeatable
    try:
        yield
    finally:
        _source.reset(token)
