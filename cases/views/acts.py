"""One address per act: POST, fetched by permission, one service, and the case's page as the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from cases import services
from cases.forms import acts as forms
from cases.models import CIP, Atendimento, Reclamado
from cases.views.case import CASE_PAGES, CIP_PAGES, Tried, case_page, fetch_case, make_form
from workflow.errors import ActNotAllowed, Refusal
from workflow.services import faster


@require_POST
def settle(request: HttpRequest, protocolo: str) -> HttpResponse:
    """Close a case that the call settled."""
    return _on_case(
        request, protocolo, "RESOLVER_NO_ATENDIMENTO", services.settle_at_once, "Caso encerrado: resolvido."
    )


@require_POST
def complain(request: HttpRequest, protocolo: str) -> HttpResponse:
    """Turn the case into a reclamação."""
    return _on_case(request, protocolo, "INSTAURAR_RECLAMACAO", services.open_reclamacao, "Reclamação aberta.")


@require_POST
def close(request: HttpRequest, protocolo: str) -> HttpResponse:
    """Close the case with its desfecho."""
    return _on_case(request, protocolo, "ENCERRAR", services.close_case, "Caso encerrado.")


@require_POST
def reopen(request: HttpRequest, protocolo: str) -> HttpResponse:
    """Reopen a closed case."""
    case = fetch_case(request.user, protocolo)
    name = "REABRIR_EM_RECLAMACAO" if hasattr(case, "reclamacao") else "REABRIR"
    return _on_case(request, protocolo, name, services.reopen_case, "Caso reaberto.")


@require_POST
def rectify(request: HttpRequest, protocolo: str) -> HttpResponse:
    """Correct a wrong status."""
    return _on_case(
        request, protocolo, "RETIFICAR", services.rectify_case, "Situação retificada, com o motivo no histórico."
    )


@require_POST
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a call to one supplier."""
    party = _fetch(Reclamado.objects.visible_to(request.user).select_related("fornecedor", "atendimento"), pk)
    call = _calling(services.record_contact, reclamado=party)
    return _perform(request, party.atendimento, party, "CONTATO", forms.ContactForm, call, "Contato registrado.")


@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue the CIP to one supplier."""
    queryset = Reclamado.objects.visible_to(request.user).select_related(
        "fornecedor", "atendimento__consumidor", "atendimento__unidade", "atendimento__historico"
    )
    party = _fetch(queryset, pk)
    call = _calling(services.issue_cip, reclamado=party)
    return _perform(
        request,
        party.atendimento,
        party,
        "EMITIR_CIP",
        forms.ActForm,
        call,
        "CIP emitida. Imprima a carta e registre o envio.",
    )


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Record how the CIP left."""
    return _on_cip(request, pk, "ENVIAR_CIP", services.send_cip, "Envio da CIP registrado.")


@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the proven receipt; the term starts."""
    return _on_cip(
        request, pk, "DAR_CIENCIA", services.acknowledge_cip, "Ciência registrada. O prazo de resposta começou."
    )


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the supplier's answer."""
    return _on_cip(request, pk, "RESPONDER_CIP", services.answer_cip, "Resposta do fornecedor registrada.")


