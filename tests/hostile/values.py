"""Values that somebody hostile, or a careless program, hands to a service: by the type that the service asks for."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "", " ", "\n", "\0", "a\0b", "\ud800", "x\udfff", "é" * 30_000, "😀" * 300, "\u202e\u200fsaldo", "\ufeff",
            "9" * 400, "-1", "1e309", "NaN", "'; DROP TABLE cases_cip; --", "<script>alert(1)</script>", "{{ 7 }}",
            "{nome}", "%s%n", "../../etc/passwd", "#set page(width: 1pt)", "]*_`$@<a>", "encerrado", "sindec",
        ]
    ),
)  # fmt: skip
DAYS = st.one_of(
    st.dates(), st.sampled_from([date.min, date.max, date(1, 12, 31), date(2026, 2, 28), date(9999, 1, 1)])
)
MONEY = st.one_of(
    st.decimals(allow_nan=True, allow_infinity=True),
    st.sampled_from([Decimal(-1), Decimal(0), Decimal("1E+29"), Decimal("0.001"), Decimal("9" * 30), Decimal("-0")]),
)
COUNTS = st.sampled_from([-1, 0, 1, 181, 32_768, 2**31, 2**63, 10**30])


#: The first type that fits: a bool is an int, too.
BY_TYPE: list[tuple[type, st.SearchStrategy[Any]]] = [
    (bool, st.booleans()), (str, TEXTS), (date, DAYS), (time, st.times()), (Decimal, MONEY), (int, COUNTS),
]  # fmt: skip


def hostile(value: Any) -> st.SearchStrategy[Any]:
    """Values of the same type that no service may break at; what has no type here stays as it is."""
    if isinstance(value, dict):
        return st.fixed_dictionaries({name: mostly(inner) for name, inner in value.items()})
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return st.lists(st.one_of(st.sampled_from(value), TEXTS), max_size=4)
    return next((given for kind, given in BY_TYPE if isinstance(value, kind)), st.just(value))


def mostly(value: Any) -> st.SearchStrategy[Any]:
    """The value as it is, or a hostile one: so that some get far into the service."""
    return st.one_of(st.just(value), hostile(value))
