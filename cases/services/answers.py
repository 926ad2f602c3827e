"""The supplier's answer to a CIP, and the days that a supplier asks for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from accounts.models import SYSTEM_LOGIN, User
from cases import acts
from cases.models import CIP, Anexo, PedidoDeProrrogacao
from cases.services.attachments import attach
from cases.services.cip import acknowledge_cip
from cases.services.letters import hash_of_code
from cases.services.returning import end_term, lock_cases, tell_consumer, wait_for_consumer
from deadlines.services import extend
from deadlines.services.terms import MAX_EXTENSION, hold_calendar
from documents.codes import new_code
from notifications.services import enqueue
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from, whole
from workflow.services import advance, record, require_papel

Especie = CIP.Especie
#: What is looked up for something that cannot be a code: no hash is like it.
NO_CODE = "-" * 64


@whole
def answer_cip(
    *,
    cip: CIP,
    resposta: str,
    by: User,
    at: datetime,
    especie: str = Especie.INFORMACAO,
    proposta: str = "",
    respondente: str = "",
    qualidade: str = "",
    arquivos: Iterable[UploadedFile[Any]] = (),
) -> CIP:
    """Record the supplier's answer with its kind, also a late one; the case then waits for the consumer.

    `by` is the clerk who enters it, or the system for the public page, and then `respondente` says who answered.
    Raises ContentRefused: no kind of the list, a proposal without its text, a refusal or information without words.
    """
    words, offer, who = resposta.strip(), proposta.strip(), " ".join(respondente.split())
    _check_answer(especie, words, offer)
    if by.usuario == SYSTEM_LOGIN and not who:
        raise ContentRefused("Diga quem responde pelo fornecedor.", errors={"respondente": "Escreva o seu nome."})
    hold_calendar(to_change=False)
    lock_cases([cip.reclamado.atendimento_id])
    changes = {
        "especie": especie,
        "resposta": words,
        "proposta": offer if especie == Especie.PROPOSTA else "",
        "respondente": who[:160],
        "respondente_qualidade": " ".join(qualidade.split())[:80],
        "respondida_em": at,
        "recibo": new_code(),
    }
    advance(cip, acts.RESPONDER_CIP, by=by, at=at, changes=changes, especie=especie, recibo=changes["recibo"])
    case = cip.reclamado.atendimento
    for file in arquivos:
        attach(
            atendimento=case,
            reclamado=cip.reclamado,
            arquivo=file,
            nome=file.name or "documento",
            descricao="Com a resposta à CIP",
            origem=Anexo.Origem.FORNECEDOR,
            by=by,
            at=at,
        )
    end_term(cip, at=at)
    _drop_request(cip, by=by, at=at)
    tell_consumer(cip, wait_for_consumer(case, by=by, at=at), at=at)
    return cip


def _check_answer(especie: str, words: str, offer: str) -> None:
    if especie not in Especie.values:
        raise ContentRefused(
            "Diga o que é a resposta: atende, propõe, recusa ou apenas informa.", errors={"especie": "Escolha uma."}
        )
    if especie == Especie.PROPOSTA and not offer:
        raise ContentRefused("Escreva o que o fornecedor propõe.", errors={"proposta": "Escreva a proposta."})
    if especie == Especie.RECUSA and not words:
        raise ContentRefused("Uma recusa precisa de motivo.", errors={"resposta": "Escreva o motivo da recusa."})
    if especie == Especie.INFORMACAO and not words:
        raise ContentRefused("Escreva ou resuma a resposta do fornecedor.", errors={"resposta": "Escreva a resposta."})


def _drop_request(cip: CIP, *, by: User, at: datetime) -> None:
    """Days that were asked for and not granted are no longer needed once the answer is there."""
    PedidoDeProrrogacao.objects.filter(cip=cip, deferido__isnull=True).update(
        deferido=False, decisao="Respondida antes da decisão.", decidido_em=at, decidido_por=by
    )


def cip_by_code(typed: str) -> CIP | None:
    """The CIP that this code opens: one that may still be answered. Wrong, used and ended codes are told apart by
    nobody, and each costs one look.
    """
    digest = hash_of_code(typed) or NO_CODE
    return CIP.objects.for_supplier().filter(codigo_hash=digest, status__in=acts.RESPONDER_CIP.sources).first()


@whole
def open_letter(*, cip: CIP, at: datetime) -> CIP:
    """The supplier opened the letter's page: of a CIP sent by e-mail or electronically that is the proven receipt."""
    if cip.status == CIP.Status.ENVIADA and cip.meio in (CIP.Meio.EMAIL, CIP.Meio.PORTAL):
        acknowledge_cip(cip=cip, on=timezone.localdate(at), by=User.objects.system(), at=at)
    return cip


@whole
def answer_in_public(*, cip: CIP, at: datetime, **answer: Any) -> CIP:
    """The supplier's own answer on the public page, once; the receipt goes to the address that the office knows."""
    answer_cip(cip=cip, by=User.objects.system(), at=at, **answer)
    case, supplier, office = cip.reclamado.atendimento, cip.reclamado.fornecedor, settings.PROCON
    for ending, address in supplier.notice_emails("cip").items():
        enqueue(
            chave=f"cip:{cip.pk}:recibo:{cip.recibo}{ending}",
            tipo="cip_recibo",
            unidade=case.unidade,
            historico=case.historico,
            referencia=f"cip:{cip.pk}",
            destinatario=supplier.razao_social,
            endereco=address,
            assunto=f"CIP {case.protocolo}: recibo {cip.recibo} – {office['NOME']}",
            corpo=f"Recebemos em {timezone.localtime(at):%d/%m/%Y às %H:%M} a resposta à CIP do atendimento "
            f"{case.protocolo}.\nRecibo: {cip.recibo}\n\nSe não foi essa empresa que respondeu, avise o Procon.\n\n"
            f"{office['NOME']}\n{office['ENDERECO']}\nTelefone {office['TELEFONE']}\n",
            devida_em=at,
        )
    return cip


