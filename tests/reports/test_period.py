"""Which periods can be asked for, and where they begin and end."""

from __future__ import annotations

from datetime import date

import pytest

from reports.measures import Grao
from reports.period import Periodo, read_period
from workflow.errors import ContentRefused

TODAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("periodo", "first", "following", "grao"),
    [
        (Periodo(2023), date(2023, 1, 1), date(2024, 1, 1), Grao.ANO),
        (Periodo(2023, 12), date(2023, 12, 1), date(2024, 1, 1), Grao.MES),
        (Periodo(2024, 2), date(2024, 2, 1), date(2024, 3, 1), Grao.MES),
    ],
)
def test_a_period_is_one_stretch_of_the_totals(periodo: Periodo, first: date, following: date, grao: Grao) -> None:
    assert (periodo.first_day, periodo.next_day, periodo.grao) == (first, following, grao)


@pytest.mark.parametrize(
    ("ano", "mes", "periodo"),
    [
        (2023, None, Periodo(2023)),
        ("2023", "", Periodo(2023)),
        ("2023", "3", Periodo(2023, 3)),
        (2026, 3, Periodo(2026, 3)),
    ],
)
def test_a_period_is_read(ano: object, mes: object, periodo: Periodo) -> None:
    assert read_period(ano, mes, today=TODAY) == periodo


@pytest.mark.parametrize("ano", ["0", "99999", "-1", "1989", "2027", "dois mil", "", "２０２３", "2023.0", "9" * 5000])
def test_what_is_no_year_is_refused(ano: str) -> None:
    with pytest.raises(ContentRefused) as refused:
        read_period(ano, today=TODAY)

    assert refused.value.message == (
        f"Não há balanço do ano «{ano}»: é preciso um ano entre 1990 e 2026. "
        "Escreva o ano com quatro algarismos, como em 2023."
    )
    assert refused.value.errors == {"ano": "Escreva um ano entre 1990 e 2026."}


@pytest.mark.parametrize("mes", ["13", "0", "-1", "março"])
def test_what_is_no_month_is_refused(mes: str) -> None:
    with pytest.raises(ContentRefused, match="não é um mês") as refused:
        read_period("2023", mes, today=TODAY)

    assert refused.value.errors == {"mes": "Escreva um número de 1 a 12."}


def test_a_month_that_has_not_begun_is_refused() -> None:
    with pytest.raises(ContentRefused) as refused:
        read_period("2026", "4", today=TODAY)

    assert refused.value.message == (
        "Ainda não há balanço de abril de 2026: o mês não começou. Peça um mês até março de 2026."
    )


@pytest.mark.parametrize(
    ("periodo", "before", "after"),
    [
        (Periodo(2023), Periodo(2022), Periodo(2024)),
        (Periodo(2023, 1), Periodo(2022, 12), Periodo(2023, 2)),
        (Periodo(2023, 12), Periodo(2023, 11), Periodo(2024, 1)),
    ],
)
def test_a_period_knows_its_neighbours(periodo: Periodo, before: Periodo, after: Periodo) -> None:
    assert (periodo.anterior, periodo.seguinte) == (before, after)
