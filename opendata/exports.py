"""Open data as files: the national layout, tidy CSV and Parquet, row by row from COPY, and the descriptor of them.

No memory grows with the rows: the database sends, and whoever asked writes. The national layout is byte for byte the
published one: UTF-8 with a byte-order mark, the header, `;`, RFC 4180 quotes where a field needs them, CRLF.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connection

from opendata.layout import parquet
from opendata.layout.sindec import COLUMNS
from opendata.queries import published as queries
from workflow.errors import ContentRefused

#: Bytes are handed on in pieces of about this size.
PIECE = 64 << 10
#: The Consumer Code is of September 1990.
FIRST_YEAR = 1990
DESCRIPTOR = "datapackage.json"
LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/deed.pt-br",
    "title": "Creative Commons Atribuição 4.0",
}
_REGISTER = {
    "title": "Cadastro Nacional de Reclamações Fundamentadas (Sindec), Senacon/MJSP",
    "path": "https://dados.mj.gov.br",
}
_MOMENT = {"type": "datetime", "format": "%Y-%m-%d %H:%M:%S.%f"}
_NUMBERS = {"AnoCalendario", "Tipo", "CodigoAssunto", "CodigoProblema"}
_SINDEC_FIELDS = [
    {"name": name, **(_MOMENT if name.startswith("Data") else {"type": "integer" if name in _NUMBERS else "string"})}
    for name in COLUMNS
]
_TIDY_FIELDS: list[dict[str, Any]] = [
    {"name": "ano", "type": "integer", "title": "Ano do cadastro"},
    {"name": "data_abertura", "type": "date", "title": "Dia da abertura do atendimento"},
    {"name": "data_arquivamento", "type": "date", "title": "Dia em que a decisão se tornou definitiva"},
    {"name": "uf", "type": "string", "title": "UF do Procon"},
    {"name": "fornecedor", "type": "string", "title": "Razão social; pessoas físicas não são nomeadas"},
    {"name": "nome_fantasia", "type": "string", "title": "Nome fantasia"},
    {
        "name": "tipo_fornecedor",
        "type": "string",
        "title": "Pessoa jurídica ou física",
        "constraints": {"enum": ["juridica", "fisica"]},
    },
    {"name": "cnpj", "type": "string", "title": "CNPJ, 14 posições", "constraints": {"pattern": "[0-9A-Z]{14}"}},
    {"name": "cnpj_radical", "type": "string", "title": "As 8 primeiras posições do CNPJ"},
    {"name": "cnae", "type": "string", "title": "CNAE principal"},
    {"name": "atendida", "type": "boolean", "title": "Se o fornecedor atendeu a reclamação"},
    {"name": "area", "type": "string", "title": "Área do assunto"},
    {"name": "assunto_codigo", "type": "integer", "title": "Código SINDEC do assunto"},
    {"name": "assunto", "type": "string", "title": "Assunto"},
    {"name": "problema_codigo", "type": "integer", "title": "Código SINDEC do problema neste assunto"},
    {"name": "problema", "type": "string", "title": "Problema"},
    {"name": "sexo", "type": "string", "title": "Sexo do consumidor; N é não informado"},
    {"name": "faixa_etaria", "type": "string", "title": "Faixa etária do consumidor na abertura"},
    {
        "name": "cep5",
        "type": "string",
        "title": "As 5 primeiras posições do CEP do consumidor",
        "constraints": {"pattern": "[0-9]{5}"},
    },
]


class Forma(Enum):
    """How a year is written: what is added to the file's name, its ending, its button, its words."""

    SIMPLES = "", "csv", "Tabela simples", "em tabela simples"
    SINDEC = "-sindec", "csv", "Colunas do Sindec", "nas 23 colunas do Sindec"
    PARQUET = "", "parquet", "Parquet", "em Parquet"

    def __init__(self, mark: str, ending: str, botao: str, words: str) -> None:
        self.mark, self.ending, self.botao, self.words = mark, ending, botao, words

    @property
    def tipo(self) -> str:
        """The media type."""
        return parquet.MEDIA_TYPE if self is Forma.PARQUET else "text/csv"


