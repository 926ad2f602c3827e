"""What the portal is told when a party answers by the link of its notice, without log-in."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client

from cases.services import rectify_case
from hearings.models import Audiencia, PedidoDeRemarcacao, Sala
from hearings.services import announce, deny_move, schedule
from notifications.models import Mensagem
from portal.services import body_of
from tests.conftest import NOW, Cast
from tests.hearings.conftest import moment
from tests.portal.receiver import Listener, register_for


@pytest.fixture(autouse=True)
def _on_the_day(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def hearing(cast: Cast, ouvinte: Listener) -> Audiencia:
    """A hearing of a case of the city's portal, told to both parties; what it owed until here is gone."""
    call_command("carregar_calendario", verbosity=0)
    case = register_for(ouvinte.webhook.integracao, cast)
    rectify_case(
        atendimento=case, status="aguarda_consumidor", desfecho="", by=cast.dora, at=NOW, motivo="Resposta no balcão."
    )
    made = schedule(
        atendimento=case,
        reclamados=[case.reclamados.get()],
        sala=Sala.objects.create(unidade=cast.unidade, nome="Sala 1"),
        conciliador=cast.carla,
        inicio=moment("10:00"),
        by=cast.bruno,
        at=NOW,
    )
    announce(audiencias=[made], by=cast.bruno, at=NOW)
    ouvinte.webhook.entregas.all().delete()
    return made


def _answer(hearing: Audiencia, name: str, **said: str) -> None:
    notice = Mensagem.objects.get(referencia=hearing.referencia, tipo="aviso_audiencia", destinatario=name)
    address = re.search(r"https?://[^/]+(/audiencias/parte/\S+/)", notice.corpo)
    assert address is not None
    assert Client().post(address[1], said).status_code == 302


def _told(ouvinte: Listener) -> list[str]:
    return [row.tipo for row in ouvinte.entregas()]


def test_the_first_confirmation_moves_the_hearing_and_the_consumers_own_is_told_too(
    ouvinte: Listener, hearing: Audiencia
) -> None:
    _answer(hearing, "Loja Modelo Ltda", acao="confirmar")
    _answer(hearing, "Ana Souza", acao="confirmar")
    _answer(hearing, "Ana Souza", acao="confirmar")

    assert _told(ouvinte) == ["audiencia.confirmada"] * 2
    assert f"/api/v1/audiencias/{hearing.pk}/".encode() in body_of(ouvinte.entregas()[1])
    assert b"Ana" not in body_of(ouvinte.entregas()[1])


def test_a_supplier_that_confirms_second_is_nobody_elses_news(ouvinte: Listener, hearing: Audiencia) -> None:
    _answer(hearing, "Ana Souza", acao="confirmar")
    _answer(hearing, "Loja Modelo Ltda", acao="confirmar")

    assert _told(ouvinte) == ["audiencia.confirmada"]


def test_the_consumers_wish_for_another_date_and_the_answer_to_it_are_told_and_no_suppliers(
    ouvinte: Listener, hearing: Audiencia, cast: Cast
) -> None:
    for name in ("Loja Modelo Ltda", "Ana Souza"):
        _answer(hearing, name, acao="pedir", motivo="Viagem.")
    for asked in PedidoDeRemarcacao.objects.order_by("pk"):
        deny_move(pedido=asked, resposta="Já foi remarcada.", by=cast.bruno, at=NOW)

    assert _told(ouvinte) == ["audiencia.nova_data_pedida", "audiencia.nova_data_negada"]
