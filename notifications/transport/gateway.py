"""SMS and WhatsApp through whatever service the office has: one JSON POST per message.

POST to PROCON_GATEWAY_URL with `Authorization: Bearer …` and `Idempotency-Key`, body `{"canal": "sms" or "whatsapp",
"para": "+5511912345678", "texto": "…", "id": "<the key>"}`. Any 2xx is taken over. 400, 404, 422 and the like refuse
this message for good; 429 and 5xx are tried again, not before Retry-After; a refused token or a redirect (never
followed) is the office's to mend, so everything waits.
"""

from __future__ import annotations

import http.client
import json
from datetime import timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from django.conf import settings

from notifications.models import Mensagem
from notifications.transport.carrier import Outcome
from notifications.transport.mail import key_of

TIMEOUT_SECONDS = 20
ANSWER_BYTES = 2000
LONGEST_WAIT = timedelta(hours=6)
NOT_CONFIGURED = "Nenhum serviço de SMS ou WhatsApp está configurado (PROCON_GATEWAY_URL)."
_OFFICE_S_FAULT = {401, 403, 407}
_PASSING = {408, 425, 429}


class HttpGateway:
    """One connection per message: few messages go this way, and a kept one may be half dead."""

    def send(self, mensagem: Mensagem) -> Outcome:
        """Try once; the same key at every try, so that the service can tell a repetition."""
        address = urlsplit(settings.PROCON["GATEWAY_URL"])
        if not address.hostname:
            return Outcome(sent=False, answer=NOT_CONFIGURED, outage=True)
        secure = address.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(address.hostname, address.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.connect()
        except (OSError, http.client.HTTPException) as error:
            return Outcome(sent=False, answer=f"{type(error).__name__}: {error}", outage=True)
        try:
            path = (address.path or "/") + (f"?{address.query}" if address.query else "")
            connection.request("POST", path, _body(mensagem), _headers(mensagem))
            return _read(connection.getresponse())
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Outcome(sent=False, answer=f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    def close(self) -> None:
        """Nothing is kept open."""


def _body(mensagem: Mensagem) -> bytes:
    said = {"canal": mensagem.canal, "para": mensagem.endereco, "texto": mensagem.corpo, "id": key_of(mensagem)}
    return json.dumps(said, ensure_ascii=False).encode()


def _headers(mensagem: Mensagem) -> dict[str, str]:
    return {
        "Authorization": f"Bearer {settings.PROCON['GATEWAY_TOKEN']}",
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Idempotency-Key": key_of(mensagem),
    }


def _read(response: http.client.HTTPResponse) -> Outcome:
    status = response.status
    text = " ".join(response.read(ANSWER_BYTES).decode("utf-8", "replace").split())
    answer = f"{status} {response.reason} {text}".strip()
    if 200 <= status < 300:
        return Outcome(sent=True, answer=answer)
    if 300 <= status < 400 or status in _OFFICE_S_FAULT:
        return Outcome(sent=False, answer=answer, outage=True)
    if status >= 500 or status in _PASSING:
        return Outcome(sent=False, answer=answer, retry_after=asked_wait(response))
    return Outcome(sent=False, answer=answer, permanent=True)


def asked_wait(response: http.client.HTTPResponse) -> timedelta:
    """Retry-After in seconds, or as a date beside the answer's own (RFC 9110, 10.2.3); nonsense asks for nothing."""
    text = response.getheader("Retry-After", "")
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:6])), LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(response.getheader("Date", ""))
    except (TypeError, ValueError):
        return timedelta(0)
    return max(timedelta(0), min(wait, LONGEST_WAIT))
