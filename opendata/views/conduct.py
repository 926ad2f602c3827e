"""The suppliers complained against here, beside their conduct on consumidor.gov.br."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import CASE_READERS, Papel, User
from listing.pages import PAGE_SIZE
from listing.sheets import csv_response, xlsx_response
from opendata.forms import ConductForm, initial
from opendata.queries.conduct import Asked, unmatched
from opendata.services import conduct

#: Who reads totals of their unidade; as in the reports, they name no person.
READERS = (CASE_READERS | {Papel.ENCARREGADO}) - {Papel.SISTEMA}


@require_safe
def conduct_page(request: HttpRequest) -> HttpResponseBase:
    """The comparison; `?mostrar=sem` lists the suppliers of whom nothing is known, `?formato=` gives a file."""
    asked = _asked(request)
    if asked is None:
        return render(request, "opendata/consumidor_gov.html", {})
    form, who = asked
    if not form.is_valid() or who is None:
        return render(request, "opendata/consumidor_gov.html", {"form": form}, status=422)
    if request.GET.get("mostrar") == "sem":
        return _unmatched(request, form, who)
    data = form.cleaned_data
    rows = conduct.compare(
        who, data["de"], data["ate"], segment=data["segmento"], places=conduct.places_of(form.city)
    )  # fmt: skip
    rows = conduct.sort(rows, data["ordem"], form.place)
    name = f"consumidor-gov-{data['de']:%Y-%m}-a-{data['ate']:%Y-%m}"
    if request.GET.get("formato") == "csv":
        return csv_response(f"{name}.csv", conduct.HEADER, conduct.lines(rows))
    if request.GET.get("formato") == "xlsx":
        return xlsx_response(f"{name}.xlsx", "consumidor.gov.br", conduct.HEADER, conduct.lines(rows))
    context = {
        "form": form,
        "pagina": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("pagina")),
        "arquivo": conduct.last_import(),
        "fonte": conduct.SOURCE,
        "consulta": _query(request, "pagina", "formato"),
    }
    return render(request, "opendata/consumidor_gov.html", context)


def _asked(request: HttpRequest) -> tuple[ConductForm, Asked | None] | None:
    """(the form, whose cases of which days), or None where nothing was imported. Raises Http404."""
    assert isinstance(request.user, User)
    scope = request.user.unidades_com(READERS)
    if not scope:
        raise Http404("totals are read by whoever holds a papel that reads cases")
    months, cities = conduct.stored_months(), conduct.cities_of(scope)
    if months is None or not cities:
        return None
    given = request.GET if "de" in request.GET else {**initial(months), **request.GET.dict()}
    form = ConductForm(given, cities=list(cities), segments=conduct.segments())
    if not form.is_valid():
        return form, None
    after = (form.cleaned_data["ate"] + timedelta(days=32)).replace(day=1)
    return form, Asked(tuple(cities[form.city]), _midnight(form.cleaned_data["de"]), _midnight(after))


def _unmatched(request: HttpRequest, form: ConductForm, who: Asked) -> HttpResponse:
    """The suppliers complained against of which no name is a company's, most cases first."""
    context = {
        "form": form,
        "pagina": Paginator(unmatched(who), PAGE_SIZE).get_page(request.GET.get("pagina")),
        "consulta": _query(request, "pagina", "mostrar"),
    }
    return render(request, "opendata/consumidor_gov_sem.html", context)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _query(request: HttpRequest, *without: str) -> str:
    query = request.GET.copy()
    for name in without:
        query.pop(name, None)
    return query.urlencode()
