"""Handing one message to whoever carries it, and reading the answer: the mail server, or the gateway of texts."""

from notifications.models import Mensagem
from notifications.transport.carrier import Carrier, Outcome
from notifications.transport.gateway import HttpGateway, asked_wait
from notifications.transport.mail import Mailer, as_email, key_of, message_id, message_of, number_of

__all__ = [
    "Carrier",
    "HttpGateway",
    "Mailer",
    "Outcome",
    "as_email",
    "asked_wait",
    "carrier_of",
    "key_of",
    "message_id",
    "message_of",
    "number_of",
]


def carrier_of(canal: str) -> Carrier:
    """Who carries the messages of a channel."""
    return Mailer() if canal == Mensagem.Canal.EMAIL else HttpGateway()
