"""An expected refusal becomes an answer that says what, why and what to do: a page, or a fragment for htmx."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from workflow.errors import Refusal, TryAgain
from workflow.integrity import refusal_of

#: Fields whose text is nobody's to read again on a page.
_SECRET = ("senha", "password", "token", "codigo", "csrf")
#: So much is given back of one form.
_LONGEST = 100_000


def refusal_response(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal as HTML with its status code (409 or 422); for htmx, only the message: its page keeps the form."""
    fragment = getattr(request, "htmx", False)
    template = "procon/_recusa.html" if fragment else "procon/recusa.html"
    told = {"recusa": refusal, "digitado": typed(request), "volta": _back(request)}
    return render(request, template, told, status=refusal.status_code)


def _back(request: HttpRequest) -> str:
    """The page of ours that the form was on; where the browser does not tell, the start of who is asking."""
    referer = request.headers.get("Referer", "")
    known = url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure())
    if known:
        return referer
    return "/" if request.user.is_authenticated else reverse("publico")


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """The prose that came with a form: whatever has more than one word, under its field's name."""
    told = [
        (name.replace("_", " ").capitalize(), text.replace("\x00", ""))
        for name, texts in request.POST.lists()
        if not any(word in name.lower() for word in _SECRET)
        for text in texts
        if len(text.split()) > 1
    ]
    return told if sum(len(text) for _, text in told) <= _LONGEST else []


class RefusalMiddleware:
    """Answers every Refusal that a view lets through. A view with a form to give back catches it itself.

    Two who write at once may be told apart by the database alone (a deadlock, say): that is a refusal, too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; an address that only takes forms says so to who opens or reloads it."""
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET" and not response.content:
            page = render(request, "405.html", status=response.status_code)
            page["Allow"] = response["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a Refusal into its answer; leave everything else alone."""
        refusal = exception if isinstance(exception, Refusal) else undone(exception)
        return refusal_response(request, refusal) if refusal else None


def undone(exception: Exception) -> Refusal | None:
    """The refusal to whoever met another writer in the database; None for any other error, which is ours."""
    found = refusal_of(exception)
    return found if isinstance(found, TryAgain) else None
