"""The list of the terms that run: what is overdue, what falls due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import CASE_READERS
from cases.forms.terms import TermFilterForm
from cases.queries import terms_visible_to
from deadlines.models import Prazo
from listing.pages import keyset_page
from listing.sheets import csv_response
from workflow.services import log_export

ORDER = ("vence_em", "id")
HEADER = ("Vence em", "Dias", "Prazo", "Protocolo", "Unidade", "Fornecedores", "Começou em", "Explicação")


@require_GET
def running(request: HttpRequest) -> HttpResponse:
    """Every running term of the cases that one may see, the most overdue first."""
    today = timezone.localdate()
    form, terms = _chosen(request, today)
    page = keyset_page(terms, ORDER, request.GET)
    query = request.GET.copy()
    for name in ("depois", "antes"):
        query.pop(name, None)
    context = {
        "form": form,
        "pagina": page,
        "linhas": [(row, (row.vence_em - today).days, _suppliers(row)) for row in page.rows],
        "consulta": query.urlencode(),
        "filtrado": any(query.values()),
        "le_casos": True,
    }
    return render(request, "cases/prazos.html", context)


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The filtered list as CSV, streamed."""
    today = timezone.localdate()
    _, terms = _chosen(request, today)
    log_export(by=request.user, pagina="prazos", filtro=request.GET.dict(), linhas=terms.order_by().count())
    return csv_response("prazos.csv", HEADER, _lines(terms.order_by(*ORDER).iterator(chunk_size=1000), today))


def _chosen(request: HttpRequest, today: date) -> tuple[TermFilterForm, Any]:
    if not request.user.papeis & CASE_READERS:
        raise Http404("terms are read by whoever reads cases")
    form = TermFilterForm(request.GET, user=request.user)
    return form, form.narrow(terms_visible_to(request.user).running(), today=today)


def _suppliers(term: Prazo) -> list[str]:
    """The supplier whose term it is; where it is nobody's alone, all of the case."""
    cip = getattr(term, "cip", None)
    if cip:
        return [str(cip.reclamado.fornecedor)]
    return [str(item.fornecedor) for item in term.historico.atendimento.reclamados.all()]


def _lines(terms: Any, today: date) -> Iterator[tuple[Any, ...]]:
    for term in terms:
        case = term.historico.atendimento
        yield (
            f"{term.vence_em:%d/%m/%Y}",
            (term.vence_em - today).days,
            term.regra.descricao,
            case.protocolo,
            case.unidade,
            ", ".join(_suppliers(term)),
            f"{term.inicio:%d/%m/%Y}",
            term.explicacao,
        )
