"""Calculations as tables, each with its source; then properties."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.rules.calculation import (
    Instalment,
    NotCalculableError,
    Rate,
    add_months,
    cents,
    compound_interest,
    implied_rate,
    months_between,
    price_instalment,
    price_table,
    settle,
    simple_interest,
    yearly,
)

D = Decimal
ASSAF = "Assaf Neto, Matemática Financeira e suas Aplicações, cap. 1 e 2"
START = date(2026, 1, 10)


@pytest.mark.parametrize(
    ("principal", "rate", "time", "unit", "interest", "source"),
    [
        ("80000", Rate(D("2.5")), "3", "mes", "6000.00", ASSAF),
        ("500000", Rate(D(6)), "9", "mes", "270000.00", ASSAF),
        ("1000", Rate(D(1)), "45", "dia", "15.00", "1% ao mês em 45 dias: 1,5%"),
        ("1000", Rate(D(12), "ano"), "1", "mes", "10.00", "12% ao ano: 1% ao mês, proporcional"),
    ],
)
def test_simple_interest(principal: str, rate: Rate, time: str, unit: str, interest: str, source: str) -> None:
    assert simple_interest(D(principal), rate, D(time), unit) == D(interest), source


@pytest.mark.parametrize(
    ("principal", "rate", "time", "unit", "interest", "source"),
    [
        ("12000", Rate(D("3.5")), "8", "mes", "3801.71", ASSAF),
        ("22463.70", Rate(D("1.7")), "12", "mes", "5036.30", ASSAF),
        ("1000", Rate(D(1)), "1", "ano", "126.83", "1% ao mês são 12,6825% ao ano"),
        ("1000", Rate(D(12), "ano", "nominal"), "1", "mes", "10.00", "12% nominal ao ano: 1% ao mês"),
        ("1000", Rate(D("12.682503"), "ano"), "30", "dia", "10.00", "o inverso do 1% ao mês"),
    ],
)
def test_compound_interest(principal: str, rate: Rate, time: str, unit: str, interest: str, source: str) -> None:
    assert compound_interest(D(principal), rate, D(time), unit) == D(interest), source


@pytest.mark.parametrize(
    ("principal", "monthly", "number", "instalment", "source"),
    [
        ("100000", "0.01", 180, "1200.17", "Diário das Leis, Tabela Price, exemplo 1: fator 0,01200168"),
        ("10000", "0.10", 4, "3154.71", "planilha de financiamento, Price, 10% a.m. em 4 vezes"),
        ("100000", "0.02", 18, "6670.21", "questão de concurso: fator 0,0667"),
        ("1000", "0", 3, "333.33", "sem juros"),
    ],
)
def test_the_equal_instalment(principal: str, monthly: str, number: int, instalment: str, source: str) -> None:
    assert price_instalment(D(principal), D(monthly), number) == D(instalment), source


def test_the_price_table_line_by_line() -> None:
    """Ten thousand at 10% in four: interest 1000.00, 784.53, 547.51, 286.79 (the same published sheet)."""
    lines = price_table(D(10000), D("0.10"), 4, date(2026, 1, 31))
    assert lines == [
        Instalment(1, date(2026, 1, 31), D("3154.71"), D("1000.00"), D("2154.71"), D("7845.29")),  # Sat
        Instalment(2, date(2026, 2, 28), D("3154.71"), D("784.53"), D("2370.18"), D("5475.11")),  # Sat, shorter month
        Instalment(3, date(2026, 3, 31), D("3154.71"), D("547.51"), D("2607.20"), D("2867.91")),  # Tue
        Instalment(4, date(2026, 4, 30), D("3154.70"), D("286.79"), D("2867.91"), D("0.00")),  # Thu
    ]


def test_early_settlement_is_the_balance() -> None:
    """100.000 at 1%, 180 times; 69 are left: 1.200,16 × 49,67020 = 59.612,18 (Diário das Leis, exemplo 2)."""
    left = [(n, add_months(START, n), D("1200.16")) for n in range(1, 70)]
    worth = sum(line.present for line in settle(left, D("0.01"), START))
    assert abs(worth - D("59612.18")) <= D("0.35")  # each of the 69 is rounded to the cent


def test_half_a_month_is_half_a_month() -> None:
    ((line),) = settle([(1, date(2026, 1, 25), D("101.00"))], D("0.0201"), START)  # √1.0201 = 1.01
    assert (line.present, line.discount) == (D("100.00"), D("1.00"))


def test_what_is_due_already_is_not_discounted() -> None:
    lines = settle([(1, START, D(100)), (2, START - timedelta(days=40), D(100))], D("0.05"), START)
    assert [line.present for line in lines] == [D(100), D(100)]


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 1, 10), date(2026, 2, 10), D(1)),
        (date(2026, 1, 31), date(2026, 2, 28), D(1)),
        (date(2026, 1, 10), date(2026, 2, 9), D(1)),  # 30 days
        (date(2026, 1, 10), date(2027, 1, 16), D("12.2")),
        (date(2026, 1, 10), date(2026, 1, 9), D(0)),
    ],
)
def test_time_in_months(start: date, end: date, months: D) -> None:
    assert months_between(start, end) == months


@pytest.mark.parametrize(
    ("principal", "amount", "number", "percent"),
    [("10000", "3154.71", 4, "10.00"), ("100000", "1200.17", 180, "1.00"), ("900", "300", 3, "0.00")],
)
def test_the_rate_that_instalments_hide(principal: str, amount: str, number: int, percent: str) -> None:
    assert cents(implied_rate(D(principal), D(amount), number) * 100) == D(percent)


def test_one_per_cent_a_month_by_the_year() -> None:
    assert round(yearly(D("0.01")) * 100, 4) == D("12.6825")


def test_instalments_that_do_not_pay_the_principal_are_refused() -> None:
    with pytest.raises(NotCalculableError, match="somam menos"):
        implied_rate(D(1000), D(100), 9)
    with pytest.raises(NotCalculableError, match=r"1\.000%"):
        implied_rate(D(100), D(5000), 3)


def test_a_table_that_rounding_breaks_is_refused() -> None:
    with pytest.raises(NotCalculableError, match="mal paga os juros"):
        price_table(D(1000), D("0.5"), 100, START)


# Properties ----------------------------------------------------------------------------------------------------------

amounts = st.integers(10_000, 100_000_000).map(lambda value: D(value) / 100)
rates = st.integers(0, 1000).map(lambda value: D(value) / 10_000)  # up to 10 % a month
numbers = st.integers(1, 60)


@settings(deadline=None)  # a busy machine is no failure
@given(amounts, rates, numbers)
def test_the_amortisations_are_the_principal(principal: D, monthly: D, number: int) -> None:
    lines = price_table(principal, monthly, number, START)
    assert sum(line.amortisation for line in lines) == principal
    assert all(line.amount == line.interest + line.amortisation for line in lines)
    assert lines[-1].balance == 0


@settings(deadline=None)
@given(amounts, rates, numbers)
def test_settling_at_the_start_costs_the_principal(principal: D, monthly: D, number: int) -> None:
    lines = price_table(principal, monthly, number, add_months(START, 1))
    worth = sum(line.present for line in settle([(x.number, x.due, x.amount) for x in lines], monthly, START))
    assert abs(worth - principal) <= D("0.005") * number + D("0.01") * number


@settings(deadline=None)
@given(amounts, rates, numbers, st.integers(0, 2000))
def test_settling_later_saves_less(amount: D, monthly: D, number: int, days: int) -> None:
    left = [(n, add_months(START, n), amount) for n in range(1, number + 1)]
    now = settle(left, monthly, START)
    later = settle(left, monthly, START + timedelta(days=days))
    assert sum(line.discount for line in now) >= sum(line.discount for line in later) >= 0


@settings(deadline=None)
@given(amounts, st.integers(1, 1000), st.integers(2, 60))
def test_the_rate_found_is_the_rate_used(principal: D, points: int, number: int) -> None:
    monthly = D(points) / 10_000
    found = implied_rate(principal, price_instalment(principal, monthly, number), number)
    assert abs(found - monthly) < D("0.0001")
    assert abs(price_instalment(principal, found, number) - price_instalment(principal, monthly, number)) <= D("0.01")


@settings(deadline=None)
@given(amounts, rates)
def test_at_one_month_simple_and_compound_agree(principal: D, monthly: D) -> None:
    rate = Rate(monthly * 100)
    assert simple_interest(principal, rate, D(1), "mes") == compound_interest(principal, rate, D(1), "mes")
