"""The reclamação from its opening to the end of the defences: notice, receipt, defence or revelia, per reclamado."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from accounts.models import User
from cases import acts
from cases.models import CIP, Anexo, Atendimento, Defesa, Reclamacao, Reclamado
from cases.services.attachments import attach_all
from cases.services.complaint_letters import NOTICES, issue_opening_letter, tell_supplier_of_opening
from deadlines.models import Prazo
from deadlines.services import extend, fulfil, set_prazo
from deadlines.services.terms import hold_calendar
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import whole
from workflow.services import advance, check_allowed, record, require_papel

#: What may still happen to a defence: the process is not decided.
UNDECIDED = frozenset(
    {
        Reclamacao.Status.NOTIFICADA,
        Reclamacao.Status.DEFESA_RECEBIDA,
        Reclamacao.Status.REVELIA,
        Reclamacao.Status.EM_ANALISE,
    }
)
ON_CASE = ("unidade", "historico", "consumidor", "assunto", "problema", "atendente", "orgao")


def lock_complaint(reclamacao: Reclamacao) -> Reclamacao:
    """The reclamação as it stands now, with its case's row locked: one act at a time moves it."""
    case = (
        Atendimento.objects.select_for_update(of=("self",)).select_related(*ON_CASE).get(pk=reclamacao.atendimento_id)
    )
    live = Reclamacao.objects.get(pk=reclamacao.pk)
    live.atendimento = case
    return live


@whole
def call_to_defend(*, reclamacao: Reclamacao, by: User, at: datetime) -> list[Defesa]:
    """Begin each reclamado's turn to speak, with its carta de abertura. Done where the reclamação is opened."""
    parties = Reclamado.objects.filter(atendimento=reclamacao.atendimento).select_related("fornecedor").order_by("pk")
    return [_begin(reclamacao, party, by=by, at=at) for party in parties]


@whole
def notify_reclamado(*, reclamado: Reclamado, meio: str, by: User, at: datetime) -> Defesa:
    """Record how the carta de abertura left for one reclamado; by e-mail it goes to the outbox with this act.

    The term starts only at proven receipt (`receive_notice`). A reclamado without a letter gets it now.
    """
    if meio not in CIP.Meio.values:
        raise ContentRefused(
            "Escolha como a notificação foi enviada: AR, e-mail, eletrônica ou em mãos.",
            errors={"meio": "Escolha o meio."},
        )
    complaint = lock_complaint(_complaint_of(reclamado))
    check_allowed(complaint, acts.NOTIFICAR_RECLAMACAO, by=by)
    defence = Defesa.objects.current().filter(reclamado=reclamado).select_related("documento").first()
    defence = defence or _begin(complaint, reclamado, by=by, at=at)
    if defence.notificada_em:
        raise ActNotAllowed(
            f"A notificação a {reclamado.fornecedor} já saiu em {timezone.localtime(defence.notificada_em):%d/%m/%Y}. "
            "Registre o recebimento dela."
        )
    if meio in (CIP.Meio.EMAIL, CIP.Meio.PORTAL) and not reclamado.fornecedor.notice_emails(NOTICES):
        raise ContentRefused(
            f"{reclamado.fornecedor} não tem e-mail no cadastro. Complete o cadastro, ou envie por AR ou em mãos.",
            errors={"meio": "Este fornecedor não tem e-mail."},
        )
    _write(defence, meio=meio, notificada_em=at)
    advance(complaint, acts.NOTIFICAR_RECLAMACAO, by=by, at=at, meio=meio, fornecedor=str(reclamado.fornecedor))
    if meio in (CIP.Meio.EMAIL, CIP.Meio.PORTAL):
        tell_supplier_of_opening(defence, complaint.atendimento, at=at)
    return defence


