"""The page of one case: what is known, what was done, and what may be done now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import Papel, User
from cases import acts
from cases.forms import acts as act_forms
from cases.forms.typed import typed_into
from cases.models import CIP, Atendimento, Contato, NumeroExterno, Reclamado
from cases.services.correction import may_correct_case
from cases.services.manifestation import ANSWERED
from cases.services.presumption import Presumption, presumptions_of
from cases.services.timeline import timeline
from cases.tipos import CIP_TIPOS
from cases.views.attachment_list import attachments
from cases.views.complaint_part import complaint_and_agreements
from cases.views.intake_parts import advice_for
from cases.views.number_list import numbers
from deadlines.models import Prazo
from deadlines.services import Known
from documents.models import Documento
from notifications.models import Mensagem
from workflow.acts import Act
from workflow.errors import Refusal
from workflow.models import Evento, Historico
from workflow.services import log_reading

#: How many lines of the time line and messages the page shows before one asks for all.
SHOWN = 50
#: So many of the acts of others are told to whoever came second.
MEANWHILE = 5

#: Act → (form, address name). Acts that the office's clock or another act performs have no button.
CASE_PAGES: dict[str, tuple[type[forms.Form], str]] = {
    "RESOLVER_NO_ATENDIMENTO": (act_forms.OptionalReasonForm, "atendimento_resolver"),
    "INSTAURAR_RECLAMACAO": (act_forms.ReasonForm, "atendimento_reclamacao"),
    "ENCERRAR": (act_forms.CloseForm, "atendimento_encerrar"),
    "REABRIR": (act_forms.ReasonForm, "atendimento_reabrir"),
    "REABRIR_EM_RECLAMACAO": (act_forms.ReasonForm, "atendimento_reabrir"),
    "ARQUIVAR_POR_INERCIA": (act_forms.ReasonForm, "atendimento_inercia"),
    "AVISAR_CONSUMIDOR": (act_forms.NoticeForm, "atendimento_aviso"),
    "RETIFICAR": (act_forms.RectifyForm, "atendimento_retificar"),
}
CIP_PAGES: dict[str, tuple[type[forms.Form], str]] = {
    "ENVIAR_CIP": (act_forms.SendForm, "cip_envio"),
    "DAR_CIENCIA": (act_forms.AcknowledgeForm, "cip_ciencia"),
    "RESPONDER_CIP": (act_forms.AnswerForm, "cip_resposta"),
    "ANALISAR_CIP": (act_forms.OptionalReasonForm, "cip_analise"),
    "BAIXAR_CIP": (act_forms.CloseCipForm, "cip_baixa"),
    "CANCELAR_CIP": (act_forms.ReasonForm, "cip_cancelamento"),
    "MANIFESTAR": (act_forms.ManifestationForm, "cip_manifestacao"),
    "PRORROGAR": (act_forms.ExtensionForm, "cip_prorrogacao"),
    "DECIDIR_PRORROGACAO": (act_forms.DecisionForm, "cip_decisao"),
}
#: A reopening that does not fit: which of the two depends on whether there was a reclamação.
_REOPENINGS = {True: "REABRIR", False: "REABRIR_EM_RECLAMACAO"}


@dataclass
class Tried:
    """An act that was tried and refused: its form as typed, and the refusal."""

    name: str
    pk: int
    form: forms.Form
    refusal: Refusal | None = None
    #: Whether the page has a place for the form; where it has none any more, what was typed is shown by itself.
    shown: bool = False

    def is_at(self, name: str, pk: int) -> bool:
        """Whether this is the act's place on the page; its form then stands there as typed."""
        if (self.name, self.pk) != (name, pk):
            return False
        self.shown = True
        return True

    def typed(self) -> list[tuple[str, str]]:
        """What was typed into a form that the page no longer has: label and text, field by field."""
        return [] if self.shown else typed_into(self.form)


@dataclass(frozen=True)
class Button:
    """One act offered on the page, with its form."""

    name: str
    label: str
    address: str
    form: forms.Form
    opened: bool = False


@dataclass
class Party:
    """One reclamado as the page shows it."""

    reclamado: Reclamado
    buttons: list[Button] = field(default_factory=list)
    cips: list[tuple[CIP, list[Button], Presumption | None]] = field(default_factory=list)


@require_GET
def case(request: HttpRequest, protocolo: str) -> HttpResponse:
    """One case; 404 for whoever may not see it."""
    return case_page(request, protocolo)


