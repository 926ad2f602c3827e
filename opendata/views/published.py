"""Open data without a log-in: the page, the files of a year, and their descriptor."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from opendata.exports import DESCRIPTOR, LICENCE, as_json, descriptor, files_of, own_files
from opendata.queries.published import KEPT_YEARS, SMALLEST, own_years
from workflow.errors import Refusal


@login_not_required
@never_cache
@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """The years that are offered, how many complaints each has, and until when they reach."""
    return _page(request)


def _page(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    years = own_years(today=timezone.localdate())
    context = {
        "anos": [(year, count, last, files_of(year)) for year, count, last in years],
        "ultima": max((last for _, _, last in years), default=None),
        "descritor": DESCRIPTOR,
        "licenca": LICENCE,
        "minimo": SMALLEST,
        "guarda": KEPT_YEARS,
        "recusa": refusal,
    }
    return render(request, "opendata/dados_abertos.html", context, status=refusal.status_code if refusal else 200)


@login_not_required
@never_cache
@require_safe
def open_data_file(request: HttpRequest, ano: str, arquivo: str) -> HttpResponseBase:
    """One file of a year, sent as the database reads it; or the year's descriptor."""
    try:
        files = own_files(ano, today=timezone.localdate())
    except Refusal as refusal:
        return _page(request, refusal)
    if arquivo == DESCRIPTOR:
        now = timezone.localtime()  # the edge reads the clock
        package = descriptor([one.resource() for one in files], name=f"reclamacoes-fundamentadas-{ano}", at=now)
        return HttpResponse(as_json(package), content_type="application/json")
    for one in files:
        if one.nome == arquivo:
            kind = f"{one.forma.tipo}; charset=utf-8" if one.forma.ending == "csv" else one.forma.tipo
            if request.method == "HEAD":
                return _named(HttpResponse(content_type=kind), arquivo)
            return _named(StreamingHttpResponse(one.lines(), content_type=kind), arquivo)
    raise Http404("no such file among the year's")


def _named(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
