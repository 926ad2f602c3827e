"""The page of shares and times: each with its formula and its terms, beside the period before; as files too."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reports.forms import RangeForm
from reports.indices import MOST_DAYS, Indice, Indices, Tempo, indices
from reports.replica import from_replica
from reports.views import scope_of
from reports.views.files import FORMATOS, download

HEADER = (
    "Período", "Índice", "Fórmula", "Numerador", "Denominador", "Em andamento", "Sem avaliação", "Valor",
    "Valor entre os avaliados", "Mediana (dias)", "P95 (dias)", "Casos contados", "Ainda sem data",
)  # fmt: skip


@require_safe
@from_replica
def page(request: HttpRequest) -> HttpResponseBase:
    """Any period, and as much of the one before as has passed of it."""
    scope, today = scope_of(request), timezone.localdate()
    form = RangeForm(request.GET, unidades=scope, today=today)
    if not form.is_valid():
        return render(request, "reports/indices.html", {"form": form}, status=422)
    asked = form.periodo
    passed, earlier = asked.beside(today)
    now, before = indices(passed, form.scope), indices(earlier, form.scope)
    if formato := request.GET.get("formato"):
        rows = [*_rows(now), *_rows(before)]
        data = {"periodo": _as_json(now), "anterior": _as_json(before)}
        return download(formato, f"indices-{passed.nome_de_arquivo}", "Índices", HEADER, rows, data)
    query = request.GET.copy()
    query.pop("formato", None)
    context = {
        "form": form,
        "periodo": asked if passed == asked else passed,
        "anterior": before.periodo,
        "agora": now,
        "indices": [(one, then, one.change_from(then)) for one, then in zip(now.indices, before.indices, strict=True)],
        "tempos": list(zip(now.tempos, before.tempos or now.tempos, strict=True)),
        "dias": MOST_DAYS,
        "consulta": query.urlencode(),
        "formatos": FORMATOS,
    }
    return render(request, "reports/indices.html", context)


def _rows(found: Indices) -> list[tuple[Any, ...]]:
    label = found.periodo.rotulo
    shares = [_share(label, one) for one in found.indices]
    return [*shares, *(_time(label, one) for one in found.tempos)]


def _share(label: str, one: Indice) -> tuple[Any, ...]:
    terms = (one.numerador, one.denominador, one.em_andamento, one.sem_avaliacao)
    return (label, one.nome, one.formula, *terms, one.valor, one.valor_dos_avaliados, "", "", "", "")


def _time(label: str, one: Tempo) -> tuple[Any, ...]:
    return (label, one.nome, one.formula, *[""] * 6, _days(one.mediana), _days(one.p95), one.casos, one.sem)


def _days(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}".replace(".", ",")


def _as_json(found: Indices) -> dict[str, Any]:
    return {
        "de": found.periodo.de.isoformat(),
        "ate": found.periodo.ate.isoformat(),
        "indices": {
            one.chave: {
                "nome": one.nome,
                "formula": one.formula,
                "numerador": one.numerador,
                "denominador": one.denominador,
                "em_andamento": one.em_andamento,
                "sem_avaliacao": one.sem_avaliacao,
            }
            for one in found.indices
        },
        "tempos": {
            one.chave: {
                "nome": one.nome,
                "formula": one.formula,
                "casos": one.casos,
                "sem": one.sem,
                "mediana_dias": one.mediana,
                "p95_dias": one.p95,
            }
            for one in found.tempos
        },
    }