@require_POST
def analyze(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the answered CIP for analysis."""
    return _on_cip(request, pk, "ANALISAR_CIP", services.analyze_cip, "CIP em análise.")


@require_POST
def hear_consumer(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what the consumer says of the answer."""
    said = "Manifestação do consumidor registrada."
    return _on_cip(request, pk, "MANIFESTAR", services.record_manifestation, said)


@require_POST
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant the supplier more days."""
    return _on_cip(request, pk, "PRORROGAR", services.extend_cip, "Prazo prorrogado. O fornecedor é avisado.")


@require_POST
def decide_extension(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant or deny the days that the supplier asked for."""

    def decide(*, cip: CIP, **data: Any) -> Any:
        asked = cip.pedidos.filter(deferido__isnull=True).select_related("cip__prazo", "cip__reclamado__atendimento")
        pedido = asked.first()
        if pedido is None:
            raise ActNotAllowed("Não há pedido de prorrogação à espera de decisão. Atualize a página.")
        pedido.cip = cip
        return services.decide_extension(pedido=pedido, **data)

    return _on_cip(request, pk, "DECIDIR_PRORROGACAO", decide, "Pedido decidido. O fornecedor é avisado.")


@require_POST
def archive(request: HttpRequest, protocolo: str) -> HttpResponse:
    """Archive the case whose consumer did not come back."""
    done = "Caso arquivado por inércia."
    return _on_case(request, protocolo, "ARQUIVAR_POR_INERCIA", services.archive_for_inertia, done)


@require_POST
def tell(request: HttpRequest, protocolo: str) -> HttpResponse:
    """Record that the consumer was told by other means."""
    done = "Aviso registrado. O prazo para o consumidor voltar começou."
    return _on_case(request, protocolo, "AVISAR_CONSUMIDOR", services.tell_by_hand, done)


@require_POST
def finish(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the CIP with its resultado."""
    return _on_cip(request, pk, "BAIXAR_CIP", services.close_cip, "Baixa da CIP registrada.")


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a CIP that still runs."""
    return _on_cip(request, pk, "CANCELAR_CIP", services.cancel_cip, "CIP cancelada.")


@require_POST
def espelho(request: HttpRequest, protocolo: str) -> HttpResponse:
    """Issue the espelho, which the consumer takes home, and show it."""
    case = fetch_case(request.user, protocolo)
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    letter = services.issue_espelho(atendimento=case, by=request.user, at=now)
    return redirect("documento", letter.codigo)


@require_POST
def closing_paper(request: HttpRequest, protocolo: str, tipo: str) -> HttpResponse:
    """Show a paper of the case's end, issued now where it does not stand yet."""
    case = fetch_case(request.user, protocolo)
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    letter = services.closing_paper(atendimento=case, tipo=tipo, by=request.user, at=now)
    return redirect("documento", letter.codigo)


def _on_case(request: HttpRequest, protocolo: str, name: str, service: Callable[..., Any], done: str) -> HttpResponse:
    case = fetch_case(request.user, protocolo)
    call = _calling(service, atendimento=case)
    return _perform(request, case, case, name, CASE_PAGES[name][0], call, done)


def _on_cip(request: HttpRequest, pk: int, name: str, service: Callable[..., Any], done: str) -> HttpResponse:
    queryset = CIP.objects.visible_to(request.user).select_related(
        "prazo", "documento", "reclamado__fornecedor", "reclamado__atendimento__unidade",
        "reclamado__atendimento__historico", "reclamado__atendimento__consumidor",
    )  # fmt: skip
    cip = _fetch(queryset, pk)
    call = _calling(service, cip=cip)
    return _perform(request, cip.reclamado.atendimento, cip, name, CIP_PAGES[name][0], call, done)


def _perform(
    request: HttpRequest,
    case: Atendimento,
    instance: Any,
    name: str,
    form_class: Any,
    call: Callable[[HttpRequest, Mapping[str, Any]], Any],
    done: str,
) -> HttpResponse:
    """Try the act. Refused, or badly filled in: the case's page as it is now, with what was typed."""
    pk, protocol = instance.pk, case.protocolo
    form = make_form(form_class, name, instance, request.POST, request.FILES)
    if not form.is_valid():
        return case_page(request, protocol, tried=Tried(name, pk, form))
    data = dict(form.cleaned_data)
    seen = data.pop("visto", "")
    try:
        if seen and seen != getattr(instance, "status", case.status):
            raise faster(instance if hasattr(instance, "status") else case, by=request.user)
        call(request, data)
    except Refusal as refusal:
        for field, message in refusal.errors.items():
            form.add_error(field if field in form.fields else None, message)
        return case_page(request, protocol, tried=Tried(name, pk, form, refusal))
    messages.success(request, done)
    return redirect("atendimento", protocol)


def _calling(service: Callable[..., Any], **what: Any) -> Callable[[HttpRequest, Mapping[str, Any]], Any]:
    """The service with the object, the form's data, the person and the moment."""

    def call(request: HttpRequest, data: Mapping[str, Any]) -> Any:
        now = timezone.now()  # noqa: TID251  the edge reads the clock
        return service(**what, **data, by=request.user, at=now)

    return call


def _fetch(queryset: QuerySet[Any], pk: int) -> Any:
    found = queryset.filter(pk=pk).first()
    if found is None:
        raise Http404("Não há registro com este número nas suas unidades.")
    return found
