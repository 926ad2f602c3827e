"""The hearings of a period for whoever runs them: counts, shares with their formula, loads; and as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import Papel
from hearings.forms import PeriodForm
from hearings.models import Audiencia
from hearings.services.figures import Figures, figures
from listing.sheets import csv_response
from notifications.models import Mensagem

#: Who manages hearings; the totals name conciliators, so the counter does not read them.
MANAGERS = frozenset({Papel.COORDENADOR, Papel.AUTORIDADE})
NUMBER = "{:.1f}"


@require_GET
def manager(request: HttpRequest) -> HttpResponseBase:
    """Scheduled, held, agreed, missed; waiting times; loads; notices that failed. This month unless told otherwise."""
    unidades = request.user.unidades_com(MANAGERS)
    if not unidades:
        raise Http404
    today = timezone.localdate(timezone.now())  # noqa: TID251  the edge reads the clock
    form = PeriodForm(request.GET, unidades=unidades)
    told: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    first = today.replace(day=1)
    de: date = told.get("de") or first
    ate: date = told.get("ate") or max((first + timedelta(days=32)).replace(day=1) - timedelta(days=1), de)
    chosen = [told["unidade"].pk] if told.get("unidade") else unidades
    counted = figures(unidades=chosen, de=de, ate=ate)
    if request.GET.get("formato") == "csv":
        header = ("quadro", "item", "valor", "numerador", "denominador", "formula")
        return csv_response(f"audiencias-{de:%Y-%m-%d}-{ate:%Y-%m-%d}.csv", header, _rows(counted))
    query = request.GET.copy()
    query["formato"] = "csv"
    context = {
        "form": form if form.errors else PeriodForm(initial={**told, "de": de, "ate": ate}, unidades=unidades),
        "numeros": counted,
        "situacoes": _named(Audiencia.Status.choices, counted.por_status),
        "resultados": _named(Audiencia.Resultado.choices, counted.por_resultado),
        "mensagens": _named(Mensagem.Situacao.choices, counted.mensagens),
        "consulta": query.urlencode(),
    }
    return render(request, "hearings/gestao.html", context)


def _named(choices: list[tuple[str, str]], counts: Any) -> list[tuple[str, int]]:
    return [(label, counts[value]) for value, label in choices if counts[value]]


def _rows(counted: Figures) -> Iterator[tuple[Any, ...]]:
    yield "audiências", "marcadas", counted.marcadas, "", "", ""
    yield from (("situação", name, n, "", "", "") for name, n in _named(Audiencia.Status.choices, counted.por_status))
    results = _named(Audiencia.Resultado.choices, counted.por_resultado)
    yield from (("resultado", name, n, "", "", "") for name, n in results)
    for share in counted.indices:
        yield "índice", share.nome, share.percentual, share.numerador, share.denominador, share.formula
    for name, value in (("mediana", counted.espera_mediana), ("p95", counted.espera_p95)):
        yield "espera em dias", name, "" if value is None else NUMBER.format(value), "", counted.esperaram, ""
    for load in counted.cargas:
        yield "carga: marcadas", load.nome, load.marcadas, "", "", ""
        yield "carga: realizadas", load.nome, load.realizadas, "", "", ""
        yield "carga: com acordo", load.nome, load.com_acordo, "", "", ""
        yield "carga: horas", load.nome, NUMBER.format(load.horas), "", "", ""
    yield from (("mensagens", name, n, "", "", "") for name, n in _named(Mensagem.Situacao.choices, counted.mensagens))
    yield "mensagens", "sem endereço", counted.sem_endereco, "", "", ""
