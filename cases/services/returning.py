"""What waits for the consumer: the notice of the answer, the days to come back, and the archiving for inertia."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from cases import acts
from cases.models import CIP, Atendimento
from deadlines.models import Prazo
from deadlines.services import fulfil, set_prazo
from deadlines.services.terms import hold_calendar
from notifications.models import Mensagem
from notifications.services import enqueue
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import whole
from workflow.services import advance, record, require_papel

RUNNING = (CIP.Status.EMITIDA, CIP.Status.ENVIADA, CIP.Status.CIENTIFICADA)
#: The consumer's days to come back, and the days between the last notice and the archiving (deadlines/data).
RETURN, LAST_NOTICE = "retorno_consumidor", "aviso_de_inercia"
#: What the consumer is told of each kind of answer.
_TOLD = {
    CIP.Especie.ACEITA: "respondeu que atende ao seu pedido",
    CIP.Especie.PROPOSTA: "respondeu com uma proposta",
    CIP.Especie.RECUSA: "respondeu que não atende ao seu pedido",
    CIP.Especie.INFORMACAO: "respondeu à carta do Procon",
}


def lock_cases(keys: Collection[int]) -> None:
    """Hold the rows of these cases, by number, before anything of theirs is written: one act at a time on each.

    The order for all: calendar, case, history, term. So two who act at once wait, and never in a circle.
    """
    list(Atendimento.objects.filter(pk__in=keys).order_by("pk").select_for_update().values_list("pk"))


def end_term(cip: CIP, *, at: datetime) -> None:
    """The answer's term no longer runs, where there was one (no notice, no term)."""
    if cip.prazo:
        fulfil(prazo=cip.prazo, at=at)


def stop_return(atendimento: Atendimento, *, at: datetime) -> None:
    """The office no longer waits for the consumer: neither the days to return nor the last notice run."""
    stop_returns([atendimento], at=at)


def stop_returns(cases: Iterable[Atendimento], *, at: datetime) -> None:
    """The same for many cases."""
    heads = [case.historico_id for case in cases]
    waiting = Prazo.objects.running().holding(heads).filter(regra__nome__in=[RETURN, LAST_NOTICE])
    waiting.update(cumprido_em=at)


def wait_for_consumer(atendimento: Atendimento, *, by: User, at: datetime) -> Prazo | None:
    """Once no CIP runs any more, the case waits for the consumer; returns the term that started, if one did.

    The case's row is locked, so that the last of two suppliers who answer at once moves it. The term starts with the
    notice, so only for a consumer who has an e-mail address; for another it starts with `tell_by_hand`.
    The caller holds the calendar (deadlines.services.terms.hold_calendar) from before its first write.
    """
    locked = Atendimento.objects.select_for_update(of=("self",)).select_related("consumidor").get(pk=atendimento.pk)
    running = CIP.objects.filter(reclamado__atendimento=locked, status__in=RUNNING).exists()
    prazo = None
    if locked.status == Atendimento.Status.AGUARDA_FORNECEDOR and not running:
        if locked.consumidor and locked.consumidor.aviso_email:
            prazo = set_prazo(RETURN, historico=atendimento.historico, start=timezone.localdate(at))
        advance(locked, acts.AGUARDAR_CONSUMIDOR, by=by, at=at)
    atendimento.status = locked.status
    return prazo


def tell_consumer(cip: CIP, prazo: Prazo | None, *, at: datetime) -> Mensagem | None:
    """Tell the consumer of the answer, or of the silence, and what to do until when."""
    case = cip.reclamado.atendimento
    if case.consumidor is None:
        return None
    told = _TOLD.get(CIP.Especie(cip.especie), "") if cip.especie else "não respondeu no prazo à carta do Procon"
    todo = (
        f"Procure o Procon até {prazo.vence_em:%d/%m/%Y} para dizer se o problema foi resolvido ou como quer "
        f"continuar. Passado esse dia, o caso é arquivado, depois de um último aviso.\n"
        if prazo
        else "Quando for a sua vez de agir, o Procon avisa; se já avisou, vale a data daquele aviso.\n"
    )
    return _write_to_consumer(
        case,
        chave=f"cip:{cip.pk}:consumidor:{cip.especie or 'decurso'}",
        referencia=f"cip:{cip.pk}",
        assunto=f"Atendimento {case.protocolo}: resposta à CIP",
        corpo=f"O fornecedor {cip.reclamado.fornecedor} {told}.\n\n{todo}",
        at=at,
    )


