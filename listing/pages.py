"""Pages by cursor: no COUNT(*), no OFFSET; the same speed at the first page and at the thousandth.

A cursor is the sort key of the row at the page's edge. It is not secret and it is not trusted: one that cannot be
read gives the first page.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

PAGE_SIZE = 50
#: A count stops here and is marked, as in «mais de 10.000».
COUNT_CAP = 10_000


@dataclass(frozen=True)
class Page:
    """The rows of one page, and the cursors of its neighbours where there are any."""

    rows: list[Any]
    next: str | None
    previous: str | None


def keyset_page(
    queryset: models.QuerySet[Any],
    order: Sequence[str],
    query: Mapping[str, str],
    *,
    size: int = PAGE_SIZE,
    by_id: bool = False,
) -> Page:
    """One page of `queryset` in `order`, at the cursor that `query` names (`depois` or `antes`).

    `order` names non-null fields or annotations of the rows, all in one direction ("-aberto_em", "-id"), the last one
    unique. The rows may be the dicts of a `.values()` that holds these fields.

    `by_id` is for rows sorted by what says who somebody is, which no address may hold: the cursor then has the last of
    these fields alone, and the rest is looked up. Where that row is not in the list any more, the first page is given.
    """
    fields = _fields(queryset, order)
    told = fields[-1:] if by_id else fields
    after, before = (_looked_up(queryset, order, _read(told, query.get(name)), told) for name in ("depois", "antes"))
    if before and not after:
        return _page_before(queryset, order, before, size, told)
    chosen = queryset.filter(_beyond(order, after)) if after else queryset
    rows = list(chosen.order_by(*order)[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return Page(
        rows,
        _write(told, rows[-1]) if more else None,
        _write(told, rows[0]) if after and rows else None,
    )


def capped_count(queryset: models.QuerySet[Any], cap: int = COUNT_CAP) -> str:
    """How many rows, in words, never counting beyond the cap: "312" or "mais de 10.000"."""
    return capped(queryset.order_by()[: cap + 1].count(), cap)


def capped(found: int, cap: int = COUNT_CAP) -> str:
    """A count that was stopped after `cap` + 1, in words."""
    number = f"{min(found, cap):,}".replace(",", ".")
    return f"mais de {number}" if found > cap else number


def _looked_up(
    queryset: models.QuerySet[Any], order: Sequence[str], cursor: list[Any] | None, told: Sequence[Any]
) -> list[Any] | None:
    """A cursor with all that its row is sorted by."""
    if not cursor or len(told) == len(order):
        return cursor
    names = [name.lstrip("-") for name in order]
    found = list(queryset.order_by().filter(**{names[-1]: cursor[0]}).values_list(*names)[:1])
    return list(found[0]) if found else None


def _page_before(
    queryset: models.QuerySet[Any], order: Sequence[str], cursor: list[Any], size: int, told: Sequence[Any]
) -> Page:
    backwards = [_flip(name) for name in order]
    rows = list(queryset.filter(_beyond(backwards, cursor)).order_by(*backwards)[: size + 1])
    more = len(rows) > size
    rows = rows[:size][::-1]
    return Page(
        rows,
        _write(told, rows[-1]) if rows else None,
        _write(told, rows[0]) if more else None,
    )


def _flip(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _beyond(order: Sequence[str], values: Sequence[Any]) -> models.Q:
    """Rows after these values: a <= bound on the first field lets the index begin there."""
    sign = "lt" if order[0].startswith("-") else "gt"
    names = [name.lstrip("-") for name in order]
    steps = models.Q()
    for depth, name in enumerate(names):
        equal = dict(zip(names[:depth], values, strict=False))
        steps |= models.Q(**equal, **{f"{name}__{sign}": values[depth]})
    return models.Q(**{f"{names[0]}__{sign}e": values[0]}) & steps


def _fields(queryset: models.QuerySet[Any], order: Sequence[str]) -> list[Any]:
    """What each name of the order is: a field of the model, or for an annotation a field of its kind and name."""
    return [_field(queryset, name.lstrip("-")) for name in order]


def _field(queryset: models.QuerySet[Any], name: str) -> Any:
    if name not in queryset.query.annotations:
        return queryset.model._meta.get_field(name)
    field = copy(queryset.query.annotations[name].output_field)
    field.set_attributes_from_name(name)
    return field


def _write(fields: Sequence[Any], row: Any) -> str:
    obj = SimpleNamespace(**row) if isinstance(row, dict) else row
    values = [field.value_to_string(obj) for field in fields]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _read(fields: Sequence[Any], text: str | None) -> list[Any] | None:
    if not text or len(text) > 2000:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(values, list) or len(values) != len(fields) or not all(_is_plain(item) for item in values):
            return None
        return [field.to_python(value) for field, value in zip(fields, values, strict=True)]
    except (ValueError, binascii.Error, ValidationError, RecursionError):
        return None


def _is_plain(value: Any) -> bool:
    return isinstance(value, str) and "\x00" not in value
