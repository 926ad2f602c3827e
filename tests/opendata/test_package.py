"""An exported folder before the reference library of data packages, and the Parquet files beside the CSV."""

from __future__ import annotations

import csv
import subprocess
import sys
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import frictionless
import pytest
from pyarrow import parquet

from opendata.exports import Forma, all_files, files_of
from opendata.layout.parquet import written
from tests.conftest import Cast
from tests.opendata.conftest import DATA, HEADER, counts, line
from tests.opendata.test_export import TODAY, _clock, exported, founded, person  # noqa: F401  the fixture acts by itself

ROOT = Path(__file__).resolve().parents[2]
FIELDS = [
    {"name": "n", "type": "integer"}, {"name": "dia", "type": "date"}, {"name": "sim", "type": "boolean"},
    {"name": "texto", "type": "string"},
]  # fmt: skip
TYPES = {"integer": "int32", "date": "date32[day]", "boolean": "bool", "string": "string"}


def errors(folder: Path) -> dict[str, list[str]]:
    """What the reference library finds wrong, by resource; everything is wrong under "" if it is the descriptor."""
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    found = {task.name: [error.message for error in task.errors] for task in report.tasks}
    return found | ({"": [error.message for error in report.errors]} if report.errors else {})


@pytest.fixture
def folder(db: None, cast: Cast, tmp_path: Path) -> Path:
    """What is written of own complaints with every kind of field, and of odd imported lines."""
    for number in range(6):
        founded(
            cast, consumidor=person(), fornecedor=(cast.loja, cast.banco)[number % 2], final=date(2025, 1, 1 + number)
        )
    for name in ("sindec_2017_linhas_estranhas", "sindec_2018_linhas_estranhas", "variante_2020"):
        counts(str(DATA / f"{name}.csv"))
    path = tmp_path / "um.csv"
    path.write_text(f"{HEADER}\r\n{line(DataAbertura='NULL', CodigoProblema='NULL', strRazaoSocial='=1+1')}\r\n")
    counts(str(path))
    exported(tmp_path / "pasta")
    return tmp_path / "pasta"


def test_the_reference_library_finds_nothing_wrong_and_sees_what_is(folder: Path) -> None:
    names = [one.nome.removesuffix(".csv").replace(".", "-") for one in all_files(None, today=TODAY)]
    assert len(names) == 12
    assert errors(folder) == {name: [] for name in names}

    tidy, sindec = folder / "reclamacoes-2025.csv", folder / "nacional-2017-sindec.csv"
    tidy.write_bytes(tidy.read_bytes().replace(b"2025-03-05", b"05/03/2025", 1))
    sindec.write_bytes(sindec.read_bytes().replace(b";Sudeste;", b",Sudeste,", 1))
    wrong = errors(folder)
    assert [name for name in names if wrong[name]] == ["reclamacoes-2025", "nacional-2017-sindec"]


def cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def text(value: Any) -> str:
    """A typed value as the CSV writes it."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_parquet_holds_the_rows_of_the_simple_table_with_their_types(folder: Path) -> None:
    files = [one for one in all_files(None, today=TODAY) if one.forma is Forma.PARQUET]
    assert [one.nome for one in files] == [
        "reclamacoes-2025.parquet", "nacional-2020.parquet", "nacional-2018.parquet", "nacional-2017.parquet",
    ]  # fmt: skip
    for one in files:
        table = parquet.read_table(folder / one.nome)
        plain = cells(folder / one.nome.replace(".parquet", ".csv"))

        assert [{name: text(value) for name, value in row.items()} for row in table.to_pylist()] == plain
        assert {field.name: str(field.type) for field in table.schema} == {
            field["name"]: TYPES[field["type"]] for field in one.resource()["schema"]["fields"]
        }


def test_a_year_without_rows_is_a_table_without_rows(db: None) -> None:
    table = parquet.read_table(BytesIO(b"".join(files_of(2021)[2].lines())))

    assert (table.num_rows, table.num_columns) == (0, 19)


def test_two_groups_of_rows_are_held_and_no_more() -> None:
    """When a group's bytes are given, no more rows were taken than those of the next."""
    taken = []

    def rows() -> Any:
        for number in range(1, 8):
            taken.append(number)
            yield f'{number},2025-01-0{number},{"true" if number % 2 else "false"},"a, ""b"""\r\n'.encode()

    pieces, seen = [], []
    for piece in written(FIELDS, rows(), group=3):
        pieces.append(piece)
        seen.append(len(taken))
    found = parquet.ParquetFile(BytesIO(b"".join(pieces)))

    assert seen == [6, 7, 7, 7]
    assert [found.metadata.row_group(number).num_rows for number in range(found.num_row_groups)] == [3, 3, 1]
    assert found.read().to_pylist() == [
        {"n": number, "dia": date(2025, 1, number), "sim": number % 2 == 1, "texto": 'a, "b"'} for number in range(1, 8)
    ]


def test_pyarrow_is_loaded_only_when_a_file_is_asked_for() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "import opendata.layout.parquet, sys; print('pyarrow' in sys.modules)"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout == "False\n"
