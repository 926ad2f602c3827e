"""The importer's rows a second, beside bare COPY of the same rows into the same tables in the same run.

Both begin with empty tables that have their indexes and triggers; COPY is handed finished rows, keys included.

It wants the full files of the national register in ../shared/data/sindec, and says so where they are not. Where more
lines are asked for than they have, each is written so many times over that there are enough, every time a thousandth
of a second later, which makes other records of the same people and firms.
"""

from __future__ import annotations

import gzip
import math
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.figures import Figure

ROOT = Path(__file__).resolve().parents[1]
PIECE = 1 << 16


def default_files() -> list[str]:
    """The full files of the national register, where they are."""
    for folder in (ROOT.parent / "shared", ROOT.parents[1] / "shared"):
        files = sorted(str(path) for path in (folder / "data" / "sindec").glob("CNRF*.csv.gz"))
        if files:
            return sorted(files, key=lambda name: "2017" not in name)
    return []


def lengthened(files: Sequence[str], size: int, folder: Path) -> list[str]:
    """The files, or longer ones in the folder that have the wanted number of lines together."""
    texts = [gzip.decompress(Path(name).read_bytes()).removeprefix(b"\xef\xbb\xbf") for name in files]
    times = math.ceil(size / sum(text.count(b"\n") for text in texts))
    if times <= 1:
        return list(files)
    longer = []
    for name, text in zip(files, texts, strict=True):
        lines = text.splitlines(keepends=True)
        header = [lines.pop(0)] if lines[0].startswith(b"AnoCalendario") else []
        path = folder / Path(name).name.removesuffix(".gz")
        with path.open("wb") as file:
            file.writelines(header)
            for number in range(times):
                moment = b".%03d;" % number
                file.writelines(line.replace(b".000;", moment, 1) for line in lines)
        longer.append(str(path))
    return longer


#: What an import writes, suppliers first.
TABLES = ("parties_fornecedor", "parties_grafia", "cases_registronacional")


def bare_copy(folder: Path) -> tuple[int, float]:
    """(records, seconds) of writing what was imported once more, from one file for each table."""
    from django.db import connection, transaction

    from bench.office import empty

    with connection.cursor() as cursor:
        for table in TABLES:
            statement = f"COPY {table} ({_columns(table)}) TO STDOUT"
            with cursor.copy(statement) as copy, (folder / table).open("wb") as file:
                for row in copy:
                    file.write(row)
    empty()
    start = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            statement = f"COPY {table} ({_columns(table)}) FROM STDIN"
            with cursor.copy(statement) as copy, (folder / table).open("rb") as file:
                while piece := file.read(PIECE):
                    copy.write(piece)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    seconds = time.perf_counter() - start
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_registronacional")
        return cursor.fetchone()[0], seconds


def _columns(table: str) -> str:
    """The columns that a row is written with."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
            [table],
        )
        return str(cursor.fetchone()[0])


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
    """Both, one after the other, over the same lines."""
    from bench.office import empty

    files = default_files()
    if not files:
        return []
    empty()
    with tempfile.TemporaryDirectory(prefix="procon-bench-") as folder:
        imported, import_seconds = importing(lengthened(files, size, Path(folder)))
        copied, copy_seconds = bare_copy(Path(folder))
    empty()
    return [
        Figure(
            f"importar_sindec, {imported:,} linhas",
            round(imported / import_seconds),
            "linhas/s",
            round(copied / copy_seconds),
            f"COPY das mesmas {copied:,} linhas, e de seus fornecedores e grafias, nas mesmas tabelas",
            "até 4× mais lento",
        )
    ]
