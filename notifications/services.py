"""Writing messages into the outbox, and delivering what is due.

A message is written by the act that causes it, in that act's transaction; Celery only delivers. Delivery is
at-least-once with a narrow seam: each process sends one message at a time and commits after each, so a process killed
between the server's «250» and that commit sends one message again, under the same Message-ID.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localtime

from accounts.models import Papel, Unidade, User
from notifications.models import Mensagem, Tentativa
from notifications.rules import BATCH, LEASE, OUTAGE_PAUSE, next_try
from notifications.transport import Mailer, Outcome
from workflow.errors import ActNotAllowed
from workflow.models import Historico
from workflow.services import record

RESENDERS = frozenset({Papel.ATENDENTE, Papel.COORDENADOR})
NO_ADDRESS = "Sem e-mail cadastrado: avise por carta, telefone ou em mãos."
INTERRUPTED = "Interrompida: o processo parou durante o envio. A mensagem pode ter saído e será tentada de novo."
TOO_LATE = "Passou o momento até o qual fazia sentido ({limite})."


def enqueue(
    *,
    chave: str,
    tipo: str,
    unidade: Unidade,
    destinatario: str,
    endereco: str,
    assunto: str,
    corpo: str,
    devida_em: datetime,
    vale_ate: datetime | None = None,
    historico: Historico | None = None,
    referencia: str = "",
    convite: str = "",
    documento: str = "",
) -> Mensagem:
    """Write one message in the caller's transaction; the same `chave` again gives the message that is there.

    Without an address it is written as skipped, so that everybody sees that this person was not told.
    `vale_ate` is the cut-off: at that moment and later it is never sent. `convite` is an iCalendar text to attach,
    `documento` the stored file of an issued letter (Documento.arquivo).
    """
    return _write(
        message(
            chave=chave,
            tipo=tipo,
            unidade=unidade,
            destinatario=destinatario,
            endereco=endereco,
            assunto=assunto,
            corpo=corpo,
            devida_em=devida_em,
            vale_ate=vale_ate,
            historico=historico,
            referencia=referencia,
            convite=convite,
            documento=documento,
        )
    )


def enqueue_many(messages: Iterable[Mensagem]) -> None:
    """Write many messages (see `message`) by one statement; a `chave` that is there already is left as it is."""
    Mensagem.objects.bulk_create(list(messages), ignore_conflicts=True)


def message(
    *,
    chave: str,
    tipo: str,
    unidade: Unidade,
    destinatario: str,
    endereco: str,
    assunto: str,
    corpo: str,
    devida_em: datetime,
    vale_ate: datetime | None = None,
    historico: Historico | None = None,
    referencia: str = "",
    convite: str = "",
    documento: str = "",
) -> Mensagem:
    """The message that `enqueue` writes, not yet written."""
    mensagem = Mensagem(
        chave=chave,
        tipo=tipo,
        unidade=unidade,
        destinatario=_one_line(destinatario)[:160],
        endereco=endereco.strip(),
        assunto=_one_line(assunto)[:200],
        corpo=corpo,
        devida_em=devida_em,
        proxima_tentativa_em=devida_em,
        vale_ate=vale_ate,
        historico=historico,
        referencia=referencia,
        convite=convite,
        documento=documento,
    )
    if not mensagem.endereco:
        mensagem.situacao, mensagem.motivo = Mensagem.Situacao.PULADA, NO_ADDRESS
    return mensagem


def skip(
    *,
    chave: str,
    tipo: str,
    unidade: Unidade,
    destinatario: str,
    endereco: str,
    assunto: str,
    corpo: str,
    devida_em: datetime,
    motivo: str,
    vale_ate: datetime | None = None,
    historico: Historico | None = None,
    referencia: str = "",
    convite: str = "",
) -> Mensagem:
    """Write down a message that will not be sent, and why: a reminder whose moment was past when it was planned."""
    return _write(
        Mensagem(
            chave=chave,
            tipo=tipo,
            unidade=unidade,
            destinatario=_one_line(destinatario)[:160],
            endereco=endereco.strip(),
            assunto=_one_line(assunto)[:200],
            corpo=corpo,
            devida_em=devida_em,
            proxima_tentativa_em=devida_em,
            vale_ate=vale_ate,
            historico=historico,
            referencia=referencia,
            convite=convite,
            situacao=Mensagem.Situacao.PULADA,
            motivo=motivo[:300],
        )
    )


def cancel(*, referencia: str, motivo: str) -> int:
    """Call off every message about `referencia` that has not gone out; returns how many.

    A claimed one is called off too: its worker asks again before it sends.
    """
    waiting = [Mensagem.Situacao.PENDENTE, Mensagem.Situacao.EM_ENVIO]
    return Mensagem.objects.filter(referencia=referencia, situacao__in=waiting).update(
        situacao=Mensagem.Situacao.CANCELADA, motivo=motivo[:300], reservada_ate=None
    )


def skip_waiting(*, motivo: str) -> int:
    """Give up every message that has not gone out, and say why; for an office whose past is fictitious."""
    return Mensagem.objects.filter(situacao=Mensagem.Situacao.PENDENTE).update(
        situacao=Mensagem.Situacao.PULADA, motivo=motivo[:300]
    )


@transaction.atomic
def resend(*, mensagem: Mensagem, by: User, at: datetime) -> Mensagem:
    """Put a failed message back into the outbox with a fresh budget of tries; recorded in the case."""
    if not RESENDERS & by.papeis_em(mensagem.unidade_id):
        raise ActNotAllowed("Só um atendente ou coordenador da unidade reenvia mensagens. Peça a um deles.")
    if mensagem.vale_ate and mensagem.vale_ate <= at:
        raise ActNotAllowed(
            f"Esta mensagem só fazia sentido até {_moment(mensagem.vale_ate)}. Avise a pessoa por outro meio."
        )
    moved = Mensagem.objects.filter(pk=mensagem.pk, situacao=Mensagem.Situacao.FALHOU).update(
        situacao=Mensagem.Situacao.PENDENTE, motivo="", tentativas_feitas=0, proxima_tentativa_em=at
    )
    if not moved:
        raise ActNotAllowed(
            "Só se reenvia mensagem que falhou, e esta não está assim. Atualize a página; talvez já tenha sido enviada."
        )
    mensagem.refresh_from_db()
    if mensagem.historico_id:
        record(mensagem, "REENVIAR_MENSAGEM", by=by, at=at, tipo=mensagem.tipo, destinatario=mensagem.destinatario)
    return mensagem


def deliver_due(*, at_clock: Callable[[], datetime], limit: int = 1000) -> Counter[str]:
    """Send what is due, one message at a time, committing after each; may run twice and in parallel.

    Must run outside any transaction. Returns how many were sent, retried, failed, skipped, called off and taken back.
    """
    counts: Counter[str] = Counter()
    counts["retomadas"] = Mensagem.objects.reclaim(now=at_clock(), answer=INTERRUPTED, limit=limit)
    mailer = Mailer()
    done = 0
    try:
        while done < limit:
            now = at_clock()
            batch = Mensagem.objects.claim(now=now, until=now + LEASE, limit=min(BATCH, limit - done))
            if not batch or _deliver_batch(batch, mailer, at_clock, counts):
                break
            done += len(batch)
    finally:
        mailer.close()
    return counts


def _deliver_batch(
    batch: list[Mensagem], mailer: Mailer, at_clock: Callable[[], datetime], counts: Counter[str]
) -> bool:
    """Send the batch; True when the server is out of reach, and then the rest is given back untouched."""
    for place, mensagem in enumerate(batch):
        tentativa = _begin(mensagem, now=at_clock(), counts=counts)
        if tentativa is None:
            continue
        outcome = mailer.send(mensagem)
        counts[_finish(mensagem, tentativa, outcome, now=at_clock())] += 1
        if outcome.outage:
            _give_back(batch[place + 1 :], now=at_clock())
            return True
    return False


@transaction.atomic(durable=True)
def _begin(mensagem: Mensagem, *, now: datetime, counts: Counter[str]) -> Tentativa | None:
    """Compare-and-set before sending: still ours, not called off, not too late. Opens the try in the ledger."""
    mine = Mensagem.objects.filter(
        pk=mensagem.pk, situacao=Mensagem.Situacao.EM_ENVIO, reservada_ate=mensagem.reservada_ate
    )
    if mensagem.vale_ate and mensagem.vale_ate <= now:
        motivo = TOO_LATE.format(limite=_moment(mensagem.vale_ate))
        counts["puladas"] += mine.update(situacao=Mensagem.Situacao.PULADA, motivo=motivo, reservada_ate=None)
        return None
    lease = now + LEASE
    if not mine.update(reservada_ate=lease, tentativas_feitas=F("tentativas_feitas") + 1):
        counts["perdidas"] += 1
        return None
    mensagem.reservada_ate = lease
    mensagem.tentativas_feitas += 1
    return Tentativa.objects.create(mensagem=mensagem, quando=now, enviada=False)


@transaction.atomic(durable=True)
def _finish(mensagem: Mensagem, tentativa: Tentativa, outcome: Outcome, *, now: datetime) -> str:
    """Write the answer, and where the message stands now. What went out is sent, even if called off meanwhile."""
    Tentativa.objects.filter(pk=tentativa.pk).update(enviada=outcome.sent, resposta=outcome.answer[:2000])
    row = Mensagem.objects.filter(pk=mensagem.pk)
    if outcome.sent:
        row.update(situacao=Mensagem.Situacao.ENVIADA, enviada_em=now, reservada_ate=None, motivo="")
        return "enviadas"
    ours = row.filter(situacao=Mensagem.Situacao.EM_ENVIO, reservada_ate=mensagem.reservada_ate)
    due = None if outcome.permanent else next_try(done=mensagem.tentativas_feitas, now=now, cut_off=mensagem.vale_ate)
    if due is None:
        ours.update(situacao=Mensagem.Situacao.FALHOU, motivo=outcome.answer[:300], reservada_ate=None)
        return "falhas"
    ours.update(situacao=Mensagem.Situacao.PENDENTE, proxima_tentativa_em=due, reservada_ate=None)
    return "adiadas"


def _give_back(rest: list[Mensagem], *, now: datetime) -> None:
    if rest:
        Mensagem.objects.filter(
            pk__in=[row.pk for row in rest],
            situacao=Mensagem.Situacao.EM_ENVIO,
            reservada_ate=rest[0].reservada_ate,
        ).update(situacao=Mensagem.Situacao.PENDENTE, reservada_ate=None, proxima_tentativa_em=now + OUTAGE_PAUSE)


def _write(mensagem: Mensagem) -> Mensagem:
    """INSERT … ON CONFLICT DO NOTHING, then the row that is there."""
    Mensagem.objects.bulk_create([mensagem], ignore_conflicts=True)
    return Mensagem.objects.get(chave=mensagem.chave)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _moment(moment: datetime) -> str:
    return f"{localtime(moment):%d/%m/%Y às %H:%M}"
