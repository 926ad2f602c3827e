"""Idempotency-Key: the answer is kept in the transaction of the effect, and given again for 24 hours.

Same key and same request: the same answer. Same key and another request: 422. While the first still runs: 409.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from access.sealing import seal, unseal
from portal.api.problems import Problem
from portal.models import Integracao, RespostaGuardada
from workflow.queries import loaded, prepared

KEPT_FOR = timedelta(hours=24)

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered and, with a key, kept."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]
    replayed: bool = False

    def response(self) -> Response:
        """As it goes out; one given again says so."""
        again = {"Idempotent-Replayed": "true"} if self.replayed else {}
        return Response(self.body, status=self.status, headers={**self.headers, **again})


def once(request: Request, act: Callable[[], Answer], *, at: datetime) -> Answer:
    """Do `act` in one transaction; with an Idempotency-Key at most once in 24 hours for this integration and key.

    A refused act leaves nothing behind, so its key may be used again. Raises Problem 400, 409 and 422.
    """
    key = request.headers.get("Idempotency-Key")
    with transaction.atomic():
        if key is None:
            return act()
        if not _KEY.fullmatch(key):
            raise Problem(400, "Idempotency-Key deve ter de 1 a 255 caracteres ASCII visíveis, sem espaço.")
        token: Any = request.auth
        integracao: Integracao = token.application
        key_hash = _digest(key)
        _lock(integracao, key_hash)
        kept = _kept(integracao, key_hash)
        if kept and kept.criada_em > at - KEPT_FOR:
            return _replay(kept, _fingerprint(request), key)
        if kept:
            kept.delete()
        answer = act()
        sealed = seal(json.dumps([answer.status, answer.body, answer.headers]), _purpose(key)).encode()
        prepared(_KEEP, [integracao.pk, key_hash, _fingerprint(request), sealed, at])
        return answer


_KEEP = """
INSERT INTO portal_respostaguardada (integracao_id, chave_hash, pedido_hash, resposta, criada_em)
VALUES (%s, %s, %s, %s, %s) RETURNING id
"""


def _kept(integracao: Integracao, key_hash: str) -> RespostaGuardada | None:
    found = loaded(
        "portal.kept",
        lambda: RespostaGuardada.objects.filter(integracao=integracao).filter(chave_hash=key_hash),
        [integracao.pk, key_hash],
    )
    return found[0] if found else None


def forget_expired(*, at: datetime) -> int:
    """Delete the answers older than 24 hours; returns how many."""
    deleted, _ = RespostaGuardada.objects.filter(criada_em__lte=at - KEPT_FOR).delete()
    return deleted


def _replay(kept: RespostaGuardada, fingerprint: str, key: str) -> Answer:
    if kept.pedido_hash != fingerprint:
        raise Problem(
            422,
            "Esta Idempotency-Key já serviu a outro pedido nas últimas 24 horas. Use uma chave nova para cada pedido.",
        )
    opened = unseal(bytes(kept.resposta).decode(), _purpose(key))
    if opened is None:  # the installation's SECRET_KEY was changed meanwhile
        raise Problem(
            409, "O pedido desta Idempotency-Key já foi atendido, mas a resposta não pode mais ser lida. Veja a lista."
        )
    status, body, headers = json.loads(opened)
    return Answer(status, body, headers, replayed=True)


def _lock(integracao: Integracao, key_hash: str) -> None:
    """Hold this integration's key until the transaction ends; 409 when somebody holds it."""
    number = int.from_bytes(hashlib.sha256(f"{integracao.pk}:{key_hash}".encode()).digest()[:8], signed=True)
    [(held,)] = prepared("SELECT pg_try_advisory_xact_lock(%s)", [number])
    if not held:
        raise Problem(
            409,
            "Um pedido com esta Idempotency-Key ainda está em andamento. Espere um segundo e repita o mesmo pedido.",
        )


def _fingerprint(request: Request) -> str:
    content = json.dumps(request.data, sort_keys=True, ensure_ascii=True, default=_of_file)
    return _digest(f"{request.method} {request.path}\n{content}")


def _of_file(sent: Any) -> dict[str, str | None]:
    """A file counts by its name and its bytes; the boundary between parts, new in every request, counts nothing."""
    if not isinstance(sent, UploadedFile):
        raise TypeError
    digest = hashlib.sha256()
    for part in sent.chunks():
        digest.update(part)
    sent.seek(0)
    return {"nome": sent.name, "sha256": digest.hexdigest()}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _purpose(key: str) -> str:
    """So it opens only with the client's key, of which the table holds a hash, and the installation's SECRET_KEY."""
    return f"portal.idempotency:{key}"
