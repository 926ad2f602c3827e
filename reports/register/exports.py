"""The register as files: JSON, text, CSV, workbook, PDF. Each returns bytes, and none names who complained."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from documents.render import register
from listing.sheets import csv_lines, safe_cell, write_book
from parties.identifiers import format_cnpj
from reports.models import Cadastro, LinhaDoCadastro
from reports.register.queries.national import national_register
from reports.register.rules import COLUMNS, Line, Problem, in_words
from reports.register.services.published import problems_by_line, shown_lines

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Stands for the number of a natural person.
HIDDEN = "não divulgado"
DRAFT = "Rascunho: ainda não foi publicado"
NATIONAL = "Registro nacional importado (Senacon/MJSP), que é parcial: a soma não é um total oficial"


@dataclass(frozen=True, slots=True)
class Row:
    """One supplier as it is shown."""

    razao_social: str
    cnpj: str
    nome_fantasia: str
    pessoa_fisica: bool
    atendidas: int
    nao_atendidas: int
    problemas: list[Problem]

    @property
    def total(self) -> int:
        """How many founded complaints."""
        return self.atendidas + self.nao_atendidas

    @property
    def documento(self) -> str:
        """The CNPJ with its mask; a person's number is not shown."""
        return format_cnpj(self.cnpj) or HIDDEN

    @property
    def problemas_em_palavras(self) -> list[str]:
        """Each área, assunto and problema with its count."""
        return [in_words(problem) for problem in self.problemas]

    @property
    def cells(self) -> list[str | int]:
        """In the columns of the national form."""
        return [
            self.razao_social,
            self.documento,
            self.atendidas,
            self.nao_atendidas,
            self.total,
            self.nome_fantasia,
            "; ".join(self.problemas_em_palavras),
        ]

    def as_json(self) -> dict[str, Any]:
        """As other programs read it; the CNPJ without mask, nothing where a person is not named."""
        return {
            "razao_social": self.razao_social,
            "cnpj": self.cnpj or None,
            "pessoa_fisica": self.pessoa_fisica,
            "nome_fantasia": self.nome_fantasia,
            "atendidas": self.atendidas,
            "nao_atendidas": self.nao_atendidas,
            "total": self.total,
            "problemas": [
                {"area": area, "assunto": assunto, "problema": problema, "total": n}
                for area, assunto, problema, n in self.problemas
            ],
        }


@dataclass(frozen=True, slots=True)
class Sheet:
    """A register to be written: the version, or a draft, and its suppliers."""

    ano: int
    linhas: list[Row]
    cadastro: Cadastro | None = None
    nacional: bool = False

    @property
    def situacao(self) -> str:
        """Where it was published, or that it was not."""
        if self.nacional:
            return NATIONAL
        return reference(self.cadastro) if self.cadastro else DRAFT

    @property
    def nome(self) -> str:
        """What its file is called."""
        mark = "-nacional" if self.nacional else "" if self.cadastro else "-rascunho"
        return f"cadastro-{self.ano}{mark}"

    @property
    def totais(self) -> dict[str, int]:
        """Suppliers, complaints met, not met, in all."""
        met, unmet = (sum(getattr(row, name) for row in self.linhas) for name in ("atendidas", "nao_atendidas"))
        return {"fornecedores": len(self.linhas), "atendidas": met, "nao_atendidas": unmet, "total": met + unmet}

    def as_json(self) -> dict[str, Any]:
        """The whole, as other programs read it."""
        return {
            **head(self.ano, self.cadastro),
            **({"situacao": "nacional"} if self.nacional else {}),
            "totais": self.totais,
            "fornecedores": [row.as_json() for row in self.linhas],
        }


def reference(cadastro: Cadastro) -> str:
    """«Versão 1, publicada no diário oficial nº 12, de 10/03/2026, p. 4»."""
    return (
        f"Versão {cadastro.versao}, publicada no diário oficial nº {cadastro.diario_numero}, de "
        f"{cadastro.diario_data:%d/%m/%Y}, p. {cadastro.diario_pagina}"
    )


def head(ano: int, cadastro: Cadastro | None) -> dict[str, Any]:
    """What a version is, without its suppliers."""
    if cadastro is None:
        return {"ano": ano, "situacao": "rascunho", "versao": None, "diario": None, "publicado_em": None}
    before = cadastro.substitui
    return {
        "ano": ano,
        "situacao": "publicado",
        "versao": cadastro.versao,
        "diario": _gazette(cadastro),
        "publicado_em": cadastro.publicado_em.isoformat(),
        "substitui": {"versao": before.versao, "diario": _gazette(before)} if before else None,
        "motivo": cadastro.motivo,
        "sha256": cadastro.resumo,
    }


def _gazette(cadastro: Cadastro) -> dict[str, str]:
    return {
        "numero": cadastro.diario_numero,
        "data": cadastro.diario_data.isoformat(),
        "pagina": cadastro.diario_pagina,
    }


def rows_of(lines: Iterable[Line]) -> list[Row]:
    """A draft's suppliers, as they are shown."""
    return [
        Row(
            line.razao_social,
            line.cnpj,
            line.nome_fantasia,
            line.pessoa_fisica,
            line.atendidas,
            line.nao_atendidas,
            line.problemas,
        )
        for line in lines
    ]