@whole
def receive_notice(*, defesa: Defesa, on: date, by: User, at: datetime) -> Defesa:
    """Record the proven receipt on a day; the term of defence starts there (Decreto 2.181/1997, art. 42)."""
    hold_calendar(to_change=False)
    complaint, live = _live(defesa)
    require_papel(by, complaint.unidade_id, frozenset(acts.COUNTER), "registrar o recebimento da notificação")
    if live.notificada_em is None:
        raise ActNotAllowed("A notificação ainda não saiu. Registre antes o envio dela.")
    if live.recebida_em or live.concluida or complaint.status not in UNDECIDED:
        raise ActNotAllowed("O recebimento já não cabe: ele já foi registrado, ou a defesa já está encerrada.")
    sent, today = timezone.localdate(live.notificada_em), timezone.localdate(at)
    if not sent <= on <= today:
        raise ContentRefused(
            f"O recebimento deve ficar entre o envio ({sent:%d/%m/%Y}) e hoje ({today:%d/%m/%Y}). "
            "Confira a data no AR.",
            errors={"on": "Confira a data no comprovante."},
        )
    prazo = set_prazo("defesa", historico=complaint.atendimento.historico, start=on)
    _write(live, recebida_em=on, prazo=prazo)
    record(
        live,
        "RECEBER_NOTIFICACAO",
        by=by,
        at=at,
        recebida_em=on.isoformat(),
        vence_em=prazo.vence_em.isoformat(),
        fornecedor=str(live.reclamado.fornecedor),
    )
    return live


@whole
def receive_defence(
    *, defesa: Defesa, texto: str, by: User, at: datetime, arquivos: Sequence[UploadedFile[Any]] = ()
) -> Defesa:
    """Record a reclamado's defence. One that comes after the term, or after the revelia, is marked as out of time.

    The papers that come with it are attached to the case, all of them or nothing is recorded.
    """
    complaint, live = _live(defesa)
    require_papel(by, complaint.unidade_id, frozenset(acts.COUNTER_TABLE_AND_CLOCK), "registrar a defesa")
    if not texto.strip():
        raise ContentRefused("Escreva ou resuma a defesa do fornecedor.", errors={"texto": "Escreva a defesa."})
    if live.apresentada_em:
        raise ActNotAllowed("A defesa deste fornecedor já foi registrada. O que chegar agora entra como anexo.")
    if complaint.status not in UNDECIDED:
        raise ActNotAllowed(
            f"Não é possível registrar defesa: a reclamação está em «{complaint.get_status_display()}». "
            "Antes da decisão cabe a defesa; depois dela, o recurso."
        )
    late = bool(live.revelia_em) or bool(live.prazo and live.prazo.vence_em < timezone.localdate(at))
    _write(live, texto=texto.strip(), apresentada_em=at, fora_do_prazo=late)
    _end_term(live.prazo, at)
    record(live, "RECEBER_DEFESA", by=by, at=at, fora_do_prazo=late, fornecedor=str(live.reclamado.fornecedor))
    attach_all(
        atendimento=complaint.atendimento,
        arquivos=arquivos,
        origem=Anexo.Origem.FORNECEDOR,
        by=by,
        at=at,
        descricao="Defesa",
        reclamado=live.reclamado,
    )
    _conclude(complaint, by=by, at=at)
    return live


@whole
def lapse_defence(*, defesa: Defesa, by: User, at: datetime) -> Defesa:
    """Certify that the term of defence ended in silence: revelia. Done by the office's clock."""
    complaint, live = _live(defesa)
    require_papel(by, complaint.unidade_id, acts.ONLY_CLOCK, "certificar a revelia")
    if live.prazo is None:
        raise ActNotAllowed("O prazo de defesa ainda não começou: falta a prova do recebimento da notificação.")
    if live.prazo.vence_em >= timezone.localdate(at):
        raise ActNotAllowed(
            f"O prazo corre até {live.prazo.vence_em:%d/%m/%Y}. A revelia é certificada no dia seguinte."
        )
    return _silence(complaint, live, Defesa.Revelia.PRAZO, by=by, at=at)


@whole
def default_by_absence(*, reclamado: Reclamado, by: User, at: datetime) -> Defesa | None:
    """Hold a reclamado who stayed away from the hearing to be silent; for hearings to call.

    Gives None, and does nothing, where no defence is waited for: no reclamação, a defence already in, not notified.
    """
    waiting = Defesa.objects.current().filter(reclamado=reclamado, notificada_em__isnull=False).first()
    if waiting is None:
        return None
    complaint, live = _live(waiting)
    if live.concluida or complaint.status != Reclamacao.Status.NOTIFICADA:
        return None
    require_papel(by, complaint.unidade_id, frozenset(acts.COUNTER_AND_TABLE), "certificar a revelia")
    return _silence(complaint, live, Defesa.Revelia.AUSENCIA, by=by, at=at)


def lapse_due_defences(*, today: date, at: datetime) -> int:
    """Certify the revelia of every reclamado whose term ended before `today`. Returns how many; may run twice."""
    system = User.objects.system()
    lapsed = 0
    for defence in Defesa.objects.lapsed(today=today).order_by("pk").iterator(chunk_size=500):
        try:
            lapse_defence(defesa=defence, by=system, at=at)
        except ActNotAllowed:
            continue
        lapsed += 1
    return lapsed


