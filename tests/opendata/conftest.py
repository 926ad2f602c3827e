"""The samples, and the command as the office types it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from opendata.layout.sindec import COLUMNS

DATA = Path(__file__).parent / "data"
FULL = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "sindec"
if not FULL.exists():  # a working copy may lie one folder deeper
    FULL = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "sindec"

HEADER = ";".join(COLUMNS)
LINE = (
    "2017;2017-10-05 09:48:39.000;2017-07-27 14:43:37.000;03;Sudeste;SP;CLARO S/A;NET;1;40432544083506;40432544;NULL;"
    "NULL;NULL;NULL;S;187;Telefonia Celular;3746;Cobrança indevida/abusiva;F;entre 31 a 40 anos;8570000"
)


def line(**columns: str) -> str:
    """The sample line with some columns changed, by their published names."""
    return ";".join(columns.get(name, value) for name, value in zip(COLUMNS, LINE.split(";"), strict=True))


def run(*arguments: str) -> tuple[list[dict[str, Any]], str, str]:
    """(the JSON, what was said on the error stream, the refusal if it failed) of `importar_sindec --json`."""
    out, err = io.StringIO(), io.StringIO()
    failure = ""
    try:
        call_command("importar_sindec", *arguments, "--json", stdout=out, stderr=err)
    except CommandError as error:
        failure = str(error)
    return json.loads(out.getvalue()), err.getvalue(), failure


def counts(*arguments: str) -> list[tuple[int, int, int, int]]:
    """(linhas, novos, repetidos, recusados) of each file, of a run that must succeed."""
    results, _, failure = run(*arguments)
    assert failure == ""
    return [(row["linhas"], row["novos"], row["repetidos"], row["recusados"]) for row in results]


@pytest.fixture(autouse=True)
def _lists(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "var"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """Write lines (or bytes) to a file; returns its path."""

    def write_file(content: list[str] | bytes, name: str = "arquivo.csv", encoding: str = "utf-8") -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else ("\r\n".join(content) + "\r\n").encode(encoding))
        return str(path)

    return write_file
