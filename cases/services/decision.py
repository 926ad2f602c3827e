"""The technical opinion and the decision per reclamado; nobody decides on their own opinion."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from cases import acts
from cases.models import (
    Anexo,
    Atendimento,
    ClasseDaReclamacao,
    Classificacao,
    Parecer,
    Proposta,
    Reclamacao,
    Reclamado,
)
from cases.rules.outcome import outcome_of
from cases.services.attachments import attach_all
from cases.services.closing_letters import issue_closing_sheet
from cases.services.complaint import end_terms, lock_complaint
from cases.services.complaint_letters import (
    issue_decision,
    issue_memorandum,
    issue_opinion,
    tell_decision,
)
from deadlines.services import fulfil, set_prazo
from deadlines.services.terms import hold_calendar
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from, whole
from workflow.services import advance, check_allowed, record, require_papel


@whole
def write_opinion(
    *,
    reclamacao: Reclamacao,
    analise: str,
    base_legal: str,
    propostas: Sequence[Proposta],
    by: User,
    at: datetime,
    conclusao: str = "",
    arquivos: Sequence[UploadedFile[Any]] = (),
) -> Parecer:
    """Give the technical opinion, with a proposal for each reclamado (unsaved Proposta rows), and print it.

    The papers on which it rests are attached to the case.
    """
    complaint = lock_complaint(reclamacao)
    check_allowed(complaint, acts.EMITIR_PARECER, by=by)
    need({"analise": analise, "base_legal": base_legal})
    _check_proposals(complaint, propostas)
    with refusals_from(Parecer):
        opinion = Parecer.objects.create(
            reclamacao=complaint,
            autor=by,
            analise=analise.strip(),
            base_legal=base_legal.strip(),
            conclusao=conclusao.strip(),
            emitido_em=at,
        )
    for row in propostas:
        row.parecer = opinion
    Proposta.objects.bulk_create(propostas)
    attach_all(
        atendimento=complaint.atendimento,
        arquivos=arquivos,
        origem=Anexo.Origem.BALCAO,
        by=by,
        at=at,
        descricao="Parecer técnico",
    )
    opinion.documento = issue_opinion(opinion, by=by, at=at)
    opinion.save(update_fields=["documento"])
    advance(complaint, acts.EMITIR_PARECER, by=by, at=at)
    return opinion


@whole
def return_opinion(*, reclamacao: Reclamacao, motivo: str, by: User, at: datetime) -> Parecer:
    """Send the opinion back to be completed, with the reason; it stays in the file, and another is written."""
    complaint = lock_complaint(reclamacao)
    check_allowed(complaint, acts.DEVOLVER_PARECER, by=by)
    need({"motivo": motivo})
    opinion = _standing_opinion(complaint)
    if _decided(complaint).exists():
        raise ActNotAllowed("Já há decisão sobre um dos fornecedores com base neste parecer. Decida os outros também.")
    set_aside(opinion, motivo=motivo, by=by, at=at)
    advance(complaint, acts.DEVOLVER_PARECER, by=by, at=at, motivo=motivo)
    return opinion


@whole
def decide(
    *,
    reclamado: Reclamado,
    valor: str,
    motivo: str,
    base_legal: str,
    by: User,
    at: datetime,
    a_fiscalizacao: bool = False,
) -> Classificacao:
    """Decide about one reclamado, with motive and legal basis; printed, and told to both sides.

    The one who wrote the opinion does not decide. The last reclamado decided makes the reclamação decided.
    """
    complaint = lock_complaint(Reclamacao.objects.get(atendimento=reclamado.atendimento_id))
    check_allowed(complaint, acts.DECIDIR, by=by)
    _check_class(valor)
    need({"motivo": motivo, "base_legal": base_legal})
    opinion = _standing_opinion(complaint)
    if opinion.autor_id == by.pk:
        raise ActNotAllowed("Você escreveu o parecer deste caso, e quem opina não decide. Outra autoridade decide.")
    reclamado.atendimento = complaint.atendimento
    with refusals_from(Classificacao):
        decision = Classificacao.objects.create(
            reclamado=reclamado,
            valor=valor,
            motivo=motivo.strip(),
            base_legal=base_legal.strip(),
            autoridade=by,
            decidida_em=at,
            parecer=opinion,
            parecerista=opinion.autor,
            a_fiscalizacao=a_fiscalizacao,
        )
    print_decision(decision, relatorio=complaint.atendimento.relato, by=by, at=at)
    name = str(reclamado.fornecedor)
    record(decision, "CLASSIFICAR", by=by, at=at, para=valor, motivo=motivo, fornecedor=name)
    undecided = Reclamado.objects.filter(atendimento=complaint.atendimento_id).exclude(
        classificacoes__in=_decided(complaint)
    )
    if not undecided.exists():
        advance(complaint, acts.DECIDIR, by=by, at=at)
    return decision


@whole
def serve_decision(*, classificacao: Classificacao, on: date, by: User, at: datetime) -> Classificacao:
    """Record the day by which both sides are proven to know the decision; the term of appeal starts (art. 49)."""
    hold_calendar(to_change=False)
    complaint, live = live_decision(classificacao)
    require_papel(by, complaint.unidade_id, frozenset(acts.COUNTER), "registrar a intimação da decisão")
    if live.intimada_em:
        raise ActNotAllowed(f"A intimação já foi registrada, em {live.intimada_em:%d/%m/%Y}.")
    if live.transitada_em:
        raise ActNotAllowed("Esta decisão já é definitiva. Não há prazo de recurso a abrir.")
    decided, today = timezone.localdate(live.decidida_em), timezone.localdate(at)
    if not decided <= on <= today:
        raise ContentRefused(
            f"A intimação fica entre a decisão ({decided:%d/%m/%Y}) e hoje ({today:%d/%m/%Y}).",
            errors={"on": "Confira a data no comprovante."},
        )
    live.intimada_em = on
    live.prazo = set_prazo("recurso", historico=complaint.atendimento.historico, start=on)
    live.save(update_fields=["intimada_em", "prazo"])
    until = live.prazo.vence_em.isoformat()
    name = str(live.reclamado.fornecedor)
    record(live, "INTIMAR_DA_DECISAO", by=by, at=at, intimada_em=on.isoformat(), vence_em=until, fornecedor=name)
    return live


@whole
def archive(*, reclamacao: Reclamacao, by: User, at: datetime, motivo: str = "") -> Atendimento:
    """Archive a reclamação whose decisions are all final; the case closes with the desfecho that follows from them."""
    complaint = lock_complaint(reclamacao)
    check_allowed(complaint, acts.ARQUIVAR_RECLAMACAO, by=by)
    if complaint.status != Reclamacao.Status.DECIDIDA:
        raise ActNotAllowed("A reclamação ainda não foi decidida. Sem decisão, use «Encerrar» com o desfecho do caso.")
    decisions = list(_decided(complaint).select_related("reclamado__fornecedor").order_by("pk"))
    waiting = [str(item.reclamado.fornecedor) for item in decisions if item.transitada_em is None]
    if waiting:
        raise ActNotAllowed(
            f"A decisão sobre {', '.join(waiting)} ainda não é definitiva. "
            "Registre a intimação e aguarde o prazo de recurso, ou o julgamento dele."
        )
    case = complaint.atendimento
    desfecho = outcome_of({item.valor for item in decisions})
    end_terms(complaint, at=at)
    advance(complaint, acts.ARQUIVAR_RECLAMACAO, by=by, at=at, motivo=motivo)
    changes = {"desfecho": desfecho, "encerrado_em": at}
    advance(case, acts.ENCERRAR, by=by, at=at, motivo=motivo, changes=changes, desfecho=desfecho)
    issue_closing_sheet(case, by=by, at=at)
    return case


def finalize_due(*, today: date, at: datetime) -> int:
    """Write down as final every decision whose term of appeal ended before `today` without one. May run twice."""
    system = User.objects.system()
    done = 0
    due = Classificacao.objects.becoming_final(today=today).order_by("pk")
    for decision in due.iterator(chunk_size=500):
        done += finalize(decision, today=today, by=system, at=at)
    return done


@whole
def finalize(decision: Classificacao, *, today: date, by: User, at: datetime) -> bool:
    """Write down one decision as final, if its term of appeal ended before `today` without one; says whether."""
    complaint, live = live_decision(decision)
    if not Classificacao.objects.becoming_final(today=today).filter(pk=live.pk).exists() or live.prazo is None:
        return False
    if complaint.status != Reclamacao.Status.DECIDIDA:
        return False
    make_final(live, on=today, by=by, at=at)
    return True


def make_final(decision: Classificacao, *, on: date, by: User, at: datetime) -> None:
    """The decision can no longer be appealed from, as of this day."""
    decision.transitada_em = on
    decision.save(update_fields=["transitada_em"])
    if decision.prazo:
        fulfil(prazo=decision.prazo, at=at)
    name = str(decision.reclamado.fornecedor)
    record(decision, "TRANSITAR", by=by, at=at, definitiva_desde=on.isoformat(), fornecedor=name)


def print_decision(decision: Classificacao, *, relatorio: str, by: User, at: datetime) -> None:
    """Freeze the decision, tell both sides, and the inspectors where it says so."""
    decision.documento = issue_decision(decision, relatorio=relatorio, motivo=decision.motivo, by=by, at=at)
    decision.save(update_fields=["documento"])
    if decision.a_fiscalizacao:
        issue_memorandum(decision, by=by, at=at)
    tell_decision(decision, at=at)


def set_aside(opinion: Parecer, *, motivo: str, by: User, at: datetime) -> None:
    """The opinion no longer stands; it is kept with the reason."""
    opinion.devolvido_em, opinion.devolvido_por, opinion.devolvido_por_que = at, by, motivo.strip()
    opinion.save(update_fields=["devolvido_em", "devolvido_por", "devolvido_por_que"])


def live_decision(classificacao: Classificacao) -> tuple[Reclamacao, Classificacao]:
    """The decision and its process as they stand now, the case's row locked; refuses one that was replaced."""
    found = Reclamacao.objects.get(atendimento__reclamados=classificacao.reclamado_id)
    complaint = lock_complaint(found)
    live = Classificacao.objects.select_related("prazo", "reclamado__fornecedor", "parecer").get(pk=classificacao.pk)
    live.reclamado.atendimento = complaint.atendimento
    if live.substituida_em:
        raise ActNotAllowed("Esta decisão foi substituída por outra. Atualize a página e veja a que vale.")
    return complaint, live


