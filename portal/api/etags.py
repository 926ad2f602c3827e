"""Versions of what is read: a strong ETag over the whole representation, so that no change goes unseen."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from rest_framework.request import Request

from portal.api.problems import Problem

_TAG = re.compile(r'\s*(?:W/)?("[\x21\x23-\x7e]*")\s*')


def etag_of(representation: dict[str, Any]) -> str:
    """The tag of a representation; equal content has an equal tag on every server."""
    text = json.dumps(representation, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def is_known(request: Request, etag: str) -> bool:
    """Whether If-None-Match names this version, so that 304 answers; weak tags count here (RFC 9110, 13.1.2)."""
    given = request.headers.get("If-None-Match", "")
    return given.strip() == "*" or etag in [match.group(1) for match in _TAG.finditer(given)]


def require_match(request: Request, etag: str) -> None:
    """Refuse unless If-Match names this version: 428 without the header, 412 with another version."""
    given = request.headers.get("If-Match")
    if given is None:
        raise Problem(428)
    strong = [match.group(1) for match in _TAG.finditer(given) if not match.group(0).strip().startswith("W/")]
    if given.strip() != "*" and etag not in strong:
        raise Problem(412)