@whole
def extend_defence(*, defesa: Defesa, dias: int, motivo: str, by: User, at: datetime) -> Defesa:
    """Grant days on top of a running term of defence, with its reason. Coordenador or autoridade."""
    hold_calendar(to_change=False)
    complaint, live = _live(defesa)
    require_papel(by, complaint.unidade_id, acts.EXTENDERS, "prorrogar o prazo de defesa")
    if live.prazo is None:
        raise ActNotAllowed("O prazo de defesa ainda não começou. Não há o que prorrogar.")
    extend(prazo=live.prazo, dias=dias, motivo=motivo, by=by, at=at)
    return live


def end_terms(reclamacao: Reclamacao, *, at: datetime) -> None:
    """What the process waited for can no longer happen: its terms of defence and of appeal no longer run."""
    running = Prazo.objects.running()
    for prazo in running.filter(defesa__reclamacao=reclamacao) | running.filter(
        classificacao__reclamado__atendimento=reclamacao.atendimento_id
    ):
        fulfil(prazo=prazo, at=at)


def begin_anew(reclamacao: Reclamacao, *, by: User, at: datetime) -> None:
    """Another round of defences after a reopening; what was said in the one before stays in the file."""
    Defesa.objects.current().filter(reclamacao=reclamacao).update(substituida_em=at)
    call_to_defend(reclamacao=reclamacao, by=by, at=at)


def _begin(complaint: Reclamacao, party: Reclamado, *, by: User, at: datetime) -> Defesa:
    letter = issue_opening_letter(complaint, party, by=by, at=at)
    return Defesa.objects.create(reclamacao=complaint, reclamado=party, documento=letter)


def _silence(complaint: Reclamacao, live: Defesa, why: str, *, by: User, at: datetime) -> Defesa:
    if live.concluida or complaint.status != Reclamacao.Status.NOTIFICADA:
        raise ActNotAllowed("A fase de defesa deste fornecedor já está encerrada. Não há revelia a certificar.")
    _write(live, revelia_em=at, revelia_por=why)
    _end_term(live.prazo, at)
    record(live, "CERTIFICAR_REVELIA", by=by, at=at, por=why, fornecedor=str(live.reclamado.fornecedor))
    _conclude(complaint, by=by, at=at)
    return live


def _conclude(complaint: Reclamacao, *, by: User, at: datetime) -> None:
    """Once every reclamado spoke or is silent, the process goes on; its case's row is locked by the caller."""
    if complaint.status != Reclamacao.Status.NOTIFICADA:
        return
    turns = list(Defesa.objects.current().filter(reclamacao=complaint))
    parties = Reclamado.objects.filter(atendimento=complaint.atendimento_id).count()
    if len(turns) < parties or not all(turn.concluida for turn in turns):
        return
    spoke = any(turn.apresentada_em and not turn.revelia_em for turn in turns)
    advance(complaint, acts.CONCLUIR_DEFESAS if spoke else acts.DECLARAR_REVELIA, by=by, at=at)


def _live(defesa: Defesa) -> tuple[Reclamacao, Defesa]:
    """The turn and its process as they stand now, the case's row locked; refuses a turn of an earlier round."""
    complaint = lock_complaint(Reclamacao.objects.get(pk=defesa.reclamacao_id))
    live = Defesa.objects.select_related("prazo__regra", "reclamado__fornecedor").get(pk=defesa.pk)
    live.reclamado.atendimento = complaint.atendimento
    if live.substituida_em:
        raise ActNotAllowed("Esta notificação é de antes da reabertura. Atualize a página e use a nova.")
    return complaint, live


def _complaint_of(reclamado: Reclamado) -> Reclamacao:
    complaint = Reclamacao.objects.filter(atendimento=reclamado.atendimento_id).first()
    if complaint is None:
        raise ActNotAllowed("Este caso não tem reclamação aberta. Abra a reclamação antes de notificar.")
    return complaint


def _write(row: Any, **values: Any) -> None:
    type(row)._base_manager.filter(pk=row.pk).update(**values)
    for name, value in values.items():
        setattr(row, name, value)


def _end_term(prazo: Prazo | None, at: datetime) -> None:
    if prazo:
        fulfil(prazo=prazo, at=at)
