"""docs/portal.md is true: bash runs its lines as they stand, and what they answer is what it shows."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import make_cast
from tests.portal.conftest import make_program, make_subject

DOCUMENT = Path(__file__).parents[2] / "docs" / "portal.md"
ANY = "…"
#: Stands in for curl where there is none.
SHIM = Path(__file__).with_name("curl.py")


@dataclass
class Step:
    """Lines that are run, and the answer shown below them (none for lines that only set variables)."""

    lines: str
    shown: str = ""


def steps_of(text: str) -> list[Step]:
    """Every block of sh, each with the block of http that follows it."""
    steps: list[Step] = []
    for kind, body in re.findall(r"^```(sh|http)\n(.*?)^```$", text, re.M | re.S):
        if kind == "sh":
            steps.append(Step(body))
        else:
            steps[-1].shown = body
    return steps


def differences(shown: str, answered: str) -> list[str]:
    """What the answer lacks of what is shown: status, headers, members of the body."""
    wanted, got = _parts(shown), _parts(answered)
    found = [] if wanted[0] == got[0] else [f"{got[0]} instead of {wanted[0]}"]
    found += [
        f"{name}: {got[1].get(name)} instead of {value}"
        for name, value in wanted[1].items()
        if not _same(value, got[1].get(name))
    ]
    if wanted[2]:
        found += _unlike(json.loads(wanted[2]), json.loads(got[2] or "null"), "")
    return found


def _parts(answer: str) -> tuple[str, dict[str, str], str]:
    head, _, body = answer.replace("\r", "").strip().partition("\n\n")
    status, *headers = head.split("\n")
    named = dict(line.split(": ", 1) for line in headers if ": " in line)
    return status.split(" ", 1)[-1], {name.lower(): value for name, value in named.items()}, body.strip()


def _same(shown: Any, got: Any) -> bool:
    return got is not None if shown == ANY else bool(shown == got)


def _unlike(shown: Any, got: Any, path: str) -> list[str]:
    if isinstance(shown, dict) and isinstance(got, dict):
        return [line for name in shown for line in _unlike(shown[name], got.get(name), f"{path}.{name}")]
    if isinstance(shown, list) and isinstance(got, list) and len(shown) == len(got):
        return [line for n, pair in enumerate(zip(shown, got, strict=True)) for line in _unlike(*pair, f"{path}.{n}")]
    return [] if _same(shown, got) else [f"{path}: {got!r} instead of {shown!r}"]


def test_what_the_comparison_finds() -> None:
    shown = 'HTTP/1.1 200 OK\nETag: …\nAllow: GET\n\n{"a": "…", "b": [{"c": 1}], "d": null}'

    assert (
        differences(shown, 'HTTP/1.1 200 OK\r\nEtag: "x"\r\nallow: GET\r\n\r\n{"a": 7, "b": [{"c": 1}], "z": 0}') == []
    )
    assert differences(shown, 'HTTP/1.1 404 Not Found\n\n{"b": [], "d": 1}') == [
        "404 Not Found instead of 200 OK",
        "etag: None instead of …",
        "allow: None instead of GET",
        ".a: None instead of '…'",
        ".b: [] instead of [{'c': 1}]",
        ".d: 1 instead of None",
    ]


@pytest.mark.django_db(transaction=True)
def test_the_lines_of_the_document_do_what_it_shows(live_server: Any, tmp_path: Path) -> None:
    program = make_program(make_cast(), "Sandbox")
    make_subject()
    steps = steps_of(DOCUMENT.read_text())
    script = "\n".join(f"{{ {step.lines}\n}} > resposta-{number}" for number, step in enumerate(steps))
    variables = {"CLIENT_ID": program.integracao.client_id, "CLIENT_SECRET": program.secret, "PROCON": str(live_server)}

    done = subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", script],
        cwd=tmp_path,
        env={**os.environ, **variables, "PATH": _with_curl(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    answers = [(tmp_path / f"resposta-{number}").read_text() for number in range(len(steps))]
    told = {step.lines: differences(step.shown, got) for step, got in zip(steps, answers, strict=True) if step.shown}
    assert len(told) > 15
    assert {lines: found for lines, found in told.items() if found} == {}


def _with_curl(folder: Path) -> str:
    """The PATH, with a stand-in for curl where this machine has none."""
    if shutil.which("curl") and not os.environ.get("SEM_CURL"):
        return os.environ["PATH"]
    stand_in = folder / "bin" / "curl"
    stand_in.parent.mkdir()
    stand_in.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{SHIM}" "$@"\n')
    stand_in.chmod(0o755)
    return f"{stand_in.parent}:{os.environ['PATH']}"
