"""A mail server that answers as the test says, and messages to send through it."""

from __future__ import annotations

from datetime import datetime

from django.core import mail
from django.core.mail.backends.locmem import EmailBackend as Memory

from notifications.models import Mensagem
from notifications.services import deliver_due, enqueue
from tests.conftest import NOW, Cast


class Scripted(Memory):
    """A mail server whose next answers are set by the test; an exhausted script accepts."""

    answers: list[Exception | None] = []
    opening: list[Exception | None] = []

    def open(self) -> bool:
        error = self.opening.pop(0) if self.opening else None
        if error:
            raise error
        return True

    def send_messages(self, messages: list[mail.EmailMessage]) -> int:
        error = self.answers.pop(0) if self.answers else None
        if error:
            raise error
        return super().send_messages(messages)


def put(cast: Cast, chave: str = "a", **fields: object) -> Mensagem:
    values: dict[str, object] = {
        "tipo": "aviso_audiencia",
        "unidade": cast.unidade,
        "destinatario": "Ana Souza",
        "endereco": "ana@example.org",
        "assunto": "Audiência",
        "corpo": "Olá.",
        "devida_em": NOW,
        **fields,
    }
    return enqueue(chave=chave, **values)  # type: ignore[arg-type]


def deliver(at: datetime = NOW) -> dict[str, int]:
    return {name: count for name, count in deliver_due(at_clock=lambda: at).items() if count}
