"""SMS and WhatsApp over HTTP, against a real server on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from notifications.models import Mensagem
from notifications.services import NO_GATEWAY
from notifications.transport import HttpGateway, key_of
from notifications.transport.gateway import NOT_CONFIGURED
from tests.conftest import NOW, Cast
from tests.notifications.scripted import deliver, put


class Service(BaseHTTPRequestHandler):
    """Answers as the test says, and keeps what it was asked."""

    server: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, dict(self.headers), json.loads(body)))
        status, headers, text = self.server.answers.pop(0) if self.server.answers else (202, {}, '{"id": "abc"}')
        if status == 0:
            return  # hangs up without a word
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def gateway(settings: Any) -> Iterator[Any]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as server:
        server.asked, server.answers = [], []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/v1/mensagens?conta=7"
        settings.PROCON = {**settings.PROCON, "GATEWAY_URL": url, "GATEWAY_TOKEN": "senha-do-servico"}
        yield server
        server.shutdown()


def text(cast: Cast, **fields: object) -> Mensagem:
    return put(cast, canal="sms", endereco="+5511912345678", corpo="Audiência amanhã às 10:00.", **fields)


def test_one_post_with_token_and_key(cast: Cast, gateway: Any) -> None:
    mensagem = text(cast)

    assert deliver() == {"enviadas": 1}
    (path, headers, said), *more = gateway.asked
    assert (path, headers["Authorization"], more) == ("/v1/mensagens?conta=7", "Bearer senha-do-servico", [])
    assert headers["Idempotency-Key"] == key_of(mensagem)
    assert said == {
        "canal": "sms",
        "para": "+5511912345678",
        "texto": "Audiência amanhã às 10:00.",
        "id": key_of(mensagem),
    }
    assert mensagem.tentativas.get().resposta == '202 Accepted {"id": "abc"}'


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_a_refusal_of_this_message_is_final(cast: Cast, gateway: Any, status: int) -> None:
    mensagem = text(cast)
    gateway.answers = [(status, {}, "número inexistente")]

    assert deliver() == {"falhas": 1}
    mensagem.refresh_from_db()
    assert mensagem.motivo.startswith(f"{status} ")
    assert mensagem.motivo.endswith(" número inexistente")


@pytest.mark.parametrize(
    ("status", "headers", "minutes"),
    [
        (500, {}, 1),
        (429, {}, 1),
        (429, {"Retry-After": "600"}, 10),
        (503, {"Retry-After": "999999999999999999999"}, 360),
        (503, {"Retry-After": "Wed, 04 Mar 2199 13:30:00 GMT"}, 360),
        (503, {"Retry-After": "logo"}, 1),
        (0, {}, 1),
    ],
)
def test_what_passes_is_tried_again_with_the_same_key(
    cast: Cast, gateway: Any, status: int, headers: dict[str, str], minutes: int
) -> None:
    text(cast)
    gateway.answers = [(status, headers, "")]

    assert deliver() == {"adiadas": 1}
    assert Mensagem.objects.get().proxima_tentativa_em == NOW + timedelta(minutes=minutes)
    assert deliver(NOW + timedelta(minutes=minutes)) == {"enviadas": 1}
    assert len({said["id"] for _, _, said in gateway.asked}) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 401, 403])
def test_what_is_the_office_s_to_mend_holds_everything_and_follows_nothing(
    cast: Cast, gateway: Any, status: int
) -> None:
    text(cast)
    put(cast, "b", canal="sms", endereco="+5511987654321")
    gateway.answers = [(status, {"Location": "/outro"}, "")]

    assert deliver() == {"adiadas": 1}
    assert len(gateway.asked) == 1
    assert set(Mensagem.objects.values_list("situacao", flat=True)) == {"pendente"}


def test_a_gateway_out_of_reach_holds_up_no_e_mail(cast: Cast, settings: Any) -> None:
    settings.PROCON = {**settings.PROCON, "GATEWAY_URL": "http://127.0.0.1:9/", "GATEWAY_TOKEN": "senha-do-servico"}
    text(cast)
    put(cast, "b")

    assert deliver() == {"adiadas": 1, "enviadas": 1}


def test_without_a_gateway_it_is_skipped_and_says_so(cast: Cast) -> None:
    mensagem = text(cast)

    assert (mensagem.situacao, mensagem.motivo) == ("pulada", NO_GATEWAY)
    assert HttpGateway().send(mensagem).answer == NOT_CONFIGURED


def test_the_token_stands_in_no_answer(cast: Cast, gateway: Any) -> None:
    mensagem = text(cast)
    gateway.answers = [(0, {}, "")]
    deliver()

    assert "senha" not in mensagem.tentativas.get().resposta