@dataclass(frozen=True, slots=True)
class Arquivo:
    """One file of one year: the office's own complaints or the imported ones, in one of the forms."""

    ano: int
    nacional: bool
    forma: Forma

    @property
    def nome(self) -> str:
        """`reclamacoes-2023.csv`, `reclamacoes-2023-sindec.csv`, `nacional-2018.parquet`…"""
        return f"{'nacional' if self.nacional else 'reclamacoes'}-{self.ano}{self.forma.mark}.{self.forma.ending}"

    @property
    def titulo(self) -> str:
        """What is in it, for a reader."""
        what = "Cadastro nacional importado" if self.nacional else "Reclamações fundamentadas"
        return f"{what}, {self.ano}, {self.forma.words}"

    @property
    def sindec(self) -> bool:
        """Whether it has the national register's columns."""
        return self.forma is Forma.SINDEC

    def lines(self) -> Iterator[bytes]:
        """The file's bytes, in pieces, as the database sends them."""
        select = getattr(queries, f"{'NATIONAL' if self.nacional else 'OWN'}_{'SINDEC' if self.sindec else 'TIDY'}")
        period = {"ano": self.ano, "de": date(self.ano, 1, 1), "ate": date(self.ano + 1, 1, 1)}
        delimiter = ";" if self.sindec else ","
        rows = _copied(select, period, delimiter)
        if self.forma is Forma.PARQUET:
            return parquet.written(_TIDY_FIELDS, rows)
        names = COLUMNS if self.sindec else [field["name"] for field in _TIDY_FIELDS]
        head = f"{chr(0xFEFF) if self.sindec else ''}{delimiter.join(names)}\r\n"
        return _pieces(head.encode(), rows)

    def resource(self) -> dict[str, Any]:
        """The file as a Frictionless Data resource; the CSV ones are tabular by the standard."""
        return {
            "name": self.nome.removesuffix(".csv").replace(".", "-"),
            "title": self.titulo,
            "path": self.nome,
            "format": self.forma.ending,
            "mediatype": self.forma.tipo,
            **(_BINARY if self.forma is Forma.PARQUET else _tabular(self.sindec)),
            "sources": [_REGISTER] if self.nacional else [_office()],
        }


#: `type` keeps a validator from reading it as a table, for which it would want a library of its own.
_BINARY: dict[str, Any] = {"profile": "data-resource", "type": "file", "schema": {"fields": _TIDY_FIELDS}}


def _tabular(sindec: bool) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "dialect": {
            "delimiter": ";" if sindec else ",",
            "lineTerminator": "\r\n",
            "quoteChar": '"',
            "doubleQuote": True,
            "header": True,
        },
        "schema": {
            "fields": _SINDEC_FIELDS if sindec else _TIDY_FIELDS,
            "missingValues": ["", "NULL"] if sindec else [""],
        },
    }


def _office() -> dict[str, str]:
    return {"title": settings.PROCON["NOME"], "path": settings.PROCON["SITE"]}


def _copied(select: str, period: dict[str, object], delimiter: str) -> Iterator[bytes]:
    """Each row as CSV. No field holds a line break, so the line's end is the only one."""
    options = f"FORMAT csv, DELIMITER '{delimiter}', NULL '\\N', ENCODING 'UTF8'"
    with connection.cursor() as cursor, cursor.copy(f"COPY ({select}) TO STDOUT WITH ({options})", period) as copy:
        for row in copy:
            yield bytes(row[:-1]) + b"\r\n"


def _pieces(head: bytes, rows: Iterator[bytes]) -> Iterator[bytes]:
    gathered, size = [head], len(head)
    for row in rows:
        gathered.append(row)
        size += len(row)
        if size >= PIECE:
            yield b"".join(gathered)
            gathered, size = [], 0
    yield b"".join(gathered)


