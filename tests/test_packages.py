"""What we take from others is on the page that says why, has a licence that we may use, and is in the list of parts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.packages import LOCKS, SAID_ELSEWHERE, is_allowed, locked, parts_list, refused

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "dependencies.md").read_text()


def asked_for() -> set[str]:
    lines = [line for path in ROOT.glob("requirements*.in") for line in path.read_text().splitlines()]
    return {re.split(r"[\[<>=]", line)[0] for line in lines if line and not line.startswith(("-", "#"))}


def test_the_page_names_what_is_asked_for_and_nothing_else() -> None:
    named = set(re.findall(r"^\| `([^`]+)` \|", PAGE, re.MULTILINE))
    assert {name for name in named if not name.startswith("make ")} == asked_for()


def test_every_locked_licence_is_allowed() -> None:
    assert refused() == []
    names = {package.name for lock in LOCKS for package in locked(lock)}
    assert set(SAID_ELSEWHERE) <= names


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("MIT", True),
        ("Apache-2.0 AND MIT", True),
        ("MIT OR GPL-3.0-only", True),
        ("GPL-3.0-only", False),
        ("MIT AND GPL-3.0-only", False),
        ("BSD License; Other/Proprietary License", False),
        ("", False),
    ],
)
def test_every_licence_that_holds_at_once_must_be_allowed(text: str, allowed: bool) -> None:
    assert is_allowed(text) is allowed


def test_the_list_of_parts_is_what_the_lock_says() -> None:
    parts, packages = parts_list(), locked("requirements.txt")
    components = parts["components"]
    assert isinstance(components, list)
    assert (parts["bomFormat"], parts["specVersion"], len(components)) == ("CycloneDX", "1.6", len(packages))
    (django,) = [one for one in components if one["name"] == "django"]
    assert django["purl"] == f"pkg:pypi/django@{django['version']}"
    assert django["licenses"] == [{"license": {"name": "BSD-3-Clause"}}]
    assert len(django["hashes"]) >= 1
    assert len({one["bom-ref"] for one in components}) == len(components)
    assert parts == parts_list()
