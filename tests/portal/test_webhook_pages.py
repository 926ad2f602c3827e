"""The administrador sees where webhooks go and what failed, and sends it again."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Atribuicao, Papel, User
from portal.models import Entrega, Webhook
from portal.services import create_webhook
from tests.conftest import NOW, Cast
from tests.portal.receiver import Listener, deliver, register_for

LIST = "/cadastros/integracoes/webhooks/"


@pytest.fixture
def administrador(cast: Cast) -> Client:
    user = User.objects.create_user("adélia", "senha-de-teste-1", nome="Adélia Administradora")
    Atribuicao.objects.create(user=user, unidade=cast.unidade, papel=Papel.ADMINISTRADOR)
    client = Client()
    client.force_login(user)
    return client


def test_only_the_administrador_has_these_pages(cast: Cast, ouvinte: Listener) -> None:
    client = Client()
    client.force_login(cast.dora)
    one = f"{LIST}{ouvinte.webhook.pk}/"

    assert [client.get(path).status_code for path in (LIST, one)] == [404, 404]
    assert client.post(f"{one}reenvio/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_cost_the_same_however_many(cast: Cast, administrador: Client, ouvinte: Listener, rows: int) -> None:
    for number in range(rows - 1):
        create_webhook(integracao=ouvinte.webhook.integracao, url=f"https://8.8.8.8/{number}", eventos=[], at=NOW)
    for _ in range(rows):
        register_for(ouvinte.webhook.integracao, cast)
    with CaptureQueriesContext(connection) as listed:
        page = administrador.get(LIST).content.decode()
    with CaptureQueriesContext(connection) as shown:
        one = administrador.get(f"{LIST}{ouvinte.webhook.pk}/").content.decode()

    assert (page.count("Portal calado"), one.count("<code>atendimento.registrado</code>")) == (rows, rows + 1)
    assert (len(listed), len(shown)) == (4, 5)


def test_a_webhook_shows_what_failed_and_sends_it_again(cast: Cast, administrador: Client, ouvinte: Listener) -> None:
    for _ in range(2):
        register_for(ouvinte.webhook.integracao, cast)
    ouvinte.server.script = [410]
    deliver()
    path = f"{LIST}{ouvinte.webhook.pk}/"

    page = administrador.get(f"{path}?situacao=falhou").content.decode()
    assert "Desativado pelo destino" in page
    assert page.count("O destino respondeu 410: não quer mais avisos.") == 2  # the webhook and what waited
    assert "Nenhuma entrega nesta situação." in administrador.get(f"{path}?situacao=entregue").content.decode()
    told = administrador.post(f"{path}reenvio/", follow=True).content.decode()
    assert "2 entregas voltam à fila" in told
    assert Webhook.objects.get().situacao == "ativo"
    assert deliver(NOW) == {}  # they are due at the real moment of the press
    assert set(Entrega.objects.values_list("situacao", flat=True)) == {"pendente"}


def test_one_delivery_is_sent_again_by_its_button(cast: Cast, administrador: Client, ouvinte: Listener) -> None:
    register_for(ouvinte.webhook.integracao, cast)
    deliver()
    (row,) = ouvinte.entregas()
    path = f"{LIST}{ouvinte.webhook.pk}/reenvio/"

    assert "nenhuma entrega falhou" in administrador.post(path, follow=True).content.decode()
    told = administrador.post(path, {"entrega": str(row.codigo)}, follow=True).content.decode()
    assert "A entrega volta à fila" in told
    assert ouvinte.entregas()[0].situacao == "pendente"
    assert administrador.post(path, {"entrega": "x"}).status_code == 404
    assert administrador.post(path, {"entrega": str(row.codigo)}).status_code == 409
