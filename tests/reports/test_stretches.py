"""Any stretch of days: its words, the one before it, and the totals that it is put together from."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.measures import Grao, Medida
from reports.period import Intervalo, stretches
from reports.queries import tally
from reports.totals import fold
from tests.conftest import Cast
from tests.reports.recount import facts

D = date


@pytest.mark.parametrize(
    ("de", "ate", "rotulo", "anterior"),
    [
        (D(2023, 1, 1), D(2023, 12, 31), "2023", (D(2022, 1, 1), D(2022, 12, 31))),
        (D(2023, 3, 1), D(2023, 3, 31), "março de 2023", (D(2023, 2, 1), D(2023, 2, 28))),
        (D(2023, 1, 1), D(2023, 3, 31), "01/01/2023 a 31/03/2023", (D(2022, 10, 1), D(2022, 12, 31))),
        (D(2024, 2, 1), D(2025, 1, 31), "01/02/2024 a 31/01/2025", (D(2023, 2, 1), D(2024, 1, 31))),
        (D(2023, 3, 6), D(2023, 3, 12), "06/03/2023 a 12/03/2023", (D(2023, 2, 27), D(2023, 3, 5))),
        (D(2023, 3, 6), D(2023, 3, 6), "06/03/2023 a 06/03/2023", (D(2023, 3, 5), D(2023, 3, 5))),
    ],
)
def test_a_stretch_in_words_and_the_one_before(de: date, ate: date, rotulo: str, anterior: tuple[date, date]) -> None:
    stretch = Intervalo(de, ate)

    assert stretch.rotulo == rotulo
    assert (stretch.anterior.de, stretch.anterior.ate) == anterior


def test_what_has_passed_of_it_and_a_year_before() -> None:
    year = Intervalo(D(2024, 1, 1), D(2024, 12, 31))

    assert year.until(D(2024, 2, 29)) == Intervalo(D(2024, 1, 1), D(2024, 2, 29))
    assert year.until(D(2024, 2, 29)).year_before() == Intervalo(D(2023, 1, 1), D(2023, 2, 28))
    assert year.anterior.first_days(60) == Intervalo(D(2023, 1, 1), D(2023, 3, 1))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (D(2023, 1, 1), D(2024, 1, 1), [(Grao.ANO, D(2023, 1, 1), D(2024, 1, 1))]),
        (D(2023, 3, 1), D(2023, 4, 1), [(Grao.MES, D(2023, 3, 1), D(2023, 4, 1))]),
        (D(2023, 3, 5), D(2023, 3, 9), [(Grao.DIA, D(2023, 3, 5), D(2023, 3, 9))]),
        (D(2023, 3, 5), D(2023, 4, 1), [(Grao.DIA, D(2023, 3, 5), D(2023, 4, 1))]),
        (
            D(2021, 11, 29),
            D(2024, 2, 2),
            [
                (Grao.DIA, D(2021, 11, 29), D(2021, 12, 1)),
                (Grao.MES, D(2021, 12, 1), D(2022, 1, 1)),
                (Grao.ANO, D(2022, 1, 1), D(2024, 1, 1)),
                (Grao.MES, D(2024, 1, 1), D(2024, 2, 1)),
                (Grao.DIA, D(2024, 2, 1), D(2024, 2, 2)),
            ],
        ),
    ],
)
def test_days_months_and_years(start: date, end: date, expected: list[tuple[Grao, date, date]]) -> None:
    assert stretches(start, end) == expected


@settings(max_examples=60, deadline=None)
@given(st.dates(D(2019, 1, 1), D(2024, 12, 31)), st.integers(1, 1500), st.booleans())
def test_every_day_stands_in_one_stretch(start: date, days: int, by_month: bool) -> None:
    end = start + timedelta(days=days)
    parts = stretches(start, end, by_month=by_month)

    assert [begin for _, begin, _ in parts] + [end] == [start] + [until for _, _, until in parts]
    assert all(begin < until for _, begin, until in parts)
    assert {begin.day for grao, begin, _ in parts if grao is not Grao.DIA} <= {1}
    assert {(begin.month, until.month) for grao, begin, until in parts if grao is Grao.ANO} <= {(1, 1)}


KEYS = [
    (Medida.ATENDIMENTOS, ("tipo", "desfecho")),
    (Medida.CIPS, ("resultado",)),
    (Medida.AUDIENCIAS, ("situacao", "resultado")),
]


@pytest.mark.parametrize(
    ("start", "end"),
    [(D(2022, 12, 31), D(2024, 1, 3)), (D(2023, 1, 1), D(2024, 1, 1)), (D(2023, 3, 31), D(2023, 5, 10))],
)
def test_totals_of_any_days_are_those_counted_by_hand(history: Cast, start: date, end: date) -> None:
    units = [history.unidade.pk]
    expected = {key: Counter() for key in KEYS}
    for medida, _, day, unidade, dims in facts():
        for key in KEYS:
            if key[0] is medida and unidade in units and day and start <= day < end:
                values = [str(dims[name]) for name in key[1]]
                expected[key][tuple([*values, ""][:2])] += 1

    before = tally(KEYS, start, end, units)
    fold()

    assert (before, tally(KEYS, start, end, units)) == (expected, expected)
