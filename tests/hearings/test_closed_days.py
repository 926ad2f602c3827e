"""A day closed over standing hearings shows each of them, with the way to another date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Atribuicao, Papel, User
from deadlines.models import Feriado
from deadlines.services import add_day
from hearings.models import Audiencia
from hearings.services import cancel
from tests.browsing import logged_in
from tests.conftest import NOW
from tests.hearings.conftest import DAY, Stage, moment
from tests.hearings.test_pages import body

LIST = "/audiencias/sem-expediente/"
PERIOD = "/audiencias/no-periodo/?de=2026-03-16&ate=2026-03-16"


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def fabio(stage: Stage) -> User:
    """An administrador, who closes days and reads no case."""
    user = User.objects.create_user("fabio", nome="Fábio Administrador")
    Atribuicao.objects.create(user=user, unidade=stage.cast.unidade, papel=Papel.ADMINISTRADOR)
    return user


def close(by: User, day: date = DAY) -> None:
    told = {"data": day, "nome": "Luto oficial", "ambito": "municipal", "facultativo": False, "fonte": "Decreto 2"}
    add_day(**told, by=by, at=NOW)


def waits(client: Client) -> dict[str, tuple[str, str]]:
    return {item.nome: (item.total, item.endereco) for item in client.get("/").context["esperam"]}


def test_my_day_of_the_coordenador_counts_them_until_each_has_another_date(stage: Stage, fabio: User) -> None:
    standing, moved = stage.schedule(), stage.schedule("11:00")
    dora, bruno = logged_in(stage.cast.dora), logged_in(stage.cast.bruno)
    assert waits(dora) == {}
    close(fabio)
    name = "audiências em dia sem expediente"
    assert waits(dora) == {name: ("2", LIST)}
    assert name not in waits(bruno)
    cancel(audiencia=moved, motivo="Acordo.", by=stage.cast.bruno, at=NOW)
    assert [row.pk for row in dora.get(LIST).context["pagina"].rows] == [standing.pk]
    day_after = {"dia": "2026-03-17", "hora": "10:00", "sala": stage.sala.pk, "conciliador": stage.cast.carla.pk}
    told = {"reclamados": [stage.loja.pk], "modalidade": "presencial", "horario": "", "motivo": "Luto.", **day_after}
    assert dora.post(f"/audiencias/{standing.pk}/redesignar/", told).status_code == 302
    assert waits(dora) == {}


def test_the_list_names_the_day_and_leads_to_another_date(stage: Stage, fabio: User) -> None:
    made = stage.schedule()
    stage.schedule(inicio=moment("10:00", date(2026, 3, 18)))
    close(fabio)
    page = body(logged_in(stage.cast.dora).get(LIST))
    assert ("Luto oficial" in page, page.count("/redesignar/")) == (True, 1)
    assert f'href="/audiencias/{made.pk}/redesignar/"' in page
    assert "Nenhuma audiência está marcada para dia sem expediente." in body(logged_in(stage.cast.eva).get(LIST))


def test_a_day_that_is_over_waits_for_nobody(stage: Stage, fabio: User) -> None:
    stage.schedule()
    close(fabio)
    seen = Audiencia.objects.on_closed_days(since=DAY)
    assert [(row.dia, row.fechado) for row in seen] == [(DAY, "Luto oficial")]
    assert list(Audiencia.objects.on_closed_days(since=date(2026, 3, 17))) == []


def test_near_midnight_the_local_day_decides(stage: Stage, fabio: User) -> None:
    late = stage.schedule()
    Audiencia.objects.filter(pk=late.pk).update(inicio=moment("23:30"), fim=moment("23:59"))
    close(fabio, date(2026, 3, 17))
    assert list(Audiencia.objects.on_closed_days(since=NOW.date())) == []
    close(fabio)
    assert [row.pk for row in Audiencia.objects.on_closed_days(since=NOW.date())] == [late.pk]


def test_two_decrees_of_one_day_list_a_hearing_once(stage: Stage, fabio: User) -> None:
    made = stage.schedule()
    close(fabio)
    Feriado.objects.create(data=DAY, nome="Ponto facultativo", ambito="municipal", facultativo=True, fonte="Decreto 3")
    assert [row.pk for row in Audiencia.objects.on_closed_days(since=NOW.date())] == [made.pk]


def test_the_agenda_of_that_day_warns_and_offers_another_date(stage: Stage, fabio: User) -> None:
    made = stage.schedule()
    dora = logged_in(stage.cast.dora)
    assert "não funciona neste dia" not in body(dora.get("/audiencias/?dia=2026-03-16"))
    close(fabio)
    page = body(dora.get("/audiencias/?dia=2026-03-16"))
    assert "O Procon não funciona neste dia (Luto oficial), e 1 audiência está marcada" in page
    assert f'href="/audiencias/{made.pk}/redesignar/"' in page


def test_the_preview_of_a_late_day_asks_how_many_stand_on_it(stage: Stage, fabio: User) -> None:
    stage.schedule()
    client = logged_in(fabio)
    told = {"data": "2026-03-16", "nome": "Luto oficial", "ambito": "municipal", "fonte": "Decreto 2"}
    page = body(client.post("/prazos/dias/novo/", told))
    assert f'hx-get="{PERIOD.replace("&", "&amp;")}"' in page
    assert "1 audiência está marcada" in body(client.get(PERIOD, headers={"HX-Request": "true"}))


def test_the_preview_of_a_suspension_says_that_hearings_stand(stage: Stage, fabio: User) -> None:
    stage.schedule()
    client = logged_in(fabio)
    told = {"de": "2026-03-10", "ate": "2026-03-20", "motivo": "recesso", "fonte": "Decreto 3"}
    page = body(client.post("/prazos/suspensoes/nova/", told))
    address = "/audiencias/no-periodo/?de=2026-03-10&ate=2026-03-20&suspende=on"
    assert f'hx-get="{address.replace("&", "&amp;")}"' in page
    told_there = body(client.get(address, headers={"HX-Request": "true"}))
    assert "A suspensão para os prazos, não as audiências" in told_there


def test_an_administrador_reads_the_number_and_no_case(stage: Stage, fabio: User) -> None:
    stage.schedule()
    page = body(logged_in(fabio).get(PERIOD))
    assert ("1 audiência está marcada" in page, stage.caso.protocolo in page) == (True, False)


def test_a_reader_of_cases_counts_only_their_own(stage: Stage) -> None:
    stage.schedule()
    assert stage.caso.protocolo in body(logged_in(stage.cast.dora).get(PERIOD))
    page = body(logged_in(stage.cast.eva).get(PERIOD))
    assert ("Nenhuma audiência está marcada" in page, stage.caso.protocolo in page) == (True, False)


@pytest.mark.parametrize("query", ["", "?de=ontem&ate=2026-03-16", "?de=2026-03-16"])
def test_no_period_is_no_page(stage: Stage, query: str) -> None:
    assert logged_in(stage.cast.dora).get(f"/audiencias/no-periodo/{query}").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("address", "queries"), [(LIST, 6), (PERIOD, 8), ("/audiencias/?dia=2026-03-16", 9)])
def test_the_lists_cost_the_same_for_one_and_for_three(
    stage: Stage,
    fabio: User,
    another_case: Callable[..., Any],
    number: int,
    address: str,
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for place in range(number):
        case, party = another_case(place + 2)
        stage.schedule(f"{10 + place}:00", atendimento=case, reclamados=[party])
    close(fabio)
    client = logged_in(stage.cast.dora)
    with django_assert_num_queries(queries):
        page = client.get(address)
    assert body(page).count("/redesignar/") == number
