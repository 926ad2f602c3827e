"""The office's ready texts: list, new, change, retire."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.forms.texts import TextoPadraoForm
from cases.models import TextoPadrao
from cases.services.texts import require_keeper, retire_text, write_text
from listing.pages import keyset_page
from workflow.errors import Refusal


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Every ready text of the office, those out of use too."""
    require_keeper(request.user)
    rows = TextoPadrao.objects.visible_to(request.user).select_related("alterado_por")
    page = keyset_page(rows, ("uso", "titulo", "id"), request.GET)
    return render(request, "cases/textos.html", {"pagina": page, "consulta": ""})


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Write a new text, or change one."""
    require_keeper(request.user)
    known = _fetch(request, pk) if pk else None
    form = TextoPadraoForm(request.POST or None, initial=TextoPadraoForm.initial_of(known))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                written = write_text(of=known, by=request.user, at=_now(), **form.cleaned_data)
            except Refusal as refusal:
                form.add_refusal(refusal.errors, refusal.message)
                status = refusal.status_code
            else:
                messages.success(request, f"Texto «{written}» gravado.")
                return redirect("textos")
    return render(request, "cases/texto.html", {"form": form, "texto": known}, status=status)


@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a text out of use, or back into it."""
    require_keeper(request.user)
    text = retire_text(texto=_fetch(request, pk), by=request.user, at=_now())
    messages.success(request, f"Texto «{text}» {'aposentado' if text.aposentado_em else 'de volta ao uso'}.")
    return redirect("textos")


def _fetch(request: HttpRequest, pk: int) -> TextoPadrao:
    found = TextoPadrao.objects.visible_to(request.user).filter(pk=pk).first() if pk < 2**31 else None
    if found is None:
        raise Http404("Não há texto com este número.")
    return found


def _now() -> Any:
    return timezone.now()  # noqa: TID251  the edge reads the clock
