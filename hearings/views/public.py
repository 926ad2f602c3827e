"""The page behind the link of a notice: one party says that it comes, or asks for another date. No log-in."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hearings import services
from hearings.forms import MoveRequestForm
from hearings.models import Audiencia
from hearings.queries import PENDING
from workflow.errors import Refusal


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def party(request: HttpRequest, ficha: str) -> HttpResponse:
    """Show the date to one party, and take its answer."""
    found = services.read_party_key(ficha)
    if found is None:
        raise Http404("Este endereço não abre nenhuma audiência. Confira se o copiou inteiro.")
    audiencia, who = found
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    asking = request.method == "POST" and request.POST.get("acao") == "pedir"
    open_still = audiencia.status in PENDING and audiencia.inicio > now
    asked = list(audiencia.pedidos.filter(parte=who.key))
    waits = any(pedido.decidido_em is None for pedido in asked)
    times = services.times_to_wish(audiencia, today=timezone.localdate(now)) if open_still and not waits else []
    form = MoveRequestForm(request.POST if asking else None, times=times)
    status = 200
    if request.method == "POST" and (not asking or form.is_valid()):
        try:
            told = _ask(audiencia, who, form, now) if asking else _confirm(audiencia, who, now)
        except Refusal as refusal:
            form.show(refusal) if asking else messages.error(request, refusal.message)
            status = refusal.status_code
        else:
            messages.success(request, told)
            return redirect("audiencia_parte", ficha)
    context = {
        "audiencia": audiencia,
        "quem": who,
        "ficha": ficha,
        "form": form,
        "aberta": open_still,
        "confirmada": audiencia.confirmacoes.filter(parte=who.key).exists(),
        "pedidos": asked,
        "em_analise": waits,
    }
    return render(request, "hearings/parte.html", context, status=422 if form.errors and status == 200 else status)


def _ask(audiencia: Audiencia, who: services.Party, form: MoveRequestForm, now: datetime) -> str:
    services.request_move(audiencia=audiencia, party=who, at=now, **form.cleaned_data)
    return "Pedido recebido. Enquanto o Procon não responder, vale a data marcada."


def _confirm(audiencia: Audiencia, who: services.Party, now: datetime) -> str:
    services.confirm_party(audiencia=audiencia, party=who, at=now)
    return "Presença confirmada. Obrigado por avisar."
