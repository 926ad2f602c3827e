"""Handing one message to the mail server, and reading its answer."""

from __future__ import annotations

import re
import smtplib
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.utils.crypto import constant_time_compare, salted_hmac

from notifications.models import Mensagem
from notifications.transport.carrier import Outcome

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
TIMEOUT_SECONDS = 20
#: How long the server may take over the end of a message. Hanging up earlier than it answers sends the message twice.
TAKING_SECONDS = 60
#: Where a Message-ID of this office stands in a text that came from outside.
OWN = re.compile(r"<mensagem-([0-9]{1,18})-([0-9]{1,5})-([0-9a-f]{20})@")


class _KeepsAnswer:
    """Mixed into smtplib's client: remembers what the server said when it took the message."""

    answer = ""

    def data(self, msg: Any) -> tuple[int, bytes]:
        self.sock.settimeout(TAKING_SECONDS)  # type: ignore[attr-defined]
        code, text = super().data(msg)  # type: ignore[misc]
        self.sock.settimeout(self.timeout)  # type: ignore[attr-defined]
        self.answer = _answer(code, text)
        return code, text


class _SMTP(_KeepsAnswer, smtplib.SMTP):
    """Plain or STARTTLS."""


class _SMTPS(_KeepsAnswer, smtplib.SMTP_SSL):
    """TLS from the first byte."""


class AnsweringBackend(EmailBackend):
    """Django's SMTP backend with a client that keeps the server's answer (the queue id that a postmaster asks for)."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """The client to use."""
        return _SMTPS if self.use_ssl else _SMTP


class Mailer:
    """One connection, kept open over many messages, opened again after any failure."""

    def __init__(self) -> None:
        if settings.EMAIL_BACKEND == SMTP_BACKEND:
            timeout = settings.EMAIL_TIMEOUT or TIMEOUT_SECONDS
            self._connection: Any = AnsweringBackend(timeout=timeout)
        else:
            self._connection = get_connection()

    def send(self, mensagem: Mensagem) -> Outcome:
        """Try once; every failure of the network, the server or the address comes back as an Outcome."""
        try:
            self._connection.open()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Outcome(sent=False, answer=_told(error), outage=True)
        try:
            as_email(mensagem, self._connection).send()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            self.close()
            return Outcome(sent=False, answer=_told(error), permanent=_is_permanent(error))
        client = getattr(self._connection, "connection", None)
        return Outcome(sent=True, answer=getattr(client, "answer", "") or "Entregue ao correio.")

    def close(self) -> None:
        """Hang up, whatever state the line is in."""
        try:
            self._connection.close()
        except (OSError, smtplib.SMTPException):
            self._connection.connection = None


def message_id(mensagem: Mensagem) -> str:
    """The Message-ID header, from the row alone: the same at every try, so that a message sent twice around a crash is
    seen to be one; another when somebody resends it.

    It carries a seal of this installation, so that a forged bounce names no message of which one has not the e-mail.
    """
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return f"<{key_of(mensagem)}@{address.partition('@')[2] or 'localhost'}>"


def key_of(mensagem: Mensagem) -> str:
    """What tells this message, and each time somebody resent it, from any other."""
    return f"mensagem-{mensagem.pk}-{mensagem.remessa}-{_seal(mensagem.chave, mensagem.remessa)}"


def number_of(text: str) -> int | None:
    """The key of the message that a Message-ID of our own folder names, its seal not looked at."""
    found = OWN.search(text)
    return int(found[1]) if found else None


def message_of(text: str) -> tuple[Mensagem, int] | None:
    """The message whose Message-ID stands in a text from outside, and which sending of it; None without a true one."""
    for pk, remessa, seal in OWN.findall(text)[:20]:
        mensagem = Mensagem.objects.filter(pk=int(pk)).first()
        if mensagem and constant_time_compare(seal, _seal(mensagem.chave, int(remessa))):
            return mensagem, int(remessa)
    return None


def _seal(chave: str, remessa: int) -> str:
    return salted_hmac("notifications.message_id", f"{chave}\n{remessa}", algorithm="sha256").hexdigest()[:20]


def as_email(mensagem: Mensagem, connection: Any) -> EmailMessage:
    """The e-mail of one message, with its calendar invitation where it has one (RFC 6047)."""
    email = EmailMessage(
        subject=mensagem.assunto,
        body=mensagem.corpo,
        to=[mensagem.endereco],
        headers={"Message-ID": message_id(mensagem), "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    if mensagem.convite:
        method = re.search(r"^METHOD:(\w+)", mensagem.convite, re.MULTILINE)
        kind = f"text/calendar; charset=utf-8; method={method.group(1) if method else 'PUBLISH'}"
        email.attach("audiencia.ics", mensagem.convite.encode(), kind)
    if mensagem.documento:
        email.attach("carta.pdf", _letter(mensagem.documento), "application/pdf")
    return email


def _letter(name: str) -> bytes:
    """The frozen letter's file; a missing one is final until somebody brings it back."""
    try:
        with storages["documentos"].open(name) as file:
            return bytes(file.read())
    except FileNotFoundError as missing:
        raise ValueError(f"A carta {name} não está no armazenamento.") from missing


def _is_permanent(error: Exception) -> bool:
    """A refused recipient or content is final; a refused log-in or sender is the office's to mend, so it waits."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return 500 <= error.smtp_code < 600
    return isinstance(error, ValueError)


def _told(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(_answer(code, text) for code, text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return _answer(error.smtp_code, error.smtp_error)
    return f"{type(error).__name__}: {error}"


def _answer(code: int, text: bytes | str) -> str:
    plain = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {plain}".strip()
