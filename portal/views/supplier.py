"""The supplier's page: the code of the letter opens one CIP, which is answered once.

What was opened is kept in the session, never in the address: the code goes by POST and is not kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from cases.models import CIP
from cases.services import answer_in_public, cip_by_code, open_letter, request_extension
from portal.api.throttling import address_of, seconds_to_wait
from portal.forms import CodigoForm, PrazoForm, RespostaForm
from workflow.errors import ActNotAllowed, Refusal

#: What the session keeps: the CIP that the code opened, and when.
OPENED = "cip_publica"
#: For how many seconds an opened letter stays open.
HOURS_OPEN = 2 * 60 * 60
WRONG = (
    "Este código não abre nenhuma CIP: pode ter sido digitado errado, já ter sido usado para responder, ou a CIP ter "
    "terminado. Confira a carta ou fale com o Procon."
)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def entrance(request: HttpRequest) -> HttpResponse:
    """Ask for the letter's code. Many tries from one address are told to wait."""
    if request.method != "POST":
        return render(request, "portal/fornecedor.html", {"form": CodigoForm()})
    form = CodigoForm(request.POST)
    wait = seconds_to_wait("fornecedor", address_of(request))
    if wait:
        form.add_error(None, f"Muitas tentativas deste endereço. Espere {wait} segundos e tente de novo.")
        return render(request, "portal/fornecedor.html", {"form": form}, status=429)
    cip = cip_by_code(form.cleaned_data["codigo"]) if form.is_valid() else None
    if cip is None:
        if not form.errors:
            form.add_error("codigo", WRONG)
        return render(request, "portal/fornecedor.html", {"form": form}, status=422)
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    open_letter(cip=cip, at=now)
    request.session.cycle_key()
    request.session[OPENED] = [cip.pk, time.time()]
    return redirect("cip_publica")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest) -> HttpResponse:
    """What the letter says, the term, and the answer."""
    cip = _opened(request)
    if cip is None:
        return redirect("fornecedor_publico")
    if request.method != "POST":
        return redirect("cip_recibo") if cip.recibo else _page(request, cip)
    form = RespostaForm(request.POST, request.FILES)
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    refused = _tried(form, lambda data: answer_in_public(cip=cip, at=now, **data))
    return _page(request, cip, refused, resposta=form) if refused else redirect("cip_recibo")


@login_not_required
@never_cache
@require_POST
def extension(request: HttpRequest) -> HttpResponse:
    """Ask for more days."""
    cip = _opened(request)
    if cip is None:
        return redirect("fornecedor_publico")
    form = PrazoForm(request.POST)
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    system = User.objects.system()
    refused = _tried(form, lambda data: request_extension(cip=cip, by=system, at=now, **data))
    return _page(request, cip, refused, prazo=form) if refused else redirect("cip_publica")


@login_not_required
@never_cache
@require_GET
def receipt(request: HttpRequest) -> HttpResponse:
    """The receipt of the answer, to print."""
    cip = _opened(request)
    if cip is None or not cip.recibo:
        return redirect("fornecedor_publico")
    return render(request, "portal/recibo.html", {"cip": cip, "caso": cip.reclamado.atendimento})


def _opened(request: HttpRequest) -> CIP | None:
    """The CIP that this session's code opened, as it is now."""
    pk, since = request.session.get(OPENED) or (None, 0)
    if pk is None or not 0 <= time.time() - since <= HOURS_OPEN:
        return None
    found: CIP | None = CIP.objects.for_supplier().filter(pk=pk).first()
    return found


def _tried(form: forms.Form, act: Callable[[dict[str, Any]], Any]) -> Refusal | bool:
    """Do it; what was refused, or True for a form that is badly filled in; False when it was done."""
    if not form.is_valid():
        return True
    try:
        act(form.cleaned_data)
    except Refusal as refusal:
        for field, message in refusal.errors.items():
            form.add_error(field if field in form.fields else _FIELD.get(field), message)
        return refusal
    return False


#: How a service names what the form calls otherwise.
_FIELD = {"arquivo": "arquivos"}


def _page(
    request: HttpRequest,
    cip: CIP,
    refused: Refusal | bool = False,
    *,
    resposta: forms.Form | None = None,
    prazo: forms.Form | None = None,
) -> HttpResponse:
    cip.refresh_from_db(fields=["status"])
    asked = cip.pedidos.order_by("-pedido_em").first()
    open_still = cip.status not in ("respondida", "em_analise", "baixada")
    context = {
        "cip": cip,
        "carta": cip.documento.dados["dados"] if cip.documento else {},
        "form": resposta or RespostaForm(),
        "form_prazo": prazo or PrazoForm(auto_id="prazo_%s"),
        "prazo_tentado": prazo is not None,
        "pedido": asked,
        "aberta": open_still,
        "pode_pedir": cip.status == CIP.Status.CIENTIFICADA and (asked is None or asked.deferido is not None),
        "recusa": refused if isinstance(refused, ActNotAllowed) else None,
    }
    status = refused.status_code if isinstance(refused, Refusal) else 422 if refused else 200
    return render(request, "portal/cip.html", context, status=status)
