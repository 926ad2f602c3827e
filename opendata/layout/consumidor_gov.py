"""The open data of consumidor.gov.br, a line per complaint: what each column is called, and what it may say. Pure.

Columns come and go over the years, fields are padded, dates are dd/mm/yyyy or yyyy-mm-dd within one file. So a column
is found by its heading, and only those that are summed are asked for.
"""

from __future__ import annotations

import csv
import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from opendata.layout.sindec import Dialect, LineRefused
from parties.identifiers import normalise_name


class Kind(StrEnum):
    """How the publisher cuts: by the month of the end, or by another date with all that is still open."""

    FINALIZADAS = "finalizadas"
    BASE_COMPLETA = "base_completa"


#: The columns that are read, by their usual heading, with the other headings that were seen.
HEADINGS = {
    "UF": (),
    "Cidade": ("Município",),
    "Data Finalização": ("Data e Hora Finalização", "Data Hora Finalização"),
    "Tempo Resposta": (),
    "Nome Fantasia": (),
    "Segmento de Mercado": (),
    "Respondida": (),
    "Situação": (),
    "Avaliação Reclamação": ("Avaliação da Reclamação",),
    "Nota do Consumidor": ("Nota Consumidor",),
}
#: Longer names are no company's.
LONGEST_NAME = 200
_NOTHING = frozenset({"", "-", "NULL", "null", "NaN", "nan"})
_BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]")
_DATE = re.compile(r"(?:(\d\d)/(\d\d)/(\d{4})|(\d{4})-(\d\d)-(\d\d))(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?")
#: A year, with a month, with a semester, or alone; names are normalised first, so that only blanks part them.
_PERIOD = re.compile(r"(?<!\d)(20\d\d)(?: ?(0[1-9]|1[0-2])(?!\d)| ?(?:s|sem) ?([12])(?!\d)|(?! ?\d))")
_SEMESTER_FIRST = re.compile(r"(?<!\d)([12]) ?(?:o|a)? ?sem(?:estre)? ?(?:de )?(20\d\d)(?!\d)")


@dataclass(frozen=True)
class ConductDialect(Dialect):
    """How one file writes its lines, and where its columns are."""

    #: The place of each heading, in the order of HEADINGS.
    places: tuple[int, ...] = ()
    #: Columns with a heading; what is beyond must be blank.
    width: int = 0


class Complaint(NamedTuple):
    """What is counted of a line."""

    mes: date
    chave: str
    nome: str
    segmento: str
    uf: str
    cidade: str
    cancelada: bool
    respondida: bool
    avaliacao: str
    nota: int | None
    dias: int | None


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A heading or a place as it is compared: no text in brackets, accents, marks or capitals."""
    return normalise_name(_BRACKETS.sub(" ", text))


@lru_cache(maxsize=50_000)
def company_key(name: str) -> str:
    """A company's name as it is compared; a supplier's names are compared so too (parties_normalizar)."""
    return normalise_name(name)


def columns_of(header: str, *, quoted: bool) -> tuple[dict[str, int], list[str], int]:
    """(where each column is, which are missing or twice there, how many have a heading) of a header line."""
    names = [plain(name) for name in _fields(header, quoted)]
    while names and not names[-1]:
        names.pop()
    found: dict[str, int] = {}
    wrong: list[str] = []
    for heading, others in HEADINGS.items():
        known = {plain(heading), *map(plain, others)}
        at = [place for place, name in enumerate(names) if name in known]
        if len(at) == 1:
            found[heading] = at[0]
        else:
            wrong.append(heading)
    return found, wrong, len(names)


def published(name: str) -> tuple[Kind, date, date] | None:
    """(kind, first day, last day) that a file's name tells: a month, a semester or a year; None where it tells none."""
    said = normalise_name(name.rsplit("/", 1)[-1])
    kind = Kind.BASE_COMPLETA if "base" in said and "complet" in said else Kind.FINALIZADAS
    if match := _SEMESTER_FIRST.search(said):
        half, year = int(match[1]), int(match[2])
        return kind, date(year, 6 * half - 5, 1), _last_day(year, 6 * half)
    if not (match := _PERIOD.search(said.removesuffix(" gz").removesuffix(" zip").removesuffix(" csv"))):
        return None
    year = int(match[1])
    if match[2]:
        return kind, date(year, int(match[2]), 1), _last_day(year, int(match[2]))
    if match[3]:
        half = int(match[3])
        return kind, date(year, 6 * half - 5, 1), _last_day(year, 6 * half)
    return kind, date(year, 1, 1), date(year, 12, 31)


