"""How many requests a minute: counted atomically in Redis, one count for each integration or address."""

from __future__ import annotations

import logging
import time
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from django.core.cache import cache, caches
from django.core.cache.backends.redis import RedisCache
from redis.commands.core import Script
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from portal.conf import LIMITS

log = logging.getLogger(__name__)

WINDOW = 60


def seconds_to_wait(kind: str, who: str, limit: int | None = None) -> int:
    """Count one request of `who` in the running minute; 0 while within the limit, else seconds until the next minute.

    `limit` is somebody's own; else that of the kind. The count is Redis' own INCR, in one turn with its end, so that of
    requests at once no two are the same number; the wait ends when the count begins anew, and no request is told less.
    Without Redis nobody is locked out: the request passes, and the log says so.
    """
    now = time.time()
    key = f"limite:{kind}:{who}:{int(now // WINDOW)}"
    try:
        used = _counted(key)
    except (RedisError, ValueError):
        log.warning("no request limit: the cache does not answer")
        return 0
    return 0 if used <= (limit or LIMITS[kind]) else WINDOW - int(now % WINDOW)


#: Counts, and lets the count end by itself, in one turn.
_COUNT = """
local used = redis.call('INCR', KEYS[1])
if used == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return used
"""


@lru_cache
def _script(url: str) -> Script:
    """Redis' own, on a connection that stays: the cache makes a client for every call, and asks twice to count one."""
    return redis.Redis.from_url(url).register_script(_COUNT)


def _counted(key: str) -> int:
    """How many with this one; the first of a minute begins the count, whichever of two it is."""
    if isinstance(caches["default"], RedisCache):
        return int(_script(settings.CACHE_URL)(keys=[key], args=[2 * WINDOW]))
    try:
        return int(cache.incr(key))
    except ValueError:
        cache.add(key, 0, 2 * WINDOW)
        return int(cache.incr(key))


def address_of(request: Any) -> str:
    """Where the request comes from, as the server saw it; never what the sender claims."""
    return str(request.META.get("REMOTE_ADDR") or "?")


class ClientThrottle(BaseThrottle):
    """So many requests a minute of one integration; far fewer of one address without a token."""

    kind_unnamed = "anonimo"

    def __init__(self) -> None:
        self._wait = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the request."""
        token: Any = request.auth
        if token is not None:
            self._wait = seconds_to_wait("integracao", str(token.application_id), token.application.limite_por_minuto)
        else:
            self._wait = seconds_to_wait(self.kind_unnamed, address_of(request))
        return self._wait == 0

    def wait(self) -> int:
        """Seconds until the next request may pass."""
        return self._wait


class FollowingThrottle(ClientThrottle):
    """Following a case without a token, which is where somebody would try keys."""

    kind_unnamed = "acompanhamento"
