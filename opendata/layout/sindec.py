"""The national register's layout: 23 columns, in the dialects in which the years were published. Pure.

2017 has no header and RFC 4180 quotes; 2018 has a header, no quotes, and a raw `;` or `"` inside the trade name; other
years write dates as dd/mm/yyyy HH:MM, a one-digit region code, a lower-case header, or end in `(N row(s) affected)`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b

from parties.identifiers import clean_cnpj, clean_cpf

COLUMNS = (
    "AnoCalendario",
    "DataArquivamento",
    "DataAbertura",
    "CodigoRegiao",
    "Regiao",
    "UF",
    "strRazaoSocial",
    "strNomeFantasia",
    "Tipo",
    "NumeroCNPJ",
    "RadicalCNPJ",
    "RazaoSocialRFB",
    "NomeFantasiaRFB",
    "CNAEPrincipal",
    "DescCNAEPrincipal",
    "Atendida",
    "CodigoAssunto",
    "DescricaoAssunto",
    "CodigoProblema",
    "DescricaoProblema",
    "SexoConsumidor",
    "FaixaEtariaConsumidor",
    "CEPConsumidor",
)
WIDTH = len(COLUMNS)
(
    ANO,
    ARQUIVADO,
    ABERTO,
    REGIAO,
    _,
    UF,
    RAZAO,
    FANTASIA,
    TIPO,
    CNPJ,
    RADICAL,
    RAZAO_RFB,
    FANTASIA_RFB,
    CNAE,
    _,
    ATENDIDA,
    ASSUNTO,
    ASSUNTO_NOME,
    PROBLEMA,
    PROBLEMA_NOME,
    SEXO,
    FAIXA,
    CEP,
) = range(WIDTH)

#: Between the columns of a record kept as one text; no published file holds it.
SEPARATOR = "\x1f"
#: As the published files mask natural persons.
MASKED_NAME, MASKED_CPF = "PESSOA FISICA", "11144477735"
_MASKED = ("PESSOA FISICA", "EMPRESARIO INDIVIDUAL")

_TRAILER = re.compile(r"\(?\s*\d+ (?:row\(s\)|rows?|linhas?) (?:affected|afetadas?)\s*\)?", re.IGNORECASE)
_QUOTED = re.compile(r'(?:"(?:[^"]|"")*+"|[^";]*+)(?:;(?:"(?:[^"]|"")*+"|[^";]*+))*+')
_DATE = r"(?:(?:19|20)\d\d-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}|NULL|)"
_WANTED = {
    ANO: (r"(?:19|20)\d\d", "o ano tem quatro números"),
    ARQUIVADO: (_DATE, "a data se escreve 2017-12-31 23:59:59.000 ou 31/12/2017 23:59"),
    ABERTO: (_DATE, "a data se escreve 2017-12-31 23:59:59.000 ou 31/12/2017 23:59"),
    REGIAO: (r"(?:\d\d|NULL|)", "o código da região tem dois números"),
    UF: (r"[A-Z]{2}", "a UF tem duas letras"),
    TIPO: (r"[01]", "o tipo é 1 (jurídica) ou 0 (física)"),
    CNPJ: (r"(?:[0-9A-Z]{1,14}|NULL|)", "o CNPJ tem até 14 posições"),
    RADICAL: (r"(?:[0-9A-Z]{1,8}|NULL|)", "o radical do CNPJ tem 8 posições"),
    CNAE: (r"(?:\d{1,7}|NULL|)", "o CNAE tem 7 números"),
    ATENDIDA: (r"[SN]", "atendida é S ou N"),
    ASSUNTO: (r"\d{1,6}", "o código do assunto é um número"),
    PROBLEMA: (r"(?:\d{1,6}|NULL|)", "o código do problema é um número"),
    SEXO: (r"(?:[FMN]|NULL|)", "o sexo é F, M ou N"),
    CEP: (r"(?:\d{1,8}|NULL|)", "o CEP tem até 8 números"),
}
#: Every checked column of a record in one look; whatever fails is looked at column by column.
_USUAL = re.compile(SEPARATOR.join(pattern for pattern, _ in _WANTED.values()))
_CHECKED = tuple(_WANTED)
_LIMITS = {RAZAO: 200, FANTASIA: 200, ASSUNTO_NOME: 200, PROBLEMA_NOME: 200, FAIXA: 20}
_BRAZILIAN = re.compile(r"(\d\d)/(\d\d)/(\d{4})(?: (\d\d):(\d\d)(?::(\d\d))?)?")
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(?::(\d\d))?(?:\.\d+)?)?")

#: The federation's units by IBGE's code, whose first digit is the region; the register writes it with a zero before.
UFS = {
    "11": "RO", "12": "AC", "13": "AM", "14": "RR", "15": "PA", "16": "AP", "17": "TO", "21": "MA", "22": "PI",
    "23": "CE", "24": "RN", "25": "PB", "26": "PE", "27": "AL", "28": "SE", "29": "BA", "31": "MG", "32": "ES",
    "33": "RJ", "35": "SP", "41": "PR", "42": "SC", "43": "RS", "50": "MS", "51": "MT", "52": "GO", "53": "DF",
}  # fmt: skip
REGIONS = {"1": "Norte", "2": "Nordeste", "3": "Sudeste", "4": "Sul", "5": "Centro-oeste"}
#: What the register writes for a consumer whose age, or sex, is not known.
NO_BRACKET, NO_SEX = "Nao Informada", "N"


class LineRefused(ValueError):  # noqa: N818  a refusal is not an error
    """One line is not a record; the text is the reason, in Portuguese."""


@dataclass(frozen=True)
class Dialect:
    """How one file writes its lines."""

    encoding: str
    #: Quotes enclose fields (RFC 4180); otherwise a quote is text.
    quoted: bool
    header: bool = False
    #: Columns after the 23, in a file whose header names them; not read.
    extra: int = 0


def is_quoted(line: str) -> bool:
    """Whether the quotes of a line could be RFC 4180's."""
    return _QUOTED.fullmatch(line) is not None