@whole
def request_extension(*, cip: CIP, dias: int, motivo: str, quem: str, by: User, at: datetime) -> PedidoDeProrrogacao:
    """Write down that the supplier asks for more days, with a reason. The term runs on until the office decides."""
    reason, who = " ".join(motivo.split()), " ".join(quem.split())
    if cip.status != CIP.Status.CIENTIFICADA or cip.prazo is None:
        raise ActNotAllowed("Só se pede prorrogação de um prazo que corre. Responda, se ainda não respondeu.")
    errors = {}
    if not 1 <= dias <= MAX_EXTENSION:
        errors["dias"] = f"Peça de 1 a {MAX_EXTENSION} dias."
    if not reason or len(reason) > 200:
        errors["motivo"] = "Escreva o motivo, em até 200 letras."
    if not who:
        errors["quem"] = "Diga quem pede."
    if errors:
        raise ContentRefused("O pedido precisa de dias, motivo e de quem pede.", errors=errors)
    with refusals_from(PedidoDeProrrogacao):
        request = PedidoDeProrrogacao.objects.create(
            cip=cip, dias=dias, motivo=reason, pedido_por=who[:160], pedido_em=at
        )
    record(cip, "PEDIR_PRORROGACAO", by=by, at=at, motivo=reason, dias=dias)
    return request


@whole
def decide_extension(
    *, pedido: PedidoDeProrrogacao, deferir: bool, motivo: str, by: User, at: datetime
) -> PedidoDeProrrogacao:
    """Grant or deny the days asked for, with a reason; the supplier is told."""
    cip, reason = pedido.cip, " ".join(motivo.split())
    require_papel(by, cip.unidade_id, frozenset(acts.COUNTER), "Decidir sobre a prorrogação")
    if not reason or len(reason) > 200:
        raise ContentRefused("A decisão precisa de motivo.", errors={"motivo": "Escreva o motivo, em até 200 letras."})
    hold_calendar(to_change=False)
    if deferir:
        _extend(cip, pedido.dias, f"{pedido.motivo}"[:200], by=by, at=at)
    changes = {"deferido": deferir, "decisao": reason, "decidido_em": at, "decidido_por": by}
    if not PedidoDeProrrogacao.objects.filter(pk=pedido.pk, deferido__isnull=True).update(**changes):
        raise ActNotAllowed("Este pedido já foi decidido. Atualize a página.")
    for field, value in changes.items():
        setattr(pedido, field, value)
    record(cip, "DEFERIR_PRORROGACAO" if deferir else "INDEFERIR_PRORROGACAO", by=by, at=at, motivo=reason)
    _tell_supplier(cip, f"pedido:{pedido.pk}", granted=deferir, reason=reason, at=at)
    return pedido


@whole
def extend_cip(*, cip: CIP, dias: int, motivo: str, by: User, at: datetime) -> CIP:
    """Grant the supplier more days without a written request, with a reason; the supplier is told."""
    require_papel(by, cip.unidade_id, frozenset(acts.COUNTER), "Prorrogar o prazo da CIP")
    hold_calendar(to_change=False)
    _extend(cip, dias, motivo, by=by, at=at)
    _tell_supplier(cip, f"ate:{cip.prazo.vence_em}" if cip.prazo else "", granted=True, reason=motivo.strip(), at=at)
    return cip


def _extend(cip: CIP, dias: int, motivo: str, *, by: User, at: datetime) -> None:
    if cip.status != CIP.Status.CIENTIFICADA or cip.prazo is None:
        raise ActNotAllowed("Só se prorroga um prazo que corre: depois da ciência e antes da resposta ou do decurso.")
    extend(prazo=cip.prazo, dias=dias, motivo=motivo, by=by, at=at)


def _tell_supplier(cip: CIP, key: str, *, granted: bool, reason: str, at: datetime) -> None:
    case, supplier, office = cip.reclamado.atendimento, cip.reclamado.fornecedor, settings.PROCON
    until = f"{cip.prazo.vence_em:%d/%m/%Y}" if cip.prazo else ""
    said = f"foi prorrogado até {until}" if granted else f"não foi prorrogado e termina em {until}"
    for ending, address in (supplier.notice_emails("cip") or {"": ""}).items():
        enqueue(
            chave=f"cip:{cip.pk}:prorrogacao:{key}{ending}",
            tipo="cip_prorrogacao",
            unidade=case.unidade,
            historico=case.historico,
            referencia=f"cip:{cip.pk}",
            destinatario=supplier.razao_social,
            endereco=address,
            assunto=f"CIP {case.protocolo}: prazo de resposta – {office['NOME']}",
            corpo=f"O prazo para responder à CIP do atendimento {case.protocolo} {said}.\nMotivo: {reason}\n\n"
            f"{office['NOME']}\n{office['ENDERECO']}\n",
            devida_em=at,
        )
