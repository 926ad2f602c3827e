"""The register for anybody: the years, and one year searched, sorted, in pages, as files."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from listing.pages import keyset_page
from reports.register.exports import COLUMNS, public_rows, public_sheet, reference
from reports.register.forms import SearchForm
from reports.register.services import published
from reports.register.services.published import read_year
from reports.register.views.files import OFFERED, download
from workflow.errors import Refusal

#: What the page is sorted by; most first stands as fewest first of its negative.
ORDERS = {"nome": ("ordem",), "nao_atendidas": ("menos_nao_atendidas", "ordem"), "total": ("menos_total", "ordem")}
_View = Callable[..., HttpResponse]


def told_in_place(view: _View) -> _View:
    """A public page's refusal stands on the page of the years, with its status code."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return _years(request, refusal)

    return answer


@login_not_required
@never_cache
@require_safe
def public_index(request: HttpRequest) -> HttpResponse:
    """The years whose register may be read."""
    return _years(request)


def _years(request: HttpRequest, refusal: Refusal | None = None) -> HttpResponse:
    context = {"anos": published.published_years(today=timezone.localdate()), "recusa": refusal}
    return render(request, "reports/cadastros.html", context, status=refusal.status_code if refusal else 200)


@login_not_required
@never_cache
@require_safe
@told_in_place
def public_register(request: HttpRequest, ano: str) -> HttpResponse:
    """A year's register for anybody: searched, sorted, in pages; `?formato=` gives it as a file."""
    today = timezone.localdate()
    version = published.public(read_year(ano, today=today), today=today)
    if request.GET.get("formato"):
        return download(public_sheet(version, today=today), request.GET["formato"])
    form = SearchForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    text = wanted.get("q", "")
    rows = published.sortable(version, today=today, text=text)
    page = keyset_page(rows, ORDERS[wanted.get("ordem") or "nome"], request.GET)
    query = request.GET.copy()
    for name in ("depois", "antes"):
        query.pop(name, None)
    context = {
        "cadastro": version,
        "referencia": reference(version),
        "colunas": COLUMNS,
        "linhas": public_rows(page.rows, today=today),
        "pagina": page,
        "consulta": query.urlencode(),
        "form": form,
        "q": text,
        "totais": published.totals(version, today=today),
        "formatos": OFFERED,
        "mudancas": published.public_changes(version, today=today),
    }
    return render(request, "reports/cadastro_publico.html", context)
