"""The year or month of a balance, in the office's local time. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from reports.measures import Grao
from workflow.errors import ContentRefused

#: The Consumer Code is of September 1990: no Procon has a balance before it.
FIRST_YEAR = 1990

MESES = (
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
)


@dataclass(frozen=True, slots=True)
class Periodo:
    """A local year, or one month of it."""

    ano: int
    mes: int | None = None

    @property
    def first_day(self) -> date:
        """The first day of the period."""
        return date(self.ano, self.mes or 1, 1)

    @property
    def next_day(self) -> date:
        """The first day after the period."""
        return self.seguinte.first_day

    @property
    def grao(self) -> Grao:
        """The grain of the totals that cover the period with one stretch."""
        return Grao.MES if self.mes else Grao.ANO

    @property
    def rotulo(self) -> str:
        """The period in words: «2023», or «março de 2023»."""
        return str(self.ano) if self.mes is None else f"{MESES[self.mes - 1]} de {self.ano}"

    @property
    def nome_de_arquivo(self) -> str:
        """The period as part of a file's name: «2023», or «2023-03»."""
        return str(self.ano) if self.mes is None else f"{self.ano}-{self.mes:02d}"

    @property
    def anterior(self) -> Periodo:
        """The year, or the month, before this one."""
        if self.mes is None:
            return Periodo(self.ano - 1)
        return Periodo(self.ano - 1, 12) if self.mes == 1 else Periodo(self.ano, self.mes - 1)

    @property
    def seguinte(self) -> Periodo:
        """The year, or the month, after this one."""
        if self.mes is None:
            return Periodo(self.ano + 1)
        return Periodo(self.ano + 1, 1) if self.mes == 12 else Periodo(self.ano, self.mes + 1)

    def has_begun(self, today: date) -> bool:
        """Whether a balance of this period can exist on `today`."""
        return self.ano >= FIRST_YEAR and (self.ano, self.mes or 1) <= (today.year, today.month if self.mes else 1)


def read_period(ano: int | str, mes: int | str | None = None, *, today: date) -> Periodo:
    """The period that somebody asked for.

    Raises ContentRefused (with `errors` by field) where it is not a year, not a month, or has not begun on `today`.
    """
    year = _integer(ano)
    if year is None or not FIRST_YEAR <= year <= today.year:
        raise ContentRefused(
            f"Não há balanço do ano «{ano}»: é preciso um ano entre {FIRST_YEAR} e {today.year}. "
            "Escreva o ano com quatro algarismos, como em 2023.",
            errors={"ano": f"Escreva um ano entre {FIRST_YEAR} e {today.year}."},
        )
    if mes is None or mes == "":
        return Periodo(year)
    month = _integer(mes)
    if month is None or not 1 <= month <= 12:
        raise ContentRefused(
            f"«{mes}» não é um mês. Escreva um número de 1 (janeiro) a 12 (dezembro), ou omita o mês "
            "para o balanço do ano inteiro.",
            errors={"mes": "Escreva um número de 1 a 12."},
        )
    periodo = Periodo(year, month)
    if not periodo.has_begun(today):
        raise ContentRefused(
            f"Ainda não há balanço de {periodo.rotulo}: o mês não começou. Peça um mês até "
            f"{Periodo(today.year, today.month).rotulo}.",
            errors={"mes": "Escolha um mês que já tenha começado."},
        )
    return periodo


def _integer(text: int | str) -> int | None:
    """A short run of ASCII digits as a number; None for anything else."""
    word = str(text).strip()
    return int(word) if word.isascii() and word.isdigit() and len(word) <= 4 else None
