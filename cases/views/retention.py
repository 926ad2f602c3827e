"""The end of retention: who is due, for how long each tipo is kept, and making people anonymous."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases.forms.privacy import RetentionForm
from cases.models import PrazoDeGuarda
from cases.services.retention import anonymise, change_retention, due
from cases.views.privacy import for_encarregado
from parties.models import Consumidor
from workflow.errors import Refusal

#: How many people are shown, and made anonymous, at once.
BATCH = 100


@require_GET
@for_encarregado
def preview(request: HttpRequest) -> HttpResponse:
    """Who would be made anonymous now, and the terms that say so."""
    return _page(request, RetentionForm(), 200)


@require_POST
@for_encarregado
def run(request: HttpRequest) -> HttpResponse:
    """Make the chosen people anonymous, each in a transaction of its own."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    numbers = [int(text) for text in request.POST.getlist("pessoa")[:BATCH] if text.isdecimal() and len(text) < 18]
    done = 0
    for person in Consumidor.objects.filter(pk__in=numbers):
        try:
            anonymise(consumidor=person, by=request.user, at=now)
        except Refusal as refusal:
            messages.warning(request, f"Pessoa nº {person.pk}: {refusal.message}")
        else:
            done += 1
    messages.success(request, f"{done} pessoa{'s' if done != 1 else ''} anonimizada{'s' if done != 1 else ''}.")
    return redirect("privacidade_anonimizacao")


@require_POST
@for_encarregado
def retention(request: HttpRequest) -> HttpResponse:
    """Change one term."""
    form = RetentionForm(request.POST)
    if form.is_valid():
        try:
            change_retention(**form.cleaned_data, by=request.user)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Prazo de guarda gravado.")
            return redirect("privacidade_anonimizacao")
    return _page(request, form, 422)


def _page(request: HttpRequest, form: Any, status: int) -> HttpResponse:
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    people = due(today=timezone.localdate(now)).annotate(ultimo=Max("atendimentos__encerrado_em")).order_by("pk")
    context = {"pessoas": people[:BATCH], "prazos": PrazoDeGuarda.objects.all(), "form": form, "lote": BATCH}
    return render(request, "cases/privacidade/anonimizacao.html", context, status=status)