def fetch_case(user: User, protocolo: str) -> Atendimento:
    """The case, if this person may see it."""
    # No more joins than these: the planner weighs all their orders, and of eleven it took 16 ms for a row of 0.6.
    cases = Atendimento.objects.visible_to(user).select_related(
        "consumidor", "assunto", "problema", "unidade", "atendente", "reclamacao"
    )
    elsewhere = NumeroExterno.objects.standing().filter(atendimento=OuterRef("pk")).order_by("sistema", "numero")
    numbers = ArraySubquery(elsewhere.values(read=JSONObject(pk="pk", sistema="sistema", numero="numero")))
    last = Historico.objects.filter(pk=OuterRef("historico")).values("sequencia")
    found = cases.annotate(numeros_lidos=numbers, ultimo_evento=Subquery(last)).filter(protocolo=protocolo).first()
    if found is None:
        raise Http404("Não há atendimento com este protocolo nas suas unidades.")
    return found


def case_page(request: HttpRequest, protocolo: str, *, tried: Tried | None = None) -> HttpResponse:
    """The page of the case as it is now; after a refused act with what was typed, and the refusal's status code."""
    atendimento = fetch_case(request.user, protocolo)
    log_reading(by=request.user, pagina="atendimento", objeto=atendimento, historico_id=atendimento.historico_id)
    papeis = request.user.papeis_em(atendimento.unidade_id)
    lines, older = timeline(atendimento, limit=SHOWN)
    letters = Documento.objects.filter(historico=atendimento.historico_id).select_related("substituido_por")
    sent = Mensagem.objects.filter(historico=atendimento.historico_id).order_by("-devida_em", "-id")
    parties, counted = list(_reclamados(atendimento)), Known()
    # In one query, but not in the first: the planner bears no more joins there (see `fetch_case`).
    counter = Atendimento.objects.select_related("compra", "representante").get(pk=atendimento.pk)
    context = {
        "atendimento": atendimento,
        "do_balcao": counter,
        "partes": _parties(parties, atendimento, papeis, tried, counted),
        **attachments(request, atendimento, parties, tried),
        **complaint_and_agreements(atendimento, parties, papeis, tried),
        **numbers(atendimento, papeis, tried),
        "atos": case_buttons(atendimento, papeis, tried),
        "conselhos": advice_for(counter, counted),
        "documentos": letters,
        "prazos": Prazo.objects.filter(historico=atendimento.historico_id).select_related("regra").order_by("pk"),
        "mensagens": sent[:SHOWN],
        "linhas": lines,
        "ha_mais_linhas": older,
        "pode_agendar": bool(papeis & {Papel.ATENDENTE, Papel.CONCILIADOR, Papel.COORDENADOR})
        and atendimento.status != Atendimento.Status.ENCERRADO,
        "pode_corrigir": may_correct_case(atendimento, by=request.user, today=timezone.localdate()),
        "pode_emitir_espelho": bool(papeis & set(acts.COUNTER)),
    }
    if tried:
        since = _since(atendimento, request.POST.get("ate", ""), request.user)
        context |= {"recusa": tried.refusal, "digitado": tried.typed(), "desde": since}
    status = 200 if tried is None else (tried.refusal.status_code if tried.refusal else 422)
    return render(request, "cases/atendimento.html", context, status=status)


def _since(atendimento: Atendimento, seen: str, reader: User) -> list[Evento]:
    """What others did in the case after the event up to which the page was shown, the newest first."""
    if not (seen.isascii() and seen.isdigit() and len(seen) < 10):
        return []
    later = Evento.objects.filter(historico=atendimento.historico_id, sequencia__gt=int(seen)).exclude(autor=reader)
    return list(later.select_related("autor").order_by("-sequencia")[:MEANWHILE])


def case_buttons(atendimento: Atendimento, papeis: frozenset[str], tried: Tried | None) -> list[Button]:
    """The acts on the case itself, from the table of acts; rectifying, for a coordenador, comes last."""
    was_complaint = hasattr(atendimento, "reclamacao")
    available = [
        act
        for act in acts.ATENDIMENTO.available(atendimento.status, papeis)
        if act.name in CASE_PAGES and act.name != _REOPENINGS[was_complaint]
    ]
    pairs = [(act.name, act.label) for act in available]
    if atendimento.status == Atendimento.Status.AGUARDA_CONSUMIDOR and papeis & set(acts.COUNTER):
        pairs.append(("AVISAR_CONSUMIDOR", "Registrar aviso ao consumidor"))
    if Papel.COORDENADOR in papeis:
        pairs.append(("RETIFICAR", "Retificar a situação"))
    return [_button(name, label, CASE_PAGES, atendimento, [atendimento.protocolo], tried) for name, label in pairs]


