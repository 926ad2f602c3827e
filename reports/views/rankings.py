"""The page of rankings: a form, the lines, and from each line to its cases in the list of cases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from listing.sheets import csv_response, xlsx_response
from parties.identifiers import format_cnpj
from parties.models import Fornecedor
from reports.closing import closed_years
from reports.forms import RankingForm, initial_ranking
from reports.queries import BARE
from reports.ranking import LEVELS, MOST, PAGE, Asked, Line, rank
from reports.replica import from_replica
from reports.views import scope_of

#: The pages of a ranking.
_PAGES = MOST // PAGE


@require_safe
@from_replica
def page(request: HttpRequest) -> HttpResponseBase:
    """Who is most complained against, or solves least; the address keeps what was asked, `?formato=` gives a file."""
    scope, today = scope_of(request), timezone.localdate()
    asked_of = request.GET if "por" in request.GET else initial_ranking(today)
    form = RankingForm(asked_of, unidades=scope, today=today)
    if not form.is_valid():
        return render(request, "reports/ranking.html", {"form": form}, status=422)
    asked, place = form.asked, form.cleaned_data.get("unidade")
    units = [place.pk] if place else scope
    formato = request.GET.get("formato")
    if formato in ("csv", "xlsx"):
        return _download(asked, rank(asked, unidades=units), formato)
    page = _page(request.GET.get("pagina"))
    found = rank(asked, unidades=units, top=min(MOST, page * PAGE + 1))
    lines = found[(page - 1) * PAGE : page * PAGE]
    query = request.GET.copy() if "por" in request.GET else QueryDict(urlencode(asked_of), mutable=True)
    query.pop("pagina", None)
    context = {
        "form": form,
        "titulo": _title(asked),
        "indice": asked.share,
        "grupos": asked.nivel == "grupo",
        "cabeca": LEVELS[asked.nivel][1],
        "minimo": asked.minimo,
        "linhas": _linked(asked, lines, place.pk if place else None),
        "pagina": page,
        "anterior": page - 1,
        "seguinte": page + 1 if len(found) > page * PAGE and page < _PAGES else 0,
        "fim": page == _PAGES and len(found) == MOST,
        "fechados": closed_years(units, asked.de, asked.ate),
        "consulta": query.urlencode(),
    }
    return render(request, "reports/ranking.html", context)


def _page(text: str | None) -> int:
    number = int(text) if text and text.isascii() and text.isdigit() and len(text) < 4 else 1
    return min(max(number, 1), _PAGES)


def _title(asked: Asked) -> str:
    by = asked.share.nome if asked.share else "Reclamações"
    last = asked.ate - timedelta(days=1)
    level = LEVELS[asked.nivel][1]
    told = level if asked.nivel == "cnpj" else level[0].lower() + level[1:]
    return f"{by} por {told}, de {asked.de:%m/%Y} a {last:%m/%Y}"


def _codes(asked: Asked, lines: list[Line]) -> dict[str, str]:
    """What stands before each name: the CNPJ, the radical; nothing where there is no CNPJ."""
    if asked.nivel == "cnpj":
        keys = [int(line.chave) for line in lines]
        found = Fornecedor.objects.filter(pk__in=keys).values_list("pk", "cnpj")
        return {str(key): format_cnpj(cnpj) for key, cnpj in found}
    return {line.chave: "" if line.chave.startswith(BARE) else line.chave for line in lines}


def _linked(asked: Asked, lines: list[Line], place: int | None) -> list[tuple[Line, str, str]]:
    """Each line with its code and the address of its cases; the list shows each reader those that they may see."""
    codes = _codes(asked, lines)
    if asked.fonte == "nacional":
        return [(line, codes[line.chave], "") for line in lines]
    kept: dict[str, Any] = {"assunto": asked.assunto, "area": asked.area, "unidade": place}
    if not asked.share:
        kept |= {"aberto_de": asked.de, "aberto_ate": asked.ate - timedelta(days=1)}
    chosen = {name: value for name, value in kept.items() if value}
    address = reverse("atendimentos")
    return [(line, codes[line.chave], f"{address}?{urlencode({**_whose(asked, line), **chosen})}") for line in lines]


def _whose(asked: Asked, line: Line) -> dict[str, Any]:
    key = line.chave
    if key.startswith("grupo "):
        return {"grupo": key.removeprefix("grupo ")}
    if key.startswith(BARE):
        return {"fornecedor": int(key.removeprefix(BARE))}
    return {"fornecedor": key} if asked.nivel == "cnpj" else {"radical": key}


def _download(asked: Asked, lines: list[Line], formato: str) -> HttpResponseBase:
    codes, share = _codes(asked, lines), asked.share
    grouped = asked.nivel == "grupo"
    heads = ["Lugar", LEVELS[asked.nivel][1], "Empresas" if grouped else "Nome"]
    heads += [share.nome, "Numerador", "Denominador", "Fórmula"] if share else ["Reclamações"]
    rows = []
    for line in lines:
        row: list[Any] = [line.lugar, *((line.nome, line.empresas) if grouped else (codes[line.chave], line.nome))]
        row += [line.indice, line.parte, line.total, share.formula] if share else [line.total]
        rows.append(row)
    last = asked.ate - timedelta(days=1)
    name = f"ranking-{asked.por}-por-{asked.nivel}-{asked.de:%Y-%m}-{last:%Y-%m}.{formato}"
    return csv_response(name, heads, rows) if formato == "csv" else xlsx_response(name, "Ranking", heads, rows)
