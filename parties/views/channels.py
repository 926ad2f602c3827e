"""By which channels a consumer wants to be told, besides e-mail."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from parties import services
from parties.models import AutorizacaoDeCanal, Consumidor
from parties.views.registry import fetch, now


@require_POST
def authorise(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that the consumer wants this channel."""
    person = fetch(Consumidor.objects.visible_to(request.user), pk)
    canal = request.POST.get("canal", "")
    if canal not in AutorizacaoDeCanal.Canal.values:
        raise Http404("Este canal não existe.")
    made = services.authorise_channel(consumidor=person, canal=canal, by=request.user, at=now())
    messages.success(
        request, f"{made.get_canal_display()} autorizado: vale para as audiências marcadas a partir de agora."
    )
    return redirect("consumidor", pk)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back."""
    mine = AutorizacaoDeCanal.objects.filter(consumidor__in=Consumidor.objects.visible_to(request.user))
    found = fetch(mine, pk)
    services.withdraw_channel(autorizacao=found, by=request.user, at=now())
    messages.success(request, f"{found.get_canal_display()} retirado: o que esperava a hora foi cancelado.")
    return redirect("consumidor", found.consumidor_id)
