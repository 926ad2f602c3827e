"""Spreadsheets written line by line, whose cells are text even for a program that would run them."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.http import FileResponse, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.writer.excel import ExcelWriter

#: What makes a spreadsheet take a cell for a formula (OWASP: CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
#: In place of the moment of writing, so that equal rows are equal files.
_UNDATED = datetime(1980, 1, 1)  # noqa: DTZ001  a workbook's dates have no zone


class _Undated(ZipFile):
    """An archive whose entries do not say when they were written."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        super().writestr(self._entry(zinfo_or_arcname), data)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        with Path(filename).open("rb") as source, self.open(self._entry(arcname), "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target)

    @staticmethod
    def _entry(name: str) -> ZipInfo:
        entry = ZipInfo(name)  # of 1980, as long as nobody says otherwise
        entry.compress_type = ZIP_DEFLATED
        return entry


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, value: str) -> str:
        return value


def safe_cell(value: Any) -> str:
    """The value as text; one that a spreadsheet would take for a formula gets an apostrophe before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The lines of a CSV as offices here open it: `;`, a byte-order mark, every cell safe."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff" + writer.writerow(header)
    for row in rows:
        yield writer.writerow([safe_cell(value) for value in row])


def csv_response(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A download that is written as it is read from the database."""
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def write_book(book: Workbook, target: IO[bytes]) -> None:
    """Write a workbook; the same rows give the same bytes, whenever they are written."""
    book.properties.created = book.properties.modified = _UNDATED
    ExcelWriter(book, _Undated(target, "w", ZIP_DEFLATED, allowZip64=True)).save()


def xlsx_response(name: str, title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> FileResponse:
    """A download as a workbook of one sheet, written row by row to a file: memory does not grow with the rows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append(list(header))
    for row in rows:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", safe_cell(value))[:32_000] for value in row])
    target = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    write_book(book, target)
    target.seek(0)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return FileResponse(target, as_attachment=True, filename=name, content_type=kind)
