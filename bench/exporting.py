"""The open-data export's rows a second, beside bare COPY TO of the same rows from a flat table in the same run."""

from __future__ import annotations

import io
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


def measure(size: int) -> list[Figure]:
    """Each file of a year in which every atendimento became a founded complaint, beside its floor."""
    from bench.office import empty
    from opendata.exports import files_of
    from tests.conftest import make_cast

    empty()
    cast = make_cast()
    _fill({"size": size, "unidade": cast.unidade.pk, "user": cast.edu.pk})
    figures, floors = [], dict[bool, float]()
    for one in files_of(YEAR):
        start = time.perf_counter()
        content = b"".join(one.lines())
        seconds = time.perf_counter() - start
        rows = _rows(content, one)
        if rows != size:
            raise RuntimeError(f"{one.nome} has {rows} rows")
        if one.sindec not in floors:  # Parquet comes last, and has the rows of the simple table
            floors[one.sindec] = _bare(one, content)
        figures.append(
            Figure(
                f"exportar {one.nome}, {size:,} linhas",
                round(rows / seconds),
                "linhas/s",
                round(rows / floors[one.sindec]),
                "COPY TO de uma tabela plana com as mesmas linhas",
                "≥ 50.000 linhas/s",
            )
        )
    empty()
    return figures


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


def _rows(content: bytes, one: Any) -> int:
    if one.forma.ending == "csv":
        return content.count(b"\n") - 1
    from pyarrow import parquet

    return parquet.read_metadata(io.BytesIO(content)).num_rows


def _bare(one: Any, content: bytes) -> float:
    """The seconds in which the rows of this CSV leave a flat table as text."""
    from django.db import connection

    names = [field["name"] for field in one.resource()["schema"]["fields"]]
    options = f"FORMAT csv, DELIMITER '{';' if one.sindec else ','}'"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE bancada_export ({', '.join(f'{name} text' for name in names)})")
        with cursor.copy(f"COPY bancada_export FROM STDIN WITH ({options}, HEADER)") as copy:
            copy.write(content)
        start = time.perf_counter()
        with cursor.copy(f"COPY bancada_export TO STDOUT WITH ({options})") as copy:
            b"".join(bytes(row) for row in copy)
        seconds = time.perf_counter() - start
        cursor.execute("DROP TABLE bancada_export")
    return seconds