def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def read(line: str, dialect: ConductDialect) -> Complaint | None:
    """What is counted of a line; None where the complaint is neither finished nor cancelled. Raises LineRefused."""
    fields = _fields(line, dialect.quoted)
    if len(fields) != dialect.width and (len(fields) < dialect.width or any(map(str.strip, fields[dialect.width :]))):
        raise LineRefused(f"tem {len(fields)} colunas, e o cabeçalho tem {dialect.width}")
    uf, city, end, days, name, segment, answered, status, verdict, grade = [fields[at].strip() for at in dialect.places]
    cancelled = _status(status)
    if cancelled is None or (cancelled and end in _NOTHING):
        return None
    nome = _name(name)
    return Complaint(
        _month(end),
        company_key(nome),
        nome,
        " ".join(segment.split())[:LONGEST_NAME],
        _uf(uf),
        plain(city),
        cancelled,
        _yes(answered),
        _verdict(verdict),
        _number("Nota do Consumidor", grade, 1, 5),
        _number("Tempo Resposta", days, 0, 9999),
    )


def _fields(line: str, quoted: bool) -> list[str]:
    if quoted and '"' in line:
        try:
            return next(csv.reader([line], delimiter=";", strict=True))
        except csv.Error:
            raise LineRefused("aspas sem par") from None
    return line.split(";")


@lru_cache(maxsize=256)
def _status(text: str) -> bool | None:
    """Whether the complaint was cancelled; None where it is neither finished nor cancelled, as «Encerrada»."""
    said = normalise_name(text)
    if not said:
        raise LineRefused("Situação: está vazia")
    if said.startswith("cancelada"):
        return True
    return False if said.startswith("finalizada") else None


@lru_cache(maxsize=4096)
def _month(text: str) -> date:
    match = _DATE.fullmatch(text)
    if not match:
        raise LineRefused(f"Data Finalização: escreve-se 31/12/2019 ou 2019-12-31, e veio «{text[:40]}»")
    day, month, year = (match[1], match[2], match[3]) if match[3] else (match[6], match[5], match[4])
    try:
        return date(int(year), int(month), int(day)).replace(day=1)
    except ValueError:
        raise LineRefused(f"Data Finalização: a data «{text[:40]}» não existe") from None


@lru_cache(maxsize=50_000)
def _name(text: str) -> str:
    name = " ".join(text.split())
    if not company_key(name):
        raise LineRefused("Nome Fantasia: está vazio")
    if len(name) > LONGEST_NAME:
        raise LineRefused(f"Nome Fantasia: passa de {LONGEST_NAME} caracteres")
    return name


@lru_cache(maxsize=256)
def _uf(text: str) -> str:
    if not re.fullmatch("[A-Za-z]{2}", text):
        raise LineRefused(f"UF: tem duas letras, e veio «{text[:40]}»")
    return text.upper()


@lru_cache(maxsize=256)
def _yes(text: str) -> bool:
    said = normalise_name(text)
    if said not in {"s", "n", "sim", "nao"}:
        raise LineRefused(f"Respondida: é S ou N, e veio «{text[:40]}»")
    return said[0] == "s"


@lru_cache(maxsize=256)
def _verdict(text: str) -> str:
    said = normalise_name(text) or "nao avaliada"
    if said not in {"resolvida", "nao resolvida", "nao avaliada"}:
        raise LineRefused(f"Avaliação Reclamação: é Resolvida, Não Resolvida ou Não Avaliada, e veio «{text[:40]}»")
    return said.replace(" ", "_")


@lru_cache(maxsize=4096)
def _number(column: str, text: str, least: int, most: int) -> int | None:
    if text in _NOTHING:
        return None
    match = re.fullmatch(r"(\d{1,4})(?:[.,]0+)?", text, re.ASCII)
    if not match or not least <= int(match[1]) <= most:
        raise LineRefused(f"{column}: é um número de {least} a {most}, e veio «{text[:40]}»")
    return int(match[1])


def dialect_of(header: str, *, encoding: str, quoted: bool) -> tuple[ConductDialect | None, Sequence[str]]:
    """(the dialect, nothing) of a header that has every column once; else (None, the columns that it has not)."""
    try:
        found, wrong, width = columns_of(header, quoted=quoted)
    except LineRefused:
        return None, list(HEADINGS)
    if wrong:
        return None, wrong
    places = tuple(found[heading] for heading in HEADINGS)
    return ConductDialect(encoding, quoted, header=True, places=places, width=width), ()
