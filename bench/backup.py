"""A copy of the whole office, and its way back, in MB of plain SQL a second, beside pg_dump and psql alone."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.figures import Figure

KEY = "uma senha comprida para medir"


def measure(size: int) -> list[Figure]:
    """A copy with and without encryption, and a restore, of an office of this size."""
    from bench.office import empty
    from bench.population import populate
    from tests.conftest import make_cast

    empty()
    cast = make_cast()
    populate(size, unidade=cast.unidade.pk, users=[cast.bruno.pk, cast.dora.pk])
    with TemporaryDirectory(prefix="procon-bench-copia-") as folder:
        figures = _measured(Path(folder), f"{size:,} atendimentos")
    empty()
    return figures


def _measured(folder: Path, what: str) -> list[Figure]:
    from procon.backup.bars import silent
    from procon.backup.making import make_copy
    from tests.conftest import NOW

    dump = folder / "escritorio.sql"
    megabytes, alone = _dumped(dump)
    plain = _seconds(lambda: make_copy(folder / "aberta", key="", at=NOW, bar=silent))
    locked = _seconds(lambda: make_copy(folder / "cifrada", key=KEY, at=NOW, bar=silent))
    floor, name = round(megabytes / alone, 1), "pg_dump | cat do mesmo banco"
    figures = [
        Figure(f"backup, {what}", round(megabytes / plain, 1), "MB/s", floor, name),
        Figure(f"backup cifrado, {what}", round(megabytes / locked, 1), "MB/s", floor, name),
    ]
    back, bare = _back(folder / "cifrada", dump)
    name = "psql do mesmo banco, sem conferir"
    figures.append(Figure(f"restaurar, {what}", round(megabytes / back, 1), "MB/s", round(megabytes / bare, 1), name))
    return figures


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _dumped(target: Path) -> tuple[float, float]:
    """(megabytes of SQL, the seconds that pg_dump | cat takes)."""
    from procon.backup.programs import database, program

    address, surroundings = database()
    command = f"'{program('pg_dump', 180_000)}' --no-owner --dbname='{address}' | cat > '{target}'"
    seconds = _seconds(lambda: subprocess.run(["/bin/sh", "-c", command], env=surroundings, check=True))  # noqa: S603  our own words
    return target.stat().st_size / 1e6, seconds


def _back(copy: Path, dump: Path) -> tuple[float, float]:
    """The seconds in which a copy is examined and restored, and those in which psql alone reads the same rows."""
    from procon.backup.bars import silent
    from procon.backup.examining import examine
    from procon.backup.programs import database, program
    from procon.backup.restoring import restore
    from tests.procon.scratch import database as scratch
    from tests.procon.scratch import office_in

    def whole() -> None:
        restore(examine(copy, key=KEY, bar=silent), key=KEY, bar=silent, keeps_key=True)

    def bare() -> None:
        address, surroundings = database()
        words = [program("psql", 180_000), "--quiet", "--output=/dev/null", f"--file={dump}", f"--dbname={address}"]
        subprocess.run(words, env=surroundings, check=True)  # noqa: S603  our own words

    taken: list[Any] = []
    for number, work in enumerate((whole, bare)):
        with scratch(f"volta{number}") as name, office_in(name, copy.parent / f"volta{number}"):
            taken.append(_seconds(work))
    return taken[0], taken[1]
