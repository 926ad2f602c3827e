"""Interest, Price instalments, early settlement and the rate that instalments hide. Pure, in Decimal.

Months have 30 days and years 12 months. A nominal rate is divided, an effective one is taken to the root. Every amount
is rounded to the cent, half a cent upwards; a Price table's last instalment takes up what rounding left.
Sources: CDC art. 52, § 2º (reduction proportional to the time that is left, at the contract's own rate); for the
formulas, the textbook ones as the Banco Central's «Calculadora do cidadão» uses them.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext

#: Raised whenever a formula or its rounding changes; stored with every result.
VERSION = 1
CENT = Decimal("0.01")
DAY, MONTH, YEAR = "dia", "mes", "ano"
EFFECTIVE, NOMINAL = "efetiva", "nominal"
#: How many days each unit of time has in a calculation.
DAYS = {DAY: 1, MONTH: 30, YEAR: 360}
MAX_INSTALMENTS = 600
#: The highest monthly rate that the bisection looks at.
HIGHEST = Decimal(10)
_DIGITS = 40


class NotCalculableError(ValueError):
    """The numbers do not fit together; the text says why, in Portuguese."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many per cent per day, month or year, effective or nominal."""

    percent: Decimal
    per: str = MONTH
    kind: str = EFFECTIVE

    def as_fraction(self, per: str) -> Decimal:
        """The equivalent rate for another unit of time, as a fraction: 0.01 for one per cent."""
        with localcontext(prec=_DIGITS):
            own, share = self.percent / 100, Decimal(DAYS[per]) / DAYS[self.per]
            return own * share if self.kind == NOMINAL or share == 1 else (1 + own) ** share - 1


@dataclass(frozen=True, slots=True)
class Instalment:
    """One line of a Price table; amounts in cents' precision."""

    number: int
    due: date
    amount: Decimal
    interest: Decimal
    amortisation: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Remaining:
    """One instalment that is left, and what it is worth on the day of settlement."""

    number: int
    due: date
    amount: Decimal
    discount: Decimal
    present: Decimal


def simple_interest(principal: Decimal, rate: Rate, time: Decimal, unit: str) -> Decimal:
    """The interest alone: J = C · i · n, with the rate taken in proportion to the unit of time."""
    with localcontext(prec=_DIGITS):
        share = rate.percent / 100 / DAYS[rate.per] * DAYS[unit]
        return cents(principal * share * time)


def compound_interest(principal: Decimal, rate: Rate, time: Decimal, unit: str) -> Decimal:
    """The interest alone: J = C · ((1 + i)ⁿ − 1)."""
    with localcontext(prec=_DIGITS):
        return cents(principal * ((1 + rate.as_fraction(unit)) ** time - 1))


def price_instalment(principal: Decimal, monthly: Decimal, number: int) -> Decimal:
    """The equal instalment: P = C · i ÷ (1 − (1 + i)⁻ⁿ); without interest, C ÷ n."""
    with localcontext(prec=_DIGITS):
        return cents(principal * monthly / (1 - (1 + monthly) ** -number) if monthly else principal / number)


def price_table(principal: Decimal, monthly: Decimal, number: int, first_due: date) -> list[Instalment]:
    """Every instalment with its interest, its amortisation and the balance; the last one closes the account."""
    amount = price_instalment(principal, monthly, number)
    balance, lines = principal, []
    for index in range(number):
        interest = cents(balance * monthly)
        paid = balance + interest if index == number - 1 else amount
        amortisation = paid - interest
        balance -= amortisation
        if amortisation <= 0 or balance < 0:
            raise NotCalculableError(
                "Com esta taxa e este número de parcelas, a parcela mal paga os juros, e o arredondamento não deixa "
                "montar a tabela. Confira a taxa (ao mês ou ao ano?) e o número de parcelas."
            )
        lines.append(Instalment(index + 1, add_months(first_due, index), paid, interest, amortisation, balance))
    return lines


def settle(instalments: Sequence[tuple[int, date, Decimal]], monthly: Decimal, on: date) -> list[Remaining]:
    """What each instalment that is left is worth on the day of settlement: V = P ÷ (1 + i)ᵗ, t in months.

    CDC art. 52, § 2º. One that is due already is worth what it says: arrears are no part of this calculation.
    """
    lines = []
    for number, due, amount in instalments:
        with localcontext(prec=_DIGITS):
            present = cents(amount / (1 + monthly) ** months_between(on, due))
        lines.append(Remaining(number, due, amount, amount - present, present))
    return lines


def implied_rate(principal: Decimal, amount: Decimal, number: int) -> Decimal:
    """The monthly rate at which these instalments pay this principal, by bisection, as a fraction."""
    if amount * number < principal:
        raise NotCalculableError(
            "As parcelas somam menos que o valor financiado: não há juros a achar. Confira os valores."
        )
    with localcontext(prec=_DIGITS):
        low, high = Decimal(0), HIGHEST
        if _present_value(amount, high, number) > principal:
            raise NotCalculableError("A taxa passaria de 1.000% ao mês. Confira os valores.")
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if _present_value(amount, middle, number) > principal else (low, middle)
        return high.quantize(Decimal("0.00000001"), ROUND_HALF_UP)


def yearly(monthly: Decimal) -> Decimal:
    """The effective yearly rate of an effective monthly one, both as fractions."""
    with localcontext(prec=_DIGITS):
        return (1 + monthly) ** 12 - 1


def cents(amount: Decimal) -> Decimal:
    """Rounded to the cent, half a cent upwards."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def add_months(day: date, months: int) -> date:
    """The same day some months later; where the month lacks it, the month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(start: date, end: date) -> Decimal:
    """Whole months, and the days that are left as thirtieths; nothing where the end does not lie after the start."""
    if end <= start:
        return Decimal(0)
    whole = (end.year - start.year) * 12 + end.month - start.month
    if add_months(start, whole) > end:
        whole -= 1
    return whole + Decimal((end - add_months(start, whole)).days) / 30


def _present_value(amount: Decimal, monthly: Decimal, number: int) -> Decimal:
    return amount * (1 - (1 + monthly) ** -number) / monthly if monthly else amount * number
