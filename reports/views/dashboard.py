"""The manager's year at a glance: tiles, months, what came by which way and how it ended; charts with their tables."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from reports import charts
from reports.dashboard import Linha, Painel, Quadro, dashboard
from reports.forms import YearForm
from reports.queries import MANAGERS
from reports.replica import from_replica
from reports.views.files import FORMATOS, download

HIDDEN = "X"


@require_safe
@from_replica
def page(request: HttpRequest) -> HttpResponseBase:
    """This year, or another (`?ano=`), of the unidades that one manages."""
    assert isinstance(request.user, User)
    managed, today = request.user.unidades_com(MANAGERS), timezone.localdate()
    if not managed:
        raise Http404("the dashboard is for coordenador and autoridade")
    form = YearForm(request.GET, unidades=managed, today=today)
    if not form.is_valid():
        return render(request, "reports/painel.html", {"form": form}, status=422)
    found = dashboard(form.cleaned_data["ano"], form.scope, today=today)
    if formato := request.GET.get("formato"):
        header = ("Quadro", "Item", found.periodo.rotulo, found.anterior.rotulo)
        return download(formato, f"painel-{found.ano}", "Painel", header, _rows(found), _as_json(found))
    query = request.GET.copy()
    query.pop("formato", None)
    context = {
        "form": form,
        "painel": found,
        "passado": found.ano - 1,
        "terminado": found.ano < today.year,
        "meses": _by_month(found),
        "quadros": [(quadro, _drawn(quadro)) for quadro in found.quadros if quadro.linhas],
        "oculto": HIDDEN,
        "minimo": 5,
        "consulta": query.urlencode(),
        "formatos": FORMATOS,
    }
    return render(request, "reports/painel.html", context)


def _by_month(found: Painel) -> charts.Comparison:
    before, now = ([getattr(line, name) or 0 for line in found.meses] for name in ("antes", "agora"))
    names = [line.nome for line in found.meses]
    title = f"Atendimentos por mês, {found.ano} e {found.ano - 1}"
    return charts.compared("meses", title, names, (str(found.ano - 1), before), (str(found.ano), now))


def _drawn(quadro: Quadro) -> charts.Chart | None:
    pairs = [(line.nome, line.agora) for line in quadro.linhas if line.agora]
    ranked = quadro.chave in ("assuntos", "bairros")
    return charts.bars(quadro.chave, quadro.titulo, pairs, as_given=ranked) if pairs else None


def _tables(found: Painel) -> list[tuple[str, list[Linha]]]:
    tables = [("Destaques", found.destaques), ("Atendimentos por mês (anos inteiros)", found.meses)]
    return [*tables, *((quadro.titulo, quadro.linhas) for quadro in found.quadros)]


def _rows(found: Painel) -> list[tuple[Any, ...]]:
    return [
        (titulo, line.nome, HIDDEN if line.agora is None else line.agora, "" if line.antes is None else line.antes)
        for titulo, lines in _tables(found)
        for line in lines
    ]


def _as_json(found: Painel) -> dict[str, Any]:
    return {
        "ano": found.ano,
        "periodo": [found.periodo.de.isoformat(), found.periodo.ate.isoformat()],
        "anterior": [found.anterior.de.isoformat(), found.anterior.ate.isoformat()],
        "quadros": {
            titulo: [{"item": line.nome, "agora": line.agora, "antes": line.antes} for line in lines]
            for titulo, lines in _tables(found)
        },
    }
