"""The administrador's pages of the webhooks: where each goes, what was told, what failed, sending it again."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from listing.pages import keyset_page
from portal.forms import DeliveryFilter
from portal.models import Integracao, Webhook
from portal.queries import WebhookQuerySet
from portal.services import replay
from portal.views.integrations import administrador


@administrador
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All webhooks, the newest first, with what waits and what failed."""
    rows = _visible_to(request.user)
    return render(request, "portal/webhooks.html", {"pagina": keyset_page(rows, ("-id",), request.GET)})


@administrador
@require_safe
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook and its deliveries, the newest first."""
    found = _fetch(request, pk)
    form = DeliveryFilter(request.GET)
    form.is_valid()
    rows, situacao = found.entregas.all(), form.cleaned_data.get("situacao")
    if situacao:
        rows = rows.filter(situacao=situacao)
    context = {
        "webhook": found,
        "form": form,
        "filtrado": bool(situacao),
        "consulta": f"situacao={situacao}" if situacao else "",
        "pagina": keyset_page(rows, ("-id",), request.GET),
    }
    return render(request, "portal/webhook.html", context)


@administrador
@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Put one delivery, or all that failed, back into the queue."""
    found, named = _fetch(request, pk), request.POST.get("entrega", "")
    try:
        codigos = [UUID(named)] if named else None
    except ValueError:
        raise Http404 from None
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    number = replay(webhook=found, codigos=codigos, at=now)
    if not number:
        messages.info(request, "O webhook está ativo, e nenhuma entrega falhou: não há o que reenviar.")
    elif number == 1:
        messages.success(request, "A entrega volta à fila e será tentada no próximo minuto.")
    else:
        messages.success(request, f"{number} entregas voltam à fila e serão tentadas a partir do próximo minuto.")
    return redirect("webhook", pk)


def _visible_to(user: User) -> WebhookQuerySet:
    """Those of the integrations that register where `user` is administrador."""
    mine = Webhook.objects.of_any(Integracao.objects.visible_to(user))
    return mine.select_related("integracao__user").with_counts()


def _fetch(request: HttpRequest, pk: int) -> Webhook:
    return get_object_or_404(_visible_to(request.user), pk=pk)
