"""The balance as files: JSON, text, CSV, workbook, PDF. Each returns bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from documents.render import render
from listing.sheets import write_book
from reports.balance import Balanco
from reports.tables import Section, drawn, sections

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: How a spreadsheet recognises a formula in a text (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Formato:
    """One kind of file: its ending, its media type, and how it is made."""

    extensao: str
    mime: str
    make: Callable[[Balanco, datetime], bytes]


def as_json(balanco: Balanco) -> bytes:
    """The shape that other programs read, in UTF-8."""
    return (json.dumps(balanco.as_json(), ensure_ascii=False, indent=1) + "\n").encode()


def as_text(balanco: Balanco) -> bytes:
    """Aligned tables for a terminal; the paragraph for the press ends them."""
    lines = [f"Balanço de {balanco.periodo.rotulo}", ""]
    for section in sections(balanco):
        if section.linhas:
            lines += [*_text_table(section), ""]
    return ("\n".join([*lines, balanco.texto]) + "\n").encode()


def as_csv(balanco: Balanco) -> bytes:
    """One long table with `;` and a byte-order mark, as a Brazilian Excel opens it; no text in it is a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Tabela", "Item", "Total", "Detalhe"])
    for section in sections(balanco):
        for item, total, detail in _long_rows(section):
            writer.writerow([defused(section.titulo), defused(item), total, defused(detail)])
    return ("\ufeff" + out.getvalue()).encode()


def as_xlsx(balanco: Balanco) -> bytes:
    """A workbook with one sheet per table; every text is stored as text, never as a formula."""
    book = Workbook()
    book.remove(book.active)
    for section in sections(balanco):
        sheet = book.create_sheet(section.titulo[:31])
        rows: list[tuple[str | int, ...]] = [section.colunas, *section.linhas]
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                cell = sheet.cell(number, column)
                shown: str | int = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
                cell.value = shown
                cell.data_type = "s" if isinstance(value, str) else "n"
                cell.font = Font(bold=number == 1)
        sheet.freeze_panes = "A2"
        for letter, width in zip("ABCDE", (44, 14, 14, 14, 70), strict=False):
            sheet.column_dimensions[letter].width = width
    out = io.BytesIO()
    write_book(book, out)
    return out.getvalue()


def as_pdf(balanco: Balanco, *, at: datetime) -> bytes:
    """The printed balance: accessible and archivable, dated `at`."""
    return render("balanco", _letter_data(balanco), at=at)


#: `make` takes the balance and the moment of printing, which only paper shows.
FORMATOS: dict[str, Formato] = {
    "json": Formato("json", "application/json", lambda balanco, at: as_json(balanco)),
    "texto": Formato("txt", "text/plain; charset=utf-8", lambda balanco, at: as_text(balanco)),
    "csv": Formato("csv", "text/csv; charset=utf-8", lambda balanco, at: as_csv(balanco)),
    "xlsx": Formato("xlsx", XLSX, lambda balanco, at: as_xlsx(balanco)),
    "pdf": Formato("pdf", "application/pdf", lambda balanco, at: as_pdf(balanco, at=at)),
}


def defused(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe goes before what looks like one."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _long_rows(section: Section) -> list[tuple[str, int | str, str]]:
    if section.chave == "fornecedores":
        return [(str(nome), total, str(radical)) for radical, nome, total in section.linhas]
    if section.chave == "grupos":
        return [
            (str(nome), total, f"{empresas} empresa{'s' if empresas != 1 else ''}")
            for nome, empresas, total in section.linhas
        ]
    if section.chave == "comparacao":
        was = section.colunas[2]
        return [(str(nome), total, f"{was}: {before} ({changed})") for nome, total, before, changed in section.linhas]
    if section.chave == "indices":
        return [
            (str(nome), f"{valor}", f"{part} ÷ {whole}: {formula}")
            for nome, valor, part, whole, formula in section.linhas
        ]
    return [(str(label), total, "") for label, total in section.linhas]


def _text_table(section: Section) -> list[str]:
    rows = [[_shown(value) for value in row] for row in [section.colunas, *section.linhas]]
    widths = [max(len(row[column]) for row in rows) for column in range(len(section.colunas))]
    numeric = [isinstance(value, int) for value in section.linhas[0]]
    lines = [section.titulo.upper()]
    for row in rows:
        cells = [
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(row, widths, numeric, strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    return lines


def _shown(value: str | int) -> str:
    return f"{value:,}".replace(",", ".") if isinstance(value, int) else value


def _letter_data(balanco: Balanco) -> dict[str, object]:
    return {
        "periodo": balanco.periodo.rotulo,
        "texto": balanco.texto,
        "secoes": [_letter_section(section) for section in sections(balanco)],
    }


def _letter_section(section: Section) -> dict[str, object]:
    """A table for the printed balance; where it is drawn, how long each bar is, of a hundred."""
    told: dict[str, object] = {
        "titulo": section.titulo,
        "colunas": list(section.colunas),
        "linhas": [[_shown(value) for value in row] for row in section.linhas],
        "nota": section.nota,
    }
    chart = drawn(section)
    if chart is None:
        return told
    numbers = [int(row[-1]) for row in section.linhas]
    shares = [round(100 * number / max(numbers), 1) for number in numbers]
    return told | ({"barras": shares} if chart.deitado else {"no_tempo": shares, "descricao": chart.descricao})