def is_trailer(line: str) -> bool:
    """Whether a line is blank, or what the database tool wrote at the end."""
    return not line.strip() or _TRAILER.fullmatch(line.strip()) is not None


def header_columns(line: str) -> int:
    """How many columns the line names if it is the register's header, else 0."""
    names = [name.strip().strip('"').strip().casefold() for name in line.split(";")]
    return len(names) if names[:WIDTH] == [column.casefold() for column in COLUMNS] else 0


def split(line: str, dialect: Dialect) -> list[str]:
    """The 23 fields of a line; surplus ones are folded back into the trade name. Raises LineRefused."""
    if dialect.quoted and '"' in line:
        try:
            fields = next(csv.reader([line], delimiter=";", strict=True))
        except csv.Error:
            raise LineRefused("aspas sem par") from None
    else:
        fields = line.split(";")
    if dialect.extra:
        del fields[len(fields) - dialect.extra :]
    surplus = len(fields) - WIDTH
    if surplus < 0:
        raise LineRefused(f"tem {len(fields)} colunas, e o registro tem {WIDTH}")
    if surplus:
        fields[FANTASIA : FANTASIA + surplus + 1] = [";".join(fields[FANTASIA : FANTASIA + surplus + 1])]
    return fields


def checked(fields: list[str]) -> list[str]:
    """The fields of a record, each in its column's form, CNPJ still as published. Raises LineRefused."""
    if not _USUAL.fullmatch(SEPARATOR.join([fields[column] for column in _CHECKED])):
        fields = _tidy(fields)
        for column, (pattern, form) in _WANTED.items():
            if not re.fullmatch(pattern, fields[column]):
                raise LineRefused(f"{COLUMNS[column]}: {form}, e veio «{fields[column][:40]}»")
    for column in (ARQUIVADO, ABERTO):
        _check_date(column, fields[column])
    for column, limit in _LIMITS.items():
        if len(fields[column]) > limit:
            raise LineRefused(f"{COLUMNS[column]}: o texto passa de {limit} caracteres")
    return fields


def _check_date(column: int, text: str) -> None:
    if text and text != "NULL":
        try:
            datetime.fromisoformat(text)
        except ValueError:
            raise LineRefused(f"{COLUMNS[column]}: a data «{text}» não existe") from None


def _tidy(fields: Sequence[str]) -> list[str]:
    """Other years' forms as those of 2017 and 2018; what cannot be read stays, to be refused."""
    tidy = [text.strip() if column in _WANTED else text for column, text in enumerate(fields)]
    for column in (ARQUIVADO, ABERTO):
        tidy[column] = _tidy_date(tidy[column])
    if tidy[REGIAO].isdigit():
        tidy[REGIAO] = tidy[REGIAO].zfill(2)
    for column in (UF, ATENDIDA, SEXO, CNPJ, RADICAL):
        tidy[column] = tidy[column].upper()
    tidy[CNPJ] = re.sub(r"[./-]", "", tidy[CNPJ])
    tidy[CEP] = tidy[CEP].replace("-", "")
    return tidy


def _tidy_date(text: str) -> str:
    if match := _BRAZILIAN.fullmatch(text):
        day, month, year, hour, minute, second = match.groups("00")
        return f"{year}-{month}-{day} {hour}:{minute}:{second}.000"
    if match := _ISO.fullmatch(text):
        day, clock, second = match.groups()
        return text if re.fullmatch(_DATE, text) else f"{day} {clock or '00:00'}:{second or '00'}.000"
    return text


def identity(fields: Sequence[str]) -> bytes:
    """What makes two published lines the same record: all columns but the year and the root, CNPJ zero-filled."""
    cnpj = fields[CNPJ]
    same = [*fields[ARQUIVADO:CNPJ], cnpj if cnpj == "NULL" else cnpj.zfill(14), *fields[RADICAL + 1 :]]
    return blake2b(SEPARATOR.join(same).encode("utf-8", "surrogatepass"), digest_size=16).digest()


@lru_cache(maxsize=200_000)
def company(tipo: str, number: str) -> tuple[str, bool]:
    """(valid CNPJ with its zeros or "", whether the line is about a natural person) from the CNPJ column."""
    if tipo == "0":
        return "", True
    if number in ("", "NULL"):
        return "", False
    try:
        return clean_cnpj(number.zfill(14)), False
    except ValueError:
        return "", _is_cpf(number.lstrip("0").zfill(11))


def _is_cpf(number: str) -> bool:
    try:
        return bool(clean_cpf(number))
    except ValueError:
        return False


def masked(fields: Sequence[str]) -> list[str]:
    """The fields of a line about a natural person, its names and number hidden as the published files hide them."""
    hidden = list(fields)
    for column in (RAZAO, FANTASIA, RAZAO_RFB, FANTASIA_RFB):
        if hidden[column] not in ("", "NULL") and not hidden[column].startswith(_MASKED):
            hidden[column] = MASKED_NAME
    if hidden[CNPJ] not in ("", "NULL"):
        hidden[CNPJ] = MASKED_CPF.zfill(14 if len(hidden[CNPJ]) > 11 else 11)
    if hidden[RADICAL] not in ("", "NULL"):
        hidden[RADICAL] = MASKED_CPF.zfill(14)[:8]
    return hidden


def known(text: str) -> str:
    """A field's text, with nothing for NULL."""
    return "" if text == "NULL" else text