@whole
def tell_by_hand(*, atendimento: Atendimento, meio: str, on: date, by: User, at: datetime) -> Prazo:
    """Record that the consumer was told by telephone, letter or in person; the days to return start on that day."""
    hold_calendar(to_change=False)
    require_papel(by, atendimento.unidade_id, frozenset(acts.COUNTER), "Registrar aviso ao consumidor")
    if atendimento.status != Atendimento.Status.AGUARDA_CONSUMIDOR:
        raise ActNotAllowed("O caso não aguarda o consumidor. Atualize a página e veja como ele está.")
    if not meio.strip():
        raise ContentRefused("Diga como o consumidor foi avisado.", errors={"meio": "Diga como foi avisado."})
    entered = record_of_waiting(atendimento)
    if not entered <= on <= timezone.localdate(at):
        raise ContentRefused(
            f"O aviso fica entre {entered:%d/%m/%Y}, quando o caso passou a esperar o consumidor, e hoje.",
            errors={"on": "Confira a data."},
        )
    stop_return(atendimento, at=at)
    prazo = set_prazo(RETURN, historico=atendimento.historico, start=on)
    record(
        atendimento,
        "AVISAR_CONSUMIDOR",
        by=by,
        at=at,
        motivo=" ".join(meio.split())[:200],
        aviso=on.isoformat(),
        vence_em=prazo.vence_em.isoformat(),
    )
    return prazo


def record_of_waiting(atendimento: Atendimento) -> date:
    """The day on which the case last came to wait for the consumer."""
    events = atendimento.historico.eventos.filter(
        para=Atendimento.Status.AGUARDA_CONSUMIDOR, objeto="cases.atendimento"
    )
    last = events.order_by("-sequencia").first()
    return timezone.localdate(last.quando if last else atendimento.aberto_em)


def warn_idle_cases(*, today: date, at: datetime) -> int:
    """Send the last notice to every consumer whose days to return have passed; returns how many. May run twice.

    One without an e-mail address is not warned by a machine: the term stays among the overdue, for the counter.
    """
    passed = Prazo.objects.running().filter(
        regra__nome=RETURN,
        vence_em__lt=today,
        historico__atendimento__status=Atendimento.Status.AGUARDA_CONSUMIDOR,
        historico__atendimento__consumidor__email__gt="",
    )
    rows = passed.select_related("historico__atendimento__consumidor", "historico__atendimento__unidade")
    return sum(_warn(prazo, at=at) for prazo in list(rows.order_by("pk")[:500]))


@whole
def _warn(prazo: Prazo, *, at: datetime) -> bool:
    hold_calendar(to_change=False)
    case = prazo.historico.atendimento
    if not Prazo.objects.running().holding([prazo.historico_id]).filter(pk=prazo.pk).update(cumprido_em=at):
        return False
    last = set_prazo(LAST_NOTICE, historico=prazo.historico, start=timezone.localdate(at))
    record(case, "AVISAR_INERCIA", by=User.objects.system(), at=at, vence_em=last.vence_em.isoformat())
    _write_to_consumer(
        case,
        chave=f"prazo:{last.pk}:inercia",
        referencia=f"prazo:{last.pk}",
        assunto=f"Atendimento {case.protocolo}: último aviso",
        corpo=(
            f"O Procon espera notícia sua sobre o atendimento {case.protocolo}. Se não vier até "
            f"{last.vence_em:%d/%m/%Y}, o caso será arquivado. Ele pode ser reaberto a seu pedido.\n"
        ),
        at=at,
    )
    return True


def _write_to_consumer(
    case: Atendimento, *, chave: str, referencia: str, assunto: str, corpo: str, at: datetime
) -> Mensagem:
    person, office = case.consumidor, settings.PROCON
    if person is None:
        raise ValueError("the case has no consumer")
    return enqueue(
        chave=chave,
        tipo="retorno",
        unidade=case.unidade,
        historico=case.historico,
        referencia=referencia,
        destinatario=str(person),
        endereco=person.aviso_email,
        assunto=f"{assunto} – {office['NOME']}",
        corpo=f"{person},\n\n{corpo}\n{office['NOME']}\n{office['ENDERECO']}\nTelefone {office['TELEFONE']}\n",
        devida_em=at,
    )
