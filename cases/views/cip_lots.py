"""How the batches of CIPs get on: those that one asked for, and each with its refusals."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from cases.models import Lote
from listing.pages import keyset_page


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The batches that one asked for, the newest first."""
    page = keyset_page(Lote.objects.visible_to(request.user).with_progress(), ("-id",), request.GET)
    return render(request, "cases/cip_lotes.html", {"pagina": page})


@require_GET
def lot(request: HttpRequest, pk: int) -> HttpResponse:
    """How a batch gets on: counted, with the reasons of the refused; row by row once it has ended."""
    lote = get_object_or_404(Lote.objects.visible_to(request.user).with_progress(), pk=pk)
    ended = lote.total == lote.tratados
    rows = lote.itens.select_related("reclamado__fornecedor", "reclamado__atendimento").order_by("ordem")
    refused = list(rows.exclude(recusa="")) if lote.recusados else []
    context: dict[str, Any] = {
        "lote": lote,
        "acabou": ended,
        "feitos": lote.tratados - lote.recusados,
        "faltam": lote.total - lote.tratados,
        "recusadas": refused,
        "feitas": rows.filter(feito_em__isnull=False, recusa="") if ended else [],
    }
    return render(request, "cases/_cip_lote.html" if request.htmx else "cases/cip_lote.html", context)
