"""The appeal against a decision: within its term, judged by another authority."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from accounts.models import User
from cases import acts
from cases.models import Classificacao, Recurso
from cases.services.attachments import attach_all
from cases.services.complaint_letters import issue_decision, issue_memorandum, tell_judgement
from cases.services.decision import live_decision, make_final, need
from deadlines.services import fulfil
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from, whole
from workflow.services import advance, check_allowed, record


@whole
def lodge_appeal(
    *,
    classificacao: Classificacao,
    de_quem: str,
    on: date,
    texto: str,
    by: User,
    at: datetime,
    arquivos: Sequence[UploadedFile[Any]] = (),
) -> Recurso:
    """Record an appeal that came in on a day within the term (10 days from notice, Decreto 2.181/1997, art. 49).

    Its papers are attached to the case.
    """
    complaint, live = live_decision(classificacao)
    check_allowed(complaint, acts.INTERPOR_RECURSO, by=by)
    if de_quem not in Recurso.Parte.values:
        raise ContentRefused("Diga quem recorre.", errors={"de_quem": "Escolha quem recorre."})
    need({"texto": texto})
    _check_day(live, on, timezone.localdate(at))
    with refusals_from(Recurso):
        appeal = Recurso.objects.create(
            classificacao=live,
            de_quem=de_quem,
            interposto_em=on,
            texto=texto.strip(),
            registrado_em=at,
            recorrida=live.autoridade,
        )
    name = str(live.reclamado.fornecedor)
    advance(complaint, acts.INTERPOR_RECURSO, by=by, at=at, de_quem=de_quem, fornecedor=name)
    attach_all(
        atendimento=complaint.atendimento,
        arquivos=arquivos,
        origem=de_quem,
        by=by,
        at=at,
        descricao="Recurso",
        reclamado=live.reclamado,
    )
    return appeal


@whole
def judge_appeal(
    *, recurso: Recurso, resultado: str, motivo: str, by: User, at: datetime, valor: str = "", base_legal: str = ""
) -> Classificacao:
    """Judge an appeal; one that is granted makes a new classification, and the old one is kept as history.

    Not by the authority who decided. The judgement is final on its day once no other appeal is open.
    """
    complaint, live = live_decision(Classificacao.objects.get(pk=recurso.classificacao_id))
    check_allowed(complaint, acts.JULGAR_RECURSO, by=by)
    appeal = Recurso.objects.get(pk=recurso.pk)
    _check_judgement(appeal, live, resultado, valor, base_legal, by=by)
    need({"motivo": motivo})
    appeal.resultado, appeal.motivo, appeal.julgado_em, appeal.julgado_por = resultado, motivo.strip(), at, by
    with refusals_from(Recurso):
        appeal.save(update_fields=["resultado", "motivo", "julgado_em", "julgado_por"])
    name = str(live.reclamado.fornecedor)
    advance(complaint, acts.JULGAR_RECURSO, by=by, at=at, motivo=motivo, resultado=resultado, fornecedor=name)
    if resultado == Recurso.Resultado.PROVIDO:
        live = _replace(live, valor=valor, motivo=motivo, base_legal=base_legal, by=by, at=at)
    _print_judgement(live, appeal, by=by, at=at)
    if not Recurso.objects.filter(classificacao__reclamado=live.reclamado, julgado_em__isnull=True).exists():
        make_final(live, on=timezone.localdate(at), by=by, at=at)
    return live


def _replace(old: Classificacao, *, valor: str, motivo: str, base_legal: str, by: User, at: datetime) -> Classificacao:
    old.substituida_em = at
    old.save(update_fields=["substituida_em"])
    if old.prazo:
        fulfil(prazo=old.prazo, at=at)
    with refusals_from(Classificacao):
        new = Classificacao.objects.create(
            reclamado=old.reclamado,
            valor=valor,
            motivo=motivo.strip(),
            base_legal=base_legal.strip(),
            autoridade=by,
            decidida_em=at,
            parecer=old.parecer,
            parecerista_id=old.parecerista_id,
            a_fiscalizacao=old.a_fiscalizacao,
        )
    Recurso.objects.filter(classificacao=old, julgado_em__isnull=True).update(classificacao=new)
    name = str(new.reclamado.fornecedor)
    record(new, "CLASSIFICAR", by=by, at=at, de=old.valor, para=valor, motivo=motivo, fornecedor=name)
    return new


def _print_judgement(decision: Classificacao, appeal: Recurso, *, by: User, at: datetime) -> None:
    """Freeze the judgement and tell both sides; it offers no other appeal. A changed class keeps it as its decision."""
    about = f"Recurso do {appeal.get_de_quem_display().lower()}, de {appeal.interposto_em:%d/%m/%Y}"
    told = f"{about}: {appeal.get_resultado_display().lower()}.\n\n{appeal.texto}"
    letter = issue_decision(decision, relatorio=told, motivo=appeal.motivo, by=by, at=at, cabe_recurso=False)
    if decision.documento_id is None:
        decision.documento = letter
        decision.save(update_fields=["documento"])
        if decision.a_fiscalizacao:
            issue_memorandum(decision, by=by, at=at)
    tell_judgement(decision, letter, appeal, at=at)


def _check_day(decision: Classificacao, on: date, today: date) -> None:
    if decision.transitada_em:
        raise ActNotAllowed(
            f"A decisão é definitiva desde {decision.transitada_em:%d/%m/%Y}, e dela não cabe mais recurso."
        )
    if decision.prazo is None or decision.intimada_em is None:
        raise ActNotAllowed("A intimação da decisão ainda não foi registrada. Registre-a antes do recurso.")
    if not decision.intimada_em <= on <= today:
        raise ContentRefused(
            f"O recurso entra entre a intimação ({decision.intimada_em:%d/%m/%Y}) e hoje ({today:%d/%m/%Y}).",
            errors={"on": "Confira a data do protocolo."},
        )
    if on > decision.prazo.vence_em:
        raise ActNotAllowed(
            f"O prazo de recurso terminou em {decision.prazo.vence_em:%d/%m/%Y}, e este chegou em {on:%d/%m/%Y}. "
            "Junte-o ao caso como anexo; só a reabertura, pelo coordenador, muda uma decisão definitiva."
        )


def _check_judgement(
    appeal: Recurso, decision: Classificacao, resultado: str, valor: str, base_legal: str, *, by: User
) -> None:
    if appeal.julgado_em:
        raise ActNotAllowed("Este recurso já foi julgado.")
    if by.pk == appeal.recorrida_id:
        raise ActNotAllowed("Você decidiu este caso, e quem decidiu não julga o recurso. Outra autoridade o julga.")
    if by.pk == decision.parecerista_id:
        raise ActNotAllowed("Você escreveu o parecer deste caso, e quem opina não julga. Outra autoridade o julga.")
    if resultado not in Recurso.Resultado.values:
        raise ContentRefused("Escolha o resultado do recurso.", errors={"resultado": "Escolha o resultado."})
    if resultado != Recurso.Resultado.PROVIDO:
        return
    if valor not in Classificacao.Valor.values or valor == decision.valor:
        raise ContentRefused(
            "O recurso provido muda a classificação: escolha a nova.", errors={"valor": "Escolha a nova classificação."}
        )
    need({"base_legal": base_legal})
