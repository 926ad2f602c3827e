"""The balance for anybody: of years that are over, of the whole office, without naming any supplier."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reports.balance import balance
from reports.period import read_period
from reports.queries import years
from reports.tables import sections

#: A supplier is named in public by the register of founded complaints alone (CDC, art. 44); índices are no table here.
_NOT_SHOWN = frozenset({"fornecedores", "grupos", "indices"})


@login_not_required
@never_cache
@require_safe
def public_years(request: HttpRequest) -> HttpResponse:
    """The years that are over and have something to count."""
    return render(request, "reports/balancos_publicos.html", {"anos": [(ano, own) for ano, own in _over() if own]})


@login_not_required
@never_cache
@require_safe
def public_balance(request: HttpRequest, ano: str) -> HttpResponse:
    """One of them: the paragraph, the counters, the tables."""
    if ano not in {str(year) for year, own in _over() if own}:
        raise Http404(f"Não há balanço público de {ano[:10]}. Veja em /publico/balanco/ os anos que há.")
    counted = balance(read_period(ano, today=timezone.localdate()), unidades=None)
    resumo, *tables = sections(counted)
    context = {
        "ano": ano,
        "balanco": counted,
        "resumo": resumo,
        "quadros": [table for table in tables if table.linhas and table.chave not in _NOT_SHOWN],
    }
    return render(request, "reports/balanco_publico.html", context)


def _over() -> list[tuple[int, int]]:
    """Every year before this one, with its atendimentos."""
    return [(ano, own) for ano, own, _ in years(None) if ano < timezone.localdate().year]
