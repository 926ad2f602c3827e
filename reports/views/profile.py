"""The page of who came to the office in a year; as files too."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reports import charts
from reports.forms import ProfileForm
from reports.period import Periodo
from reports.profile import Perfil, profile
from reports.replica import from_replica
from reports.suppression import SMALLEST
from reports.views import scope_of
from reports.views.files import FORMATOS, download

#: What stands for a hidden number, as IBGE writes it.
HIDDEN = "X"


@require_safe
@from_replica
def page(request: HttpRequest) -> HttpResponseBase:
    """One dimension at a time, and two together; the running year unless another is asked for."""
    scope, today = scope_of(request), timezone.localdate()
    form = ProfileForm(request.GET, unidades=scope, today=today)
    if not form.is_valid():
        return render(request, "reports/perfil.html", {"form": form}, status=422)
    told = form.cleaned_data
    found = profile(Periodo(told["ano"]), form.scope, told["linhas"], told["colunas"])
    if formato := request.GET.get("formato"):
        header = ("Quadro", "Linha", "Coluna", "Atendimentos")
        return download(formato, f"perfil-{told['ano']}", "Perfil", header, _rows(found), _as_json(found))
    query = request.GET.copy()
    query.pop("formato", None)
    context = {
        "form": form,
        "perfil": found,
        "quadros": [(quadro, _drawn(quadro.chave, quadro.titulo, quadro.linhas)) for quadro in found.quadros],
        "oculto": HIDDEN,
        "minimo": SMALLEST,
        "consulta": query.urlencode(),
        "formatos": FORMATOS,
    }
    return render(request, "reports/perfil.html", context)


def _drawn(chave: str, titulo: str, lines: list[tuple[str, int | None]]) -> charts.Chart | None:
    pairs = [(label, n) for label, n in lines if n]
    return charts.bars(chave, titulo, pairs, as_given=chave == "faixa") if pairs else None


def _rows(found: Perfil) -> list[tuple[Any, ...]]:
    """Every number on the page as one long table."""
    rows: list[tuple[Any, ...]] = [("Total", "", "", found.total)]
    for quadro in found.quadros:
        rows += [(quadro.titulo, label, "", _or_hidden(n)) for label, n in quadro.linhas]
    if crossed := found.cruzamento:
        for label, cells, _ in crossed.linhas:
            pairs = zip(crossed.colunas, cells, strict=True)
            rows += [(crossed.titulo, label, head, _or_hidden(n)) for head, n in pairs]
    return rows


def _or_hidden(number: int | None) -> int | str:
    return HIDDEN if number is None else number


def _as_json(found: Perfil) -> dict[str, Any]:
    """The same for programs; null is a hidden number."""
    crossed = found.cruzamento
    return {
        "ano": found.periodo.ano,
        "atendimentos": found.total,
        "oculto_abaixo_de": SMALLEST,
        "dimensoes": {quadro.chave: dict(quadro.linhas) for quadro in found.quadros},
        "cruzamento": crossed
        and {
            "titulo": crossed.titulo,
            "colunas": crossed.colunas,
            "linhas": {label: cells for label, cells, _ in crossed.linhas},
        },
    }
