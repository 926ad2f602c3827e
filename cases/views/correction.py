"""Correcting a case: its data on one page, its suppliers beside them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cases.forms.correction import CorrectionForm
from cases.models import Assunto, Atendimento, Reclamado
from cases.queries import SEARCH_CAP
from cases.services import add_reclamado, correct_case, remove_reclamado
from cases.services.correction import ChangedMeanwhile, current_values, may_correct_case, needs_reason
from cases.services.suppliers import OPEN
from cases.tipos import RULES
from cases.views.case import fetch_case
from parties.models import Fornecedor
from workflow.errors import ActNotAllowed, Refusal
from workflow.services import log_reading

#: How many suppliers the search shows before it asks for more letters.
FOUND = 12


@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, protocolo: str) -> HttpResponse:
    """Correct what was written about the case; a refusal keeps what was typed."""
    case = _correctable(request, protocolo)
    stored = current_values(case)
    if request.method == "GET":
        return _page(request, case, CorrectionForm(case=case, stored=stored))
    form = CorrectionForm(request.POST, case=case, stored=stored)
    if not form.is_valid():
        return _page(request, case, form, status=422)
    told, seen, reason = form.told(), form.seen(), form.cleaned_data["motivo"]
    try:
        made = correct_case(atendimento=case, told=told, seen=seen, motivo=reason, by=request.user, at=_now())
    except ChangedMeanwhile as refusal:
        fresh = current_values(fetch_case(request.user, protocolo))
        form = CorrectionForm(form.again(fresh), case=case, stored=fresh)
        form.add_refusal({**refusal.errors, "": refusal.message}, refusal.message)
        return _page(request, case, form, status=refusal.status_code)
    except Refusal as refusal:
        form.add_refusal(refusal.errors, refusal.message)
        return _page(request, case, form, status=refusal.status_code)
    messages.success(request, "Atendimento corrigido." if made else "Nada mudou: os dados já eram estes.")
    return redirect("atendimento", case.protocolo)


@require_POST
def add(request: HttpRequest, protocolo: str) -> HttpResponse:
    """Look a supplier up, or (once chosen) put it into the case. POST: a CNPJ or CPF stands in no address."""
    case = _correctable(request, protocolo)
    chosen = request.POST.get("fornecedor", "")
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 19):
        return _page(request, case, CorrectionForm(case=case, stored=current_values(case)))
    supplier = get_object_or_404(Fornecedor, pk=int(chosen))
    try:
        made = add_reclamado(
            atendimento=case, fornecedor=supplier, motivo=request.POST.get("motivo", ""), by=request.user, at=_now()
        )
    except Refusal as refusal:
        return _refused(request, case, refusal)
    messages.success(request, f"{made.fornecedor} incluído no caso.")
    return redirect("atendimento_corrigir", case.protocolo)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a supplier out of the case."""
    party = get_object_or_404(
        Reclamado.objects.visible_to(request.user).select_related("fornecedor", "atendimento"), pk=pk
    )
    case = _correctable(request, party.atendimento.protocolo)
    try:
        remove_reclamado(reclamado=party, motivo=request.POST.get("motivo", ""), by=request.user, at=_now())
    except Refusal as refusal:
        return _refused(request, case, refusal, party=pk)
    messages.success(request, f"{party.fornecedor} retirado do caso.")
    return redirect("atendimento_corrigir", case.protocolo)


def _correctable(request: HttpRequest, protocolo: str) -> Atendimento:
    """The case, if this person may correct it today."""
    case = fetch_case(request.user, protocolo)
    if not may_correct_case(case, by=request.user, today=_today()):
        raise ActNotAllowed(
            "Corrigir um atendimento cabe a Atendente da unidade no dia do registro e, depois, ao Coordenador, com "
            "motivo. Peça a quem tenha esse papel."
        )
    return case


def _refused(request: HttpRequest, case: Atendimento, refusal: Refusal, party: int = 0) -> HttpResponse:
    form = CorrectionForm(case=case, stored=current_values(case))
    return _page(request, case, form, status=refusal.status_code, refusal=refusal, party=party)


def _page(
    request: HttpRequest,
    case: Atendimento,
    form: CorrectionForm,
    *,
    status: int = 200,
    refusal: Refusal | None = None,
    party: int = 0,
) -> HttpResponse:
    log_reading(by=request.user, pagina="corrigir", objeto=case, historico_id=case.historico_id)
    parties = list(case.reclamados.select_related("fornecedor"))
    text = " ".join(request.POST.get("busca", "").split())
    context: dict[str, Any] = {
        "atendimento": case,
        "form": form,
        "recusa": refusal,
        "assuntos": Assunto.objects.filter(ativo=True),
        "pede_motivo": needs_reason(case, today=_today()),
        "partes": parties,
        "muda_partes": case.status in OPEN and RULES[case.tipo].max_suppliers != 0,
        "busca": text,
        "motivo_parte": request.POST.get("motivo", "") if text or refusal else "",
        "parte_tentada": party,
        "achados": _found(text, parties),
        "quantos": FOUND,
    }
    return render(request, "cases/corrigir.html", context, status=status)


def _found(text: str, parties: list[Reclamado]) -> list[Fornecedor]:
    if len(text) < 2:
        return []
    others = (
        Fornecedor.objects.standing()
        .some_named(text, SEARCH_CAP)
        .exclude(pk__in=[party.fornecedor_id for party in parties])
    )
    return list(others.order_by("razao_social", "pk")[:FOUND])


def _now() -> datetime:
    return timezone.now()  # noqa: TID251  the edge reads the clock


def _today() -> date:
    return timezone.localdate(_now())
