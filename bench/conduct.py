"""The rows a second of summing a month of consumidor.gov.br, beside bare COPY of the same lines into a flat table."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure

#: As many as a real month names.
COMPANIES, CITIES = 1_300, 3_000


def measure(size: int) -> list[Figure]:
    """Both, one after the other, over the same file of `size` complaints."""
    from django.db import connection
    from django.utils import timezone

    from bench.office import empty
    from opendata.services import import_conduct
    from tests.conftest import make_cast

    empty()
    make_cast()
    with tempfile.TemporaryDirectory(prefix="procon-bench-") as folder:
        path = Path(folder) / "finalizadas_2023-01.csv"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in _lines(size))
        bare_seconds = _bare(path)
        start = time.perf_counter()
        result = import_conduct(str(path), at=timezone.localtime(), lists=Path(folder))  # the edge reads the clock
        seconds = time.perf_counter() - start
    if result.novos != size:
        raise RuntimeError(f"{result.novos} of {size} lines were counted")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE opendata_arquivoconsumidorgov, opendata_empresaconsumidorgov CASCADE")
    empty()
    return [
        Figure(
            f"importar_consumidor_gov, {size:,} linhas",
            round(size / seconds),
            "linhas/s",
            round(size / bare_seconds),
            "COPY em uma tabela plana",
            "até 4× mais lento",
        )
    ]


def _lines(size: int) -> Iterator[str]:
    """A month in the newest layout of many columns: the same every time."""
    from tests.opendata.gov import NEW, UNRATED, complaint

    yield NEW
    for number in range(size):
        fields = {
            "Nome Fantasia": f"Empresa {number * 7 % COMPANIES}",
            "UF": ("SP", "RJ", "MG")[number % 3],
            "Cidade": f"Cidade {number % CITIES}" if number % 2 else "Itaquaquecetuba",
            "Data Finalização": f"{1 + number % 31:02d}/01/2023",
            "Tempo Resposta": str(number % 11),
        }
        yield complaint(NEW, 0, **(fields | UNRATED if number % 5 < 2 else fields))


def _bare(path: Path) -> float:
    """The seconds of reading the file and writing its columns to a flat table."""
    from django.db import connection, transaction

    start = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor, path.open(encoding="utf-8") as file:
        width = next(file).count(";") + 1
        cursor.execute(f"CREATE TABLE bancada_conduta ({', '.join(f'c{number} text' for number in range(width))})")
        with cursor.copy("COPY bancada_conduta FROM STDIN") as copy:
            for line in file:
                copy.write_row(line.rstrip("\n").split(";"))
    seconds = time.perf_counter() - start
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bancada_conduta")
    return seconds
