"""The importer's rows a second, beside the same rows by bare COPY into a flat table in the same run.

It wants the full files of the national register in ../shared/data/sindec, and says so where they are not.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Figure

ROOT = Path(__file__).resolve().parents[1]


def default_files() -> list[str]:
    """The full files of the national register, where they are."""
    for folder in (ROOT.parent / "shared", ROOT.parents[1] / "shared"):
        files = sorted(str(path) for path in (folder / "data" / "sindec").glob("CNRF*.csv.gz"))
        if files:
            return sorted(files, key=lambda name: "2017" not in name)
    return []


def bare_copy(files: Sequence[str]) -> tuple[int, float]:
    """(rows, seconds) of reading the files and writing their 23 columns to a flat table."""
    from django.db import connection, transaction

    from opendata.layout.sindec import COLUMNS, split
    from opendata.sources import open_sources, register_dialect

    rows = 0
    start = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bancada_copy ({', '.join(f'{column} text' for column in COLUMNS)})")
        with cursor.copy("COPY bancada_copy FROM STDIN") as copy:
            for name in files:
                for source in open_sources(Path(name), register_dialect):
                    for _, line in source.records():
                        copy.write_row(split(line, source.dialect))
                        rows += 1
    seconds = time.perf_counter() - start
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bancada_copy")
    return rows, seconds


def importing(files: Sequence[str]) -> tuple[int, float]:
    """(rows, seconds) of importing the files."""
    from django.conf import settings
    from django.utils import timezone

    from opendata.services import import_file

    start = time.perf_counter()
    at = timezone.localtime()  # the edge reads the clock
    results = [import_file(name, at=at, lists=settings.DATA_DIR / "importacoes") for name in files]
    return sum(result.linhas for result in results), time.perf_counter() - start


def measure(size: int) -> list[Figure]:
    """Both, one after the other, over the same files."""
    from bench.office import empty

    files = default_files()
    if not files:
        return []
    empty()
    copied, copy_seconds = bare_copy(files)
    imported, import_seconds = importing(files)
    empty()
    return [
        Figure(
            f"importar_sindec, {imported:,} linhas",
            round(imported / import_seconds),
            "linhas/s",
            round(copied / copy_seconds),
            "COPY em uma tabela plana",
            "até 4× mais lento",
        )
    ]
