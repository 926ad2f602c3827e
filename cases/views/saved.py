"""Keeping, ordering and forgetting filters of the list of cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.models import Papel, Unidade
from cases.models import FiltroSalvo
from cases.services import saved


@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list's filters under a name."""
    mine = request.user.unidades_com({Papel.COORDENADOR})
    unit = Unidade.objects.filter(pk__in=mine).first() if request.POST.get("partilhar") else None
    kept = saved.save_filter(
        nome=request.POST.get("nome", "").replace("\x00", ""),
        consulta=request.POST.get("consulta", "").replace("\x00", ""),
        unidade=unit,
        padrao="padrao" in request.POST,
        by=request.user,
    )
    messages.success(request, f"Filtro «{kept}» guardado.")
    return redirect(f"{reverse('atendimentos')}?{kept.consulta or 'ordem=recentes'}")


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one's filter."""
    return _on(request, pk, saved.delete_filter)


@require_POST
def up(request: HttpRequest, pk: int) -> HttpResponse:
    """Move one's filter before its neighbour."""
    return _on(request, pk, saved.raise_filter)


@require_POST
def default(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the list with this filter, or no longer."""
    return _on(request, pk, saved.open_with_filter)


def _on(request: HttpRequest, pk: int, service: Callable[..., Any]) -> HttpResponse:
    found = FiltroSalvo.objects.usable_by(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404("Não há filtro com este número.")
    service(filtro=found, by=request.user)
    return redirect(f"{reverse('atendimentos')}?ordem=recentes")
