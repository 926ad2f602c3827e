"""Reading JSON strictly: what two readers could understand differently is refused, with the reason."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.http import parse_header_parameters
from rest_framework.parsers import BaseParser

from portal.api.problems import Problem

LARGEST = 1024 * 1024
DEEPEST = 12
#: What the heads of the parts and the other fields may take beside a file.
_AROUND_A_FILE = 64 * 1024
_NO_FORM = "O corpo não é um formulário multipart/form-data bem formado. Deixe a biblioteca do seu sistema montá-lo."

_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


class StrictJSONParser(BaseParser):
    """An object in UTF-8 JSON of at most 1 MiB, without repeated names, NaN, NUL or broken characters."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        """The object sent. Raises Problem 400, or 413 when it is too large."""
        raw = stream.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise Problem(413)
        return parse_object(raw)


class StrictFormParser(BaseParser):
    """multipart/form-data with one file of at most ANEXO_MB, whole to its last boundary, no field sent twice."""

    media_type = "multipart/form-data"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        """Fields and files by name. Raises Problem 400, or 413 when it is too large."""
        limit = settings.PROCON["ANEXO_MB"]
        most = limit * 1_000_000 + _AROUND_A_FILE
        raw = stream.read(most + 1)
        if len(raw) > most:
            raise Problem(
                413, f"O corpo do pedido passa de {limit} MB. Envie um arquivo menor (menos páginas ou pontos)."
            )
        _check_parts(raw, media_type or "")
        return _fields(raw, media_type or "", parser_context["request"])


def check_length(headers: Mapping[str, str]) -> None:
    """Refuse a body sent in pieces without its length, which the server would take for an empty one. Problem 400."""
    if "Transfer-Encoding" in headers and not headers.get("Content-Length"):
        raise Problem(
            400, "O corpo veio em pedaços (Transfer-Encoding), sem Content-Length. Envie-o com o seu tamanho."
        )


def _check_parts(raw: bytes, media_type: str) -> None:
    """That the body ends where it says, and that no part's head is broken or deceives."""
    boundary = parse_header_parameters(media_type)[1].get("boundary", "").encode("latin-1", "replace")
    before, *parts = (b"\r\n" + raw).split(b"\r\n--" + boundary)
    if not boundary or before.strip() or not parts:
        raise Problem(400, _NO_FORM)
    if not parts[-1].startswith(b"--"):
        raise Problem(400, "O corpo terminou antes do fim: o envio foi interrompido. Nada foi gravado; envie de novo.")
    for part in parts[:-1]:
        head, blank, _ = part.partition(b"\r\n\r\n")
        if not blank or not head.startswith(b"\r\n"):
            raise Problem(400, _NO_FORM)
        if b"\0" in head or b"%00" in head:
            raise Problem(400, "O nome de um campo ou arquivo tem um caractere nulo. Retire-o.")
        try:
            head.decode()
        except UnicodeDecodeError:
            raise Problem(400, "O nome de um campo ou arquivo não é UTF-8 válido. Corrija-o.") from None


def _fields(raw: bytes, media_type: str, request: Any) -> dict[str, Any]:
    meta = {**request.META, "CONTENT_TYPE": media_type, "CONTENT_LENGTH": str(len(raw))}
    try:
        texts, files = MultiPartParser(meta, io.BytesIO(raw), request.upload_handlers, "utf-8").parse()
    except RequestDataTooBig:
        raise Problem(413, "Os campos de texto são grandes demais. Só o arquivo pode ser grande.") from None
    except (MultiPartParserError, SuspiciousOperation):
        raise Problem(400, _NO_FORM) from None
    found: dict[str, Any] = {}
    for name, values in (*texts.lists(), *files.lists()):
        if name in found or len(values) > 1:
            sentence = "Este campo veio mais de uma vez. Envie um arquivo por pedido, e cada campo uma vez."
            raise Problem(400, sentence, erros={_NOT_TEXT.sub("?", name)[:60]: sentence})
        found[name] = values[0]
    return found


def parse_object(raw: bytes) -> dict[str, Any]:
    """Read one JSON object. Raises Problem 400 saying what is wrong with it."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem(400, f"O corpo não é UTF-8 válido a partir do byte {error.start}.") from None
    try:
        data = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise Problem(400, f"O corpo não é JSON válido: linha {error.lineno}, coluna {error.colno}.") from None
    except RecursionError:
        raise Problem(400, _TOO_DEEP) from None
    except ValueError:  # Python reads no whole number of more than 4,300 digits
        raise Problem(400, "O corpo tem um número com algarismos demais.") from None
    if not isinstance(data, dict):
        raise Problem(400, "O corpo deve ser um objeto JSON, entre chaves.")
    for path, problem in _faults(data, "", 1):
        raise Problem(400, f"{path or 'O corpo'}: {problem}", erros={path: problem} if path else {})
    return data


_TOO_DEEP = f"O corpo tem objetos ou listas dentro de mais de {DEEPEST} outros."


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            shown = _NOT_TEXT.sub("?", name)[:60]
            raise Problem(400, f"O nome «{shown}» aparece duas vezes no mesmo objeto. Envie-o uma vez.")
        found[name] = value
    return found


def _no_constant(name: str) -> Any:
    raise Problem(400, f"{name} não é um número em JSON. Retire-o.")


def _faults(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    """What is wrong inside a value already parsed, as path and sentence."""
    if isinstance(value, str) and _NOT_TEXT.search(value):
        yield path, "O texto tem um caractere nulo ou um par incompleto (surrogate). Retire-o."
    elif isinstance(value, float) and value in (float("inf"), float("-inf")):
        yield path, "O número é grande demais."
    elif isinstance(value, (dict, list)):
        if depth > DEEPEST:
            raise Problem(400, _TOO_DEEP)
        yield from _faults_inside(value, path, depth)


def _faults_inside(value: dict[str, Any] | list[Any], path: str, depth: int) -> Iterator[tuple[str, str]]:
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(name, str) and _NOT_TEXT.search(name):
            yield path, "Um nome tem um caractere nulo ou um par incompleto (surrogate). Retire-o."
        yield from _faults(inner, f"{path}.{name}" if path else str(name), depth + 1)
