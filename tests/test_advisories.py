"""Advisories from a file: which versions they hold for, as OSV's schema says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tools.advisories import is_affected, main, read
from tools.packages import Package, locked


def advisory(name: str, *events: dict[str, str], **more: Any) -> dict[str, Any]:
    ranges = [{"type": "ECOSYSTEM", "events": list(events)}]
    affected = {"package": {"name": name, "ecosystem": "PyPI"}, "ranges": ranges, "versions": more.pop("versions", [])}
    return {"id": f"AVISO-{name}", "modified": "2026-05-04T10:00:00Z", "affected": [affected], **more}


def archive(path: Path, *advisories: dict[str, Any]) -> str:
    with ZipFile(path, "w") as made:
        for told in advisories:
            made.writestr(f"{told['id']}.json", json.dumps(told))
    return str(path)


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ("4.1.9", False),
        ("4.2", True),
        ("4.2.10", True),
        ("4.2.16", False),
        ("5.0rc1", False),
        ("5.0.8", True),
        ("5.0.9", False),
        ("5.1.1", False),
    ],
)
def test_a_version_between_introduced_and_fixed_is_affected(version: str, affected: bool) -> None:
    events = [{"introduced": "5.0"}, {"fixed": "5.0.9"}, {"introduced": "4.2"}, {"fixed": "4.2.16"}]
    assert is_affected(version, {"ranges": [{"type": "ECOSYSTEM", "events": events}]}) is affected


@pytest.mark.parametrize(("version", "affected"), [("0.1", True), ("2.0", True), ("2.0.post1", False), ("3", False)])
def test_the_last_affected_version_is_affected_itself(version: str, affected: bool) -> None:
    events = [{"introduced": "0"}, {"last_affected": "2.0"}]
    assert is_affected(version, {"ranges": [{"type": "ECOSYSTEM", "events": events}]}) is affected


def test_a_listed_version_is_affected_and_commits_are_no_versions() -> None:
    commits = [{"type": "GIT", "events": [{"introduced": "0"}]}]
    assert is_affected("1.2", {"versions": ["1.2"], "ranges": commits})
    assert not is_affected("1.3", {"versions": ["1.2"], "ranges": commits})


def test_names_are_compared_as_registries_do_and_withdrawn_advisories_do_not_count(tmp_path: Path) -> None:
    made = archive(
        tmp_path / "all.zip",
        advisory("Some_Thing", {"introduced": "0"}),
        advisory("other", {"introduced": "0"}, withdrawn="2026-01-01T00:00:00Z"),
    )
    known = read(made)
    assert (known.number, known.newest) == (1, "2026-05-04T10:00:00Z")
    assert known.of(Package("some-thing", "1", ())) == ["AVISO-Some_Thing"]
    assert known.of(Package("other", "1", ())) == []


def test_a_locked_package_with_a_hole_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (django,) = [one for one in locked("requirements.txt") if one.name == "django"]
    made = archive(
        tmp_path / "all.zip",
        advisory("django", {"introduced": "0"}),
        advisory("django", {"introduced": "0"}, {"fixed": "1.0"}, id="AVISO-velho"),
    )
    assert main([made]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"django {django.version}: AVISO-django"
    assert lines[1].startswith("1 falhas em ")


def test_no_hole_ends_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([archive(tmp_path / "all.zip", advisory("django", {"introduced": "0"}, {"fixed": "1.0"}))]) == 0
    assert capsys.readouterr().out.startswith("0 falhas em ")


@pytest.mark.parametrize("content", [b"", b"PK nothing", b'{"id": "x"}'])
def test_what_is_no_such_file_is_refused(tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "all.zip"
    path.write_bytes(content)
    assert main([str(path)]) == 2
    assert "Baixe PyPI/all.zip" in capsys.readouterr().out


def test_a_file_without_advisories_does_not_pass_for_a_clean_one(tmp_path: Path) -> None:
    elsewhere = {"id": "GO-1", "modified": "2026", "affected": [{"package": {"name": "x", "ecosystem": "Go"}}]}
    for told in ([], [elsewhere]):
        assert main([archive(tmp_path / "all.zip", *told)]) == 2