def descriptor(resources: list[dict[str, Any]], *, name: str, at: datetime) -> dict[str, Any]:
    """The data package (Frictionless Data, version 1) of these resources."""
    return {
        "profile": "data-package",
        "name": name,
        "title": f"Reclamações fundamentadas – {settings.PROCON['NOME']}",
        "description": (
            "Reclamações fundamentadas com decisão definitiva (CDC, art. 44). Consumidores não são nomeados; "
            "o perfil que menos de cinco pessoas partilham no ano não é mostrado (LGPD)."
        ),
        "created": at.isoformat(timespec="seconds"),
        "licenses": [LICENCE],
        "sources": list({source["title"]: source for row in resources for source in row["sources"]}.values()),
        "keywords": ["defesa do consumidor", "Procon", "Sindec"],
        "resources": resources,
    }


def files_of(ano: int, *, nacional: bool = False) -> list[Arquivo]:
    """The files of one year, the simple one first."""
    return [Arquivo(ano, nacional, forma) for forma in Forma]


def read_year(text: str, *, today: date) -> int:
    """The year that somebody asked for. Raises ContentRefused for what is no year or has not begun."""
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0
    if year > today.year:
        raise ContentRefused(
            f"O ano de {year} ainda não começou: não há dados dele. Peça um ano até {today.year}.",
            errors={"ano": f"Escreva um ano até {today.year}."},
        )
    if year < FIRST_YEAR:
        raise ContentRefused(
            f"«{text[:20]}» não é um ano com dados. Escreva quatro algarismos, de {FIRST_YEAR} a {today.year}.",
            errors={"ano": f"Escreva um ano entre {FIRST_YEAR} e {today.year}."},
        )
    return year


def own_files(text: str, *, today: date) -> list[Arquivo]:
    """The files that the office publishes of a year. Raises ContentRefused where there are none, and says why."""
    year = read_year(text, today=today)
    if year in {found for found, _, _ in queries.own_years(today=today)}:
        return files_of(year)
    if year < today.year - queries.KEPT_YEARS:
        raise ContentRefused(
            f"Os dados de {year} já saíram: o cadastro guarda {queries.KEPT_YEARS} anos (CDC, art. 43, § 1º). "
            f"Peça um ano desde {today.year - queries.KEPT_YEARS}."
        )
    raise ContentRefused(
        f"Não há reclamação fundamentada com decisão definitiva em {year}. "
        "Veja na página de dados abertos os anos que há."
    )


def all_files(text: str | None, *, today: date) -> list[Arquivo]:
    """The office's own and the imported files, of one year or of all. Raises ContentRefused where there are none."""
    imported = [year for year, _ in queries.national_years()]
    if text is None:
        own = [year for year, _, _ in queries.own_years(today=today)]
        found = [row for year in own for row in files_of(year)]
        found += [row for year in imported for row in files_of(year, nacional=True)]
        if not found:
            raise ContentRefused(
                "Ainda não há o que exportar: nenhuma reclamação fundamentada com decisão definitiva e nenhum "
                "registro do cadastro nacional. Importe um arquivo com importar_sindec, ou espere a primeira decisão."
            )
        return found
    year = read_year(text, today=today)
    national = files_of(year, nacional=True) if year in imported else []
    try:
        return own_files(text, today=today) + national
    except ContentRefused:
        if national:
            return national
        raise


def write_folder(folder: Path, files: list[Arquivo], *, at: datetime) -> list[tuple[Arquivo, int]]:
    """Write the files and their descriptor; returns the bytes of each. A file is whole under its name, or not there."""
    folder.mkdir(parents=True, exist_ok=True)
    resources, written = [], []
    for one in files:
        digest, size = hashlib.sha256(), 0
        with _whole(folder / one.nome) as target:
            for piece in one.lines():
                target.write(piece)
                digest.update(piece)
                size += len(piece)
        resources.append({**one.resource(), "bytes": size, "hash": f"sha256:{digest.hexdigest()}"})
        written.append((one, size))
    with _whole(folder / DESCRIPTOR) as target:
        target.write(as_json(descriptor(resources, name="reclamacoes-fundamentadas", at=at)))
    return written


def as_json(package: dict[str, Any]) -> bytes:
    """A descriptor as it is written."""
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()


@contextmanager
def _whole(path: Path) -> Iterator[IO[bytes]]:
    """A file that takes its name when it is finished; what failed half-way leaves nothing behind."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.parte")
    try:
        with draft.open("wb") as target:
            yield target
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
