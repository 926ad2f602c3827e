"""The open-data export's rows a second, beside bare COPY TO of the same rows from a flat table in the same run."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from bench.figures import Figure
from bench.population import drop_indexes

YEAR = 2025
TABLES = (
    "workflow_historico", "parties_consumidor", "cases_atendimento", "cases_reclamado", "cases_classificacao",
)  # fmt: skip
FILL = Path(__file__).with_name("exporting.sql")
PIECE = 1 << 16


def measure(size: int) -> list[Figure]:
    """Each file of a year in which every atendimento became a founded complaint, beside its floor."""
    from bench.office import empty
    from opendata.exports import files_of
    from tests.conftest import make_cast

    empty()
    cast = make_cast()
    _fill({"size": size, "unidade": cast.unidade.pk, "user": cast.edu.pk})
    floors = dict[bool, float]()
    with tempfile.TemporaryDirectory(prefix="procon-bench-") as folder:
        figures = [_measured(one, size, floors, Path(folder)) for one in files_of(YEAR)]
    empty()
    return figures


def _measured(one: Any, size: int, floors: dict[bool, float], folder: Path) -> Figure:
    start = time.perf_counter()
    with (folder / "exportado").open("wb") as file:
        file.writelines(one.lines())
    seconds = time.perf_counter() - start
    rows = _rows(folder / "exportado", one)
    if rows != size:
        raise RuntimeError(f"{one.nome} has {rows} rows")
    if one.sindec not in floors:  # Parquet comes last, and has the rows of the simple table
        floors[one.sindec] = _bare(one, folder)
    return Figure(
        f"exportar {one.nome}, {size:,} linhas",
        round(rows / seconds),
        "linhas/s",
        round(rows / floors[one.sindec]),
        "COPY TO de uma tabela plana com as mesmas linhas",
        "≥ 50.000 linhas/s",
    )


def _fill(values: dict[str, int]) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger: nobody reads these rows but COPY
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
        indexes = drop_indexes(cursor, TABLES)
        for statement in FILL.read_text().split(";\n"):
            cursor.execute(statement, values)
        for index in indexes:
            cursor.execute(index)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _rows(path: Path, one: Any) -> int:
    if one.forma.ending == "csv":
        with path.open("rb") as file:
            return sum(1 for _ in file) - 1
    from pyarrow import parquet

    return parquet.read_metadata(path).num_rows


def _bare(one: Any, folder: Path) -> float:
    """The seconds in which the rows of the exported CSV leave a flat table as text, into a file too."""
    from django.db import connection

    names = [field["name"] for field in one.resource()["schema"]["fields"]]
    options = f"FORMAT csv, DELIMITER '{';' if one.sindec else ','}'"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE bancada_export ({', '.join(f'{name} text' for name in names)})")
        with (
            cursor.copy(f"COPY bancada_export FROM STDIN WITH ({options}, HEADER)") as copy,
            (folder / "exportado").open("rb") as file,
        ):
            while piece := file.read(PIECE):
                copy.write(piece)
        start = time.perf_counter()
        with (
            cursor.copy(f"COPY bancada_export TO STDOUT WITH ({options})") as copy,
            (folder / "plano").open("wb") as file,
        ):
            file.writelines(bytes(row) for row in copy)
        seconds = time.perf_counter() - start
        cursor.execute("DROP TABLE bancada_export")
    return seconds
