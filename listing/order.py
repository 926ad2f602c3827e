"""Names in the order in which a reader looks for them."""

from __future__ import annotations

from django.db.models import Func
from django.db.models.functions import Lower


def by_name(field: str) -> Lower:
    """To order by a name as a dictionary does: «Água» before «Banco», «ana» beside «Ana».

    The database itself orders by code point, which puts every accented initial behind Z. For tables of some hundreds of
    rows: no index has it.
    """
    return Lower(Func(field, function="unaccent"))
