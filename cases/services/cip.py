"""The CIP's life: issued, sent, received, answered or lapsed, closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from accounts.models import User
from cases import acts
from cases.models import CIP, Atendimento, Reclamado
from cases.services.letters import CODE_GROUPS, cip_email, hash_of_code, issue_cip_letters
from cases.services.returning import end_term, lock_cases, stop_return, tell_consumer, wait_for_consumer
from cases.tipos import CIP_TIPOS
from deadlines.models import Prazo
from deadlines.services import as_rule, current_rule, set_prazo
from deadlines.services.terms import hold_calendar
from documents.codes import new_code
from notifications.models import Mensagem
from notifications.services import enqueue_many, message
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from, whole
from workflow.services import advance, check_allowed, record

#: The rule of the supplier's term (deadlines/data).
ANSWER = "cip_resposta"
#: The days that an electronic CIP may stay closed (deadlines/data). Without a version in force nothing is presumed.
PRESUMPTION = "cip_presuncao"
#: How a letter leaves through the outbox.
BY_MAIL = frozenset({CIP.Meio.EMAIL, CIP.Meio.PORTAL})
#: Resultados that only other acts give.
NOT_BY_HAND = frozenset({CIP.Resultado.CANCELADA, CIP.Resultado.ABERTURA_DE_RECLAMACAO})


@whole
def issue_cip(*, reclamado: Reclamado, by: User, at: datetime) -> CIP:
    """Issue the letter to one reclamado, frozen as a document; the case then waits for the supplier.

    One CIP in progress per reclamado. The code for the answer on the public page stands in the letter alone.
    The term starts only at proven receipt (`acknowledge_cip`).
    """
    atendimento = reclamado.atendimento
    check_issue(atendimento, by=by)
    lock_cases([atendimento.pk])
    with refusals_from(CIP):
        cip = CIP.objects.create(reclamado=reclamado, emitida_em=at)
    code = new_code(CODE_GROUPS)
    (cip.documento,), cip.codigo_hash = issue_cip_letters({reclamado: code}, by=by, at=at), hash_of_code(code)
    CIP.objects.filter(pk=cip.pk).update(documento=cip.documento, codigo_hash=cip.codigo_hash)
    record(cip, "EMITIR_CIP", by=by, at=at, para=cip.status, fornecedor=str(reclamado.fornecedor))
    stop_return(atendimento, at=at)
    advance(atendimento, acts.EMITIR_CIP, by=by, at=at)
    return cip


def check_issue(atendimento: Atendimento, *, by: User) -> None:
    """Refuse a CIP in a case of a tipo that leads to none, in a state that allows none, or to whoever may not."""
    if atendimento.tipo not in CIP_TIPOS:
        raise ActNotAllowed(
            f"«{atendimento.get_tipo_display()}» não leva a CIP. Registre um atendimento preliminar para emiti-la."
        )
    check_allowed(atendimento, acts.EMITIR_CIP, by=by)


@whole
def send_cip(*, cip: CIP, meio: str, by: User, at: datetime, rastreio: str = "") -> CIP:
    """Record how the letter left; by e-mail or electronically the message goes to the outbox with it."""
    addresses = check_sending(cip, meio)
    changes = sending(meio, rastreio, at=at)
    advance(cip, acts.ENVIAR_CIP, by=by, at=at, changes=changes, meio=meio)
    if meio in BY_MAIL:
        enqueue_many(cip_messages(cip, addresses, presumption_promise(meio, at=at), at=at))
    return cip


def check_sending(cip: CIP, meio: str) -> dict[str, str]:
    """The addresses it goes to, if by mail (`Fornecedor.notice_emails`).

    Refuses an unknown way of sending, or one that reaches nobody here.
    """
    if meio not in CIP.Meio.values:
        raise ContentRefused(
            "Escolha como a CIP foi enviada: AR, e-mail, eletrônica ou em mãos.", errors={"meio": "Escolha o meio."}
        )
    supplier = cip.reclamado.fornecedor
    addresses = supplier.notice_emails("cip") if meio in BY_MAIL else {}
    if meio in BY_MAIL and not addresses:
        raise ContentRefused(
            f"{supplier} não tem e-mail no cadastro. Complete o cadastro, ou envie por AR ou em mãos.",
            errors={"meio": "Este fornecedor não tem e-mail."},
        )
    if meio == CIP.Meio.PORTAL and not (supplier.fundido_em or supplier).cip_eletronica:
        raise ContentRefused(
            f"{supplier} não aderiu à CIP eletrônica. Envie por e-mail, AR ou em mãos.",
            errors={"meio": "Este fornecedor não aderiu à CIP eletrônica."},
        )
    return addresses


def sending(meio: str, rastreio: str, *, at: datetime) -> dict[str, Any]:
    """What the CIP's row says of its sending."""
    return {"meio": meio, "enviada_em": at, "rastreio": "".join(rastreio.split()).upper()[:20]}


def presumption_promise(meio: str, *, at: datetime) -> str:
    """What follows if nobody opens a CIP that leaves electronically now; nothing where the office presumes nothing."""
    if meio != CIP.Meio.PORTAL:
        return ""
    try:
        rule = current_rule(PRESUMPTION, on=timezone.localdate(at))
    except ContentRefused:
        return ""
    return f"A carta que não for aberta em {as_rule(rule).in_words()} do envio considera-se recebida no fim deles.\n"


