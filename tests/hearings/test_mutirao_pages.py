"""The pages of a mutirão: the supplier is found, the plan is looked at, all of it is booked or none."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client

from cases.models import Atendimento
from hearings.models import Audiencia
from parties.models import Fornecedor
from tests.browsing import logged_in
from tests.conftest import NOW
from tests.hearings.conftest import DAY, Stage
from tests.hearings.mutirao import FRIDAY, cases_of, told


@pytest.fixture
def bruno(stage: Stage) -> Any:
    with time_machine.travel(NOW, tick=False):
        yield logged_in(stage.cast.bruno)


def _sent(stage: Stage, cases: list[Atendimento], **changes: Any) -> dict[str, Any]:
    return {
        "acao": "prever",
        "casos": [case.pk for case in cases],
        "salas": [stage.sala.pk],
        "conciliadores": [stage.cast.carla.pk],
        "de": DAY.isoformat(),
        "ate": FRIDAY.isoformat(),
        "das": "09:00",
        "ate_as": "17:00",
        "duracao": 30,
        "modalidade": "presencial",
        **changes,
    }


def _place(stage: Stage) -> str:
    return f"/audiencias/mutirao/{stage.cast.unidade.pk}/{stage.cast.loja.pk}/"


def test_suppliers_with_many_cases_are_offered(stage: Stage, bruno: Client) -> None:
    cases_of(stage, 2)
    text = bruno.get("/audiencias/mutirao/").content.decode()

    assert _place(stage) in text
    assert "3 casos" in text


def _found(client: Client, text: str, **headers: str) -> list[tuple[str, int]]:
    answer = client.post("/audiencias/mutirao/", {"busca": text}, headers=headers)
    return [(row["fornecedor__razao_social"], row["casos"]) for row in answer.context["linhas"]]


def test_a_supplier_is_found_by_name_or_cnpj_also_with_one_case(stage: Stage, bruno: Client) -> None:
    cases_of(stage, 2)
    assert [row["casos"] for row in bruno.get("/audiencias/mutirao/").context["linhas"]] == [3]
    assert _found(bruno, "exemplo banco") == [("Banco Exemplo S.A.", 1)]
    assert _found(bruno, stage.cast.loja.cnpj) == [("Loja Modelo Ltda", 3)]
    assert _found(bruno, "  ") == [("Loja Modelo Ltda", 3)]
    assert _found(bruno, "ninguém") == []
    page = bruno.post("/audiencias/mutirao/", {"busca": "ninguém"}).content.decode()
    assert "Nenhum fornecedor com «ninguém» tem casos prontos" in page


def test_a_merged_supplier_s_cases_are_found_by_the_name_that_stands(stage: Stage, bruno: Client) -> None:
    cases_of(stage, 2)
    Fornecedor.objects.filter(pk=stage.cast.loja.pk).update(fundido_em=stage.cast.banco)
    assert _found(bruno, "Banco Exemplo") == [("Loja Modelo Ltda", 3), ("Banco Exemplo S.A.", 1)]


def test_typing_is_answered_with_the_rows_alone(stage: Stage, bruno: Client) -> None:
    headers = {"HX-Request": "true"}
    answer = bruno.post("/audiencias/mutirao/", {"busca": "Loja"}, headers=headers).content.decode()
    assert (_place(stage) in answer, "<html" in answer) == (True, False)


@pytest.mark.parametrize("many", [1, 3])
def test_the_search_costs_the_same_for_one_and_for_three(
    stage: Stage, bruno: Client, many: int, django_assert_num_queries: Any
) -> None:
    for number in range(many):
        supplier = Fornecedor.objects.create(razao_social=f"Telecom {number}")
        stage.caso.reclamados.create(fornecedor=supplier)
    with django_assert_num_queries(9):
        assert len(_found(bruno, "telecom")) == many


def test_changing_the_choices_gives_them_back_as_they_were(stage: Stage, bruno: Client) -> None:
    first, _ = cases_of(stage, 2)
    sent = _sent(stage, [first], acao="mudar", duracao="40", das="13:00")
    answer = bruno.post(f"{_place(stage)}?alcance=so", sent)
    page = answer.content.decode()

    assert (answer.status_code, answer.context["marcados"], Audiencia.objects.count()) == (200, {str(first.pk)}, 0)
    assert answer.context["form"]["salas"].value() == [str(stage.sala.pk)]
    assert ('value="40"' in page, 'value="13:00"' in page, page.count('name="casos"')) == (True, True, 3)
    assert page.count('aria-label="Marcar 35.001.001.26-0000100" checked') == 1
    assert "checked" not in page.split("Marcar 35.001.001.26-0000101")[1].split(">")[0]


def test_a_mutirao_from_the_pages(stage: Stage, bruno: Client) -> None:
    cases = cases_of(stage, 2)
    choose = bruno.get(_place(stage))
    assert [case.pk for case in choose.context["casos"]] == [stage.caso.pk, *(case.pk for case in cases)]

    shown = bruno.post(_place(stage), _sent(stage, cases))
    assert (shown.status_code, Audiencia.objects.count()) == (200, 0)
    assert told(shown.context["plano"]) == [
        "100 16 09:00 Sala 1 Carla Conciliadora",
        "101 16 09:30 Sala 1 Carla Conciliadora",
    ]
    done = bruno.post(_place(stage), _sent(stage, cases, acao="confirmar", plano=shown.context["assinado"]))
    assert (done.status_code, done["Location"]) == (302, "/audiencias/semana/?dia=2026-03-16")
    assert Audiencia.objects.count() == 2


def test_a_confirmation_that_comes_late_shows_what_is_taken_and_a_new_plan(stage: Stage, bruno: Client) -> None:
    cases = cases_of(stage, 2)
    shown = bruno.post(_place(stage), _sent(stage, cases))
    stage.schedule("09:00")
    again = bruno.post(_place(stage), _sent(stage, cases, acao="confirmar", plano=shown.context["assinado"]))

    assert (again.status_code, Audiencia.objects.count()) == (409, 1)
    text = again.content.decode()
    assert "alguém ocupou horários desta prévia" in text
    assert [line[:12] for line in told(again.context["plano"])] == ["100 16 09:30", "101 16 10:00"]


@pytest.mark.parametrize("plano", ["", "x", "W10:abc:def"])
def test_a_plan_that_was_not_shown_here_is_not_booked(stage: Stage, bruno: Client, plano: str) -> None:
    cases = cases_of(stage, 1)
    answer = bruno.post(_place(stage), _sent(stage, cases, acao="confirmar", plano=plano))

    assert (answer.status_code, Audiencia.objects.count()) == (409, 0)
    assert "A prévia não vale mais" in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"casos": []}, "Marque de um a 300 casos."),
        ({"ate": "2026-03-01"}, "O período termina antes de começar."),
        ({"salas": ["x"]}, "não é um valor"),
        ({"duracao": "999"}, "240"),
    ],
)
def test_refusals_of_the_form(stage: Stage, bruno: Client, changes: dict[str, Any], sentence: str) -> None:
    answer = bruno.post(_place(stage), _sent(stage, [stage.caso], **changes))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_from_elsewhere_nothing_exists(stage: Stage) -> None:
    eva = logged_in(stage.cast.eva)

    assert eva.get(_place(stage)).status_code == 404
    assert str(stage.cast.loja) not in eva.get("/audiencias/mutirao/").content.decode()
    assert logged_in(stage.cast.edu).get("/audiencias/mutirao/").status_code == 404
