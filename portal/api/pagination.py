"""Cursor pages: the cursor is the last row's place in the order, so rows inserted meanwhile move nothing.

No row comes twice and none is missed, whatever is registered while a client reads on.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Field, Q, QuerySet
from rest_framework.request import Request

from portal.api.problems import Problem
from workflow.queries import worded

DEFAULT, LARGEST = 50, 200


@dataclass(frozen=True, slots=True)
class Order:
    """A total order: these columns, the last one unique, all in one direction."""

    fields: tuple[str, ...]
    descending: bool = False


@dataclass(frozen=True, slots=True)
class _Cursor:
    place: tuple[Any, ...]
    backward: bool


@dataclass(frozen=True, slots=True)
class Frequent:
    """Rows that are asked for so often that their statement is worded once and then only run with other values."""

    model: Any
    compose: Callable[[], QuerySet[Any]]
    params: tuple[Any, ...]
    row: Callable[[Sequence[Any]], Any]

    def take(self, order: Order, at: _Cursor | None, *, descending: bool, limit: int) -> list[Any]:
        """The first rows beyond the cursor; the ORM puts the cursor's values behind all others."""
        place = _as_asked(at.place) if at else []

        def composed() -> QuerySet[Any]:
            return _wanted(self.compose(), order, at, descending=descending)[:limit]

        key = (self.model, order.fields, descending, bool(at), limit)
        return [self.row(found) for found in worded(key, composed, [*self.params, *place])]


def page(
    request: Request,
    rows: QuerySet[Any] | Frequent,
    order: Order,
    present: Callable[[Sequence[Any]], list[dict[str, Any]]],
    *,
    limit: int = DEFAULT,
    cursor: str = "",
) -> dict[str, Any]:
    """One page as `next`, `previous` and `results`. Raises Problem 400 for a cursor that is not ours."""
    at = _read(cursor, rows.model, order) if cursor else None
    backward = bool(at and at.backward)
    descending = order.descending != backward
    if isinstance(rows, Frequent):
        found = rows.take(order, at, descending=descending, limit=limit + 1)
    else:
        found = list(_wanted(rows, order, at, descending=descending)[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    if backward:
        found.reverse()
    has_next, has_previous = (True, more) if backward else (more, at is not None)
    return {
        "next": _link(request, order, found[-1:], backward=False) if has_next else None,
        "previous": _link(request, order, found[:1], backward=True) if has_previous else None,
        "results": present(found),
    }


def _wanted(rows: QuerySet[Any], order: Order, at: _Cursor | None, *, descending: bool) -> QuerySet[Any]:
    ordered = rows.order_by(*[f"-{name}" if descending else name for name in order.fields])
    return ordered.filter(_beyond(order.fields, at.place, "lt" if descending else "gt")) if at else ordered


def _as_asked(place: Sequence[Any]) -> list[Any]:
    """The values of `_beyond`, in its order."""
    return [place[0]] if len(place) == 1 else [place[0], place[0], *_as_asked(place[1:])]


def _beyond(fields: Sequence[str], place: Sequence[Any], side: str) -> Q:
    """Rows after `place`: (a, b) > (x, y) written so that an index on (a, b) serves."""
    first, value = fields[0], place[0]
    if len(fields) == 1:
        return Q(**{f"{first}__{side}": value})
    rest = _beyond(fields[1:], place[1:], side)
    return Q(**{f"{first}__{side}e": value}) & (Q(**{f"{first}__{side}": value}) | rest)


def _link(request: Request, order: Order, row: Sequence[Any], *, backward: bool) -> str | None:
    if not row:
        return None
    place = [getattr(row[0], name) for name in order.fields]
    shown = [value.isoformat() if isinstance(value, datetime) else value for value in place]
    raw = json.dumps([int(backward), *shown], separators=(",", ":")).encode()
    query = request.query_params.copy()
    query["cursor"] = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    return request.build_absolute_uri(f"{request.path}?{urlencode(list(query.items()))}")


def _read(text: str, model: Any, order: Order) -> _Cursor:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        backward, *place = json.loads(raw)
        if backward not in (0, 1) or len(place) != len(order.fields):
            raise ValueError
        columns = [model._meta.get_field(name) for name in order.fields]
        return _Cursor(tuple(_value(column, v) for column, v in zip(columns, place, strict=True)), bool(backward))
    except (binascii.Error, ValueError, TypeError, RecursionError):
        message = "Cursor inválido. Use os endereços de «next» e «previous» como vieram, ou recomece sem cursor."
        raise Problem(400, message, erros={"cursor": message}) from None


def _value(column: Any, value: Any) -> Any:
    """A cursor's value as the column holds it; ValueError for anything else."""
    kind = column.get_internal_type() if isinstance(column, Field) else ""
    if kind == "DateTimeField":
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
        return moment
    if kind == "CharField":
        if not isinstance(value, str) or "\x00" in value or not value.isprintable():
            raise ValueError
        return value
    if type(value) is not int or not 0 <= value < 2**63:
        raise ValueError
    return value
