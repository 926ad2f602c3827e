"""Pages of hearings: who sees them, what they offer, what they answer to a refusal, and their cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import Atribuicao, Papel
from hearings.models import Audiencia, Presenca
from hearings.services import hold
from tests.browsing import logged_in
from tests.conftest import NOW
from tests.hearings.conftest import Stage, moment

SLOT = "2026-03-16T10:00"


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def bruno(stage: Stage) -> Client:
    return logged_in(stage.cast.bruno)


def body(answer: Any) -> str:
    return str(answer.content.decode())


def form(stage: Stage, **changes: Any) -> dict[str, Any]:
    chosen = f"{SLOT}|{stage.sala.pk}|{stage.cast.carla.pk}"
    return {"reclamados": [stage.loja.pk], "modalidade": "presencial", "horario": chosen, **changes}


def typed(stage: Stage, **changes: Any) -> dict[str, Any]:
    other = {"dia": "2026-03-16", "hora": "11:15", "sala": stage.outra_sala.pk, "conciliador": stage.caio.pk}
    return form(stage, **{"horario": "", **other, **changes})


# ---- agenda ----


def test_the_day_by_room(stage: Stage, bruno: Client) -> None:
    stage.schedule()
    page = body(bruno.get("/audiencias/?dia=2026-03-16"))

    for text in ("Segunda-feira, 16 de março de 2026", "Sala 1", "10:00–10:30", "Ana Souza", "Loja Modelo Ltda"):
        assert text in page
    assert ("?dia=2026-03-13" in page, "?dia=2026-03-17" in page, "Sala 2</h2>" in page) == (True, True, False)


def test_an_empty_day_says_so(stage: Stage, bruno: Client) -> None:
    assert "Nenhuma audiência neste dia." in body(bruno.get("/audiencias/"))


def test_a_conciliator_s_own_agenda(stage: Stage) -> None:
    stage.schedule()

    assert "10:00–10:30" in body(logged_in(stage.cast.carla).get("/audiencias/?dia=2026-03-16&minhas=on"))
    assert "Nenhuma audiência sua" in body(logged_in(stage.caio).get("/audiencias/?dia=2026-03-16&minhas=on"))


def test_what_left_the_agenda_is_apart(stage: Stage, bruno: Client) -> None:
    audiencia = stage.schedule()
    bruno.post(f"/audiencias/{audiencia.pk}/cancelar/", {"motivo": "Acordo."})

    assert "Saíram da pauta" in body(bruno.get("/audiencias/?dia=2026-03-16"))


@pytest.mark.parametrize("asked", ["ontem", "2026-02-30", "0001-01-01", "9999-12-31", ""])
def test_a_strange_day_gives_a_page(stage: Stage, bruno: Client, asked: str) -> None:
    assert bruno.get("/audiencias/", {"dia": asked}).status_code == 200


def test_a_holiday_is_named_and_neighbours_are_working_days(stage: Stage, bruno: Client) -> None:
    page = body(bruno.get("/audiencias/?dia=2026-04-03"))  # Friday, Paixão de Cristo

    assert ("Paixão" in page, "?dia=2026-04-02" in page, "?dia=2026-04-06" in page) == (True, True, True)


def test_the_agenda_costs_the_same_for_one_and_for_three(
    stage: Stage, bruno: Client, another_case: Callable[..., Any], django_assert_num_queries: Any
) -> None:
    stage.schedule()
    with django_assert_num_queries(9):
        bruno.get("/audiencias/?dia=2026-03-16")
    for number, clock in ((2, "11:00"), (3, "12:00")):
        case, shop = another_case(number)
        stage.schedule(clock, atendimento=case, reclamados=[shop])
    with django_assert_num_queries(9):
        bruno.get("/audiencias/?dia=2026-03-16")


# ---- who sees ----


def test_from_elsewhere_nothing_exists(stage: Stage) -> None:
    audiencia = stage.schedule()
    eva = logged_in(stage.cast.eva)
    protocol = stage.caso.protocolo

    assert "10:00–10:30" not in body(eva.get("/audiencias/?dia=2026-03-16"))
    gets = [f"/audiencias/{audiencia.pk}/", f"/audiencias/nova/{protocol}/", f"/audiencias/do-caso/{protocol}/"]
    gets.append(f"/audiencias/{audiencia.pk}/redesignar/")
    assert [eva.get(path).status_code for path in gets] == [404] * 4
    posts = [f"/audiencias/{audiencia.pk}/{act}/" for act in ("notificar", "confirmar", "cancelar", "resultado")]
    assert [eva.post(path).status_code for path in posts] == [404] * 4


def test_an_administrator_sees_no_case(stage: Stage) -> None:
    audiencia = stage.schedule()
    Atribuicao.objects.filter(user=stage.cast.eva).update(unidade=stage.cast.unidade, papel=Papel.ADMINISTRADOR)

    assert logged_in(stage.cast.eva).get(f"/audiencias/{audiencia.pk}/").status_code == 404


@pytest.mark.parametrize("pk", ["0", "999999999", "99999999999999999999999"])
def test_no_such_hearing(stage: Stage, bruno: Client, pk: str) -> None:
    assert bruno.get(f"/audiencias/{pk}/").status_code == 404


def test_without_log_in_one_is_sent_to_the_door(stage: Stage) -> None:
    assert Client().get("/audiencias/").status_code == 302


# ---- scheduling ----


def test_free_times_begin_where_the_lead_allows(stage: Stage, bruno: Client) -> None:
    page = body(bruno.get(f"/audiencias/nova/{stage.caso.protocolo}/"))

    assert f'value="2026-03-16T09:00|{stage.sala.pk}|{stage.caio.pk}"' in page
    assert "2026-03-13T" not in page


def test_free_times_from_a_day_of_one_s_own(stage: Stage, bruno: Client) -> None:
    page = body(bruno.get(f"/audiencias/nova/{stage.caso.protocolo}/?desde=2026-03-23&modalidade=virtual"))

    assert f'value="2026-03-23T09:00|{stage.outra_sala.pk}|' in page


@pytest.mark.parametrize("query", ["desde=x&modalidade=y", "desde=9999-12-31", "desde=1900-01-01", "desde=2099-12-31"])
def test_a_strange_search_gives_a_page(stage: Stage, bruno: Client, query: str) -> None:
    assert bruno.get(f"/audiencias/nova/{stage.caso.protocolo}/?{query}").status_code == 200


def test_a_free_time_is_taken(stage: Stage, bruno: Client) -> None:
    answer = bruno.post(f"/audiencias/nova/{stage.caso.protocolo}/", form(stage))

    audiencia = Audiencia.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/audiencias/{audiencia.pk}/")
    assert (audiencia.inicio, audiencia.sala, audiencia.conciliador) == (
        moment("10:00"),
        stage.sala,
        stage.cast.carla,
    )


def test_another_time_is_typed(stage: Stage, bruno: Client) -> None:
    bruno.post(f"/audiencias/nova/{stage.caso.protocolo}/", typed(stage))

    audiencia = Audiencia.objects.get()
    assert (audiencia.inicio, audiencia.sala, audiencia.conciliador) == (moment("11:15"), stage.outra_sala, stage.caio)


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"reclamados": []}, 422, "Este campo é obrigatório"),
        ({"horario": "", "dia": ""}, 422, "Preencha, ou escolha um dos horários livres."),
        ({"horario": "amanhã cedo"}, 422, "Faça uma escolha válida"),
        ({"horario": "2026-13-99T99:99|1|1"}, 422, "Este horário não existe mais"),
        ({"horario": "2026-03-16T10:00|999999|999999"}, 422, "Este horário não existe mais"),
        ({"horario": "", "dia": "31/02/2026"}, 422, "Informe uma data válida"),
        ({"dia": "2026-03-15", "horario": ""}, 422, "não funciona (domingo)"),
        ({"dia": "2026-03-02", "horario": ""}, 422, "já passaram"),
        ({"dia": "2026-03-10", "horario": ""}, 422, "a primeira data possível é 14/03/2026"),
        ({"horario": "", "hora": "08:00"}, 422, "sai do expediente"),
    ],
)
def test_refusals_of_the_form(stage: Stage, bruno: Client, changes: dict[str, Any], status: int, sentence: str) -> None:
    answer = bruno.post(f"/audiencias/nova/{stage.caso.protocolo}/", typed(stage, **changes))

    assert answer.status_code == status
    assert sentence in body(answer)
    assert Audiencia.objects.count() == 0


def test_the_second_browser_is_told_what_is_taken(
    stage: Stage, bruno: Client, another_case: Callable[..., Any]
) -> None:
    case, shop = another_case()
    bruno.post(f"/audiencias/nova/{stage.caso.protocolo}/", form(stage))
    answer = logged_in(stage.cast.dora).post(f"/audiencias/nova/{case.protocolo}/", form(stage, reclamados=[shop.pk]))

    assert answer.status_code == 409
    page = body(answer)
    assert "Carla Conciliadora já concilia outra audiência nesse horário (caso" in page
    assert "a sala Sala 1 está ocupada nesse horário (caso" in page
    assert "Próximos horários livres: 16/03/2026 às 10:30" in page


def test_a_case_that_is_not_ready_is_refused_at_once(stage: Stage, bruno: Client) -> None:
    type(stage.caso).objects.update(status="aberto")
    answer = bruno.get(f"/audiencias/nova/{stage.caso.protocolo}/")

    assert (answer.status_code, "Não se marca audiência em caso «Aberto»" in body(answer)) == (409, True)


def test_an_authority_reads_but_does_not_schedule(stage: Stage) -> None:
    edu = logged_in(stage.cast.edu)
    audiencia = stage.schedule()

    assert edu.get(f"/audiencias/nova/{stage.caso.protocolo}/").status_code == 409
    page = body(edu.get(f"/audiencias/{audiencia.pk}/"))
    assert ("Ana Souza" in page, "Registrar resultado" in page, "Cancelar audiência" in page) == (True, False, False)


# ---- one hearing ----


def test_the_page_of_a_hearing(stage: Stage, bruno: Client) -> None:
    audiencia = stage.schedule()
    page = body(bruno.get(f"/audiencias/{audiencia.pk}/"))

    for text in (
        "Segunda-feira, 16 de março de 2026, 10:00",
        "Carla Conciliadora",
        "Notificação de audiência ao consumidor",
        "Lembrete: audiência em 16/03/2026 às 10:00",
        "Redesignar",
        "Cancelar audiência",
    ):
        assert text in page
    assert "Registrar a ausência" not in page
    with time_machine.travel(audiencia.inicio - timedelta(hours=2), tick=False):
        assert "Registrar a ausência" in body(bruno.get(f"/audiencias/{audiencia.pk}/"))


@pytest.mark.parametrize(
    ("act", "data", "status"),
    [
        ("notificar", {"como": "Carta em mãos"}, "notificada"),
        ("confirmar", {"quem": "Ana, por telefone"}, "confirmada"),
        ("cancelar", {"motivo": "Acordo antes"}, "cancelada"),
    ],
)
def test_short_acts(stage: Stage, bruno: Client, act: str, data: dict[str, str], status: str) -> None:
    audiencia = stage.schedule()

    assert bruno.post(f"/audiencias/{audiencia.pk}/{act}/", {}).status_code == 422
    assert bruno.post(f"/audiencias/{audiencia.pk}/{act}/", data).status_code == 302
    audiencia.refresh_from_db()
    assert audiencia.status == status
    bruno.post(f"/audiencias/{audiencia.pk}/cancelar/", {"motivo": "Sim"})
    stale = bruno.post(f"/audiencias/{audiencia.pk}/{act}/", data)
    assert (stale.status_code, "«Cancelada»" in body(stale)) == (409, True)


def test_another_date_from_the_page(stage: Stage, bruno: Client) -> None:
    old = stage.schedule()
    assert "Motivo da redesignação" in body(bruno.get(f"/audiencias/{old.pk}/redesignar/"))
    bruno.post(f"/audiencias/{old.pk}/redesignar/", typed(stage, motivo="O preposto pediu."))

    new = Audiencia.objects.get(anterior=old)
    assert new.inicio == moment("11:15")
    assert "Redesignada para" in body(bruno.get(f"/audiencias/{old.pk}/"))
    assert "Substitui a audiência de" in body(bruno.get(f"/audiencias/{new.pk}/"))
    assert bruno.get(f"/audiencias/{old.pk}/redesignar/").status_code == 409


def test_the_case_s_fragment_and_page(
    stage: Stage, bruno: Client, another_case: Callable[..., Any], django_assert_num_queries: Any
) -> None:
    path = f"/audiencias/do-caso/{stage.caso.protocolo}/"
    assert "Nenhuma audiência marcada" in body(bruno.get(path))
    stage.schedule()
    with django_assert_num_queries(7):
        fragment = body(bruno.get(path, headers={"HX-Request": "true"}))
    assert ("16/03/2026, 10:00" in fragment, "<html" in fragment) == (True, False)
    stage.schedule("11:00")
    stage.schedule(inicio=moment("10:00", date(2026, 3, 17)))
    with django_assert_num_queries(7):
        bruno.get(path, headers={"HX-Request": "true"})
    assert "<html" in body(bruno.get(path))


# ---- the agreement made at the hearing ----


def test_a_hearing_with_agreement_leads_to_its_form_supplier_by_supplier(stage: Stage) -> None:
    audiencia = stage.schedule(reclamados=[stage.loja, stage.banco])
    people = [
        Presenca(qualidade="consumidor", nome="Ana Souza", chegou_em=moment("09:50")),
        Presenca(qualidade="preposto", nome="Pedro", reclamado=stage.loja, chegou_em=moment("09:50")),
    ]
    hold(audiencia=audiencia, resultado="acordo_parcial", presencas=people, by=stage.cast.carla, at=moment("10:40"))
    with time_machine.travel(moment("10:41"), tick=False):
        carla = logged_in(stage.cast.carla)
        address = f"/atendimentos/{stage.caso.protocolo}/acordos/novo/?audiencia={audiencia.pk}&reclamado="
        page = body(carla.get(audiencia.get_absolute_url())).replace("&amp;", "&")
        assert (f"{address}{stage.loja.pk}" in page, f"{address}{stage.banco.pk}" in page) == (True, False)
        form = carla.get(f"{address}{stage.loja.pk}").context["form"]
        assert (form.initial["origem"], form.initial["reclamado"]) == ("audiencia", stage.loja.pk)
        carla.post(
            f"/atendimentos/{stage.caso.protocolo}/acordos/novo/",
            {
                "reclamado": stage.loja.pk,
                "origem": "audiencia",
                "texto": "Troca em dez dias.",
                "firmado_em": "2026-03-16",
                "conferir_em": "2026-03-26",
            },
        )
        page = body(carla.get(audiencia.get_absolute_url())).replace("&amp;", "&")

    assert (f"{address}{stage.loja.pk}" in page, "Termo de acordo" in page) == (False, True)


@pytest.mark.parametrize("asked", ["x", "0", "99999999999999999999"])
def test_a_strange_supplier_in_the_address_fills_in_nothing(stage: Stage, bruno: Client, asked: str) -> None:
    answer = bruno.get(f"/atendimentos/{stage.caso.protocolo}/acordos/novo/?audiencia=1&reclamado={asked}")

    assert (answer.status_code, answer.context["form"].initial["reclamado"]) == (200, None)
