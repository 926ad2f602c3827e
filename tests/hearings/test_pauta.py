"""The day's list on paper, and the three views of one room or one conciliator."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from pypdf import PdfReader

from hearings.services import cancel
from tests.browsing import logged_in
from tests.conftest import NOW
from tests.hearings.conftest import Stage
from workflow.models import Leitura

PLACE = "/audiencias/pauta/?dia=2026-03-16"


@pytest.fixture
def bruno(stage: Stage) -> Any:
    with time_machine.travel(NOW, tick=False):
        yield logged_in(stage.cast.bruno)


@pytest.fixture
def two(stage: Stage, another_case: Callable[..., Any]) -> Stage:
    """Ana's hearing in room 1 with Carla; another one, virtual, in room 2 with Caio."""
    stage.schedule("10:00")
    case, shop = another_case()
    stage.schedule(
        "09:00", atendimento=case, reclamados=[shop], sala=stage.outra_sala, conciliador=stage.caio,
        modalidade="virtual",
    )  # fmt: skip
    return stage


def printed(client: Client, query: str = "") -> str:
    answer = client.get(PLACE + query)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).split())


def test_the_list_by_room(two: Stage, bruno: Client) -> None:
    text = printed(bruno)

    assert "Pauta de audiências" in text
    assert "segunda-feira, 16 de março de 2026" in text
    assert text.index("Sala 1") < text.index("10:00–10:30") < text.index("Sala 2") < text.index("09:00–09:30")
    assert "Ana Souza" in text
    assert "Loja Modelo Ltda" in text
    assert "https://reuniao.example.org/sala-2" in text.replace(" ", "")


def test_the_list_by_conciliator(two: Stage, bruno: Client) -> None:
    text = printed(bruno, "&por=conciliador")

    assert text.index("Caio Conciliador") < text.index("09:00–09:30") < text.index("Carla Conciliadora")


def test_the_list_of_one_room(two: Stage, bruno: Client) -> None:
    text = printed(bruno, f"&recurso=sala:{two.outra_sala.pk}")

    assert ("Sala 2" in text, "Sala 1" in text, "Ana Souza" in text) == (True, False, False)


def test_it_is_archivable_and_accessible(two: Stage, bruno: Client) -> None:
    content = bruno.get(PLACE).content
    meta = PdfReader(BytesIO(content)).xmp_metadata

    assert b"<pdfaid:part>2</pdfaid:part>" in content
    assert b"<pdfuaid:part>1</pdfuaid:part>" in content
    assert meta is not None


def test_what_left_the_agenda_is_not_printed(stage: Stage, bruno: Client) -> None:
    cancel(audiencia=stage.schedule(), motivo="Não.", by=stage.cast.bruno, at=NOW)

    assert "Não há audiências neste dia." in printed(bruno)


def test_that_it_was_taken_is_logged(two: Stage, bruno: Client) -> None:
    printed(bruno)

    assert Leitura.objects.filter(pagina="pauta").values_list("leitor__usuario", "filtro", "linhas").get() == (
        "bruno",
        "dia=2026-03-16; por=sala",
        2,
    )


def test_eva_prints_nobody(two: Stage) -> None:
    with time_machine.travel(NOW, tick=False):
        assert "Não há audiências neste dia." in printed(logged_in(two.cast.eva))


# ---- the three views of one room or conciliator ----


@pytest.mark.parametrize("view", ["", "semana/"])
def test_one_room_s_view(two: Stage, bruno: Client, view: str) -> None:
    page = bruno.get(f"/audiencias/{view}?dia=2026-03-16&recurso=sala:{two.outra_sala.pk}").content.decode()

    assert ("09:00" in page, "Ana Souza" in page) == (True, False)


def test_one_conciliator_s_month(two: Stage, bruno: Client) -> None:
    key = f"conciliador:{two.caio.pk}"

    assert bruno.get("/audiencias/mes/?dia=2026-03-16").context["total"] == 2
    answer = bruno.get(f"/audiencias/mes/?dia=2026-03-16&recurso={key}")
    assert answer.context["total"] == 1
    assert f"recurso=conciliador%3A{two.caio.pk}" in answer.content.decode()


def test_the_day_by_conciliator(two: Stage, bruno: Client) -> None:
    groups = bruno.get("/audiencias/?dia=2026-03-16&por=conciliador").context["grupos"]

    assert [(str(who), len(rows)) for who, rows in groups] == [("Caio Conciliador", 1), ("Carla Conciliadora", 1)]


@pytest.mark.parametrize("recurso", ["sala:999999", "x", "sala:", "consumidor:1"])
def test_a_strange_choice_shows_all(two: Stage, bruno: Client, recurso: str) -> None:
    answer = bruno.get(f"/audiencias/?dia=2026-03-16&recurso={recurso}")

    assert (answer.status_code, len(answer.context["grupos"])) == (200, 2)


def test_a_virtual_hearing_carries_its_link(two: Stage, bruno: Client) -> None:
    page = bruno.get("/audiencias/?dia=2026-03-16").content.decode()

    assert page.count('href="https://reuniao.example.org/sala-2"') == 1
