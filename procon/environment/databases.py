"""What Django is told of the database and of its replica."""

from __future__ import annotations

from typing import Any

import environ

#: A server that vanished without a word is noticed in seconds, and the next of those named is asked.
_TIMES = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
#: Of the primary's options, those that say where it is.
_PLACE = frozenset({"host", "port", "target_session_attrs"})


def database(url: str) -> dict[str, Any]:
    """The primary, or whichever of the servers named can be written to."""
    found: dict[str, Any] = environ.Env.db_url_config(url)
    given = found.get("OPTIONS", {})
    # Prepared is what is sent apart from its values (workflow.queries.prepared); the ORM's statements never are.
    options = {**_TIMES, "prepare_threshold": 5, **given, "pool": False}
    return found | {"OPTIONS": options, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def replica(url: str, primary: dict[str, Any]) -> dict[str, Any]:
    """Its replica, which is only read and not waited for; what is not said of it is as of the primary."""
    found: dict[str, Any] = environ.Env.db_url_config(url)
    common = {name: value for name, value in primary["OPTIONS"].items() if name not in _PLACE}
    own = {"connect_timeout": 2, "options": "-c default_transaction_read_only=on"}
    options = {**common, **own, **found.get("OPTIONS", {})}
    return {**primary, **found, "OPTIONS": options, "TEST": {"MIRROR": "default"}}
