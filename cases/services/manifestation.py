"""The consumer's word on a supplier's answer, and the archiving of a case whose consumer does not come back."""

from __future__ import annotations

from datetime import date, datetime

from accounts.models import SYSTEM_LOGIN, User
from cases import acts
from cases.models import CIP, Atendimento, Canal, Desfecho, Manifestacao
from cases.services.closing import cips_of, end_cip
from cases.services.closing_letters import issue_closing_sheet
from cases.services.returning import LAST_NOTICE, lock_cases, stop_return
from deadlines.models import Prazo
from notifications.models import Mensagem
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import whole
from workflow.services import advance, check_allowed, record

Resultado = CIP.Resultado
#: What the CIP ends with when the consumer accepts this kind of answer. A refusal holds nothing to accept.
RESULTADO_BY_ESPECIE = {
    CIP.Especie.ACEITA: Resultado.RESOLUCAO_TOTAL,
    CIP.Especie.PROPOSTA: Resultado.ACORDO,
    CIP.Especie.INFORMACAO: Resultado.CONSULTA_FORNECIDA,
}
_SOLVED = {Resultado.RESOLUCAO_TOTAL, Resultado.ACORDO, Resultado.MERA_LIBERALIDADE, Resultado.CONSULTA_FORNECIDA}
ANSWERED = (CIP.Status.RESPONDIDA, CIP.Status.EM_ANALISE)


@whole
def record_manifestation(*, cip: CIP, aceita: bool, texto: str, canal: str, by: User, at: datetime) -> Manifestacao:
    """Record whether the consumer accepts the supplier's answer.

    Accepted: the CIP is closed with the resultado of its kind, and with the last one the case. Not accepted: the case
    stays for a hearing or a reclamação. Either way the consumer came back, and the days to return no longer run.
    """
    check_allowed(cip, acts.ACEITAR_RESPOSTA, by=by)
    if canal not in Canal.values:
        raise ContentRefused("Diga por onde o consumidor falou.", errors={"canal": "Escolha o canal."})
    if not cip.respondida_em:
        raise ActNotAllowed("O fornecedor não respondeu, e não há o que aceitar. Abra reclamação ou encerre o caso.")
    if aceita and cip.especie not in RESULTADO_BY_ESPECIE:
        raise ActNotAllowed(
            "O fornecedor recusou o pedido, e não há o que aceitar. "
            "Se o consumidor desiste ou concorda, dê baixa na CIP."
        )
    if not aceita and not texto.strip():
        raise ContentRefused("Escreva por que o consumidor não aceita.", errors={"texto": "Escreva o motivo."})
    case = cip.reclamado.atendimento
    locked = Atendimento.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if Manifestacao.objects.filter(cip=cip).exists():
        raise ActNotAllowed("O que o consumidor disse desta resposta já está registrado. Atualize a página.")
    said = Manifestacao.objects.create(cip=cip, aceita=aceita, texto=texto.strip(), canal=canal, quando=at, por=by)
    record(cip, "MANIFESTAR", by=by, at=at, motivo=texto.strip(), aceita="sim" if aceita else "não", canal=canal)
    stop_return(locked, at=at)
    if aceita:
        resultado = RESULTADO_BY_ESPECIE[CIP.Especie(cip.especie)]
        changes = {"resultado": resultado, "baixada_em": at}
        advance(cip, acts.ACEITAR_RESPOSTA, by=by, at=at, changes=changes, resultado=resultado)
        _close_with_the_last(locked, by=by, at=at)
        case.status = locked.status
    return said


def _close_with_the_last(case: Atendimento, *, by: User, at: datetime) -> None:
    letters = CIP.objects.filter(reclamado__atendimento=case)
    if case.status != Atendimento.Status.AGUARDA_CONSUMIDOR or letters.exclude(status=CIP.Status.BAIXADA).exists():
        return
    results = set(letters.values_list("resultado", flat=True)) - {Resultado.CANCELADA}
    desfecho = Desfecho.ACORDO if Resultado.ACORDO in results else Desfecho.RESOLVIDO_CIP
    if results - _SOLVED:
        desfecho = Desfecho.RESOLVIDO_PARCIAL
    changes = {"desfecho": desfecho, "encerrado_em": at}
    advance(case, acts.ENCERRAR_POR_ACEITACAO, by=by, at=at, changes=changes, desfecho=desfecho)
    issue_closing_sheet(case, by=by, at=at)


@whole
def archive_for_inertia(*, atendimento: Atendimento, by: User, at: datetime, motivo: str = "") -> Atendimento:
    """Archive a case whose consumer did not come back after the last notice; its CIPs end as desistência."""
    check_allowed(atendimento, acts.ARQUIVAR_POR_INERCIA, by=by)
    if by.usuario != SYSTEM_LOGIN and not motivo.strip():
        raise ContentRefused("Escreva como o consumidor foi avisado.", errors={"motivo": "Escreva o motivo."})
    lock_cases([atendimento.pk])
    for cip in cips_of(atendimento):
        end_cip(cip, Resultado.DESISTENCIA, by=by, at=at)
    stop_return(atendimento, at=at)
    changes = {"desfecho": Desfecho.DESISTENCIA, "encerrado_em": at}
    advance(
        atendimento,
        acts.ARQUIVAR_POR_INERCIA,
        by=by,
        at=at,
        motivo=motivo.strip(),
        changes=changes,
        desfecho=Desfecho.DESISTENCIA,
    )
    issue_closing_sheet(atendimento, by=by, at=at)
    return atendimento


def archive_idle_cases(*, today: date, at: datetime) -> int:
    """Archive every case whose last notice went out and whose days passed; returns how many. May run twice.

    A notice that failed is no notice: that case waits for the counter, and stands among the overdue terms.
    """
    system, archived = User.objects.system(), 0
    passed = Prazo.objects.running().filter(
        regra__nome=LAST_NOTICE,
        vence_em__lt=today,
        historico__atendimento__status=Atendimento.Status.AGUARDA_CONSUMIDOR,
    )
    for prazo in list(passed.select_related("historico__atendimento").order_by("pk")[:500]):
        sent = Mensagem.objects.filter(referencia=f"prazo:{prazo.pk}", situacao=Mensagem.Situacao.ENVIADA)
        if not sent.exists():
            continue
        try:
            archive_for_inertia(atendimento=prazo.historico.atendimento, by=system, at=at)
        except ActNotAllowed:
            continue
        archived += 1
    return archived
