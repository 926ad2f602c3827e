"""How much an address, or somebody logged in, may fetch in a minute: what is open to all, and files of many rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.api.throttling import address_of, seconds_to_wait

#: Where no log-in is asked for. Doors at which something could be guessed have a stricter count of their own.
OPEN = "/publico/"


class LimitMiddleware:
    """Whoever takes too much too fast waits until the next minute (ASVS 5.0, V2.4.1); the counts are in portal.conf."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Count the request where it is counted; 429 with the seconds to wait when there were too many."""
        kind = counted_as(request)
        if kind is None:
            return None
        who = f"pessoa{request.user.pk}" if request.user.is_authenticated else address_of(request)
        wait = seconds_to_wait(kind, who)
        if not wait:
            return None
        page = render(request, "429.html", {"segundos": wait}, status=429)
        page["Retry-After"] = str(wait)
        return page


def counted_as(request: HttpRequest) -> str | None:
    """The kind under which a request is counted; None for the office's own pages, and for a form, which holds text."""
    match = request.resolver_match
    if request.method not in ("GET", "HEAD"):
        return None
    if match and match.url_name and (match.url_name == "dados_abertos_arquivo" or "exportar" in match.url_name):
        return "arquivo"
    return "publico" if request.path.startswith(OPEN) else None
