"""The imported national register of a year, by supplier, and its rankings: apart from this office's own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reports.register.exports import national_sheet
from reports.register.queries.national import Ranking, national
from reports.register.views.files import OFFERED, download
from reports.register.views.scope import scope_of, year

#: So many suppliers are on the page; all are in the files.
SHOWN = 100


@require_safe
def register(request: HttpRequest, ano: str) -> HttpResponse:
    """Totals, rankings and suppliers of one year; `?formato=` gives the suppliers as a file."""
    scope_of(request)
    number = year(ano, timezone.localdate())
    sheet = national_sheet(number)
    if request.GET.get("formato"):
        return download(sheet, request.GET["formato"])
    found = national([number])
    context: dict[str, Any] = {
        "ano": ano,
        "nacional": found,
        "quadros": [
            ("Radicais com mais reclamações", "Fornecedor", _named(found.radicais)),
            ("Radicais com mais reclamações não atendidas", "Fornecedor", _named(found.radicais_nao_atendidas)),
            ("Assuntos", "Assunto", found.assuntos),
            ("Problemas", "Problema", found.problemas),
        ],
        "linhas": sheet.linhas[:SHOWN],
        "mais": max(0, len(sheet.linhas) - SHOWN),
        "totais": sheet.totais,
        "formatos": OFFERED,
    }
    return render(request, "reports/cadastro_nacional.html", context)


def _named(roots: list[tuple[str, str, int]]) -> Ranking:
    return [(f"{root} {name}", n) for root, name, n in roots]
