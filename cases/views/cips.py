"""The list of CIPs, and what is done with the chosen ones: the ticked, all of the filter, or those of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases.forms.cips import DAY, CIPFilterForm, ClosingForm, LabelsForm, ReceiptsForm, field_of
from cases.models import CIP, Reclamado
from cases.queries import CIPQuerySet
from cases.services import cip_lots
from cases.services.cip import check_receipt
from cases.services.cip_labels import has_address, print_labels
from documents.services import print_together
from listing.pages import keyset_page
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.services import log_export

ORDER = ("-emitida_em", "-id")


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The CIPs of the cases that one may see, the newest first."""
    form, today = CIPFilterForm(request.GET, user=request.user), _today()
    rows = CIP.objects.visible_to(request.user).select_related(
        "reclamado__fornecedor", "reclamado__atendimento__unidade", "prazo"
    )
    query = request.GET.copy()
    for name in ("depois", "antes"):
        query.pop(name, None)
    context = {
        "pagina": keyset_page(form.narrow(rows, today=today), ORDER, request.GET),
        "form": form,
        "lote": form.cleaned_data.get("lote"),
        "consulta": query.urlencode(),
        "filtrado": any(query.values()),
        "hoje": today,
        "meios": CIP.Meio.choices,
        "limite": cip_lots.MOST,
    }
    return render(request, "cases/cips.html", context)


@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Ask that the chosen CIPs be recorded as sent."""
    cips = _chosen(request)
    numbers = {cip.pk: request.POST.get(f"rastreio_{cip.pk}", "") for cip in cips}
    meio = request.POST.get("meio", "")
    return redirect(cip_lots.ask_sending(cips=cips, rastreios=numbers, meio=meio, by=request.user, at=_now()))


@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Ask that the proven receipt of the chosen CIPs be recorded: first the page of their days, then the batch."""
    asked = "registrar" in request.POST
    cips = _with_keys(request, _dated(request)) if asked else _chosen(request)
    if not cips:
        return _nothing(request)
    form = ReceiptsForm(request.POST if asked else None, cips=cips)
    if form.is_bound and form.is_valid():
        days = form.days(cips)
        _check_days(form, cips, days, by=request.user, at=_now())
        if form.is_valid():
            dated = [cip for cip in cips if cip.pk in days]
            return redirect(cip_lots.ask_receipt(cips=dated, dias=days, by=request.user, at=_now()))
    rows = [(cip, form[field_of(cip)]) for cip in cips]
    context = {"form": form, "linhas": rows, "hoje": _today()}
    return render(request, "cases/cips_ciencia.html", context, status=422 if form.is_bound else 200)


def _check_days(form: ReceiptsForm, cips: list[CIP], days: dict[int, date], *, by: Any, at: datetime) -> None:
    """A day that cannot be is said here, while the AR is in the hand; what else is refused, the batch says."""
    if not days:
        form.add_error("todas", "Escreva a data para todas, ou a de ao menos uma linha.")
    for cip in cips:
        if cip.pk in days:
            try:
                check_receipt(cip, days[cip.pk], by=by, at=at)
            except ContentRefused as refusal:
                form.add_error(field_of(cip), refusal.message)
            except ActNotAllowed:
                continue


@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Ask that the chosen CIPs be closed with one resultado: first the page that asks for it, then the batch."""
    cips = _chosen(request)
    if not cips:
        return _nothing(request)
    form = ClosingForm(request.POST if "registrar" in request.POST else None)
    if form.is_bound and form.is_valid():
        asked = cip_lots.ask_closing(cips=cips, by=request.user, at=_now(), **form.cleaned_data)
        return redirect(asked)
    return render(request, "cases/cips_baixa.html", {"form": form, "cips": cips}, status=422 if form.is_bound else 200)


@require_POST
def print_letters(request: HttpRequest) -> HttpResponse:
    """The letters of the chosen CIPs in one file, in the order of the list."""
    letters = [cip.documento for cip in _chosen(request) if cip.documento]
    whole = print_together(letters)
    log_export(by=request.user, pagina="cips_cartas", filtro={}, linhas=len(letters))
    return FileResponse(whole, content_type="application/pdf", filename="cips.pdf")


@require_POST
def print_label_sheets(request: HttpRequest) -> HttpResponse:
    """Labels for the AR of the chosen CIPs: first the page that asks for the first free place, then the PDF."""
    cips = _chosen(request)
    if not cips:
        return _nothing(request)
    form = LabelsForm(request.POST if "imprimir" in request.POST else None)
    found = [cip for cip in cips if has_address(cip)]
    if form.is_bound and form.is_valid():
        pdf = print_labels(cips=found, start=form.cleaned_data["inicio"])
        headers = {"Content-Disposition": 'inline; filename="etiquetas.pdf"', "Cache-Control": "no-store"}
        return HttpResponse(pdf, content_type="application/pdf", headers=headers)
    context = {"form": form, "cips": cips, "com": found, "sem": [cip for cip in cips if cip not in found]}
    return render(request, "cases/cips_etiquetas.html", context, status=422 if form.is_bound else 200)


@require_POST
def issue(request: HttpRequest) -> HttpResponse:
    """Ask for a CIP to every reclamado without one in the ticked cases."""
    parties = Reclamado.objects.visible_to(request.user).filter(atendimento__in=_keys(request, "caso"))
    running = CIP.objects.exclude(status=CIP.Status.BAIXADA)
    without = list(parties.exclude(cips__in=running).order_by("atendimento_id", "pk")[: cip_lots.MOST + 1])
    if not without:
        messages.info(request, "Nos atendimentos marcados não há fornecedor sem CIP em andamento.")
        return redirect("atendimentos")
    return redirect(cip_lots.ask_issue(reclamados=without, by=request.user, at=_now()))


def _chosen(request: HttpRequest) -> list[CIP]:
    """The ticked CIPs; or, where it was asked for, all of the filter, in the order of the list, up to the limit."""
    if "do_filtro" not in request.POST:
        return _with_keys(request, _keys(request, "cip"))
    asked = CIPFilterForm(QueryDict(request.POST.get("consulta", "").replace("\x00", "")), user=request.user)
    rows = list(asked.narrow(_mine(request), today=_today()).order_by(*ORDER)[: cip_lots.MOST + 1])
    if len(rows) > cip_lots.MOST:
        messages.info(request, f"São mais de {cip_lots.MOST}: ficaram as {cip_lots.MOST} primeiras da lista.")
    return rows[: cip_lots.MOST]


def _with_keys(request: HttpRequest, keys: set[int]) -> list[CIP]:
    return list(_mine(request).filter(pk__in=keys).order_by(*ORDER))


def _mine(request: HttpRequest) -> CIPQuerySet:
    return CIP.objects.visible_to(request.user).for_labels().select_related("documento").defer("documento__dados")


def _keys(request: HttpRequest, name: str) -> set[int]:
    return _numbers(request.POST.getlist(name))


def _dated(request: HttpRequest) -> set[int]:
    """The CIPs that the page of days listed; its fields are named after them."""
    return _numbers([name.removeprefix(DAY) for name in request.POST if name.startswith(DAY)])


def _numbers(typed: Sequence[str]) -> set[int]:
    chosen = typed[: cip_lots.MOST + 1]
    return {int(key) for key in chosen if key.isascii() and key.isdecimal() and len(key) < 19}


def _nothing(request: HttpRequest) -> HttpResponse:
    messages.info(request, "Marque ao menos uma CIP na lista.")
    return redirect("cips")


def _now() -> datetime:
    return timezone.now()  # noqa: TID251  the edge reads the clock


def _today() -> date:
    return timezone.localdate(_now())
