"""Every error under /api/v1/ as application/problem+json (RFC 9457), in Portuguese."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import OperationalError
from django.http import Http404
from django.http.request import UnreadablePostError
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from workflow.errors import Refusal
from workflow.integrity import is_away, refusal_of

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: the last part of its `type`, its title, and what to say when nothing better is known."""

    slug: str
    title: str
    detail: str


KINDS: dict[int, Kind] = {
    400: Kind("pedido-malformado", "Pedido malformado", "O pedido não tem a forma que este endereço espera."),
    401: Kind(
        "nao-autenticado",
        "Falta autorização",
        "Envie um token válido no cabeçalho Authorization: Bearer. Peça-o em /oauth/token/.",
    ),
    403: Kind(
        "sem-escopo", "Escopo insuficiente", "Esta integração não tem permissão para isto. Peça o escopo ao Procon."
    ),
    404: Kind(
        "nao-encontrado",
        "Não encontrado",
        "Não há nada neste endereço, ou não para quem pergunta. Confira o protocolo e a barra no fim do endereço.",
    ),
    405: Kind(
        "metodo-nao-permitido", "Método não permitido", "Este endereço não aceita este método; veja o cabeçalho Allow."
    ),
    406: Kind(
        "formato-nao-oferecido",
        "Formato não oferecido",
        "A API responde em application/json. Corrija o cabeçalho Accept.",
    ),
    409: Kind(
        "ato-nao-permitido", "O estado não permite", "O estado atual não permite isto. Leia de novo antes de repetir."
    ),
    412: Kind(
        "versao-mudou",
        "A versão mudou",
        "O registro mudou desde que foi lido. Leia de novo e repita com o ETag atual em If-Match.",
    ),
    413: Kind("corpo-grande-demais", "Corpo grande demais", "O corpo do pedido passa do limite de 1 MiB. Envie menos."),
    415: Kind("tipo-nao-aceito", "Tipo de conteúdo não aceito", "Envie o corpo como application/json, em UTF-8."),
    422: Kind("conteudo-recusado", "Conteúdo recusado", "O conteúdo contraria uma regra. Veja os erros por campo."),
    428: Kind(
        "falta-if-match",
        "Falta If-Match",
        "Envie em If-Match o ETag da última leitura, para não desfazer a mudança de outra pessoa.",
    ),
    429: Kind("pedidos-demais", "Pedidos demais", "Espere o tempo de Retry-After, em segundos, e repita."),
    500: Kind(
        "falha-interna",
        "Falha interna",
        "Houve uma falha nossa, já registrada. Repita mais tarde com a mesma Idempotency-Key.",
    ),
    503: Kind(
        "fora-do-ar",
        "Fora do ar",
        "O sistema está fora do ar por um momento. Repita depois de Retry-After, com a mesma Idempotency-Key.",
    ),
}


class Problem(exceptions.APIException):
    """A problem that the API itself finds. `erros` are sentences by field, the field's path written with dots."""

    def __init__(self, status: int, detail: str = "", *, erros: dict[str, str] | None = None) -> None:
        super().__init__(detail or KINDS[status].detail)
        self.status_code = status
        self.erros = erros or {}


@dataclass(slots=True)
class _Found:
    status: int
    detail: str = ""
    erros: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


def answer(error: Exception, context: dict[str, Any]) -> Response:
    """The answer to any exception that a view lets through (REST framework's EXCEPTION_HANDLER)."""
    found = _understand(error, [parser.media_type for parser in getattr(context.get("view"), "parser_classes", [])])
    if found is None:
        found = _our_fault(error, context)
    request = context.get("request")
    if request is not None:  # a problem has one form, whatever was asked for
        request.accepted_renderer, request.accepted_media_type = JSONRenderer(), MEDIA_TYPE
    return Response(
        body(found.status, found.detail, found.erros),
        status=found.status,
        headers=found.headers,
        content_type=MEDIA_TYPE,
    )


def body(status: int, detail: str = "", erros: dict[str, str] | None = None) -> dict[str, Any]:
    """The members of one problem."""
    kind = KINDS[status]
    return {
        "type": f"/api/v1/docs/#{kind.slug}",
        "title": kind.title,
        "status": status,
        "detail": detail or kind.detail,
        "erros": erros or {},
    }


def _understand(error: Exception, takes: Sequence[str] = ()) -> _Found | None:
    match error:
        case Refusal():
            return _Found(error.status_code, error.message, dict(error.errors))
        case OperationalError():
            undone = refusal_of(error)
            return _Found(undone.status_code, undone.message, headers={"Retry-After": "1"}) if undone else None
        case Problem():
            return _Found(error.status_code, str(error.detail), error.erros, _headers(error))
        case exceptions.ValidationError():
            erros = dict(_flat(error.detail))
            return _Found(400, " ".join(dict.fromkeys(erros.values())), erros)
        case exceptions.UnsupportedMediaType():
            return _Found(415, f"Envie o corpo como {' ou '.join(takes)}." if takes else "")
        case exceptions.APIException():
            detail = str(error.detail) if error.status_code == 403 else ""
            return _Found(error.status_code, detail, headers=_headers(error))
        case _:
            return _understand_django(error)


def _understand_django(error: Exception) -> _Found | None:
    match error:
        case Http404():
            return _Found(404)
        case PermissionDenied():
            return _Found(403)
        case RequestDataTooBig():
            return _Found(413)
        case SuspiciousOperation() | UnreadablePostError():
            return _Found(400)
        case _:
            return None


def _our_fault(error: Exception, context: dict[str, Any]) -> _Found:
    request = context.get("request")
    away = is_away(error)
    log.error("%s in the API", "database or Redis away" if away else "unexpected error", exc_info=error)
    got_request_exception.send(sender=type(context.get("view")), request=getattr(request, "_request", None))
    return _Found(503, headers={"Retry-After": "30"}) if away else _Found(500)


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(max(1, int(wait)))
    return headers


def _flat(detail: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """The sentences of nested validation errors, by dotted path."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = path if name == "non_field_errors" else f"{path}.{name}" if path else str(name)
            yield from _flat(inner, own)
    elif isinstance(detail, list) and any(isinstance(inner, dict) for inner in detail):
        for position, inner in enumerate(detail):
            yield from _flat(inner, f"{path}.{position}")
    elif isinstance(detail, list):
        yield path, " ".join(str(inner) for inner in detail)
    else:
        yield path, str(detail)
