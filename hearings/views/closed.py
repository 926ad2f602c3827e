"""Hearings on days that were closed after they were booked: none moves by itself, somebody redesignates each."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import CASE_READERS, Papel
from deadlines.models import Feriado
from hearings import acts
from hearings.forms import DaysForm
from hearings.models import Audiencia
from listing.pages import capped_count, keyset_page

ORDER = ("inicio", "id")


@require_GET
def closed_days(request: HttpRequest) -> HttpResponse:
    """Every hearing to come that stands on a closed day, the nearest first, each with the way to another date."""
    today = timezone.localdate(timezone.now())  # noqa: TID251  the edge reads the clock
    rows = Audiencia.objects.visible_to(request.user).on_closed_days(since=today).with_everything()
    context = {
        "pagina": keyset_page(rows, ORDER, request.GET),
        "marca_em": set(request.user.unidades_com(frozenset(acts.TABLE))),
    }
    return render(request, "hearings/sem_expediente.html", context)


@require_GET
def in_period(request: HttpRequest) -> HttpResponse:
    """How many hearings to come stand between two days: a fragment where the calendar is changed, or a page.

    An administrador closes days for the whole office and is told the number of all of it; the rows are for whoever
    reads cases.
    """
    administers = request.user.has_papel(Papel.ADMINISTRADOR)
    reads = bool(request.user.unidades_com(CASE_READERS))
    if not (administers or reads):
        raise Http404("neither an administrador nor a reader of cases")
    form = DaysForm(request.GET)
    if not form.is_valid():
        raise Http404("no period")
    de, ate = form.cleaned_data["de"], form.cleaned_data["ate"]
    seen = _coming(de, ate).visible_to(request.user)
    context: dict[str, Any] = {
        "de": de,
        "ate": ate,
        "quantas": capped_count(_coming(de, ate) if administers else seen),
        "le_casos": reads,
        "suspende": form.cleaned_data["suspende"],
    }
    if request.htmx:
        return render(request, "hearings/_no_periodo.html", context)
    named = dict(Feriado.objects.filter(data__range=(de, ate)).order_by("-id").values_list("data", "nome"))
    page = keyset_page(seen.with_everything(), ORDER, request.GET)
    for row in page.rows:
        row.fechado = named.get(timezone.localdate(row.inicio), "")
    kept = request.GET.copy()
    for name in ("antes", "depois"):
        kept.pop(name, None)
    context |= {
        "pagina": page,
        "marca_em": set(request.user.unidades_com(frozenset(acts.TABLE))),
        "consulta": kept.urlencode(),
    }
    return render(request, "hearings/no_periodo.html", context)


def _coming(de: date, ate: date) -> Any:
    return Audiencia.objects.pending().between(de, ate)
