"""One address per act of a reclamação or an agreement: fetched by permission, one form, one service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models import User
from cases import services
from cases.models import Acordo, Atendimento, Classificacao, Defesa, Parcela, Reclamacao, Reclamado, Recurso
from cases.views.case import Tried, case_page
from cases.views.complaint_part import make_form
from workflow.errors import Refusal
from workflow.services import faster


@dataclass(frozen=True)
class Door:
    """What an address fetches, the service that it calls with it, and what is said when done."""

    keyword: str
    service: Callable[..., Any]
    done: str


DOORS = {
    "NOTIFICAR_RECLAMACAO": Door("reclamado", services.notify_reclamado, "Envio da notificação registrado."),
    "RECEBER_NOTIFICACAO": Door(
        "defesa", services.receive_notice, "Recebimento registrado. O prazo de defesa começou."
    ),
    "RECEBER_DEFESA": Door("defesa", services.receive_defence, "Defesa registrada."),
    "PRORROGAR_DEFESA": Door("defesa", services.extend_defence, "Prazo de defesa prorrogado."),
    "EMITIR_PARECER": Door("reclamacao", services.write_opinion, "Manifestação técnica emitida."),
    "DEVOLVER_PARECER": Door("reclamacao", services.return_opinion, "Parecer devolvido, com o motivo."),
    "DECIDIR": Door("reclamado", services.decide, "Decisão registrada. Registre a intimação das partes."),
    "INTIMAR_DA_DECISAO": Door(
        "classificacao", services.serve_decision, "Intimação registrada. O prazo de recurso começou."
    ),
    "INTERPOR_RECURSO": Door("classificacao", services.lodge_appeal, "Recurso registrado."),
    "JULGAR_RECURSO": Door("recurso", services.judge_appeal, "Recurso julgado."),
    "ARQUIVAR_RECLAMACAO": Door("reclamacao", services.archive, "Reclamação arquivada; o caso está encerrado."),
    "PAGAR_PARCELA": Door("parcela", services.pay_instalment, "Pagamento registrado."),
    "CUMPRIR_ACORDO": Door("acordo", services.keep_agreement, "Acordo cumprido."),
    "DESCUMPRIR_ACORDO": Door("acordo", services.break_agreement, "Acordo descumprido. Cabe abrir a reclamação."),
    "SEM_NOTICIA_DO_ACORDO": Door("acordo", services.lose_sight, "Registrado que não se soube."),
    "INSTAURAR_POR_DESCUMPRIMENTO": Door(
        "acordo", services.complain_of_breach, "Reclamação aberta pelo descumprimento."
    ),
}


@require_POST
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Try the act. Refused, or badly filled in: the case's page as it is now, with what was typed."""
    door = DOORS[name]
    thing, case, status = _fetch(request.user, door.keyword, pk)
    parties = list(Reclamado.objects.filter(atendimento=case).select_related("fornecedor"))
    form = make_form(name, thing, parties, data=request.POST, files=request.FILES)
    if not form.is_valid():
        return case_page(request, case.protocolo, tried=Tried(name, pk, form))
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    try:
        if form.cleaned_data["visto"] and form.cleaned_data["visto"] != status:
            raise faster(_moved_with(thing), by=request.user)
        door.service(**{door.keyword: thing}, **form.arguments(), by=request.user, at=now)
    except Refusal as refusal:
        for field, message in refusal.errors.items():
            form.add_error(field if field in form.fields else None, message)
        return case_page(request, case.protocolo, tried=Tried(name, pk, form, refusal))
    messages.success(request, door.done)
    return redirect("atendimento", case.protocolo)


def _fetch(user: User, keyword: str, pk: int) -> tuple[Any, Atendimento, str]:
    """The object, its case, and the status that its page shows; 404 where one may not see it."""
    agreements = Acordo.objects.visible_to(user)
    sets: dict[str, tuple[QuerySet[Any], str]] = {
        "reclamado": (Reclamado.objects.visible_to(user), "atendimento"),
        "reclamacao": (Reclamacao.objects.visible_to(user), "atendimento"),
        "defesa": (Defesa.objects.visible_to(user), "reclamado__atendimento"),
        "classificacao": (Classificacao.objects.visible_to(user), "reclamado__atendimento"),
        "recurso": (Recurso.objects.visible_to(user), "classificacao__reclamado__atendimento"),
        "acordo": (agreements, "reclamado__atendimento"),
        "parcela": (Parcela.objects.filter(acordo__in=agreements), "acordo__reclamado__atendimento"),
    }
    queryset, path = sets[keyword]
    found = queryset.select_related(path).filter(pk=pk).first()
    if found is None:
        raise Http404("Não há registro com este número nas suas unidades.")
    case = found
    for step in path.split("__"):
        case = getattr(case, step)
    if keyword in ("acordo", "parcela"):
        return found, case, (found if keyword == "acordo" else found.acordo).status
    status = Reclamacao.objects.filter(atendimento=case).values_list("status", flat=True).first()
    return found, case, status or ""


def _moved_with(thing: Any) -> Any:
    """What the act on this object moves: the agreement of an instalment, the reclamação of all that belongs to one."""
    if isinstance(thing, Acordo | Reclamacao):
        return thing
    if isinstance(thing, Parcela):
        return thing.acordo
    party = thing if isinstance(thing, Reclamado) else getattr(thing, "classificacao", thing).reclamado
    return Reclamacao.objects.filter(atendimento=party.atendimento_id).first() or party.atendimento
