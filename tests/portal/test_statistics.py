"""The balance through the API: the same numbers as everywhere, for whoever has the scope."""

from __future__ import annotations

import io
import json

import pytest
import time_machine
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from cases.models import Assunto
from tests.conftest import NOW, Cast
from tests.portal.conftest import Program, complaint


def told(*arguments: str) -> object:
    """What `manage.py balanco` says as JSON."""
    out = io.StringIO()
    call_command("balanco", *arguments, "--formato", "json", stdout=out)
    return json.loads(out.getvalue())


@time_machine.travel(NOW, tick=False)
def test_it_is_the_balance_that_the_command_writes(
    cast: Cast, subject: Assunto, cidade: Program, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cidade.post("/atendimentos/", complaint())
    year = cidade.get("/estatisticas/2026/")
    assert year.json() == told("2026")
    assert (year.json()["periodo"], year.json()["atendimentos"]["total"]) == ({"ano": 2026, "mes": None}, 1)
    with django_assert_num_queries(4):
        month = cidade.get("/estatisticas/2026/?mes=3").json()
    assert month == told("2026", "--mes", "3")
    assert cidade.get("/estatisticas/2026/?mes=2").json()["atendimentos"]["total"] == 0


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("2027/", 404, None),
        ("0000/", 404, None),
        ("dois/", 404, None),
        ("2026/?mes=13", 400, "mes"),
        ("2026/?mes=4", 400, "mes"),
        ("2026/?dia=1", 400, "dia"),
    ],
)
@time_machine.travel(NOW, tick=False)
def test_what_is_no_period_is_refused(cidade: Program, path: str, status: int, field: str | None) -> None:
    answer = cidade.get(f"/estatisticas/{path}")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert list(answer.json().get("erros", {})) == ([field] if field else [])
