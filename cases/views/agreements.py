"""The page that registers an agreement, and the lists of agreements and of reclamações."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cases.forms.agreement import AgreementFilter, AgreementForm, ComplaintFilter
from cases.models import Acordo, Reclamacao, Reclamado
from cases.rules.instalments import MAX_INSTALMENTS
from cases.services import make_agreement
from cases.services.agreements import require_maker
from cases.views.case import fetch_case
from listing.pages import keyset_page
from listing.sheets import csv_response
from workflow.errors import Refusal
from workflow.services import log_export

HEADER = ("Protocolo", "Fornecedor", "Situação", "Origem", "Firmado em", "Conferir em", "Total", "Parcelas pagas")


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, protocolo: str) -> HttpResponse:
    """Register an agreement; «Gerar parcelas» shows the plan first, to be changed."""
    case = fetch_case(request.user, protocolo)
    require_maker(case, request.user)
    parties = Reclamado.objects.filter(atendimento=case).select_related("fornecedor")
    context = {"atendimento": case}
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    if request.method == "GET":
        form = AgreementForm(reclamados=parties, initial=_first(request, parties, today=timezone.localdate(now)))
        return render(request, "cases/acordo_novo.html", context | {"form": form})
    if "gerar" in request.POST:
        form, status = _planned(request, parties)
        return render(request, "cases/acordo_novo.html", context | {"form": form}, status=status)
    form = AgreementForm(request.POST, reclamados=parties, rows=_rows(request))
    status, refused = 422, None
    if form.is_valid():
        try:
            make_agreement(**form.arguments(), by=request.user, at=now)
        except Refusal as refusal:
            status, refused = refusal.status_code, refusal
            for field, message in refusal.errors.items():
                form.add_error(field if field in form.fields else None, message)
        else:
            messages.success(request, "Acordo registrado. Imprima o termo e colha as assinaturas.")
            return redirect("atendimento", protocolo)
    return render(request, "cases/acordo_novo.html", context | {"form": form, "recusa": refused}, status=status)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Agreements by the day on which the office asks."""
    form, found = _agreements(request)
    page = keyset_page(found, ("conferir_em", "id"), request.GET)
    context = {"form": form, "pagina": page, "consulta": _query(request), "hoje": _today()}
    return render(request, "cases/acordos.html", context)


@require_GET
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The filtered agreements as CSV, streamed; no consumer in it."""
    _, found = _agreements(request)
    log_export(by=request.user, pagina="acordos", filtro=request.GET.dict(), linhas=found.order_by().count())
    return csv_response("acordos.csv", HEADER, _lines(found.iterator(chunk_size=1000)))


@require_GET
def complaints(request: HttpRequest) -> HttpResponse:
    """Reclamações, the newest first, by what they wait for."""
    form = ComplaintFilter(request.GET, statuses=Reclamacao.Status.choices)
    found = Reclamacao.objects.visible_to(request.user).select_related("atendimento__consumidor")
    if form.is_valid():
        found = _narrowed(found, form.cleaned_data, request)
    page = keyset_page(
        found.prefetch_related("atendimento__reclamados__fornecedor"), ("-instaurada_em", "-id"), request.GET
    )
    return render(request, "cases/reclamacoes.html", {"form": form, "pagina": page, "consulta": _query(request)})


def _narrowed(found: Any, chosen: dict[str, Any], request: HttpRequest) -> Any:
    if chosen["status"]:
        found = found.filter(status=chosen["status"])
    if chosen["minhas"]:
        found = found.filter(atendimento__atendente=request.user)
    if chosen["espera"] == "defesa_vencida":
        return found.defence_overdue(today=_today())
    if chosen["espera"] == "parecer":
        return found.awaiting_opinion()
    return found.awaiting_decision() if chosen["espera"] == "decisao" else found


def _agreements(request: HttpRequest) -> tuple[AgreementFilter, QuerySet[Acordo]]:
    form = AgreementFilter(request.GET)
    found = Acordo.objects.visible_to(request.user)
    if form.is_valid():
        if form.cleaned_data["status"]:
            found = found.filter(status=form.cleaned_data["status"])
        if form.cleaned_data["quando"] == "a_conferir":
            found = found.to_ask(today=_today())
        elif form.cleaned_data["quando"] == "vencido":
            found = found.to_ask(today=_today()).filter(conferir_em__lt=_today())
    related = found.select_related("reclamado__fornecedor", "reclamado__atendimento__consumidor")
    return form, related.prefetch_related("parcelas").order_by("conferir_em", "id")


def _first(request: HttpRequest, parties: Any, *, today: date) -> dict[str, Any]:
    """What the form says at first; who comes from a hearing (`audiencia`) finds where, when and with whom filled in."""
    initial: dict[str, Any] = {"firmado_em": today}
    if not request.GET.get("audiencia"):
        return initial
    asked = request.GET.get("reclamado", "")
    return initial | {
        "origem": Acordo.Origem.AUDIENCIA,
        "reclamado": next((item.pk for item in parties if str(item.pk) == asked), None),
    }


def _planned(request: HttpRequest, parties: Any) -> tuple[AgreementForm, int]:
    """The form with its rows filled in by equal parts; the rest stays as typed."""
    asked = AgreementForm(request.POST, reclamados=parties)
    asked.is_valid()
    plan = asked.plan()
    if plan is None:
        return asked, 422
    initial = {name: request.POST.get(name, "") for name in asked.fields}
    for number, (day, amount) in enumerate(plan, start=1):
        initial[f"vencimento_{number}"], initial[f"valor_{number}"] = day, amount
    return AgreementForm(reclamados=parties, rows=len(plan), initial=initial), 200


def _rows(request: HttpRequest) -> int:
    typed = request.POST.get("linhas", "")
    return min(int(typed), MAX_INSTALMENTS) if typed.isascii() and typed.isdigit() and len(typed) < 5 else 0


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("depois", "antes"):
        query.pop(name, None)
    return query.urlencode()


def _today() -> date:
    return timezone.localdate(timezone.now())  # noqa: TID251  the edge reads the clock


def _lines(agreements: Any) -> Iterator[tuple[Any, ...]]:
    for row in agreements:
        paid = [item for item in row.parcelas.all() if item.paga_em]
        yield (
            row.reclamado.atendimento.protocolo,
            row.reclamado.fornecedor,
            row.get_status_display(),
            row.get_origem_display(),
            f"{row.firmado_em:%d/%m/%Y}",
            f"{row.conferir_em:%d/%m/%Y}",
            str(row.total).replace(".", ",") if row.total is not None else "",
            f"{len(paid)} de {len(row.parcelas.all())}" if row.parcelas.all() else "",
        )
