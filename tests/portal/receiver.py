"""A program that receives webhooks, on this machine, as the test says."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import time_machine
from standardwebhooks import Webhook as Reference

from cases.models import Assunto, Atendimento
from cases.services import register
from portal.models import Entrega, Integracao, Webhook
from portal.services import create_webhook, deliver_due
from tests.conftest import NOW, Cast


class Receiver(BaseHTTPRequestHandler):
    """Answers by the script (204 when it is exhausted), and keeps what it was told."""

    server: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.told.append((self.path, dict(self.headers), body))
        answer = self.server.script.pop(0) if self.server.script else 204
        if callable(answer):
            answer(self)
            return
        status, headers = answer if isinstance(answer, tuple) else (answer, {})
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def receiver() -> Iterator[Any]:
    """A server with `url`, `script` (what it answers next) and `told` (what it got)."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as made:
        server: Any = made
        server.daemon_threads = True
        server.script, server.told = [], []
        server.url = f"http://127.0.0.1:{made.server_address[1]}/avisos?de=procon"
        threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        made.shutdown()


def deliver(at: datetime = NOW) -> dict[str, int]:
    """One run of the task at this moment."""
    return {name: count for name, count in deliver_due(at_clock=lambda: at).items() if count}


def verified(told: tuple[str, dict[str, str], bytes], secret: str, at: datetime = NOW) -> Any:
    """What was told, as the reference library reads it; it raises where the signature or the time is wrong."""
    _, headers, body = told
    with time_machine.travel(at, tick=False):
        return Reference(secret).verify(body, headers)


@dataclass
class Listener:
    """The city's portal as it listens: its webhook, the secret that it was shown, and its server."""

    webhook: Webhook
    segredo: str
    server: Any

    def entregas(self) -> list[Entrega]:
        """What it is owed, in order."""
        return list(self.webhook.entregas.order_by("id"))

    def read(self, place: int = 0, at: datetime = NOW) -> Any:
        """What it was told, verified."""
        return verified(self.server.told[place], self.segredo, at)


def listen(integracao: Integracao, server: Any, *eventos: str) -> Listener:
    """Create a webhook at this server."""
    made = create_webhook(integracao=integracao, url=server.url, eventos=eventos, at=NOW)
    return Listener(made.webhook, made.segredo, server)


def register_for(integracao: Integracao, cast: Cast, **changes: Any) -> Atendimento:
    """A case that this integration registered."""
    assunto, _ = Assunto.objects.get_or_create(
        codigo=187, defaults={"area": "Serviços Essenciais", "descricao": "Telefonia Celular"}
    )
    content: dict[str, Any] = {
        "assunto": assunto,
        "by": integracao.user,
        "at": NOW,
        "unidade": cast.unidade,
        "tipo": "atendimento_preliminar",
        "canal": "portal",
        "consumidor": cast.ana,
        "fornecedores": (cast.loja,),
        "relato": "Cobraram duas vezes.",
        "pedido": "Devolução em dobro.",
    }
    return register(**(content | changes))
