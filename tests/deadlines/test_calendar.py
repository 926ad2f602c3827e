"""The days without work: computed, dated by law, and compared with a library that knows none of our data."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest

from deadlines import lawdata
from deadlines.calendar import Calendar, OutsideCalendarError, easter, weekday_name

OFFICE = lawdata.calendar()


@pytest.mark.parametrize(
    ("year", "sunday"),
    [
        (2015, date(2015, 4, 5)),
        (2016, date(2016, 3, 27)),
        (2018, date(2018, 4, 1)),
        (2019, date(2019, 4, 21)),
        (2023, date(2023, 4, 9)),
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2026, date(2026, 4, 5)),
        (2027, date(2027, 3, 28)),
        (2030, date(2030, 4, 21)),
        (2035, date(2035, 3, 25)),
        (2038, date(2038, 4, 25)),  # the latest possible
        (1818, date(1818, 3, 22)),  # the earliest possible
    ],
)
def test_easter(year: int, sunday: date) -> None:
    assert easter(year) == sunday
    assert weekday_name(sunday) == "domingo"


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 1, 1), False),  # Thursday, Confraternização
        (date(2026, 1, 2), True),  # Friday
        (date(2026, 2, 13), True),  # Friday before Carnaval
        (date(2026, 2, 16), False),  # Carnaval Monday
        (date(2026, 2, 17), False),  # Carnaval Tuesday
        (date(2026, 2, 18), True),  # Ash Wednesday
        (date(2026, 4, 3), False),  # Good Friday
        (date(2026, 4, 6), True),  # Monday after Easter
        (date(2026, 4, 21), False),  # Tuesday, Tiradentes
        (date(2026, 5, 1), False),  # Friday, Trabalho
        (date(2026, 6, 4), False),  # Thursday, Corpus Christi
        (date(2026, 6, 5), True),  # Friday after it
        (date(2026, 7, 9), False),  # Thursday, São Paulo's own
        (date(2026, 9, 7), False),  # Monday, Independência
        (date(2026, 9, 8), False),  # Tuesday, the city's own
        (date(2026, 9, 9), True),  # Wednesday
        (date(2026, 10, 12), False),  # Monday, Aparecida
        (date(2026, 10, 28), False),  # Wednesday, civil servants
        (date(2026, 11, 2), False),  # Monday, Finados
        (date(2026, 11, 20), False),  # Friday, Consciência Negra, national
        (date(2022, 11, 21), True),  # Monday
        (date(2022, 11, 18), True),  # Friday
        (date(2020, 11, 20), True),  # Friday, before the state's law of 2023
        (date(2023, 11, 20), False),  # Monday, by the state's law
        (date(2026, 12, 25), False),  # Friday, Natal
        (date(2026, 3, 7), False),  # Saturday
        (date(2026, 3, 8), False),  # Sunday
        (date(2024, 2, 29), True),  # leap Thursday
    ],
)
def test_working_days(day: date, works: bool) -> None:
    assert OFFICE.is_working_day(day) is works


@pytest.mark.parametrize("year", [2015, 2019, 2022, 2023, 2024, 2026, 2030, 2035])
def test_national_and_state_days_agree_with_an_independent_library(year: int) -> None:
    theirs = set(holidays.country_holidays("BR", subdiv="SP", years=[year], categories=("public", "optional")))
    ash_wednesday = easter(year) - timedelta(days=46)
    half_days = {ash_wednesday, date(year, 12, 24), date(year, 12, 31)}
    black_awareness = {date(year, 11, 20)}  # the library keeps the capital's custom before the law of 2023
    ours = set(lawdata.calendar([year]).days) - {date(year, 9, 8)}

    assert ours - black_awareness == theirs - half_days - black_awareness


def test_next_working_day_crosses_a_bridge_of_holidays() -> None:
    assert OFFICE.next_working_day(date(2026, 9, 5)) == date(2026, 9, 9)  # Saturday → Wednesday
    assert OFFICE.next_working_day(date(2026, 9, 9)) == date(2026, 9, 9)  # itself


def test_two_names_on_one_day_are_both_told() -> None:
    day = date(2026, 9, 8)
    assert Calendar.of([(day, "Padroeira"), (day, "Luto oficial")]).name_of(day) == "Padroeira; Luto oficial"


def test_a_year_without_holidays_is_refused() -> None:
    with pytest.raises(OutsideCalendarError) as refused:
        OFFICE.is_working_day(date(2036, 1, 7))
    assert refused.value.year == 2036


def test_every_day_and_rule_names_its_norm() -> None:
    assert [row["nome"] for row in lawdata.holiday_rows([2026]) if not row["fonte"]] == []
    assert [rule.name for rule in lawdata.rules() if not rule.source] == []
