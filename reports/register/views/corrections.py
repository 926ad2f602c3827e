"""Correction requests of a year's register (art. 61): those that wait, a new one, the answer."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import Papel
from reports.models import Cadastro, PedidoDeCorrecao
from reports.register.exports import reference
from reports.register.forms import AnswerForm, RequestForm
from reports.register.services.corrections import COUNTER, Asked, answer_correction, ask_correction, holds_here
from reports.register.services.published import latest
from reports.register.views.scope import scope_of, user_of, year
from workflow.errors import ContentRefused


@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest, ano: str) -> HttpResponse:
    """The requests of this year's versions, open ones first; the counter writes down a new one."""
    today = timezone.localdate()
    version = _version(request, ano, today)
    user = user_of(request)
    form = RequestForm(request.POST or None, cadastro=version, initial={"recebido_em": today})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                now = timezone.now()  # noqa: TID251  the edge reads the clock
                ask_correction(cadastro=version, pedido=Asked(**form.cleaned_data), by=user, at=now)
                return redirect("cadastro_pedidos", ano)
            except ContentRefused as refusal:
                _told(form, refusal)
    rows = PedidoDeCorrecao.objects.filter(cadastro__ano=version.ano).select_related(
        "cadastro", "linha", "prazo__regra", "resposta__respondida_por"
    )
    context = {
        "ano": ano,
        "cadastro": version,
        "referencia": reference(version),
        "abertos": [(row, row.is_late(today=today)) for row in rows.open().order_by("prazo__vence_em", "pk")],
        "respondidos": [(row, row.is_late(today=today)) for row in rows.exclude(resposta=None).order_by("-pk")],
        "form": form,
        "pode_registrar": holds_here(user, version, COUNTER),
        "encerrado": today > version.prazo.vence_em,
    }
    return render(request, "reports/cadastro_pedidos.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, ano: str, pk: int) -> HttpResponse:
    """One request, and its answer by an auditor."""
    today = timezone.localdate()
    version = _version(request, ano, today)
    rows = PedidoDeCorrecao.objects.select_related("cadastro", "linha", "prazo__regra", "registrado_por")
    row = get_object_or_404(rows, pk=pk, cadastro__ano=version.ano)
    form, status = AnswerForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                now = timezone.now()  # noqa: TID251  the edge reads the clock
                answer_correction(pedido=row, by=user_of(request), at=now, **form.cleaned_data)
                return redirect("cadastro_pedido", ano, pk)
            except ContentRefused as refusal:
                _told(form, refusal)
    context = {
        "ano": ano,
        "pedido": row,
        "resposta": getattr(row, "resposta", None),
        "atrasado": row.is_late(today=today),
        "form": form,
        "pode_responder": holds_here(user_of(request), row.cadastro, frozenset({Papel.AUDITOR})),
    }
    return render(request, "reports/cadastro_pedido.html", context, status=status)


def _version(request: HttpRequest, ano: str, today: date) -> Cadastro:
    """The version in force, for whoever prepares the register; requests name people, so only its unidades see them."""
    scope_of(request)
    found = latest(year(ano, today))
    if found is None or not holds_here(user_of(request), found, frozenset(COUNTER | {Papel.AUTORIDADE})):
        raise Http404("requests are read where the register was made, once it is published")
    return found


def _told(form: Any, refusal: ContentRefused) -> None:
    for name, sentence in (refusal.errors or {"": refusal.message}).items():
        form.add_error(name if name in form.fields else None, sentence)
