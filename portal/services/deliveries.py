"""Delivering what webhooks are owed.

At least once, each time under the same webhook-id: one delivery at a time, taken by a lease, settled in a commit of its
own. A process killed between the receiver's answer and that commit sends this one delivery again.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from portal.models import Entrega, Webhook
from portal.rules.addresses import target_of
from portal.rules.events import resource_of
from portal.rules.retries import BUDGET, KEPT_FOR, LEASE, OUTAGE_PAUSE, next_try
from portal.rules.signing import signed
from portal.services.webhooks import allowed_networks, keys_of
from portal.transport import Outcome, post

INTERRUPTED = "Interrompida: o processo parou durante o envio. O aviso pode ter chegado e será repetido."
ABANDONED = "O webhook deixou de valer antes desta entrega."
SWITCHED_OFF = "O destino respondeu 410: não quer mais avisos."

Situacao = Entrega.Situacao


def deliver_due(*, at_clock: Callable[[], datetime], budget: timedelta = BUDGET) -> Counter[str]:
    """Send what is due, committing after each delivery; may run twice and in parallel, outside any transaction.

    Stops after `budget`. Returns how many were delivered, put off, given up, taken back and abandoned.
    """
    counts: Counter[str] = Counter()
    start = at_clock()
    counts["retomadas"] = Entrega.objects.reclaim(now=start, answer=INTERRUPTED)
    counts["abandonadas"] = Entrega.objects.abandon(now=start, why=ABANDONED)
    served = 0
    while (now := at_clock()) < start + budget:
        entrega = Entrega.objects.claim(now=now, until=now + LEASE, after=served)
        if entrega is None:
            break
        served = entrega.webhook_id
        outcome = _send(entrega, now=now)
        with transaction.atomic(durable=True):
            counts[_settle(entrega, outcome, now=at_clock())] += 1
    return counts


def forget_deliveries(*, at: datetime) -> int:
    """Delete what was settled thirty days ago or earlier; returns how many."""
    old = Entrega.objects.filter(concluida_em__lte=at - KEPT_FOR)
    return int(old.delete()[0])


def body_of(entrega: Entrega) -> bytes:
    """What is told: the envelope of Standard Webhooks, with nobody's data. The same bytes at every try."""
    site = str(settings.PROCON["SITE"]).rstrip("/")
    told = {
        "type": entrega.tipo,
        "timestamp": timezone.localtime(entrega.ocorrido_em).isoformat(timespec="seconds"),
        "data": {
            "protocolo": entrega.protocolo or None,
            "sequencia": entrega.sequencia,
            "recurso": site + resource_of(entrega.tipo, entrega.protocolo, entrega.objeto_id),
        },
    }
    return json.dumps(told, ensure_ascii=True).encode()


def identity_of(entrega: Entrega) -> str:
    """The webhook-id: the same at every try, and when it is sent again."""
    return f"msg_{entrega.codigo}"


def _send(entrega: Entrega, *, now: datetime) -> Outcome:
    webhook, body = entrega.webhook, body_of(entrega)
    try:
        keys = keys_of(webhook, at=now)
        target = target_of(webhook.url)
    except ValueError as reason:
        return Outcome(taken=False, answer=str(reason), outage=True)
    headers = signed(body, identity=identity_of(entrega), seconds=int(now.timestamp()), keys=keys)
    headers |= {"content-type": "application/json", "user-agent": "Procon-Webhooks/1"}
    return post(target, body, headers, allowed=allowed_networks())


def _settle(entrega: Entrega, outcome: Outcome, *, now: datetime) -> str:
    """Write what came of it; what that is called in the counts. A delivery that arrived is delivered, whatever else."""
    mine = Entrega.objects.filter(pk=entrega.pk)
    done = {"resposta": outcome.answer[:300], "reservada_ate": None}
    if outcome.taken:
        mine.update(situacao=Situacao.ENTREGUE, motivo="", concluida_em=now, **done)
        if entrega.webhook.pausado_ate:
            Webhook.objects.filter(pk=entrega.webhook_id).update(pausado_ate=None)
        return "entregues"
    if outcome.gone:
        _switch_off(entrega.webhook_id, now=now)
    if outcome.outage:
        Webhook.objects.filter(pk=entrega.webhook_id).update(pausado_ate=now + OUTAGE_PAUSE)
    mine = mine.filter(situacao=Situacao.EM_ENVIO, reservada_ate=entrega.reservada_ate)
    due = None if outcome.gone else _next(entrega, outcome, now=now)
    if due is None:
        mine.update(situacao=Situacao.FALHOU, motivo=outcome.answer[:300], concluida_em=now, **done)
        return "falhas"
    mine.update(situacao=Situacao.PENDENTE, proxima_tentativa_em=due, **done)
    return "adiadas"


def _next(entrega: Entrega, outcome: Outcome, *, now: datetime) -> datetime | None:
    first = entrega.primeira_tentativa_em or now
    chance = random.random()  # noqa: S311  spreads load, guards nothing
    return next_try(done=entrega.tentativas, first=first, now=now, chance=chance, asked=outcome.retry_after)


def _switch_off(webhook: int, *, now: datetime) -> None:
    """410: it is told of nothing more, and what waits for it fails, to be sent again when somebody asks for it."""
    live = Webhook.objects.filter(pk=webhook, situacao=Webhook.Situacao.ATIVO)
    if live.update(situacao=Webhook.Situacao.DESATIVADO, motivo=SWITCHED_OFF):
        waiting = Entrega.objects.filter(webhook_id=webhook, situacao=Situacao.PENDENTE)
        waiting.update(situacao=Situacao.FALHOU, motivo=SWITCHED_OFF, concluida_em=now)
