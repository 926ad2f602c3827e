"""An expected refusal becomes an answer that says what, why and what to do: a page, or a fragment for htmx."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from workflow.errors import Refusal


def refusal_response(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal as HTML with its status code (409 or 422); for htmx, only the message."""
    fragment = getattr(request, "htmx", False)
    template = "procon/_recusa.html" if fragment else "procon/recusa.html"
    return render(request, template, {"recusa": refusal}, status=refusal.status_code)


class RefusalMiddleware:
    """Answers every Refusal that a view lets through. A view with a form to give back catches it itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a Refusal into its answer; leave everything else alone."""
        return refusal_response(request, exception) if isinstance(exception, Refusal) else None
