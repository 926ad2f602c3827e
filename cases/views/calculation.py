"""The calculator: by itself, or for a case, where the result is kept and printed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import CASE_READERS
from cases.forms.calculation import FORMS, form_for
from cases.models import Calculo
from cases.services.calculation import calculate, work_out
from cases.views.case import fetch_case
from workflow.errors import Refusal

#: How many of a case's calculations the page shows.
SHOWN = 20


@require_http_methods(["GET", "POST"])
def calculator(request: HttpRequest) -> HttpResponse:
    """Work something out without a case; nothing is stored."""
    if not request.user.papeis & CASE_READERS:
        raise Http404("whoever reads no case calculates for nobody")
    especie = _kind(request)
    form, context = form_for(especie, request.POST or None), {}
    if form.is_valid():
        try:
            context = {"memoria": work_out(especie, form.cleaned_data)}
        except Refusal as refusal:
            form.show(refusal)
    return _page(request, especie, form, context)


@require_http_methods(["GET", "POST"])
def of_case(request: HttpRequest, protocolo: str) -> HttpResponse:
    """Calculate for a case: kept with its data, and printed as a memória."""
    atendimento = fetch_case(request.user, protocolo)
    especie = _kind(request)
    form = form_for(especie, request.POST or None)
    if form.is_valid():
        try:
            made = calculate(
                atendimento=atendimento,
                especie=especie,
                entrada=form.cleaned_data,
                by=request.user,
                at=timezone.now(),  # noqa: TID251  the edge reads the clock
            )
        except Refusal as refusal:
            form.show(refusal)
        else:
            messages.success(request, "Cálculo guardado no caso, com a memória de cálculo.")
            return redirect(f"{reverse('atendimento_calculo', args=[protocolo])}?especie={especie}#calculo-{made.pk}")
    rows = Calculo.objects.filter(atendimento=atendimento).select_related("documento", "por")[:SHOWN]
    return _page(request, especie, form, {"atendimento": atendimento, "calculos": rows})


def _kind(request: HttpRequest) -> str:
    asked = request.GET.get("especie", "")
    return asked if asked in FORMS else next(iter(FORMS))


def _page(request: HttpRequest, especie: str, form: Any, extra: dict[str, Any]) -> HttpResponse:
    labels = dict(Calculo.Especie.choices)
    context = {
        "form": form,
        "especie": especie,
        "titulo": labels[especie],
        "especies": [(name, labels[name]) for name in FORMS],
        **extra,
    }
    return render(request, "cases/calculo.html", context, status=422 if form.errors else 200)
