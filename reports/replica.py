"""Reports read from a replica of the database, where there is one, and the page says how far its answer goes.

Only what a report counts is read there (`connection` below); who asks and what they may see is asked of the primary, as
is every page on which somebody decides or writes. A replica that is away, behind or no replica is not read.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from django.db import InterfaceError, OperationalError, connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

ALIAS = "replica"
#: A replica this many seconds behind is not read.
MOST_BEHIND = 300
#: One that failed is not asked again for so many seconds: each try may cost a reader two.
_REST = 30.0

_log = logging.getLogger("procon.replica")
_reading: ContextVar[str] = ContextVar("reading", default="default")
_STATE = """
SELECT pg_is_in_recovery(), pg_last_xact_replay_timestamp(),
    CASE WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AND EXISTS (SELECT FROM pg_stat_wal_receiver) THEN 0
         ELSE extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float END
"""


class _Connection:
    """The connection that a report reads from: the replica's inside `from_replica`, else the primary's."""

    def __getattr__(self, name: str) -> Any:
        return getattr(connections[_reading.get()], name)


connection: Any = _Connection()


@dataclass(frozen=True)
class State:
    """How a replica is: up to when it has everything, how many seconds it is behind; why it is not read, if so."""

    until: datetime | None = None
    behind: float | None = None
    fault: str = ""


class _Rest:
    """Until when this process leaves a failed replica alone."""

    def __init__(self) -> None:
        self._until = 0.0

    @property
    def is_on(self) -> bool:
        return time.monotonic() < self._until

    def begin(self) -> None:
        self._until = time.monotonic() + _REST

    def end(self) -> None:
        self._until = 0.0


rest = _Rest()


def is_configured() -> bool:
    """Whether REPLICA_URL names one."""
    return ALIAS in connections.databases


def state() -> State:
    """Ask the replica how it is."""
    try:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(_STATE)
            standby, until, behind = cursor.fetchone()
    except (OperationalError, InterfaceError):
        return State(fault="a réplica não responde")
    if not standby:
        return State(fault="o servidor de REPLICA_URL não é uma réplica")
    if behind is None or behind > MOST_BEHIND:
        return State(until, behind, fault="a réplica está atrasada")
    return State(until, behind)


def from_replica(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page whose figures may come from the replica; `request.replica` then says up to when.

    Files are kept and passed on, so they are read from the primary; so is the page with `?principal=1`.
    """

    @wraps(view)
    def read(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = _fit(request)
        if found is None:
            return view(request, *args, **kwargs)
        token = _reading.set(ALIAS)
        try:
            request.replica = found  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)
        except (OperationalError, InterfaceError) as failure:  # it went away, or had to give way to what it replays
            _leave_alone(type(failure.__cause__ or failure).__name__)
        finally:
            _reading.reset(token)
        del request.replica  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return read


def _fit(request: HttpRequest) -> State | None:
    wanted = is_configured() and not (request.GET.get("formato") or request.GET.get("principal"))
    if not wanted or rest.is_on:
        return None
    found = state()
    if found.fault:
        _leave_alone(found.fault)
        return None
    return found


def _leave_alone(why: str) -> None:
    _log.warning("reports read from the primary: %s", why)
    rest.begin()
