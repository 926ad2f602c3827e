"""What the parties say by the link of their notice: coming, or asking for another date."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from hearings.models import Audiencia, Confirmacao, PedidoDeRemarcacao
from hearings.services import cancel, deny_move, read_party_key, request_move, reschedule
from notifications.models import Mensagem
from tests.browsing import logged_in
from tests.conftest import NOW
from tests.hearings.conftest import Stage, moment
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def _address(hearing: Audiencia, name: str = "Ana Souza") -> str:
    notice = Mensagem.objects.get(referencia=hearing.referencia, tipo="aviso_audiencia", destinatario=name)
    found = re.search(r"https?://[^/]+(/audiencias/parte/\S+/)", notice.corpo)
    assert found is not None
    return found[1]


def _status(hearing: Audiencia) -> str:
    hearing.refresh_from_db()
    return hearing.status


def test_the_notice_s_link_shows_the_date_and_confirms(stage: Stage, client: Client) -> None:
    hearing = stage.schedule()
    address = _address(hearing)
    page = client.get(address).content.decode()
    for text in ("Segunda-feira, 16 de março de 2026, 10:00", "Ana Souza", "Sala 1", "Confirmo que venho"):
        assert text in page

    assert client.post(address, {"acao": "confirmar"}).status_code == 302
    assert _status(hearing) == "confirmada"
    assert "Sua presença está confirmada" in client.get(address).content.decode()


def test_both_parties_confirm_and_twice_is_once(stage: Stage, client: Client) -> None:
    hearing = stage.schedule()
    for name in ("Ana Souza", "Loja Modelo Ltda", "Ana Souza"):
        assert client.post(_address(hearing, name), {"acao": "confirmar"}).status_code == 302

    assert Confirmacao.objects.filter(audiencia=hearing).count() == 2
    names = list(Evento.objects.filter(ato__startswith="CONFIRMAR").values_list("ato", flat=True))
    assert names == ["CONFIRMAR", "CONFIRMAR_PRESENCA"]
    page = logged_in(stage.cast.bruno).get(hearing.get_absolute_url()).content.decode()
    assert "Consumidor (04/03 10:00)" in page


def test_the_link_holds_no_name_and_no_other_hearing(stage: Stage, client: Client) -> None:
    hearing = stage.schedule()
    address = _address(hearing)

    assert "ana" not in address.lower()
    assert client.get(address[:-3] + "x/").status_code == 404
    assert read_party_key("lixo") is None


def test_a_party_asks_for_another_date_and_rescheduling_grants_it(stage: Stage, client: Client) -> None:
    hearing = stage.schedule()
    address = _address(hearing)
    assert client.post(address, {"acao": "pedir", "motivo": "Estarei internada."}).status_code == 302
    assert "está em análise" in client.get(address).content.decode()
    assert "Estarei internada." in logged_in(stage.cast.bruno).get(hearing.get_absolute_url()).content.decode()
    again = client.post(address, {"acao": "pedir", "motivo": "De novo."})
    assert (again.status_code, "já foi recebido" in again.content.decode()) == (409, True)

    reschedule(
        audiencia=hearing,
        sala=stage.sala,
        conciliador=stage.cast.carla,
        inicio=moment("10:00", date(2026, 3, 18)),
        motivo="A pedido.",
        by=stage.cast.bruno,
        at=NOW,
    )
    asked = PedidoDeRemarcacao.objects.get()
    assert (asked.atendido, asked.decidido_por) == (True, stage.cast.bruno)
    assert "Esta data mudou" in client.get(address).content.decode()
    assert client.post(address, {"acao": "confirmar"}).status_code == 409


def test_a_request_is_denied_with_a_reason_that_the_party_reads(stage: Stage, client: Client) -> None:
    hearing = stage.schedule()
    address = _address(hearing)
    client.post(address, {"acao": "pedir", "motivo": "Viagem."})
    asked = PedidoDeRemarcacao.objects.get()
    bruno = logged_in(stage.cast.bruno)

    assert logged_in(stage.cast.eva).post(f"/audiencias/pedidos/{asked.pk}/negar/").status_code == 404
    bruno.post(f"/audiencias/pedidos/{asked.pk}/negar/", {"resposta": ""})
    assert PedidoDeRemarcacao.objects.get().decidido_em is None
    bruno.post(f"/audiencias/pedidos/{asked.pk}/negar/", {"resposta": "Já foi remarcada duas vezes."})
    assert "negado em 04/03/2026: Já foi remarcada duas vezes." in client.get(address).content.decode()
    with pytest.raises(ActNotAllowed, match="já foi decidido"):
        deny_move(pedido=asked, resposta="Não.", by=stage.cast.bruno, at=NOW)


def test_who_was_denied_another_date_is_told_and_reads_why_behind_the_link(stage: Stage, client: Client) -> None:
    hearing = stage.schedule()
    for name in ("Ana Souza", "Loja Modelo Ltda"):
        client.post(_address(hearing, name), {"acao": "pedir", "motivo": "Viagem."})
    hers = PedidoDeRemarcacao.objects.get(quem="Ana Souza")

    deny_move(pedido=hers, resposta="Já foi remarcada.", by=stage.cast.bruno, at=NOW)

    told = Mensagem.objects.get(tipo="negativa_remarcacao")
    assert (told.destinatario, told.assunto[:38], told.convite) == (
        "Ana Souza",
        "Vale a audiência de 16/03/2026 às 10:0",
        "",
    )
    assert (_address(hearing) in told.corpo, "Já foi remarcada" in told.corpo) == (True, False)
    with time_machine.travel(moment("10:00"), tick=False):
        theirs = PedidoDeRemarcacao.objects.get(quem="Loja Modelo Ltda")
        deny_move(pedido=theirs, resposta="Já começou.", by=stage.cast.bruno, at=moment("10:00"))
    assert Mensagem.objects.filter(tipo="negativa_remarcacao").count() == 1


def test_the_link_offers_free_times_and_keeps_those_that_are_wished(stage: Stage, client: Client) -> None:
    hearing = stage.schedule()
    address = _address(hearing)
    page = client.get(address).content.decode()
    offered = re.findall(r'name="preferencias" value="([^"]+)"', page)
    assert offered == [f"2026-03-{day}T{clock}:00-03:00" for day in (16, 17, 18, 19) for clock in ("09:00", "12:00")]
    assert "Seg 16/03/2026, 09:00" in page

    asked = {"acao": "pedir", "motivo": "Viagem.", "preferencias": [offered[3], offered[1]]}
    assert client.post(address, asked).status_code == 302
    assert PedidoDeRemarcacao.objects.get().preferencias == [moment("12:00"), moment("12:00", date(2026, 3, 17))]
    page = client.get(address).content.decode()
    assert "está em análise (prefere 16/03/2026 12:00, 17/03/2026 12:00)" in page
    assert 'name="preferencias"' not in page


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        (["ontem"], "Escolha os horários da lista."),
        (["9999-12-31T23:59:00-14:00"], "Escolha os horários da lista."),
        (["2026-03-03T10:00:00-03:00"], "Indique só horários que ainda vêm"),
        ([f"2026-03-{day}T10:00:00-03:00" for day in range(16, 22)], "Indique no máximo 5 horários."),
    ],
)
def test_wishes_that_cannot_be_are_refused(stage: Stage, client: Client, wishes: list[str], said: str) -> None:
    hearing = stage.schedule()
    answer = client.post(_address(hearing), {"acao": "pedir", "motivo": "Viagem.", "preferencias": wishes})

    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not PedidoDeRemarcacao.objects.exists()


def test_a_request_without_a_reason_is_refused(stage: Stage, client: Client) -> None:
    hearing = stage.schedule()
    answer = client.post(_address(hearing), {"acao": "pedir", "motivo": " "})

    assert (answer.status_code, PedidoDeRemarcacao.objects.count()) == (422, 0)
    found = read_party_key(_address(hearing).split("/")[-2])
    assert found is not None
    with pytest.raises(ContentRefused, match="Escreva por que"):
        request_move(audiencia=found[0], party=found[1], motivo="", at=NOW)


def test_nothing_is_said_of_a_date_that_is_gone(stage: Stage, client: Client) -> None:
    hearing = stage.schedule()
    address = _address(hearing)
    cancel(audiencia=hearing, motivo="Resolvido antes.", by=stage.cast.dora, at=NOW)

    assert "Esta audiência foi cancelada" in client.get(address).content.decode()
    assert client.post(address, {"acao": "confirmar"}).status_code == 409
    with time_machine.travel(moment("10:00") + timedelta(days=1), tick=False):
        assert client.post(address, {"acao": "pedir", "motivo": "Tarde."}).status_code == 409
