"""docs/webhooks.md is true: its kinds of event, and its lines for whoever has no library."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from portal.rules.events import EVENTS
from portal.rules.retries import KEEP_TRYING, KEPT_FOR, LONGEST_OVERLAP, MOST, OVERLAP
from portal.rules.signing import new_secret, signed
from portal.transport import SECONDS

TEXT = (Path(__file__).parent.parent.parent / "docs" / "webhooks.md").read_text(encoding="utf-8")


def test_it_lists_every_kind_in_the_api_s_own_words() -> None:
    assert dict(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \| (.+) \|$", TEXT, re.MULTILINE)) == EVENTS


def test_its_numbers_are_those_of_the_program() -> None:
    assert (SECONDS, KEEP_TRYING.days, KEPT_FOR.days, MOST, OVERLAP, LONGEST_OVERLAP) == (3.0, 3, 30, 10, 24, 168)


def test_its_lines_tell_a_true_delivery_from_an_altered_an_old_and_a_stranger_s() -> None:
    (code,) = re.findall(r"```python\n(.+?)```", TEXT, re.DOTALL)
    read: dict[str, Any] = {}
    exec(code, read)
    confere, old, new, body = read["confere"], new_secret(), new_secret(), b'{"type": "cip.respondida"}'
    headers = signed(body, identity="msg_1", seconds=1772629200, keys=[new, old])

    assert [confere(one, headers, body, 1772629230) for one in (old, new)] == [True, True]
    assert not confere(new_secret(), headers, body, 1772629230)
    assert not confere(new, headers, body + b" ", 1772629230)
    assert not confere(new, headers, body, 1772629501)
