"""The list of cases, its search and its spreadsheet."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import CASE_READERS
from cases.filters import AtendimentoFilter
from cases.models import Atendimento, FiltroSalvo
from cases.tables import CANAIS, DESFECHOS, FIELDS, SHOWN, SITUACOES, TIPOS, lines, moment, suppliers
from listing.pages import Page, capped_count, keyset_page
from listing.sheets import csv_response, xlsx_response
from listing.typed import keep, with_typed
from parties.identifiers import clean_cpf, mask_cpf
from parties.models import Consumidor
from workflow.errors import ContentRefused
from workflow.services import log_export

HEADER = (
    "Protocolo", "Tipo", "Canal", "Situação", "Desfecho", "Aberto em", "Encerrado em", "Unidade",
    "Consumidor", "CPF", "Fornecedores", "Assunto", "Valor",
)  # fmt: skip
#: Sheets of more rows than this are refused as XLSX; a CSV is written as it is read, however long.
SHEET_ROWS = 100_000
#: The fields that always stand above the list; the others are called, for their long lists cost more than the page.
BASIC = ("q", "status", "tipo", "ordem")
MORE = (
    "aberto_de", "aberto_ate", "canal", "unidade", "assunto", "problema", "grupo", "atendente", "prioridade",
    "desfecho", "prazo", "parado",
)  # fmt: skip
WIDE = frozenset({"q", "assunto", "problema", "grupo"})


@require_http_methods(["GET", "POST"])
def listing(request: HttpRequest) -> HttpResponse:
    """The cases that one may see, by page; POST is the search, so that nothing typed stands in an address."""
    if request.method == "POST":
        return _search(request)
    kept = list(FiltroSalvo.objects.usable_by(request.user).order_by("ordem", "pk"))
    own = [item for item in kept if item.padrao and item.dono_id == request.user.pk]
    if own and not request.GET:
        return redirect(f"{request.path}?{own[0].consulta or 'ordem=recentes'}")
    shown = _shown(request)
    chosen = filtered(request, shown=shown)
    page = keyset_page(chosen.qs.values(*SHOWN), chosen.order, request.GET)
    query = request.GET.copy()
    for name in ("depois", "antes", "contar", "mais"):
        query.pop(name, None)
    context = {
        "filtro": chosen,
        "campos": [(chosen.form[name], "c6" if name in WIDE else "c3") for name in shown],
        "pagina": Page(lines(page.rows), page.next, page.previous),
        "consulta": query.urlencode(),
        "total": capped_count(chosen.qs) if "contar" in request.GET else None,
        "filtrado": any(value for name, value in query.items() if name != "ordem"),
        "pode_registrar": bool(request.user.papeis & {"atendente", "coordenador"}),
        "coordena": "coordenador" in request.user.papeis,
        "consumidor": _named(request, chosen),
        "salvos": kept,
    }
    return render(request, "cases/_lista.html" if request.htmx else "cases/lista.html", context)


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The filtered list as CSV, streamed; CPF masked, and no ground of priority (health data stays here)."""
    chosen = filtered(request)
    log_export(by=request.user, pagina="atendimentos", filtro=request.GET.dict(), linhas=chosen.qs.order_by().count())
    return csv_response("atendimentos.csv", HEADER, _lines(chosen))


@require_GET
def export_sheet(request: HttpRequest) -> FileResponse:
    """The same as a workbook, up to SHEET_ROWS."""
    chosen = filtered(request)
    found = chosen.qs.order_by()[: SHEET_ROWS + 1].count()
    if found > SHEET_ROWS:
        raise ContentRefused("São mais de 100.000 linhas. Filtre mais, ou baixe como CSV, que não tem limite.")
    log_export(by=request.user, pagina="atendimentos", filtro=request.GET.dict(), linhas=found)
    return xlsx_response("atendimentos.xlsx", "Atendimentos", HEADER, _lines(chosen))


def _shown(request: HttpRequest) -> tuple[str, ...]:
    """The fields above the list: the rest where it was asked for or one of it is in use."""
    if "mais" not in request.GET and not any(request.GET.get(name) for name in MORE):
        return BASIC
    several = len(request.user.unidades_com(CASE_READERS)) > 1
    return BASIC + tuple(name for name in MORE if several or name != "unidade")


def filtered(request: HttpRequest, query: QueryDict | None = None, shown: Collection[str] = ()) -> AtendimentoFilter:
    """The cases that one may see, as the address (or `query`, an address's parameters) narrows them."""
    cases = Atendimento.objects.visible_to(request.user)
    return AtendimentoFilter(with_typed(request, query), queryset=cases, request=request, shown=shown)


def _search(request: HttpRequest) -> HttpResponse:
    """Answer the search form with an address that carries no CPF."""
    fields = [name for name in AtendimentoFilter.base_filters if name not in ("consumidor", "fornecedor")]
    query = {
        name: request.POST[name].replace("\x00", " ").strip() for name in fields if request.POST.get(name, "").strip()
    }
    try:
        cpf = clean_cpf(query.get("q", ""))
    except ValueError:
        if typed := query.pop("q", ""):
            query["busca"] = keep(request, typed[:160])
        return redirect(f"{request.path}?{urlencode(query)}" if query else f"{request.path}?ordem=recentes")
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


def _lines(chosen: AtendimentoFilter) -> Iterator[tuple[Any, ...]]:
    """The rows of a sheet, a thousand at a time with their suppliers."""
    rows = chosen.qs.order_by(*chosen.order).values(*FIELDS).iterator(chunk_size=1000)
    zone = timezone.get_current_timezone()
    while chunk := list(islice(rows, 1000)):
        names = suppliers([row["id"] for row in chunk])
        for row in chunk:
            value = row["valor"]
            yield (
                row["protocolo"],
                TIPOS[row["tipo"]],
                CANAIS[row["canal"]],
                SITUACOES[row["status"]][0],
                DESFECHOS.get(row["desfecho"], ""),
                moment(row["aberto_em"], zone),
                moment(row["encerrado_em"], zone),
                row["unidade__nome"],
                row["consumidor__nome_social"] or row["consumidor__nome"] or "",
                mask_cpf(row["consumidor__cpf"]) if row["consumidor__nome"] else "",
                ", ".join(names.get(row["id"], [])),
                row["assunto__descricao"] or "",
                str(value).replace(".", ",") if value is not None else "",
            )
