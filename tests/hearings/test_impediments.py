"""When parties cannot come: noted, kept to by search and booking, taken back."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
import time_machine
from django.test import Client

from hearings.models import Impedimento
from hearings.rules import Unable
from hearings.services import Wish, drop_impediment, next_slots, note_impediment
from tests.browsing import logged_in
from tests.conftest import NOW
from tests.hearings.conftest import DAY, Stage, moment
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento

TUESDAY = date(2026, 3, 17)


def note(stage: Stage, **when: Any) -> Impedimento:
    return note_impediment(atendimento=stage.caso, by=stage.cast.bruno, at=NOW, **when)


def starts(stage: Stage, limit: int = 2, **asked: Any) -> list[str]:
    found = next_slots(atendimento=stage.caso, start=DAY, limit=limit, **asked)
    return [f"{slot.inicio:%d %H:%M}" for slot in found]


@pytest.mark.parametrize(
    ("unable", "met"),
    [
        (Unable(), True),
        (Unable(dias=frozenset({0})), True),  # Monday 16
        (Unable(dias=frozenset({1, 2})), False),
        (Unable(de=DAY, ate=DAY), True),
        (Unable(de=TUESDAY), False),
        (Unable(ate=date(2026, 3, 15)), False),
        (Unable(das=time(10, 30)), False),  # the hearing ends as it begins
        (Unable(das=time(10, 29)), True),
        (Unable(ate_as=time(10)), False),
        (Unable(ate_as=time(10, 1)), True),
        (Unable(dias=frozenset({0}), das=time(14)), False),
    ],
)
def test_when_somebody_cannot_come(unable: Unable, met: bool) -> None:
    assert unable.meets(moment("10:00"), moment("10:30")) is met


def test_the_consumer_s_hours_are_left_out(stage: Stage) -> None:
    note(stage, ate_as=time(12))

    assert starts(stage) == ["16 12:00", "16 12:30"]


def test_a_supplier_s_days_count_when_it_is_called(stage: Stage) -> None:
    note(stage, reclamado=stage.loja, dias_da_semana=[0])

    assert starts(stage) == ["17 09:00", "17 09:30"]
    assert starts(stage, reclamados=[stage.banco]) == ["16 09:00", "16 09:30"]


def test_a_booking_over_it_is_refused_with_a_way_out(stage: Stage) -> None:
    noted = note(stage, de=DAY, ate=TUESDAY, motivo="Viagem")
    with pytest.raises(ContentRefused) as refusal:
        stage.schedule()
    assert refusal.value.errors == {
        "inicio": "Nesse horário o consumidor não pode (de 16/03 a 17/03/2026). "
        "Escolha outro, ou retire o impedimento se ele não vale mais."
    }
    drop_impediment(impedimento=noted, by=stage.cast.bruno, at=NOW)
    assert stage.schedule().inicio == moment("10:00")


def test_the_offer_of_a_refusal_keeps_to_it(stage: Stage) -> None:
    stage.schedule("09:00")
    note(stage, das=time(9, 30), ate_as=time(16))
    with pytest.raises(ActNotAllowed, match=r"Próximos horários livres: 16/03/2026 às 16:00 .*; 16/03/2026 às 16:30"):
        stage.schedule("09:00", conciliador=stage.caio, sala=stage.outra_sala)


@pytest.mark.parametrize(
    ("when", "sentence"),
    [
        ({}, "Diga quando a parte não pode"),
        ({"de": TUESDAY, "ate": DAY}, "O último dia vem antes do primeiro"),
        ({"das": time(12), "ate_as": time(9)}, "O fim vem depois do início"),
    ],
)
def test_refuses_what_says_nothing(stage: Stage, when: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ActNotAllowed, match=sentence):
        note(stage, **when)


def test_refuses_a_supplier_of_another_case(stage: Stage, another_case: Any) -> None:
    _, foreign = another_case()
    with pytest.raises(ContentRefused, match="não é parte deste caso"):
        note(stage, reclamado=foreign, dias_da_semana=[1])


def test_refuses_somebody_without_the_papel(stage: Stage) -> None:
    with pytest.raises(ActNotAllowed, match="registrar impedimento"):
        note_impediment(atendimento=stage.caso, dias_da_semana=[1], by=stage.cast.edu, at=NOW)


def test_it_is_taken_back_once_and_stays_in_the_history(stage: Stage) -> None:
    noted = note(stage, dias_da_semana=[1, 0, 1], das=time(14))
    drop_impediment(impedimento=noted, by=stage.cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="já foi retirado"):
        drop_impediment(impedimento=noted, by=stage.cast.bruno, at=NOW)

    assert list(Evento.objects.order_by("sequencia").values_list("ato", "dados__quando")) == [
        ("REGISTRAR_IMPEDIMENTO", "segunda-feira, terça-feira, a partir das 14:00"),
        ("RETIRAR_IMPEDIMENTO", "segunda-feira, terça-feira, a partir das 14:00"),
    ]


def test_a_wish_narrows_one_search(stage: Stage) -> None:
    assert starts(stage, wish=Wish(frozenset({2}), time(12))) == ["18 12:00", "18 12:30"]


# ---- the page ----


@pytest.fixture
def bruno(stage: Stage) -> Any:
    with time_machine.travel(NOW, tick=False):
        yield logged_in(stage.cast.bruno)


def test_noted_and_taken_back_on_the_page(stage: Stage, bruno: Client) -> None:
    place, form = f"/audiencias/nova/{stage.caso.protocolo}/", f"/audiencias/impedimentos/{stage.caso.protocolo}/"
    answer = bruno.post(form, {"dias_da_semana": ["0"], "ate_as": "12:00", "motivo": "Trabalha"})
    assert (answer.status_code, answer["Location"]) == (302, place)
    page = bruno.get(place).content.decode()
    assert "segunda-feira, até as 12:00" in page
    assert "16/03/2026 às 12:00" in page
    assert "16/03/2026 às 09:00" not in page
    row = Impedimento.objects.get()
    assert bruno.post(f"/audiencias/impedimentos/{row.pk}/retirar/").status_code == 302
    assert "16/03/2026 às 09:00" in bruno.get(place).content.decode()


def test_an_empty_one_is_shown_again_with_the_reason(stage: Stage, bruno: Client) -> None:
    answer = bruno.post(f"/audiencias/impedimentos/{stage.caso.protocolo}/", {"motivo": "x"})

    assert answer.status_code == 422
    assert "Diga quando a parte não pode" in answer.content.decode()


def test_from_elsewhere_nothing_exists(stage: Stage) -> None:
    noted = note(stage, dias_da_semana=[1])
    eva = logged_in(stage.cast.eva)

    assert eva.post(f"/audiencias/impedimentos/{stage.caso.protocolo}/", {"dias_da_semana": ["0"]}).status_code == 404
    assert eva.post(f"/audiencias/impedimentos/{noted.pk}/retirar/").status_code == 404


def test_the_search_takes_days_and_half_of_the_day(stage: Stage, bruno: Client) -> None:
    page = bruno.get(f"/audiencias/nova/{stage.caso.protocolo}/?dias=2&turno=tarde").content.decode()

    assert "18/03/2026 às 12:00" in page
    assert "16/03/2026 às" not in page
    assert "dias=2&amp;turno=tarde" in page