def cip_messages(cip: CIP, addresses: Mapping[str, str], promise: str, *, at: datetime) -> list[Mensagem]:
    """The messages that carry the letter to the supplier, one for each address, not yet written."""
    atendimento, supplier = cip.reclamado.atendimento, cip.reclamado.fornecedor
    subject, body = cip_email(cip, promise)
    return [
        message(
            chave=f"cip:{cip.pk}:envio{ending}",
            tipo="cip",
            unidade=atendimento.unidade,
            historico=atendimento.historico,
            referencia=f"cip:{cip.pk}",
            destinatario=supplier.razao_social,
            endereco=address,
            assunto=subject,
            corpo=body,
            devida_em=at,
            documento=cip.documento.arquivo if cip.documento and cip.meio == CIP.Meio.EMAIL else "",
        )
        for ending, address in addresses.items()
    ]


@whole
def acknowledge_cip(*, cip: CIP, on: date, by: User, at: datetime, presumed: str = "") -> CIP:
    """Record the proven receipt on a day; the answer's term starts there (rule cip_resposta).

    `presumed` says by what count the receipt is presumed, where nobody proved it (cases/services/presumption.py).
    """
    hold_calendar(to_change=False)
    check_receipt(cip, on, by=by, at=at)
    note = f"presumida: {presumed}" if presumed else ""
    prazo = set_prazo(ANSWER, historico=cip.reclamado.atendimento.historico, start=on, note=note)
    dados = received(on, prazo) | ({"presumida": presumed} if presumed else {})
    advance(cip, acts.DAR_CIENCIA, by=by, at=at, changes={"cientificada_em": on, "prazo": prazo}, **dados)
    return cip


def check_receipt(cip: CIP, on: date, *, by: User, at: datetime) -> None:
    """Refuse a receipt by whoever may not record it, of a letter that has not left, or on a day that cannot be."""
    check_allowed(cip, acts.DAR_CIENCIA, by=by)
    sent, today = timezone.localdate(cip.enviada_em), timezone.localdate(at)
    if not sent <= on <= today:
        raise ContentRefused(
            f"A ciência deve ficar entre o envio ({sent:%d/%m/%Y}) e hoje ({today:%d/%m/%Y}). Confira a data no AR.",
            errors={"on": "Confira a data no comprovante."},
        )


def received(on: date, prazo: Prazo) -> dict[str, str]:
    """What the event of a receipt says."""
    return {"ciencia": on.isoformat(), "vence_em": prazo.vence_em.isoformat()}


@whole
def lapse_cip(*, cip: CIP, by: User, at: datetime) -> CIP:
    """Certify that the term ended without an answer. The supplier's silence is an act too, done by the system."""
    hold_calendar(to_change=False)
    lock_cases([cip.reclamado.atendimento_id])
    if cip.prazo and cip.prazo.vence_em >= timezone.localdate(at):
        raise ActNotAllowed(
            f"O prazo corre até {cip.prazo.vence_em:%d/%m/%Y}. O decurso é certificado no dia seguinte."
        )
    advance(cip, acts.DECORRER_PRAZO, by=by, at=at)
    end_term(cip, at=at)
    tell_consumer(cip, wait_for_consumer(cip.reclamado.atendimento, by=by, at=at), at=at)
    return cip


def lapse_due_cips(*, today: date, at: datetime) -> int:
    """Lapse every CIP whose term ended before `today`, each in its own transaction. Returns how many.

    May run twice, and beside a clerk who registers an answer: the compare-and-set lets one of them win.
    """
    system = User.objects.system()
    lapsed = 0
    due = CIP.objects.lapsed(today=today).select_related("prazo", "reclamado__atendimento").order_by("pk")
    for cip in due.iterator(chunk_size=500):
        try:
            lapse_cip(cip=cip, by=system, at=at)
        except ActNotAllowed:
            continue
        lapsed += 1
    return lapsed


@whole
def analyze_cip(*, cip: CIP, by: User, at: datetime, motivo: str = "") -> CIP:
    """Take an answered or lapsed CIP for analysis, with a remark."""
    advance(cip, acts.ANALISAR_CIP, by=by, at=at, motivo=motivo.strip())
    return cip


@whole
def close_cip(*, cip: CIP, resultado: str, by: User, at: datetime) -> CIP:
    """Close an answered or lapsed CIP with its resultado."""
    check_result(resultado)
    advance(cip, acts.BAIXAR_CIP, by=by, at=at, changes=closing(resultado, at=at), resultado=resultado)
    return cip


def check_result(resultado: str) -> None:
    """Refuse a resultado that is unknown, or that only another act gives."""
    if resultado not in CIP.Resultado.values or resultado in NOT_BY_HAND:
        raise ContentRefused("Escolha o resultado da CIP na lista.", errors={"resultado": "Escolha o resultado."})


def closing(resultado: str, *, at: datetime) -> dict[str, Any]:
    """What the CIP's row says of its end."""
    return {"resultado": resultado, "baixada_em": at}


@whole
def cancel_cip(*, cip: CIP, by: User, at: datetime, motivo: str) -> CIP:
    """Cancel a CIP that is still running, with a reason; the case no longer waits for that supplier."""
    if not motivo.strip():
        raise ContentRefused("Escreva por que a CIP é cancelada.", errors={"motivo": "Escreva o motivo."})
    hold_calendar(to_change=False)
    lock_cases([cip.reclamado.atendimento_id])
    changes = {"resultado": CIP.Resultado.CANCELADA, "baixada_em": at}
    advance(cip, acts.CANCELAR_CIP, by=by, at=at, motivo=motivo, changes=changes)
    end_term(cip, at=at)
    wait_for_consumer(cip.reclamado.atendimento, by=by, at=at)
    return cip
