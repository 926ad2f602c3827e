"""One CIP as its supplier reads and answers it, whether a code or the inbox opened it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from accounts.models import User
from cases.models import CIP
from cases.services import answer_in_public, request_extension
from portal.forms import PrazoForm, RespostaForm
from workflow.errors import ActNotAllowed, Refusal

#: How a service names what the form calls otherwise.
_FIELD = {"arquivo": "arquivos"}


@dataclass(frozen=True)
class Place:
    """The addresses of one CIP's pages; `pdf` and `caixa` only in the inbox."""

    pagina: str
    prazo: str
    recibo: str
    pdf: str = ""
    caixa: str = ""


def answer_page(request: HttpRequest, cip: CIP, place: Place) -> HttpResponse:
    """What the letter says, the term, and the answer; by POST it is answered."""
    if request.method != "POST":
        return redirect(place.recibo) if cip.recibo else _page(request, cip, place)
    form = RespostaForm(request.POST, request.FILES)
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    refused = tried(form, lambda data: answer_in_public(cip=cip, at=now, **data))
    return _page(request, cip, place, refused, resposta=form) if refused else redirect(place.recibo)


def extension_page(request: HttpRequest, cip: CIP, place: Place) -> HttpResponse:
    """Ask for more days."""
    form = PrazoForm(request.POST, auto_id="prazo_%s")
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    system = User.objects.system()
    refused = tried(form, lambda data: request_extension(cip=cip, by=system, at=now, **data))
    return _page(request, cip, place, refused, prazo=form) if refused else redirect(place.pagina)


def receipt_page(request: HttpRequest, cip: CIP, place: Place) -> HttpResponse:
    """The receipt of the answer, to print; without one, back to the letter."""
    if not cip.recibo:
        return redirect(place.pagina)
    context = {"cip": cip, "caso": cip.reclamado.atendimento, "lugar": place}
    return render(request, "portal/recibo.html", context)


def tried(form: forms.Form, act: Callable[[dict[str, Any]], Any]) -> Refusal | bool:
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


def _page(
    request: HttpRequest,
    cip: CIP,
    place: Place,
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
        "lugar": place,
        "carta": cip.documento.dados.get("dados", {}) if cip.documento else {},
        "form": resposta or RespostaForm(),
        "form_prazo": prazo or PrazoForm(auto_id="prazo_%s"),
        "pedido": asked,
        "aberta": open_still,
        "pode_pedir": cip.status == CIP.Status.CIENTIFICADA and (asked is None or asked.deferido is not None),
        "recusa": refused if isinstance(refused, ActNotAllowed) else None,
    }
    status = refused.status_code if isinstance(refused, Refusal) else 422 if refused else 200
    return render(request, "portal/cip.html", context, status=status)