def need(texts: dict[str, str]) -> None:
    """Refuse where one of these texts is empty, each with its own sentence."""
    sentences = {
        "analise": "Escreva a análise do caso.",
        "base_legal": "Diga a base legal.",
        "motivo": "Escreva o motivo.",
        "texto": "Escreva o texto.",
    }
    missing = {name: sentences[name] for name, value in texts.items() if not value.strip()}
    if missing:
        raise ContentRefused(" ".join(missing.values()), errors=missing)


def _check_class(valor: str) -> None:
    if valor not in ClasseDaReclamacao.values:
        raise ContentRefused("Escolha a classificação na lista.", errors={"valor": "Escolha a classificação."})


def _check_proposals(complaint: Reclamacao, propostas: Sequence[Proposta]) -> None:
    parties = set(Reclamado.objects.filter(atendimento=complaint.atendimento_id).values_list("pk", flat=True))
    if sorted(row.reclamado_id for row in propostas) != sorted(parties):
        raise ContentRefused(
            "O parecer propõe uma classificação para cada fornecedor do caso, e uma só.",
            errors={"propostas": "Proponha uma classificação para cada fornecedor."},
        )
    for row in propostas:
        _check_class(row.valor)
        need({"motivo": row.motivo})


def _standing_opinion(complaint: Reclamacao) -> Parecer:
    opinion = Parecer.objects.current().filter(reclamacao=complaint).select_related("autor").first()
    if opinion is None:
        raise ActNotAllowed("Não há parecer técnico nesta reclamação. Ele vem antes da decisão.")
    return opinion


def _decided(complaint: Reclamacao) -> QuerySet[Classificacao]:
    return Classificacao.objects.current().filter(reclamado__atendimento=complaint.atendimento_id)
