"""What the case's page shows of its reclamação and its agreements, and which acts it offers there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms as django_forms
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch
from django.db.models.functions import JSONObject
from django.urls import reverse

from accounts.models import Papel
from cases import acts
from cases.forms import complaint as forms
from cases.models import (
    Acordo,
    Atendimento,
    Classificacao,
    Defesa,
    Parecer,
    Proposta,
    Reclamacao,
    Reclamado,
    Recurso,
)
from cases.services.complaint import UNDECIDED

#: Act → (what the button says, form, address name).
PAGES: dict[str, tuple[str, type[forms.ComplaintForm], str]] = {
    "NOTIFICAR_RECLAMACAO": ("Registrar envio da notificação", forms.NoticeForm, "reclamado_notificacao"),
    "RECEBER_NOTIFICACAO": ("Registrar recebimento", forms.DayForm, "defesa_recebimento"),
    "RECEBER_DEFESA": ("Registrar defesa", forms.DefenceForm, "defesa_texto"),
    "PRORROGAR_DEFESA": ("Prorrogar o prazo de defesa", forms.ExtendForm, "defesa_prorrogacao"),
    "EMITIR_PARECER": ("Emitir manifestação técnica", forms.OpinionForm, "reclamacao_parecer"),
    "DEVOLVER_PARECER": ("Devolver o parecer para completar", forms.ReasonedForm, "reclamacao_devolucao"),
    "DECIDIR": ("Decidir", forms.DecideForm, "reclamado_decisao"),
    "INTIMAR_DA_DECISAO": ("Registrar intimação das partes", forms.DayForm, "decisao_intimacao"),
    "INTERPOR_RECURSO": ("Registrar recurso", forms.AppealForm, "decisao_recurso"),
    "JULGAR_RECURSO": ("Julgar o recurso", forms.JudgeForm, "recurso_julgamento"),
    "ARQUIVAR_RECLAMACAO": ("Arquivar a reclamação", forms.RemarkForm, "reclamacao_arquivamento"),
    "PAGAR_PARCELA": ("Registrar pagamento", forms.DayForm, "parcela_pagamento"),
    "CUMPRIR_ACORDO": ("Foi cumprido", forms.ToldForm, "acordo_cumprido"),
    "DESCUMPRIR_ACORDO": ("Não foi cumprido", forms.BrokenForm, "acordo_descumprido"),
    "SEM_NOTICIA_DO_ACORDO": ("Não se soube", forms.ToldForm, "acordo_sem_noticia"),
    "INSTAURAR_POR_DESCUMPRIMENTO": ("Abrir reclamação", forms.RemarkForm, "acordo_reclamacao"),
}


@dataclass(frozen=True)
class Offer:
    """One act with its form."""

    label: str
    address: str
    form: django_forms.Form
    opened: bool = False


@dataclass
class Turn:
    """One reclamado in the reclamação."""

    reclamado: Reclamado
    defesa: Defesa | None = None
    decisao: Classificacao | None = None
    antigas: list[Classificacao] = field(default_factory=list)
    atos: list[Offer] = field(default_factory=list)


@dataclass
class _Page:
    case: Atendimento
    parties: list[Reclamado]
    papeis: frozenset[str]
    tried: Any

    def offers(self, names: Iterable[str], instance: Any, seen: str) -> list[Offer]:
        """The acts of this object, with their forms."""
        return [self._offer(name, instance, seen) for name in names]

    def _offer(self, name: str, instance: Any, seen: str) -> Offer:
        label, _, route = PAGES[name]
        hit = self.tried is not None and self.tried.is_at(name, instance.pk)
        form = self.tried.form if hit else make_form(name, instance, self.parties, seen)
        return Offer(label, reverse(route, args=[instance.pk]), form, opened=hit)

    def is_one_of(self, roles: Iterable[str]) -> bool:
        """Whether the reader holds one of these papéis here."""
        return bool(self.papeis & set(roles))


def make_form(
    name: str, instance: Any, parties: list[Reclamado], seen: str = "", data: Any = None, files: Any = None
) -> Any:
    """The act's form for one object; field ids differ from those of the page's other forms."""
    form_class = PAGES[name][1]
    return form_class(
        data, files, reclamados=parties, auto_id=f"{name.lower()}-{instance.pk}-%s", initial={"visto": seen}
    )


def complaint_and_agreements(
    atendimento: Atendimento, parties: list[Reclamado], papeis: frozenset[str], tried: Any
) -> dict[str, Any]:
    """The reclamação, reclamado by reclamado, and the agreements: six queries where both are there, two where not."""
    page = _Page(atendimento, parties, papeis, tried)
    agreements = [_agreement(page, row) for row in _agreements(atendimento)]
    may_agree = bool(parties) and page.is_one_of(acts.COUNTER_AND_TABLE)
    shown = {"acordos": agreements, "pode_acordar": may_agree}
    complaint = getattr(atendimento, "reclamacao", None)
    if complaint is None:
        return shown
    complaint.atendimento = atendimento
    opinions = list(
        Parecer.objects.filter(reclamacao=complaint)
        .select_related("autor", "documento")
        .annotate(propostas_lidas=_proposals())
    )
    suppliers = {item.pk: item.fornecedor for item in parties}
    for item in opinions:
        read = [(suppliers[fields.pop("de")], Proposta(**fields)) for fields in item.propostas_lidas]
        item.propostas_lidas = read
    stands = next((item for item in opinions if item.devolvido_em is None), None)
    turns = _turns(page, complaint, stands)
    final = bool(turns) and all(turn.decisao and turn.decisao.transitada_em for turn in turns)
    return shown | {
        "reclamacao": complaint,
        "vezes": turns,
        "pareceres": opinions,
        "atos_da_reclamacao": page.offers(
            _of_complaint(page, complaint, stands, turns, final), complaint, complaint.status
        ),
    }


def _proposals() -> ArraySubquery:
    """What an opinion proposes, read with it; `de` is the reclamado."""
    rows = Proposta.objects.filter(parecer=OuterRef("pk")).order_by("pk")
    return ArraySubquery(rows.values(read=JSONObject(pk="pk", de="reclamado", valor="valor", motivo="motivo")))


def _agreements(case: Atendimento) -> Iterable[Acordo]:
    found = Acordo.objects.filter(reclamado__atendimento=case).select_related("reclamado__fornecedor", "documento")
    return found.prefetch_related("parcelas")


def _agreement(page: _Page, row: Acordo) -> dict[str, Any]:
    names = [act.name for act in acts.ACORDO.available(row.status, page.papeis)]
    possible = acts.ATENDIMENTO.available(page.case.status, page.papeis)
    if row.status == Acordo.Status.DESCUMPRIDO and acts.INSTAURAR_POR_DESCUMPRIMENTO in possible:
        names.append("INSTAURAR_POR_DESCUMPRIMENTO")
    payable = row.status in acts.CUMPRIR_ACORDO.sources and page.is_one_of(acts.COUNTER_AND_TABLE)
    lines = [
        (item, page.offers(["PAGAR_PARCELA"] if payable and not item.paga_em else [], item, row.status))
        for item in row.parcelas.all()
    ]
    return {"acordo": row, "parcelas": lines, "atos": page.offers(names, row, row.status)}


def _of_complaint(
    page: _Page, complaint: Reclamacao, opinion: Parecer | None, turns: list[Turn], final: bool
) -> list[str]:
    """The acts on the process itself that make sense now."""
    sensible = {
        "EMITIR_PARECER": opinion is None,
        "DEVOLVER_PARECER": opinion is not None and not any(turn.decisao for turn in turns),
        "ARQUIVAR_RECLAMACAO": final and complaint.status == Reclamacao.Status.DECIDIDA,
    }
    return [act.name for act in acts.RECLAMACAO.available(complaint.status, page.papeis) if sensible.get(act.name)]


def _turns(page: _Page, complaint: Reclamacao, opinion: Parecer | None) -> list[Turn]:
    turns = {item.pk: Turn(item) for item in page.parties}
    defences = Defesa.objects.current().filter(reclamacao=complaint).select_related("prazo__regra", "documento")
    for defence in defences:
        turns[defence.reclamado_id].defesa = defence
    appeals = Prefetch("recursos", Recurso.objects.select_related("julgado_por"))
    decisions = Classificacao.objects.filter(reclamado__atendimento=page.case.pk).select_related(
        "prazo__regra", "documento", "autoridade"
    )
    for decision in decisions.prefetch_related(appeals):
        turn = turns[decision.reclamado_id]
        if decision.substituida_em:
            turn.antigas.append(decision)
        else:
            turn.decisao = decision
    for turn in turns.values():
        turn.atos = _of_defence(page, complaint, turn) + _of_decision(page, complaint, turn, opinion)
    return list(turns.values())


def _of_defence(page: _Page, complaint: Reclamacao, turn: Turn) -> list[Offer]:
    status, defence = complaint.status, turn.defesa
    clerk = page.is_one_of(acts.COUNTER)
    if defence is None or defence.notificada_em is None:
        may = acts.NOTIFICAR_RECLAMACAO in acts.RECLAMACAO.available(status, page.papeis)
        return page.offers(["NOTIFICAR_RECLAMACAO"] if may else [], turn.reclamado, status)
    if status not in UNDECIDED:
        return []
    names = []
    if clerk and defence.recebida_em is None and not defence.concluida:
        names.append("RECEBER_NOTIFICACAO")
    if page.is_one_of(acts.COUNTER_AND_TABLE) and defence.apresentada_em is None:
        names.append("RECEBER_DEFESA")
    if page.is_one_of(acts.EXTENDERS) and defence.prazo and not defence.concluida:
        names.append("PRORROGAR_DEFESA")
    return page.offers(names, defence, status)


def _of_decision(page: _Page, complaint: Reclamacao, turn: Turn, opinion: Parecer | None) -> list[Offer]:
    status, decision = complaint.status, turn.decisao
    if decision is None:
        may = opinion is not None and status == Reclamacao.Status.EM_ANALISE and Papel.AUTORIDADE in page.papeis
        return page.offers(["DECIDIR"] if may else [], turn.reclamado, status)
    if decision.transitada_em or status not in (Reclamacao.Status.DECIDIDA, Reclamacao.Status.EM_ANALISE):
        return []
    names = []
    if page.is_one_of(acts.COUNTER) and decision.intimada_em is None:
        names.append("INTIMAR_DA_DECISAO")
    available = {act.name for act in acts.RECLAMACAO.available(status, page.papeis)}
    if decision.prazo and "INTERPOR_RECURSO" in available:
        names.append("INTERPOR_RECURSO")
    offers = page.offers(names, decision, status)
    for appeal in decision.recursos.all():
        if appeal.julgado_em is None and "JULGAR_RECURSO" in available:
            offers += page.offers(["JULGAR_RECURSO"], appeal, status)
    return offers
