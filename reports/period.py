"""The year or month of a balance, and any other stretch of days, in the office's local time. Pure."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

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
    def meses(self) -> int:
        """How many months it is made of."""
        return 1 if self.mes else 12

    @property
    def intervalo(self) -> Intervalo:
        """Its days."""
        return Intervalo(self.first_day, self.next_day - timedelta(days=1))

    @property
    def quando(self) -> str:
        """The period in a sentence: «em março de 2023»."""
        return f"em {self.rotulo}"

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

    def as_json(self) -> dict[str, int | None]:
        """The period for other programs."""
        return {"ano": self.ano, "mes": self.mes}

    def has_begun(self, today: date) -> bool:
        """Whether a balance of this period can exist on `today`."""
        return self.ano >= FIRST_YEAR and (self.ano, self.mes or 1) <= (today.year, today.month if self.mes else 1)


@dataclass(frozen=True, slots=True)
class Intervalo:
    """Any stretch of local days, the last one included."""

    de: date
    ate: date

    @property
    def first_day(self) -> date:
        """Its first day."""
        return self.de

    @property
    def next_day(self) -> date:
        """The first day after it."""
        return self.ate + timedelta(days=1)

    @property
    def intervalo(self) -> Intervalo:
        """Itself, as a year or a month has its days."""
        return self

    @property
    def dias(self) -> int:
        """How many days it has."""
        return (self.next_day - self.de).days

    @property
    def meses(self) -> int:
        """How many months it is made of; 0 where it does not begin and end with a month."""
        if self.de.day != 1 or self.next_day.day != 1:
            return 0
        return (self.next_day.year - self.de.year) * 12 + self.next_day.month - self.de.month

    @property
    def rotulo(self) -> str:
        """It in words: «2023», «março de 2023», or from which day to which."""
        if self.meses == 12 and self.de.month == 1:
            return str(self.de.year)
        if self.meses == 1:
            return f"{MESES[self.de.month - 1]} de {self.de.year}"
        return f"{self.de:%d/%m/%Y} a {self.ate:%d/%m/%Y}"

    @property
    def quando(self) -> str:
        """It in a sentence: «em 2023», «de 01/03/2023 a 15/04/2023»."""
        return f"{'de' if ' a ' in self.rotulo else 'em'} {self.rotulo}"

    @property
    def nome_de_arquivo(self) -> str:
        """It as part of a file's name."""
        return f"{self.de:%Y-%m-%d}-{self.ate:%Y-%m-%d}"

    @property
    def anterior(self) -> Intervalo:
        """As many whole months before it where it is of whole months, else as many days."""
        last = self.de - timedelta(days=1)
        first = _months_on(self.de, -self.meses) if self.meses else self.de - timedelta(days=self.dias)
        return Intervalo(first, last)

    @property
    def seguinte(self) -> Intervalo:
        """As many whole months, or days, after it."""
        end = _months_on(self.next_day, self.meses) if self.meses else self.next_day + timedelta(days=self.dias)
        return Intervalo(self.next_day, end - timedelta(days=1))

    def as_json(self) -> dict[str, str]:
        """It for other programs."""
        return {"de": self.de.isoformat(), "ate": self.ate.isoformat()}

    def has_begun(self, today: date) -> bool:
        """Whether anything of it can be counted on `today`."""
        return self.de.year >= FIRST_YEAR and self.de <= today

    def beside(self, today: date) -> tuple[Intervalo, Intervalo]:
        """What of it has passed on `today`; and the period before, of one that still runs as many of its days."""
        passed = self.until(today)
        return passed, self.anterior if passed == self else self.anterior.first_days(passed.dias)

    def until(self, today: date) -> Intervalo:
        """What of it has passed on `today`."""
        return Intervalo(self.de, min(self.ate, today))

    def first_days(self, many: int) -> Intervalo:
        """Its first `many` days, or all of it."""
        return Intervalo(self.de, min(self.ate, self.de + timedelta(days=many - 1)))

    def year_before(self) -> Intervalo:
        """The same days of the year before; 29 February counts as 28."""
        return Intervalo(_months_on(self.de, -12), _months_on(self.ate, -12))


def stretches(start: date, end: date, *, by_month: bool = False) -> list[tuple[Grao, date, date]]:
    """From which totals the days from `start` to before `end` are put together: days, months, whole years.

    With `by_month` no month is taken together with others into a year.
    """
    first = start if start.day == 1 else _months_on(start.replace(day=1), 1)
    last = end.replace(day=1)
    if first > last:
        return [(Grao.DIA, start, end)]
    january = first if first.month == 1 else date(first.year + 1, 1, 1)
    new_year = date(last.year, 1, 1)
    if by_month or january >= new_year:
        middle = [(Grao.MES, first, last)]
    else:
        middle = [(Grao.MES, first, january), (Grao.ANO, january, new_year), (Grao.MES, new_year, last)]
    found = [(Grao.DIA, start, first), *middle, (Grao.DIA, last, end)]
    return [(grao, begin, until) for grao, begin, until in found if begin < until]


def starts(de: date, ate: date, *, by_month: bool = False) -> list[tuple[Grao, date]]:
    """The first days of the years and months that make up the whole months from `de` to before `ate`."""
    found: list[tuple[Grao, date]] = []
    for grao, start, end in stretches(de, ate, by_month=by_month):
        months = range(0, (end.year - start.year) * 12 + end.month - start.month, 12 if grao is Grao.ANO else 1)
        firsts = (start.month - 1 + month for month in months)
        found += [(grao, date(start.year + first // 12, first % 12 + 1, 1)) for first in firsts]
    return found


def _months_on(day: date, months: int) -> date:
    """The same day so many months later; the month's last where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


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