def public_rows(lines: Sequence[LinhaDoCadastro], *, today: date) -> list[Row]:
    """Published suppliers (from `shown_lines`), with what may be read of them today."""
    told = problems_by_line(lines, today=today)
    return [
        Row(
            line.razao_social,
            line.cnpj,
            line.nome_fantasia,
            line.pessoa_fisica,
            getattr(line, "atendidas"),  # noqa: B009  annotated by `shown`
            getattr(line, "nao_atendidas"),  # noqa: B009
            told[line.pk],
        )
        for line in lines
    ]


def public_sheet(cadastro: Cadastro, *, today: date) -> Sheet:
    """The whole version, as far as the public may read it today."""
    lines = list(shown_lines(cadastro, today=today).order_by("ordem"))
    return Sheet(cadastro.ano, public_rows(lines, today=today), cadastro)


def national_sheet(ano: int) -> Sheet:
    """The imported national register of a year, by supplier, in the same columns; without the list of problems."""
    rows = [
        Row(
            one.razao_social,
            one.cnpj,
            "",
            one.razao_social.startswith("PESSOA FISICA"),
            one.atendidas,
            one.nao_atendidas,
            [],
        )
        for one in national_register([ano])
    ]
    return Sheet(ano, rows, nacional=True)


def as_json(sheet: Sheet) -> bytes:
    """The shape that other programs read, in UTF-8."""
    return (json.dumps(sheet.as_json(), ensure_ascii=False, indent=1) + "\n").encode()


def as_text(sheet: Sheet) -> bytes:
    """One block per supplier, for a terminal."""
    lines = [f"Cadastro de Reclamações Fundamentadas de {sheet.ano}", sheet.situacao, ""]
    for row in sheet.linhas:
        met = f"atendidas {row.atendidas}, não atendidas {row.nao_atendidas}, total {row.total}"
        lines += [f"{row.razao_social} ({row.documento}): {met}"]
        lines += [f"    {words}" for words in row.problemas_em_palavras]
    if sheet.linhas:
        told = sheet.totais
        lines += [
            "",
            f"{told['fornecedores']} fornecedores: {told['atendidas']} atendidas, {told['nao_atendidas']} não "
            f"atendidas, {told['total']} no total.",
        ]
    elif sheet.cadastro:
        lines.append("Nada deste cadastro pode mais ser mostrado.")
    elif sheet.nacional:
        lines.append(f"Nenhum registro nacional de {sheet.ano} foi importado.")
    else:
        lines.append(f"Nenhuma decisão fundamentada se tornou definitiva em {sheet.ano}.")
    return ("\n".join(lines) + "\n").encode()


def as_csv(sheet: Sheet) -> bytes:
    """The columns of the national form, as a Brazilian Excel opens them; no text in it is a formula."""
    return "".join(csv_lines(COLUMNS, (row.cells for row in sheet.linhas))).encode()


def as_xlsx(sheet: Sheet) -> bytes:
    """A workbook of one sheet: where it was published, then the columns of the national form."""
    book = Workbook(write_only=True)
    page = book.create_sheet(f"Cadastro {sheet.ano}")
    page.freeze_panes = "A3"
    for letter, width in zip("ABCDEFG", (48, 22, 12, 15, 10, 36, 90), strict=True):
        page.column_dimensions[letter].width = width
    page.append([f"Cadastro de Reclamações Fundamentadas de {sheet.ano}. {sheet.situacao}."])
    page.append(list(COLUMNS))
    for row in sheet.linhas:
        page.append([value if isinstance(value, int) else _plain(value) for value in row.cells])
    out = io.BytesIO()
    write_book(book, out)
    return out.getvalue()


def _plain(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", safe_cell(text))[:32_000]


def as_pdf(sheet: Sheet, *, at: datetime) -> bytes:
    """The printed register: accessible and archivable, dated `at`."""
    told = {
        "ano": str(sheet.ano),
        "situacao": sheet.situacao,
        "rascunho": sheet.cadastro is None,
        "motivo": sheet.cadastro.motivo if sheet.cadastro else "",
        "colunas": list(COLUMNS),
        "linhas": [
            {
                "celulas": [str(cell) for cell in row.cells[:6]],
                "problemas": row.problemas_em_palavras,
            }
            for row in sheet.linhas
        ],
        "totais": {name: str(n) for name, n in sheet.totais.items()},
        "resumo": sheet.cadastro.resumo if sheet.cadastro else "",
    }
    return register(told, at=at)


@dataclass(frozen=True, slots=True)
class Formato:
    """One kind of file: its ending, its media type, and how it is made."""

    extensao: str
    mime: str
    make: Callable[[Sheet, datetime], bytes]


#: `make` takes the register and the moment of printing, which only paper shows.
FORMATOS: dict[str, Formato] = {
    "json": Formato("json", "application/json", lambda sheet, at: as_json(sheet)),
    "texto": Formato("txt", "text/plain; charset=utf-8", lambda sheet, at: as_text(sheet)),
    "csv": Formato("csv", "text/csv; charset=utf-8", lambda sheet, at: as_csv(sheet)),
    "xlsx": Formato("xlsx", XLSX, lambda sheet, at: as_xlsx(sheet)),
    "pdf": Formato("pdf", "application/pdf", lambda sheet, at: as_pdf(sheet, at=at)),
}
