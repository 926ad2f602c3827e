"""Delivering what is due.

Delivery is at-least-once with a narrow seam: each process sends one message at a time and commits after each, so a
process killed between the server's «250» and that commit sends one message again, under the same Message-ID. Writing
the answer of one message and beginning the next is one commit.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.timezone import get_default_timezone, localtime

from notifications.models import Mensagem, Tentativa
from notifications.queries import MensagemQuerySet
from notifications.rules import BATCH, BUDGET, LEASE, OUTAGE_PAUSE, Quiet, next_try, parse_quiet
from notifications.transport import Carrier, Outcome, carrier_of

INTERRUPTED = "Interrompida: o processo parou durante o envio. A mensagem pode ter saído e será tentada de novo."
TOO_LATE = "Passou o momento até o qual fazia sentido ({limite})."
OVERTAKEN = "Ultrapassada por «{assunto}», que já era devida em {quando}: uma só lembrança basta."
QUIET = "As horas de silêncio vão até {fim}, e depois de {limite} não faria mais sentido."
#: What one run takes back from dead processes at most; the next run takes the rest.
RECLAIMED = 1000

Situacao = Mensagem.Situacao
#: Reminders that agree in these are of one thing to one party: the closer overtakes the farther.
_SAME = ("referencia", "versao", "parte", "contato", "tipo", "canal")
_Reminders = dict[tuple[str | int, ...], list[tuple[datetime, str]]]


@dataclass(frozen=True, slots=True)
class _Sent:
    """A message that was handed over, whose answer is not yet written."""

    mensagem: Mensagem
    tentativa: int
    outcome: Outcome


def deliver_due(
    *,
    at_clock: Callable[[], datetime],
    canais: Iterable[str] = tuple(Mensagem.Canal.values),
    budget: timedelta = BUDGET,
) -> Counter[str]:
    """Send what is due by these channels, committing after each message; may run twice and in parallel.

    Must run outside any transaction. Stops after `budget`. Returns how many were sent, retried, failed, skipped, put
    off, called off and taken back.
    """
    counts: Counter[str] = Counter()
    counts["retomadas"] = Mensagem.objects.reclaim(now=at_clock(), answer=INTERRUPTED, limit=RECLAIMED)
    end = at_clock() + budget
    for canal in canais:
        carrier = carrier_of(canal)
        try:
            _drain(canal, carrier, at_clock, end, counts)
        finally:
            carrier.close()
    return counts


def _drain(canal: str, carrier: Carrier, at_clock: Callable[[], datetime], end: datetime, counts: Counter[str]) -> None:
    while (now := at_clock()) < end:
        batch = Mensagem.objects.claim(canal=canal, now=now, until=now + LEASE, limit=BATCH)
        if not batch or _deliver_batch(batch, carrier, at_clock, counts):
            return


def _deliver_batch(
    batch: list[Mensagem], carrier: Carrier, at_clock: Callable[[], datetime], counts: Counter[str]
) -> bool:
    """Send the batch; True when the server is out of reach, and then the rest is given back untouched."""
    quiet, closer = parse_quiet(settings.PROCON["SILENCIO"], get_default_timezone()), _reminders_beside(batch)
    sent: _Sent | None = None
    for place, mensagem in enumerate(batch):
        now = at_clock()
        with transaction.atomic(durable=True):
            _finish(sent, now=now, counts=counts)
            sent = None
            tentativa = _begin(mensagem, quiet, closer, now=now, counts=counts)
        if tentativa is None:
            continue
        outcome = carrier.send(mensagem)
        sent = _Sent(mensagem, tentativa, outcome)
        if outcome.outage:
            _give_back(batch[place + 1 :], now=at_clock())
            break
    with transaction.atomic(durable=True):
        _finish(sent, now=at_clock(), counts=counts)
    return bool(sent and sent.outcome.outage)


def _begin(
    mensagem: Mensagem, quiet: Quiet | None, closer: _Reminders, *, now: datetime, counts: Counter[str]
) -> int | None:
    """Compare-and-set before sending: still ours, not called off, not too late. Opens the try in the ledger."""
    silent_until = quiet.end(now) if quiet and mensagem.fora_do_silencio else None
    reason = _reason_to_skip(mensagem, silent_until, closer, now=now)
    if reason:
        counts["puladas"] += _ours(mensagem).update(situacao=Situacao.PULADA, motivo=reason[:300], reservada_ate=None)
        return None
    if silent_until:
        later = {"situacao": Situacao.PENDENTE, "proxima_tentativa_em": silent_until, "reservada_ate": None}
        counts["em_silencio"] += _ours(mensagem).update(**later)
        return None
    lease = now + LEASE
    tentativa = Mensagem.objects.open_try(mensagem=mensagem, lease=lease, now=now)
    if tentativa is None:
        counts["perdidas"] += 1
        return None
    mensagem.reservada_ate = lease
    mensagem.tentativas_feitas += 1
    return tentativa


def _ours(mensagem: Mensagem) -> MensagemQuerySet:
    """The message's row, as long as its lease is the one that we hold."""
    return Mensagem.objects.filter(pk=mensagem.pk, situacao=Situacao.EM_ENVIO, reservada_ate=mensagem.reservada_ate)


