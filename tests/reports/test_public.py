"""The balance for anybody."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.conftest import Cast
from tests.reports.test_pages import summary

PATH = "/publico/balanco/"


def test_the_years_that_are_over(history: Cast) -> None:
    with time_machine.travel(datetime(2024, 6, 1, tzinfo=UTC), tick=False):
        words = Client().get(PATH).content.decode()

    assert [f"{PATH}{ano}/" in words for ano in (2024, 2023, 2022)] == [False, True, True]


def test_a_year_of_the_whole_office_without_suppliers(history: Cast) -> None:
    words = Client().get(f"{PATH}2023/").content.decode()

    assert summary(words)["Atendimentos"] == "10"
    assert summary(words)["CIPs emitidas"] == "3"
    assert "No Procon" in words
    assert "Barraca do Zé" not in words
    assert "Banco Exemplo" not in words


@pytest.mark.parametrize("ano", ["2021", "9999", "x", "2023x", "02023"])
def test_a_year_that_is_not_there(history: Cast, ano: str) -> None:
    assert Client().get(f"{PATH}{ano}/").status_code == 404


def test_an_office_without_history_says_so(cast: Cast) -> None:
    assert "Ainda não há balanço." in Client().get(PATH).content.decode()


def test_the_years_are_one_query(history: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        Client().get(PATH)
