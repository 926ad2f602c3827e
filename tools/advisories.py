"""Known holes in the locked packages, from a file of OSV advisories: for where no registry tells of them.

python -m tools.advisories ARQUIVO.zip   0 when no locked package has one, 1 when one has, 2 when the file is none

The file is OSV's own export of all advisories of PyPI, one JSON document each (https://osv.dev, `PyPI/all.zip`).
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from zipfile import BadZipFile, ZipFile

from packaging.version import InvalidVersion, Version

from tools.packages import LOCKS, Package, locked

ENDS = {"fixed", "last_affected"}


@dataclass(frozen=True)
class Advisories:
    """What a file knows: advisories by package, how many, and when the newest was changed."""

    by_package: dict[str, list[dict[str, Any]]]
    number: int
    newest: str

    def of(self, package: Package) -> list[str]:
        """The advisories that hold for this package at this version, by identifier."""
        told = self.by_package.get(normalised(package.name), [])
        return sorted(one["id"] for one in told if _holds(one, package))


def normalised(name: str) -> str:
    """A package's name as registries compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read(path: str) -> Advisories:
    """The advisories of a file. Raises ValueError where it holds none of PyPI, or is no such file."""
    by_package: dict[str, list[dict[str, Any]]] = {}
    newest, number = "", 0
    try:
        for told in _documents(path):
            names = {normalised(name) for name in _packages(told)}
            number += bool(names)
            newest = max(newest, told["modified"]) if names else newest
            for name in names:
                by_package.setdefault(name, []).append(told)
    except (OSError, BadZipFile, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path} não é um arquivo de avisos do OSV ({error!r}). Baixe PyPI/all.zip de novo.") from None
    if not number:
        raise ValueError(f"{path} não tem nenhum aviso de pacotes do PyPI. Baixe PyPI/all.zip do OSV.")
    return Advisories(by_package, number, newest)


def is_affected(version: str, affected: dict[str, Any]) -> bool:
    """Whether a version is among those that an advisory lists, or lies in one of its ranges."""
    if version in affected.get("versions", []):
        return True
    ranges = [one["events"] for one in affected.get("ranges", []) if one.get("type") == "ECOSYSTEM"]
    return any(_within(Version(version), events) for events in ranges)


def _documents(path: str) -> Iterator[dict[str, Any]]:
    with ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                told = json.loads(archive.read(name))
                if "withdrawn" not in told:
                    yield told


def _packages(told: dict[str, Any]) -> list[str]:
    return [one["package"]["name"] for one in told.get("affected", []) if one["package"]["ecosystem"] == "PyPI"]


def _holds(told: dict[str, Any], package: Package) -> bool:
    mine = [one for one in told["affected"] if normalised(one["package"]["name"]) == normalised(package.name)]
    return any(is_affected(package.version, one) for one in mine)


def _within(version: Version, events: Sequence[dict[str, str]]) -> bool:
    """Whether the last event at or before this version opened a range (OSV schema, «evaluation algorithm»)."""
    inside = False
    for kind, at in sorted(_dated(events), key=lambda event: event[1]):
        if kind == "introduced" and version >= at:
            inside = True
        elif kind in ENDS and (version > at if kind == "last_affected" else version >= at):
            inside = False
    return inside


def _dated(events: Sequence[dict[str, str]]) -> Iterator[tuple[str, Version]]:
    for event in events:
        for kind, text in event.items():
            try:
                yield kind, Version(text)
            except InvalidVersion:  # a version that no installer would take is no version that we could have
                continue


def main(arguments: list[str]) -> int:
    """Compare the lock files with the file that was named; say what holds, and how much was known."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    try:
        known = read(arguments[0])
    except ValueError as error:
        print(error)
        return 2
    packages = sorted({package for lock in LOCKS for package in locked(lock)}, key=lambda one: one.name)
    found = [(package, told) for package in packages for told in known.of(package)]
    for package, told in found:
        print(f"{package.name} {package.version}: {told}")
    print(f"{len(found)} falhas em {len(packages)} pacotes; {known.number} avisos, o mais novo de {known.newest}.")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
