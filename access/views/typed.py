"""What was typed when the session had ended, brought back after the log-in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from access.services.typed import Typed, discard_typed, mark_sent, open_typed

#: Words of field names whose content is for no eye.
HIDDEN = ("senha", "password", "token", "chave", "assinatura")


class Resend(HttpResponse):
    """307: the browser sends the very form again, to where it was going."""

    status_code = 307

    def __init__(self, where: str) -> None:
        super().__init__(headers={"Location": where})


@never_cache
@require_http_methods(["GET", "POST"])
def typed(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what was typed, and send it on, or throw it away."""
    kept = open_typed(pk=pk, by=request.user, at=_now())
    if kept is None:
        raise Http404("Este formulário não está mais guardado: ele fica duas horas, e só para quem o digitou.")
    if request.method == "POST" and request.GET.get("descartar"):
        discard_typed(pk=pk, by=request.user)
        messages.success(request, "O formulário guardado foi descartado.")
        return redirect("inicio")
    if request.method == "POST":
        mark_sent(row=kept.row, at=_now())
        return Resend(kept.row.caminho)
    told = {"guardado": kept, "campos": _sent(kept), "digitado": _told(kept)}
    return render(request, "access/digitado.html", told)


def _sent(kept: Typed) -> list[tuple[str, str]]:
    return [(name, value) for name, values in kept.fields for value in values]


def _told(kept: Typed) -> list[tuple[str, str]]:
    """What a person would know again: the longest first, nothing that was hidden in the page."""
    seen = [
        (name.replace("_", " ").replace("-", " ").capitalize(), value)
        for name, value in _sent(kept)
        if len(value) > 2 and not any(word in name.lower() for word in HIDDEN) and not _is_number(value)
    ]
    return sorted(seen, key=lambda pair: -len(pair[1]))


def _is_number(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def _now() -> datetime:
    return timezone.now()  # noqa: TID251  the edge reads the clock
