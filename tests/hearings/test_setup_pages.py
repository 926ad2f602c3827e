"""The pages on which the agenda is set up."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client

from hearings.models import Ausencia, Disponibilidade, RegrasDaAgenda, Sala
from tests.browsing import logged_in
from tests.conftest import NOW
from tests.hearings.conftest import Stage, moment


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def dora(stage: Stage) -> Client:
    return logged_in(stage.cast.dora)


def _address(stage: Stage, rest: str = "") -> str:
    return f"/audiencias/agenda/{stage.cast.unidade.pk}/{rest}"


def _absence(stage: Stage, **changes: Any) -> dict[str, Any]:
    who = f"conciliador:{stage.cast.carla.pk}"
    times = {"dia": "2026-03-16", "das": "09:00", "ate_dia": "2026-03-17", "ate": "12:00"}
    return {"recurso": who, "motivo": "Curso", **times, **changes}


def test_the_page_opens_at_one_s_own_unidade(stage: Stage, dora: Client) -> None:
    page = dora.get("/audiencias/agenda/").content.decode()

    for text in ("Agenda de Procon Centro", "Nenhuma ausência registrada", "Sala 1", "Nova janela", "Guardar regras"):
        assert text in page


@pytest.mark.parametrize("who", ["bruno", "edu", "eva"])
def test_who_has_nothing_to_do_with_the_agenda_finds_nothing(stage: Stage, who: str) -> None:
    assert logged_in(getattr(stage.cast, who)).get(_address(stage)).status_code == 404


def test_a_conciliator_sees_it_and_changes_only_their_own_absences(stage: Stage) -> None:
    carla = logged_in(stage.cast.carla)
    page = carla.get(_address(stage)).content.decode()

    assert ("Registrar ausência" in page, "Guardar regras" in page) == (True, False)
    assert carla.post(_address(stage, "ausencias/"), _absence(stage)).status_code == 302
    other = _absence(stage, recurso=f"conciliador:{stage.caio.pk}")
    assert carla.post(_address(stage, "ausencias/"), other).status_code == 409
    assert carla.post(_address(stage, "salas/"), {"nome": "Sala 9"}).status_code == 409
    assert (Ausencia.objects.count(), Sala.objects.count()) == (1, 2)


def test_an_absence_comes_and_goes(stage: Stage, dora: Client) -> None:
    dora.post(_address(stage, "ausencias/"), _absence(stage))
    away = Ausencia.objects.get()
    assert (away.durante.lower, away.motivo) == (moment("09:00"), "Curso")
    assert "Carla Conciliadora" in dora.get(_address(stage)).content.decode()

    assert dora.post(_address(stage, f"ausencias/{away.pk}/desfazer/")).status_code == 302
    assert "Nenhuma ausência registrada" in dora.get(_address(stage)).content.decode()


def test_an_absence_over_hearings_is_refused_with_their_names_and_what_was_typed(stage: Stage, dora: Client) -> None:
    stage.schedule("10:00")
    answer = dora.post(_address(stage, "ausencias/"), _absence(stage))

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Há audiências marcadas nesse período: 16/03/2026 às 10:00" in page
    assert 'value="Curso"' in page


def test_a_window_comes_and_goes(stage: Stage, dora: Client) -> None:
    values = {
        "recurso": f"sala:{stage.sala.pk}",
        "dia_da_semana": "0",
        "das": "09:00",
        "ate": "12:00",
        "vigente_de": "2026-03-01",
    }
    assert dora.post(_address(stage, "disponibilidades/"), values).status_code == 302
    window = Disponibilidade.objects.get()
    assert str(window) == "Sala 1: Segunda-feira, 09:00 às 12:00"
    assert dora.post(_address(stage, f"disponibilidades/{window.pk}/encerrar/")).status_code == 302
    assert "Nenhuma janela" in dora.get(_address(stage)).content.decode()


def test_the_rules_are_kept(stage: Stage, dora: Client) -> None:
    values = {"duracao": "40", "intervalo": "5", "tolerancia": "10", "prioritarias": "1"}
    assert dora.post(_address(stage, "regras/"), values).status_code == 302

    rules = RegrasDaAgenda.objects.get(unidade=stage.cast.unidade)
    assert (rules.duracao, rules.intervalo, rules.tolerancia, rules.prioritarias) == (40, 5, 10, 1)
    refused = dora.post(_address(stage, "regras/"), {**values, "duracao": "3"})
    assert (refused.status_code, "A duração fica entre 5 e 240 minutos." in refused.content.decode()) == (409, True)


def test_rooms_are_added_and_taken_out_of_use(stage: Stage, dora: Client) -> None:
    assert dora.post(_address(stage, "salas/"), {"nome": "Sala 3", "ativa": "on"}).status_code == 302
    again = dora.post(_address(stage, "salas/"), {"nome": "Sala 3", "ativa": "on"})
    assert (again.status_code, "Já há uma sala com este nome" in again.content.decode()) == (409, True)

    assert dora.post(_address(stage, f"salas/{stage.sala.pk}/"), {"nome": "Sala azul"}).status_code == 302
    stage.sala.refresh_from_db()
    assert (stage.sala.nome, stage.sala.ativa) == ("Sala azul", False)


def test_cost_in_queries(stage: Stage, dora: Client, django_assert_num_queries: Any) -> None:
    for day in ("2026-03-16", "2026-03-18", "2026-03-20"):
        dora.post(_address(stage, "ausencias/"), _absence(stage, dia=day, ate_dia=day))
        with django_assert_num_queries(16):
            dora.get(_address(stage))
