"""The list of cases, its search and its spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import CASE_READERS
from cases.filters import AtendimentoFilter
from cases.models import Atendimento
from listing.pages import capped_count, keyset_page
from listing.sheets import csv_response
from parties.identifiers import clean_cpf, mask_cpf
from parties.models import Consumidor
from workflow.services import log_export

HEADER = (
    "Protocolo", "Tipo", "Canal", "Situação", "Desfecho", "Aberto em", "Encerrado em", "Unidade",
    "Consumidor", "CPF", "Fornecedores", "Assunto", "Valor",
)  # fmt: skip


@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """The cases that one may see, by page; POST is the search, so that a CPF never stands in an address."""
    if request.method == "POST":
        return _search(request)
    chosen = _filtered(request)
    page = keyset_page(chosen.qs.for_list(), chosen.order, request.GET)
    query = request.GET.copy()
    for name in ("depois", "antes", "contar"):
        query.pop(name, None)
    context = {
        "filtro": chosen,
        "pagina": page,
        "consulta": query.urlencode(),
        "total": capped_count(chosen.qs) if "contar" in request.GET else None,
        "filtrado": any(value for name, value in query.items() if name != "ordem"),
        "pode_registrar": bool(request.user.papeis & {"atendente", "coordenador"}),
        "consumidor": _named(request, chosen),
    }
    return render(request, "cases/_lista.html" if request.htmx else "cases/lista.html", context)


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The filtered list as CSV, streamed; CPF masked, and no ground of priority (health data stays here)."""
    chosen = _filtered(request)
    log_export(by=request.user, pagina="atendimentos", filtro=request.GET.dict(), linhas=chosen.qs.order_by().count())
    cases = chosen.qs.for_list().order_by(*chosen.order)
    return csv_response("atendimentos.csv", HEADER, _lines(cases.iterator(chunk_size=1000)))


def _filtered(request: HttpRequest) -> AtendimentoFilter:
    return AtendimentoFilter(request.GET, queryset=Atendimento.objects.visible_to(request.user), request=request)


def _search(request: HttpRequest) -> HttpResponse:
    """Answer the search form with an address that carries no CPF."""
    fields = [name for name in AtendimentoFilter.base_filters if name not in ("consumidor", "fornecedor")]
    query = {name: request.POST[name].strip() for name in fields if request.POST.get(name, "").strip()}
    try:
        cpf = clean_cpf(query.get("q", ""))
    except ValueError:
        return redirect(f"{request.path}?{urlencode(query)}" if query else request.path)
    del query["q"]
    person = Consumidor.objects.filter(cpf=cpf, atendimentos__unidade__in=request.user.unidades_com(CASE_READERS))
    known = person.values_list("pk", flat=True).first()
    if known is None:
        messages.info(request, f"Nenhum atendimento para o CPF {mask_cpf(cpf)} nas suas unidades.")
        return redirect(request.path)
    return redirect(f"{request.path}?{urlencode({**query, 'consumidor': known})}")


def _named(request: HttpRequest, chosen: AtendimentoFilter) -> Consumidor | None:
    """The consumer whose cases are listed, where the list is of one."""
    number = chosen.form.cleaned_data.get("consumidor") if chosen.form.is_valid() else None
    if number is None:
        return None
    units = request.user.unidades_com(CASE_READERS)
    return Consumidor.objects.filter(pk=number, atendimentos__unidade__in=units).first()


def _lines(cases: Any) -> Iterator[tuple[Any, ...]]:
    for case in cases:
        yield (
            case.protocolo,
            case.get_tipo_display(),
            case.get_canal_display(),
            case.get_status_display(),
            case.get_desfecho_display(),
            f"{timezone.localtime(case.aberto_em):%d/%m/%Y %H:%M}",
            f"{timezone.localtime(case.encerrado_em):%d/%m/%Y %H:%M}" if case.encerrado_em else "",
            case.unidade,
            case.consumidor or "",
            mask_cpf(case.consumidor.cpf) if case.consumidor else "",
            ", ".join(str(item.fornecedor) for item in case.reclamados.all()),
            case.assunto or "",
            str(case.valor).replace(".", ",") if case.valor is not None else "",
        )