def _reminders_beside(batch: list[Mensagem]) -> _Reminders:
    """The reminders to the same parties of the same dates as those of this batch, by one read: when due, and called."""
    found: _Reminders = defaultdict(list)
    wanted = {row.referencia for row in batch if row.vez}
    if wanted:
        standing = Mensagem.objects.filter(
            referencia__in=wanted, situacao__in=[Situacao.PENDENTE, Situacao.EM_ENVIO, Situacao.ENVIADA]
        )
        for *key, due, called in standing.values_list(*_SAME, "devida_em", "assunto"):
            found[tuple(key)].append((due, called))
    return found


def _reason_to_skip(mensagem: Mensagem, silent_until: datetime | None, closer: _Reminders, *, now: datetime) -> str:
    """Why this message makes no more sense: too late, overtaken by a closer reminder, or too late after the quiet."""
    limit = mensagem.vale_ate
    if limit and limit <= now:
        return TOO_LATE.format(limite=_moment(limit))
    if limit and silent_until and limit <= silent_until:
        return QUIET.format(fim=_moment(silent_until), limite=_moment(limit))
    if not mensagem.vez:
        return ""
    beside = closer.get(tuple(getattr(mensagem, name) for name in _SAME), ())
    due, called = max((one for one in beside if mensagem.devida_em < one[0] <= now), default=(None, ""))
    return OVERTAKEN.format(assunto=called[:120], quando=_moment(due)) if due else ""


def _finish(sent: _Sent | None, *, now: datetime, counts: Counter[str]) -> None:
    """Write the answer, and where the message stands now. What went out is sent, even if called off meanwhile."""
    if sent is None:
        return
    mensagem, outcome, answer = sent.mensagem, sent.outcome, sent.outcome.answer[:2000]
    if outcome.sent:
        Mensagem.objects.settle_sent(mensagem=mensagem.pk, tentativa=sent.tentativa, answer=answer, now=now)
        counts["enviadas"] += 1
        return
    counts[_put_off(mensagem, outcome, now=now)] += 1
    # After the message, as `reclaim` does it: the other way round the two could wait for each other.
    Tentativa.objects.filter(pk=sent.tentativa).update(enviada=False, resposta=answer)


def _put_off(mensagem: Mensagem, outcome: Outcome, *, now: datetime) -> str:
    """Where a message that did not go out stands now; what that is called in the counts."""
    ours, due = _ours(mensagem), None
    if not outcome.permanent:
        limit, asked = mensagem.vale_ate, outcome.retry_after
        due = next_try(done=mensagem.tentativas_feitas, now=now, cut_off=limit, asked=asked)
    if due is None:
        ours.update(situacao=Situacao.FALHOU, motivo=outcome.answer[:300], reservada_ate=None)
        return "falhas"
    ours.update(situacao=Situacao.PENDENTE, proxima_tentativa_em=due, reservada_ate=None)
    return "adiadas"


def _give_back(rest: list[Mensagem], *, now: datetime) -> None:
    if rest:
        ours = Mensagem.objects.filter(
            pk__in=[row.pk for row in rest], situacao=Situacao.EM_ENVIO, reservada_ate=rest[0].reservada_ate
        )
        with transaction.atomic(durable=True):
            ours.in_order().update(
                situacao=Situacao.PENDENTE, reservada_ate=None, proxima_tentativa_em=now + OUTAGE_PAUSE
            )


def _moment(moment: datetime) -> str:
    return f"{localtime(moment):%d/%m/%Y às %H:%M}"
