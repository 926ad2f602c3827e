"""Spreadsheets that carry text and nothing else."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
import time_machine
from openpyxl import load_workbook

from listing.sheets import csv_lines, csv_response, safe_cell, xlsx_response


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("Loja Modelo", "Loja Modelo"),
        ("=1+1", "'=1+1"),
        ("+55 11 91234-5678", "'+55 11 91234-5678"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("a=1", "a=1"),
        ("", ""),
        (None, ""),
        (0, "0"),
        (-5, "'-5"),
        (Decimal("199.90"), "199.90"),
        (date(2026, 3, 4), "2026-03-04"),
    ],
)
def test_a_cell_is_text_even_for_a_program_that_would_run_it(value: object, cell: str) -> None:
    assert safe_cell(value) == cell


def test_the_lines_open_where_offices_open_them() -> None:
    assert list(csv_lines(["Nome", "Total"], [["Ana", 1]])) == ["\ufeffNome;Total\r\n", "Ana;1\r\n"]


def test_separators_quotes_and_line_breaks_survive() -> None:
    row = ['Loja "Boa"; Ltda', "primeira\nsegunda", "=cmd|' /C calc'!A0"]
    text = "".join(csv_lines(["a", "b", "c"], [row]))
    assert list(csv.reader(StringIO(text.removeprefix("\ufeff")), delimiter=";"))[1] == [*row[:2], f"'{row[2]}"]


def test_rows_are_read_as_they_are_written() -> None:
    taken: list[int] = []

    def rows() -> Iterator[list[int]]:
        for number in range(3):
            taken.append(number)
            yield [number]

    lines = csv_lines(["n"], rows())
    assert ([next(lines), next(lines)], taken) == (["\ufeffn\r\n", "0\r\n"], [0])


def test_a_download_has_its_name_and_its_type() -> None:
    response = csv_response("casos.csv", ["n"], [[1]])
    assert (response["Content-Type"], response["Content-Disposition"], response.streaming) == (
        "text/csv; charset=utf-8",
        'attachment; filename="casos.csv"',
        True,
    )
    assert b"".join(response.streaming_content).decode() == "\ufeffn\r\n1\r\n"


def test_the_same_rows_are_the_same_workbook_whenever_it_is_written(db: None) -> None:
    rows = [["1", "ação"], ["2", "=1+1"]]
    files = []
    for day in ("2026-03-04", "2027-03-04"):
        with time_machine.travel(day, tick=False):
            answer = xlsx_response("x.xlsx", "Lista", ["Número", "Texto"], rows)
            files.append(answer.getvalue())
            answer.close()

    assert files[0] == files[1]
    sheet = load_workbook(BytesIO(files[0]))["Lista"]
    assert list(sheet.values) == [("Número", "Texto"), ("1", "ação"), ("2", "'=1+1")]
