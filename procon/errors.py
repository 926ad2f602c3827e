"""What is answered when a request cannot be served: standing alone, without database, session or Redis."""

from __future__ import annotations

import sys

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotFound, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from access.middleware import saved_from_an_old_page
from portal.api.problems import MEDIA_TYPE, body
from procon.refusals import typed
from workflow.integrity import is_away

#: Seconds after which to ask again.
SOON = "30"
#: Whoever calls these addresses is a machine.
_MACHINES = ("/api/", "/oauth/")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Answer a form whose page had grown old; the reason is for the log, which Django writes itself."""
    return saved_from_an_old_page(request) or render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """What nobody foresaw is a 500; a database or a Redis that is not there is a 503, with the way out.

    What was typed is given back, for it was not kept.
    """
    error = sys.exc_info()[1]
    away = error is not None and is_away(error)
    status = 503 if away else 500
    if request.path.startswith(_MACHINES):
        answer: HttpResponse = JsonResponse(body(status), status=status, content_type=MEDIA_TYPE)
    else:
        told = {"pedido": getattr(request, "numero", ""), "digitado": _typed(request) if away else []}
        told["caminho"] = request.get_full_path() if request.method == "GET" else ""
        answer = HttpResponse(render_to_string(f"{status}.html", told), status=status)
    if away:
        answer["Retry-After"] = SOON
    return answer


@login_not_required
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page that the browser keeps for when the network is away."""
    return HttpResponse(render_to_string("sem_rede.html"))


@login_not_required
@require_safe
def offline_worker(request: HttpRequest) -> HttpResponse:
    """The script that shows that page; it must come from the root to answer for every address."""
    found = finders.find("procon/sem-rede.js")
    if not found:
        return HttpResponseNotFound()
    with open(found, encoding="utf-8") as script:
        return HttpResponse(script.read(), content_type="text/javascript; charset=utf-8")


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    try:
        return typed(request)
    except Exception:
        return []
