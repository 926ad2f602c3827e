"""The numbers of a case in other systems: on its page, written down there, taken back there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from cases.models import NumeroExterno
from cases.services.numbers import add_number, take_number_back
from cases.views.case import Tried, case_page, fetch_case
from cases.views.number_list import number_form, take_back_form
from workflow.errors import Refusal


@require_POST
def add(request: HttpRequest, protocolo: str) -> HttpResponse:
    """Write down a number of another system."""
    case = fetch_case(request.user, protocolo)
    form = number_form(case.pk, request.POST)
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    refusal = None
    if form.is_valid():
        try:
            add_number(atendimento=case, **form.cleaned_data, by=request.user, at=now)
        except Refusal as refused:
            refusal = _told(form, refused)
        else:
            messages.success(request, "Número anotado. A busca acha o caso por ele.")
            return redirect("atendimento", protocolo)
    return case_page(request, protocolo, tried=Tried("ANOTAR_NUMERO", case.pk, form, refusal))


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a number out of the case, with a reason."""
    number = NumeroExterno.objects.visible_to(request.user).select_related("atendimento").filter(pk=pk).first()
    if number is None:
        raise Http404("Não há número externo com este código nas suas unidades.")
    form = take_back_form(number, request.POST)
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    refusal = None
    if form.is_valid():
        try:
            take_number_back(numero=number, **form.cleaned_data, by=request.user, at=now)
        except Refusal as refused:
            refusal = _told(form, refused)
        else:
            messages.success(request, "Número retirado, com o motivo no histórico.")
            return redirect("atendimento", number.atendimento.protocolo)
    return case_page(request, number.atendimento.protocolo, tried=Tried("RETIRAR_NUMERO", pk, form, refusal))


def _told(form: Any, refusal: Refusal) -> Refusal:
    """The refusal, its sentences also at the fields that they are about."""
    for field, message in refusal.errors.items():
        form.add_error(field if field in form.fields else None, message)
    return refusal
