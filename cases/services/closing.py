"""Opening the reclamação, closing, reopening and rectifying a case."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from cases import acts
from cases.models import CIP, Atendimento, Classificacao, Desfecho, Parecer, Reclamacao
from cases.services.closing_letters import issue_closing_sheet
from cases.services.complaint import begin_anew, call_to_defend, end_terms
from cases.services.decision import set_aside
from cases.services.returning import RUNNING, end_term, lock_cases, stop_return
from cases.tipos import CIP_RESULTADO_BY_DESFECHO, DESFECHOS_BY_STATUS
from deadlines.services import fulfil_all
from workflow.acts import Act
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import whole
from workflow.services import advance, check_allowed, record, rectify


def cips_of(atendimento: Atendimento) -> list[CIP]:
    """The case's CIPs that are not closed yet."""
    return list(
        CIP.objects.filter(reclamado__atendimento=atendimento)
        .exclude(status=CIP.Status.BAIXADA)
        .select_related("prazo", "reclamado__atendimento", "reclamado__fornecedor")
        .order_by("pk")
    )


@whole
def open_reclamacao(
    *, atendimento: Atendimento, by: User, at: datetime, motivo: str, cartas: bool = True
) -> Reclamacao:
    """Turn an unsolved case into a reclamação; its CIPs end as «abertura de reclamação».

    Each reclamado gets its carta de abertura; without `cartas` they are issued when the notice goes out.
    """
    _need_reason(motivo, "Escreva por que a reclamação é aberta.")
    check_allowed(atendimento, acts.INSTAURAR_RECLAMACAO, by=by)
    if not atendimento.reclamados.exists():
        raise ContentRefused(
            "Não há fornecedor neste caso, e uma reclamação precisa de um. Registre uma abertura direta com ele."
        )
    end_cips_in_complaint(atendimento, by=by, at=at)
    advance(atendimento, acts.INSTAURAR_RECLAMACAO, by=by, at=at, motivo=motivo)
    complaint = Reclamacao.objects.create(atendimento=atendimento, instaurada_em=at)
    record(complaint, "INSTAURAR_RECLAMACAO", by=by, at=at, para=complaint.status, motivo=motivo)
    if cartas:
        call_to_defend(reclamacao=complaint, by=by, at=at)
    return complaint


def end_cips_in_complaint(atendimento: Atendimento, *, by: User, at: datetime) -> None:
    """The CIPs still without resultado end as «abertura de reclamação»."""
    lock_cases([atendimento.pk])
    for cip in cips_of(atendimento):
        end_cip(cip, CIP.Resultado.ABERTURA_DE_RECLAMACAO, by=by, at=at)
    stop_return(atendimento, at=at)


@whole
def close_case(
    *, atendimento: Atendimento, desfecho: str, by: User, at: datetime, motivo: str = "", cartas: bool = True
) -> Atendimento:
    """Close a case with its outcome; the CIPs still open and the reclamação end with it, told by the ficha de baixa.

    Without `cartas` that sheet is printed when it is asked for (services/closing_letters.py).
    Which desfecho is possible depends on the status (cases/tipos.py). Raises ActNotAllowed.
    """
    check_allowed(atendimento, acts.ENCERRAR, by=by)
    possible = DESFECHOS_BY_STATUS[atendimento.status]
    if desfecho not in possible:
        names = ", ".join(str(Desfecho(value).label) for value in possible)
        raise ActNotAllowed(f"Este desfecho não cabe em um caso «{atendimento.get_status_display()}». Cabem: {names}.")
    _end(atendimento, acts.ENCERRAR, desfecho, by=by, at=at, motivo=motivo)
    if cartas:
        issue_closing_sheet(atendimento, by=by, at=at)
    return atendimento


@whole
def archive_for_absence(*, atendimento: Atendimento, by: User, at: datetime, motivo: str) -> Atendimento:
    """Archive a case whose consumer stayed away from the hearing and did not justify it; for hearings to call."""
    check_allowed(atendimento, acts.ARQUIVAR_POR_AUSENCIA, by=by)
    _end(atendimento, acts.ARQUIVAR_POR_AUSENCIA, Desfecho.DESISTENCIA, by=by, at=at, motivo=motivo)
    issue_closing_sheet(atendimento, by=by, at=at)
    return atendimento


