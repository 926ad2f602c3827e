"""Ready texts on the page of a case: for the call to a supplier and for its answer."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import number_format
from django.views.decorators.http import require_GET

from accounts.models import User
from cases.models import Compra, Reclamado, TextoPadrao
from cases.services.texts import filled, text_called

USES = frozenset({TextoPadrao.Uso.CONTATO, TextoPadrao.Uso.RESPOSTA})


@require_GET
def texts(request: HttpRequest, pk: int, uso: str) -> HttpResponse:
    """The text that is called (`texto`), filled in; without a name, the titles that may be called."""
    party = _fetch(request.user, pk)
    if uso not in USES:
        raise Http404("Não há textos para este uso.")
    typed = request.GET.get("texto", "").strip()
    if not typed:
        return render(request, "cases/_modelos_titulos.html", {"textos": TextoPadrao.objects.in_use(uso)})
    found = text_called(typed, use=uso)
    text = filled(found, _values(party, request.user)) if found else ""
    return render(request, "cases/_texto_pronto.html", {"achado": found, "pronto": text, "pedido": typed})


def _fetch(user: User, pk: int) -> Reclamado:
    parties = Reclamado.objects.visible_to(user).select_related(
        "fornecedor", "atendimento__consumidor", "atendimento__assunto", "atendimento__problema",
        "atendimento__unidade", "atendimento__orgao",
    )  # fmt: skip
    found = parties.filter(pk=pk).first() if pk < 2**62 else None
    if found is None:
        raise Http404("Não há reclamado com este número nas suas unidades.")
    return found


def _values(party: Reclamado, user: User) -> dict[str, str]:
    """What the placeholders stand for in a registered case."""
    case = party.atendimento
    bought = Compra.objects.filter(atendimento=case).first()
    value = f"R$ {number_format(case.valor, 2, force_grouping=True)}" if case.valor is not None else ""
    return {
        "consumidor": str(case.consumidor or ""),
        "fornecedor": str(party.fornecedor),
        "assunto": str(case.assunto or ""),
        "problema": str(case.problema or ""),
        "valor": value,
        "data_compra": f"{case.data_compra:%d/%m/%Y}" if case.data_compra else "",
        "contrato": bought.contrato if bought else "",
        "data": f"{timezone.localdate(timezone.now()):%d/%m/%Y}",  # noqa: TID251  the edge reads the clock
        "protocolo": case.protocolo,
        "atendente": str(user),
        "unidade": str(case.unidade),
        "orgao": case.orgao.nome if case.orgao else "",
    }
