"""The week, by room and by conciliator, and the month."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from hearings.services import block, cancel
from tests.browsing import logged_in
from tests.conftest import NOW
from tests.hearings.conftest import Stage, moment

WEEK = "/audiencias/semana/?dia=2026-03-18"


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def bruno(stage: Stage) -> Client:
    return logged_in(stage.cast.bruno)


def body(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_week_by_room(stage: Stage, bruno: Client) -> None:
    stage.schedule()
    page = body(bruno.get(WEEK))

    for text in ("Semana de 16/03/2026 a 22/03/2026", "Seg 16/03", "10:00</strong> Ana Souza", "Sala 2", "livre"):
        assert text in page
    assert "Sáb 21/03" not in page


def test_a_week_by_conciliator_with_an_absence(stage: Stage, bruno: Client) -> None:
    stage.schedule()
    block(
        unidade=stage.cast.unidade,
        conciliador=stage.caio,
        inicio=moment("08:00"),
        fim=moment("18:00"),
        motivo="Férias",
        by=stage.cast.dora,
        at=NOW,
    )
    page = body(bruno.get(f"{WEEK}&por=conciliador"))

    for text in ("Caio Conciliador", "Carla Conciliadora", "Férias", "Sala 1"):
        assert text in page


def test_what_was_cancelled_is_not_shown(stage: Stage, bruno: Client) -> None:
    cancel(audiencia=stage.schedule(), motivo="Resolvido antes.", by=stage.cast.dora, at=NOW)

    assert "Ana Souza" not in body(bruno.get(WEEK))


def test_a_month_counts_its_days(stage: Stage, bruno: Client, another_case: Callable[..., Any]) -> None:
    stage.schedule()
    case, shop = another_case()
    stage.schedule("11:00", atendimento=case, reclamados=[shop])
    page = body(bruno.get("/audiencias/mes/?dia=2026-03-09"))

    for text in ("Março de 2026", "2 audiências no mês", "2 audiências<br>", "2 por fazer", "?dia=2026-03-16"):
        assert text in page


def test_a_holiday_is_named(bruno: Client) -> None:
    assert "Tiradentes" in body(bruno.get("/audiencias/mes/?dia=2026-04-01"))


@pytest.mark.parametrize("address", ["/audiencias/semana/", "/audiencias/mes/"])
@pytest.mark.parametrize("day", ["2000-01-01", "2099-12-31", "x", "1900-01-01"])
def test_the_ends_of_time(bruno: Client, address: str, day: str) -> None:
    assert bruno.get(f"{address}?dia={day}").status_code == 200


def test_eva_sees_nobody(stage: Stage) -> None:
    stage.schedule()
    eva = logged_in(stage.cast.eva)

    assert "Ana Souza" not in body(eva.get(WEEK))
    assert "0 audiências no mês" in body(eva.get("/audiencias/mes/?dia=2026-03-09"))


def test_cost_in_queries(
    stage: Stage, bruno: Client, another_case: Callable[..., Any], django_assert_num_queries: Any
) -> None:
    stage.schedule()
    with django_assert_num_queries(11):
        bruno.get(WEEK)
    for number, clock in ((2, "11:00"), (3, "12:00")):
        case, shop = another_case(number)
        stage.schedule(clock, atendimento=case, reclamados=[shop])
    with django_assert_num_queries(11):
        bruno.get(WEEK)
    with django_assert_num_queries(7):
        bruno.get("/audiencias/mes/?dia=2026-03-09")
