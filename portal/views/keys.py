"""The counter gives a consumer the key with which they follow their case; it is shown once, to be printed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cases.models import Atendimento
from portal.services.following import give_key, require_giver


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def key(request: HttpRequest, protocolo: str) -> HttpResponse:
    """What a key is for; by the button, a new one with the paper that carries it."""
    case = Atendimento.objects.visible_to(request.user).filter(protocolo=protocolo).first()
    if case is None:
        raise Http404
    require_giver(case, request.user)
    context = {"atendimento": case, "tem_chave": bool(case.chave_hash)}
    if request.method == "POST":
        now = timezone.now()  # noqa: TID251  the edge reads the clock
        context["chave"] = give_key(atendimento=case, by=request.user, at=now)
    return render(request, "portal/chave.html", context)
