"""The importer's rows a second, beside the same rows by bare COPY into a flat table in the same run.

    .venv/bin/python bench/importer.py [FILE …]

Without files it takes those of the national register beside the repository. It needs an empty office: it refuses a
database that holds records already, and leaves it as it was.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "procon.settings")

#: The importer should reach this part of bare COPY.
GOAL = 0.25


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

    from opendata.layout import COLUMNS, split
    from opendata.sources import open_sources

    rows = 0
    start = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bancada_copy ({', '.join(f'{column} text' for column in COLUMNS)})")
        with cursor.copy("COPY bancada_copy FROM STDIN") as copy:
            for name in files:
                for source in open_sources(Path(name)):
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


def run(files: Sequence[str]) -> dict[str, float]:
    """Both, one after the other; the database is left as it was found."""
    from django.db import connection

    from cases.models import RegistroNacional
    from parties.models import Fornecedor

    if RegistroNacional.objects.exists() or Fornecedor.objects.exists():
        sys.exit("A bancada pede um banco vazio. Aponte DATA_DIR ou DATABASE_URL para outro.")
    copied, copy_seconds = bare_copy(files)
    imported, import_seconds = importing(files)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE cases_registronacional, parties_grafia, parties_fornecedor CASCADE")
    return {
        "linhas": imported,
        "copy_linhas_por_segundo": round(copied / copy_seconds),
        "importador_linhas_por_segundo": round(imported / import_seconds),
        "razao": round((imported / import_seconds) / (copied / copy_seconds), 3),
        "meta": GOAL,
    }


def main() -> None:
    """Run against the office's database and print the result as JSON."""
    from procon.environment import read
    from procon.holding import servers_for

    files = sys.argv[1:] or default_files()
    if not files:
        sys.exit(
            "Não há arquivos do cadastro nacional em ../shared/data/sindec. Indique-os: bench/importer.py ARQUIVO…"
        )
    with servers_for(read(), "bench"):
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        sys.stdout.write(json.dumps(run(files), indent=1) + "\n")


if __name__ == "__main__":
    main()