def _end(atendimento: Atendimento, act: Act, desfecho: str, *, by: User, at: datetime, motivo: str) -> None:
    """The case ends by this act, and with it its CIPs, its reclamação and its terms."""
    lock_cases([atendimento.pk])
    complaint = Reclamacao.objects.filter(atendimento=atendimento).first()
    if complaint:
        _check_undecided(complaint)
    for cip in cips_of(atendimento):
        end_cip(cip, CIP_RESULTADO_BY_DESFECHO[desfecho], by=by, at=at)
    stop_return(atendimento, at=at)
    if complaint and complaint.status != Reclamacao.Status.ARQUIVADA:
        complaint.atendimento = atendimento
        end_terms(complaint, at=at)
        advance(complaint, acts.ARQUIVAR_RECLAMACAO, by=by, at=at, motivo=motivo)
    advance(
        atendimento,
        act,
        by=by,
        at=at,
        motivo=motivo,
        changes={"desfecho": desfecho, "encerrado_em": at},
        desfecho=desfecho,
    )
    fulfil_all(historico=atendimento.historico, at=at)


@whole
def reopen_case(*, atendimento: Atendimento, by: User, at: datetime, motivo: str) -> Atendimento:
    """Reopen a closed case, as reclamação where it was one. Coordenador, with a written reason.

    A decided reclamação goes back to the analysis, and its decisions become history; one that ended without decision
    begins again, with new letters.
    """
    _need_reason(motivo, "Escreva por que o caso é reaberto.")
    complaint = Reclamacao.objects.filter(atendimento=atendimento).first()
    act = acts.REABRIR_EM_RECLAMACAO if complaint else acts.REABRIR
    check_allowed(atendimento, act, by=by)
    if complaint:
        complaint.atendimento = atendimento
        _reopen_complaint(complaint, by=by, at=at, motivo=motivo)
    advance(atendimento, act, by=by, at=at, motivo=motivo, changes={"desfecho": "", "encerrado_em": None})
    return atendimento


def _reopen_complaint(complaint: Reclamacao, *, by: User, at: datetime, motivo: str) -> None:
    decided = Classificacao.objects.current().filter(reclamado__atendimento=complaint.atendimento_id)
    opinion = Parecer.objects.current().filter(reclamacao=complaint).first()
    if opinion:
        set_aside(opinion, motivo=motivo, by=by, at=at)
    if decided.update(substituida_em=at):
        advance(complaint, acts.REABRIR_EM_ANALISE, by=by, at=at, motivo=motivo)
        return
    advance(complaint, acts.REABRIR_RECLAMACAO, by=by, at=at, motivo=motivo)
    begin_anew(complaint, by=by, at=at)


def _check_undecided(complaint: Reclamacao) -> None:
    decided = Classificacao.objects.current().filter(reclamado__atendimento=complaint.atendimento_id).exists()
    if complaint.status == Reclamacao.Status.DECIDIDA or (decided and complaint.status == Reclamacao.Status.EM_ANALISE):
        raise ActNotAllowed(
            "Esta reclamação tem decisão, e o desfecho do caso segue dela. Use «Arquivar a reclamação» "
            "quando a decisão sobre todos os fornecedores for definitiva."
        )


@whole
def rectify_case(
    *, atendimento: Atendimento, status: str, by: User, at: datetime, motivo: str, desfecho: str = ""
) -> Atendimento:
    """Correct a case's wrong status, outside the act table. Closing this way needs a desfecho."""
    if status == Atendimento.Status.ENCERRADO and desfecho not in Desfecho.values:
        raise ContentRefused(
            "Um caso encerrado tem desfecho. Escolha qual.", errors={"desfecho": "Escolha o desfecho."}
        )
    stop_return(atendimento, at=at)
    closed = status == Atendimento.Status.ENCERRADO
    changes = {"desfecho": desfecho if closed else "", "encerrado_em": at if closed else None}
    rectify(atendimento, status, by=by, at=at, motivo=motivo, changes=changes)
    return atendimento


def end_cip(cip: CIP, resultado: str, *, by: User, at: datetime) -> None:
    """End a CIP together with its case: cancelled while it still ran, else closed."""
    act = acts.CANCELAR_CIP if cip.status in RUNNING else acts.BAIXAR_CIP
    advance(cip, act, by=by, at=at, changes={"resultado": resultado, "baixada_em": at}, resultado=resultado)
    end_term(cip, at=at)


def _need_reason(motivo: str, message: str) -> None:
    if not motivo.strip():
        raise ContentRefused(message, errors={"motivo": message})