def _reclamados(atendimento: Atendimento) -> Any:
    calls = Contato.objects.select_related("por")
    letters = CIP.objects.select_related("prazo__regra", "documento", "manifestacao").prefetch_related("pedidos")
    return (
        Reclamado.objects.filter(atendimento=atendimento)
        .select_related("fornecedor__fundido_em")
        .prefetch_related(Prefetch("contatos", calls), Prefetch("cips", letters))
    )


def _parties(
    reclamados: list[Reclamado], atendimento: Atendimento, papeis: frozenset[str], tried: Tried | None, counted: Known
) -> list[Party]:
    presumed = presumptions_of((cip for item in reclamados for cip in item.cips.all()), counted)
    return [_party(item, atendimento, papeis, tried, presumed) for item in reclamados]


def _party(
    item: Reclamado,
    atendimento: Atendimento,
    papeis: frozenset[str],
    tried: Tried | None,
    presumed: Mapping[int, Presumption],
) -> Party:
    item.atendimento = atendimento
    party = Party(item)
    letters = list(item.cips.all())
    running = any(cip.status != CIP.Status.BAIXADA for cip in letters)
    if atendimento.status != Atendimento.Status.ENCERRADO and papeis & set(acts.COUNTER):
        party.buttons.append(_button("CONTATO", "Registrar contato", _PARTY_PAGES, item, [item.pk], tried))
    issue: Act = acts.EMITIR_CIP
    may_issue = issue in acts.ATENDIMENTO.available(atendimento.status, papeis)
    if may_issue and atendimento.tipo in CIP_TIPOS and not running:
        party.buttons.append(_button(issue.name, issue.label, _PARTY_PAGES, item, [item.pk], tried))
    for cip in letters:
        cip.reclamado = item
        pairs = what_can_be_done(cip, papeis)
        buttons = [_button(name, label, CIP_PAGES, cip, [cip.pk], tried) for name, label in pairs]
        party.cips.append((cip, buttons, presumed.get(cip.pk)))
    return party


def what_can_be_done(cip: CIP, papeis: frozenset[str]) -> list[tuple[str, str]]:
    """The acts on one CIP, with what moves nothing: the consumer's word and the days asked for."""
    pairs = [(act.name, act.label) for act in acts.CIP.available(cip.status, papeis) if act.name in CIP_PAGES]
    unheard = cip.status in ANSWERED and cip.respondida_em and not hasattr(cip, "manifestacao")
    if unheard and papeis & acts.ACEITAR_RESPOSTA.roles:
        pairs.insert(0, ("MANIFESTAR", "Registrar o que o consumidor disse"))
    if papeis & set(acts.COUNTER) and cip.status == CIP.Status.CIENTIFICADA:
        if any(request.deferido is None for request in cip.pedidos.all()):
            pairs.insert(0, ("DECIDIR_PRORROGACAO", "Decidir o pedido de prorrogação"))
        pairs.append(("PRORROGAR", "Prorrogar o prazo"))
    return pairs


_PARTY_PAGES: dict[str, tuple[type[forms.Form], str]] = {
    "CONTATO": (act_forms.ContactForm, "reclamado_contato"),
    "EMITIR_CIP": (act_forms.ActForm, "reclamado_cip"),
}


def _button(
    name: str,
    label: str,
    pages: Mapping[str, tuple[type[forms.Form], str]],
    instance: Any,
    args: list[Any],
    tried: Tried | None,
) -> Button:
    form_class, route = pages[name]
    hit = tried is not None and tried.is_at(name, instance.pk)
    form = tried.form if tried and hit else make_form(form_class, name, instance)
    return Button(name, label, reverse(route, args=args), form, opened=hit)


def make_form(
    form_class: type[forms.Form], name: str, instance: Any, data: Any = None, files: Any = None
) -> forms.Form:
    """The act's form for one object; field ids differ from those of the page's other forms."""
    status = getattr(instance, "status", "") or getattr(getattr(instance, "atendimento", None), "status", "")
    extra = {"case_status": status} if form_class is act_forms.CloseForm else {}
    return form_class(data, files, auto_id=f"{name.lower()}-{instance.pk}-%s", initial={"visto": status}, **extra)
