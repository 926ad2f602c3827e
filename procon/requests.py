"""Every request has a number, a line in the log and a place in the figures; none of them names anybody."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from procon import metrics
from procon.journal import REQUESTS, current

log = logging.getLogger(REQUESTS)
#: As proxies write it: letters, digits and dashes, long enough to be rare, short enough to be read.
_WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")
#: Whoever sends one of these is not the machine that knocks, but somebody behind it.
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")


def from_inside(request: HttpRequest) -> bool:
    """Whether the machine that knocks is one of PROCON_REDE_INTERNA: the reverse proxy, or the one that watches."""
    try:
        address = ip_address(getattr(request, "vizinho", request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return False
    plain = getattr(address, "ipv4_mapped", None) or address
    return any(plain in ip_network(net) for net in settings.REDE_INTERNA)


def is_internal(request: HttpRequest) -> bool:
    """Whether the request itself comes from inside, and is not one that the proxy there passes on."""
    return from_inside(request) and not any(name in request.META for name in _FORWARDED)


class RequestMiddleware:
    """Numbers the request, and tells afterwards how it went. Comes first, so that it sees all that follows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the number in X-Request-ID."""
        vars(request)["vizinho"] = request.META.get("REMOTE_ADDR", "")  # before anybody rewrites it
        given = request.headers.get("X-Request-ID", "")
        trusted = bool(_WELL_FORMED.fullmatch(given)) and from_inside(request)
        number = given if trusted else secrets.token_hex(16)
        vars(request)["numero"] = number  # the error pages show it
        begun = time.monotonic()
        current.set(number)  # until the thread's next request: Django still logs a refusal after this has returned
        response = self.get_response(request)
        response["X-Request-ID"] = number
        self._tell(request, response, time.monotonic() - begun)
        return response

    def _tell(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        route = route_of(request, response)
        method = request.method if request.method in metrics.METHODS else "OUTRO"
        metrics.observe(route, str(method), response.status_code, seconds)
        told = {"metodo": method, "rota": route, "status": response.status_code, "ms": round(seconds * 1000)}
        log.log(logging.ERROR if response.status_code >= 500 else logging.INFO, "pedido", extra={"dados": told})


def route_of(request: HttpRequest, response: HttpResponse) -> str:
    """The address's pattern, as «atendimentos/<protocolo:protocolo>/»: never what somebody put into it."""
    match = request.resolver_match
    if match is not None:
        return f"/{match.route}"
    return "(arquivo)" if request.path.startswith(settings.STATIC_URL) and response.status_code < 400 else "(nenhuma)"
