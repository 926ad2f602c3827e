"""The papers that the counter hands out, on one page of the case."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.forms.handouts import AttendanceForm, Handout, PrepostoForm, ProxyForm
from cases.models import Atendimento
from cases.services.handouts import issue_attendance, issue_preposto_model, issue_proxy_model
from cases.views.case import fetch_case
from documents.models import Documento
from workflow.errors import Refusal

FORMS: dict[str, type[Handout]] = {
    "declaracao_de_comparecimento": AttendanceForm,
    "procuracao": ProxyForm,
    "carta_de_preposicao": PrepostoForm,
}


@require_http_methods(["GET", "POST"])
def handouts(request: HttpRequest, protocolo: str) -> HttpResponse:
    """Choose a paper, fill in what it asks, and read it as issued."""
    case = fetch_case(request.user, protocolo)
    asked = request.POST.get("documento", "")
    if request.method == "POST" and asked not in FORMS:
        raise Http404("no such paper")
    now = timezone.localtime(timezone.now())  # noqa: TID251  the edge reads the clock
    forms = {
        name: kind(
            request.POST if name == asked else None, atendimento=case, initial={"dia": now.date(), "fim": now.time()}
        )
        for name, kind in FORMS.items()
    }
    if asked and forms[asked].is_valid():
        try:
            letter = _services(case)[asked](**forms[asked].cleaned_data, by=request.user, at=now)
        except Refusal as refusal:
            forms[asked].show(refusal)
        else:
            return redirect("documento", letter.codigo)
    papers = [(name, Documento.Tipo(name).label, form) for name, form in forms.items()]
    context = {"atendimento": case, "papeis": papers}
    return render(request, "cases/documentos.html", context, status=422 if asked else 200)


def _services(case: Atendimento) -> dict[str, Callable[..., Documento]]:
    def attendance(**data: Any) -> Documento:
        return issue_attendance(atendimento=case, **data)

    def proxy(**data: Any) -> Documento:
        return issue_proxy_model(atendimento=case, **data)

    return {
        "declaracao_de_comparecimento": attendance,
        "procuracao": proxy,
        "carta_de_preposicao": issue_preposto_model,
    }
