"""At the door of every request: whose address it is, whether somebody is logged in, and what becomes of typed text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from access.addresses import client_address
from access.conf import SEEN_EVERY
from access.rules import browser_in_words
from access.services.factors import is_mandatory
from access.services.journal import Place, note_refused
from access.services.sessions import touch
from access.services.typed import keep_typed, whose
from access.sessions import ends_at
from accounts.models import User

#: In a session: that a second factor was shown in it.
FACTOR = "segundo_fator"
#: A page that asks by itself for news sends this header: nobody sits in front of it for that.
BY_ITSELF = "X-Sozinha"
#: Not theirs to do; not theirs to know of, or not there, which nobody is told apart; too often.
REFUSED = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS)
#: Pages whose forms carry passwords and codes: they are typed anew.
SECRET = ("/entrar/", "/senha/", "/conta/")
ENDED = "Sua sessão terminou. O que está na tela continua aqui: ao gravar, entre de novo, e nada se perde."


class ClientAddress:
    """REMOTE_ADDR is the client's own address, whatever stands in between (PROCON_PROXIES)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on with the client's address."""
        meta = request.META
        remote, forwarded = meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", "")
        meta["REMOTE_ADDR"] = client_address(remote, forwarded, settings.PROCON["PROXIES"])
        return self.get_response(request)


class Door(LoginRequiredMiddleware):
    """Nobody passes without log-in, nor without the second factor that their papel demands; what they typed is kept."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on; afterwards write down that the session is in use, and what a person was refused."""
        response = super().__call__(request)
        self._seen(request)
        self._refused(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Let through, or lead to the log-in or to enrolling."""
        refused = super().process_view(request, view_func, view_args, view_kwargs)
        if refused is not None or not getattr(view_func, "login_required", True):
            return refused
        if request.session.get(FACTOR) or getattr(view_func, "before_second_factor", False):
            return None
        if not is_mandatory(request.user):
            return None
        return _led(request, reverse("segundo_fator"), request.user)

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseBase:
        """To the log-in page, and back here afterwards."""
        return _led(request, self.get_login_url(view_func), _sender(request))

    @staticmethod
    def _seen(request: HttpRequest) -> None:
        row = getattr(request.session, "row", None)
        if row is None or row.usuario_id is None or row.vista_em is None or request.headers.get(BY_ITSELF):
            return
        now = _now()
        if now - row.vista_em >= SEEN_EVERY:
            touch(row, at=now, until=ends_at(row.entrou_em, now))

    @staticmethod
    def _refused(request: HttpRequest, response: HttpResponseBase) -> None:
        """Write the request down as its pattern, which holds nothing that somebody typed. No address of ours: none."""
        match, person = request.resolver_match, request.user
        if response.status_code in REFUSED and match and isinstance(person, User):
            asked = f"{request.method} /{match.route}: {response.status_code}"
            note_refused(usuario=person, at=_now(), place=place_of(request), pedido=asked)


def place_of(request: HttpRequest) -> Place:
    """Where this request comes from."""
    return Place(browser_in_words(request.headers.get("User-Agent", "")), request.META.get("REMOTE_ADDR") or None)


def saved_from_an_old_page(request: HttpRequest) -> HttpResponseBase | None:
    """What was typed into a page of ours that had grown old (CSRF), kept; None where it may come from elsewhere.

    Whoever logs in anew in one window has old pages in the others. The browser itself must say that ours it was: else
    somebody else's form would be shown to a person as their own.
    """
    person = request.user if request.user.is_authenticated else _sender(request)
    if request.headers.get("Sec-Fetch-Site") != "same-origin" or person is None:
        return None
    if _by_a_script(request):
        return None
    kept = _kept(request, person)
    if not kept:
        return None
    return redirect(kept) if request.user.is_authenticated else redirect_to_login(kept)


def _by_a_script(request: HttpRequest) -> bool:
    """Whether a script of the page asks, not the person who goes somewhere.

    A service worker that passes a journey on says «empty», as a script does; the mode still says what it is.
    """
    asked = request.headers
    return asked.get("Sec-Fetch-Dest") == "empty" and asked.get("Sec-Fetch-Mode") != "navigate"


def _sender(request: HttpRequest) -> User | None:
    """Who sent this form in a session that has ended."""
    if request.method != "POST":
        return None
    return whose(request.COOKIES.get(settings.SESSION_COOKIE_NAME), at=_now())


def _kept(request: HttpRequest, person: User) -> str:
    """Where what was typed is kept; empty where nothing was."""
    if request.path.startswith(SECRET):
        return ""
    files = [file.name or name for name, many in request.FILES.lists() for file in many]
    fields = dict(request.POST.lists())
    row = keep_typed(caminho=request.get_full_path(), fields=fields, files=files, by=person, at=_now())
    return reverse("digitado", args=[row.pk]) if row else ""


def _led(request: HttpRequest, where: str, person: User | None) -> HttpResponseBase:
    """Lead the browser to `where`, and from there to this page, or to what was typed into it."""
    if _by_a_script(request) and not request.headers.get("HX-Request"):
        return HttpResponse(ENDED, status=HTTPStatus.UNAUTHORIZED, content_type="text/plain; charset=utf-8")
    answer = redirect_to_login(_afterwards(request, person), where)
    if not request.headers.get("HX-Request"):
        return answer
    told = HttpResponse(ENDED, status=HTTPStatus.UNAUTHORIZED, content_type="text/plain; charset=utf-8")
    told["HX-Redirect"] = answer["Location"]
    return told


def _afterwards(request: HttpRequest, person: User | None) -> str:
    kept = _kept(request, person) if person and request.method == "POST" else ""
    if kept:
        return kept
    if request.headers.get("HX-Request"):
        return _page_of(request)
    return request.get_full_path()


def _page_of(request: HttpRequest) -> str:
    """The page that a fragment was asked for from."""
    told = request.headers.get("HX-Current-URL", "")
    if not url_has_allowed_host_and_scheme(told, {request.get_host()}, require_https=request.is_secure()):
        return reverse("inicio")
    parts = urlsplit(told)
    return parts._replace(scheme="", netloc="", fragment="").geturl() or "/"


def before_second_factor(view: Callable[..., Any]) -> Callable[..., Any]:
    """A page that is open to who must still enrol."""
    view.before_second_factor = True  # type: ignore[attr-defined]
    return view


def _now() -> datetime:
    return timezone.now()  # noqa: TID251  the edge reads the clock
