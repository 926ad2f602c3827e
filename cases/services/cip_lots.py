"""Batches of CIPs that outlive the page: asked for at once, done in the background, each item once."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from accounts.models import User
from cases.models import CIP, ItemDoLote, Lote, Reclamado
from cases.services.cip import check_result
from cases.services.cip_batches import CHUNK, GONE, Outcome, acknowledge_cips, close_cips, issue_cips, send_cips
from workflow.errors import ContentRefused, NoRoom, Refusal
from workflow.integrity import whole

logger = logging.getLogger(__name__)

#: So many at once, and no more.
MOST = 500
FAILED = "Não foi possível por uma falha do sistema. Tente este pelo caso; se falhar de novo, avise o administrador."


@whole
def ask_issue(*, reclamados: Sequence[Reclamado], by: User, at: datetime) -> Lote:
    """Ask for a CIP to each of these reclamados; each is checked when its turn comes."""
    return _ask(Lote(ato=Lote.Ato.EMITIR, por=by, criado_em=at), [ItemDoLote(reclamado=item) for item in reclamados])


@whole
def ask_sending(*, cips: Sequence[CIP], rastreios: Mapping[int, str], meio: str, by: User, at: datetime) -> Lote:
    """Ask that these CIPs be recorded as sent by `meio`, with the tracking numbers (by the CIP's key) there are."""
    if meio not in CIP.Meio.values:
        raise ContentRefused(
            "Escolha como as CIPs foram enviadas: AR, e-mail, eletrônica ou em mãos.",
            errors={"meio": "Escolha o meio."},
        )
    items = [
        ItemDoLote(reclamado_id=cip.reclamado_id, cip=cip, rastreio=rastreios.get(cip.pk, "").strip()[:20])
        for cip in cips
    ]
    return _ask(Lote(ato=Lote.Ato.ENVIAR, meio=meio, por=by, criado_em=at), items)


@whole
def ask_receipt(*, cips: Sequence[CIP], dias: Mapping[int, date], by: User, at: datetime) -> Lote:
    """Ask that the proven receipt of these CIPs be recorded, each on its own day (by the CIP's key)."""
    if any(cip.pk not in dias for cip in cips):
        raise ContentRefused("Escreva a data da ciência de cada CIP.", errors={"on": "Falta a data de alguma CIP."})
    items = [ItemDoLote(reclamado_id=cip.reclamado_id, cip=cip, ciencia_em=dias[cip.pk]) for cip in cips]
    return _ask(Lote(ato=Lote.Ato.CIENCIA, por=by, criado_em=at), items)


@whole
def ask_closing(*, cips: Sequence[CIP], resultado: str, by: User, at: datetime) -> Lote:
    """Ask that these CIPs be closed, all with one resultado."""
    check_result(resultado)
    items = [ItemDoLote(reclamado_id=cip.reclamado_id, cip=cip) for cip in cips]
    return _ask(Lote(ato=Lote.Ato.BAIXA, resultado=resultado, por=by, criado_em=at), items)


def run_lots(*, at_clock: Callable[[], datetime]) -> int:
    """Do what waits in any batch, a chunk in a transaction. Returns how many items had their turn.

    May run twice, and be killed: an item's outcome is written with its act, and whoever comes second passes over
    what another holds.
    """
    done = 0
    while turn := _run_chunk(at_clock):
        done += turn
    return done


def _ask(lote: Lote, items: list[ItemDoLote]) -> Lote:
    if not items:
        raise ContentRefused("Marque ao menos uma linha.", errors={"itens": "Marque ao menos uma linha."})
    if len(items) > MOST:
        raise ContentRefused(f"São mais de {MOST}. Marque menos de cada vez.", errors={"itens": "Marque menos."})
    lote.save(force_insert=True)
    for place, item in enumerate(items, start=1):
        item.lote, item.ordem = lote, place
    ItemDoLote.objects.bulk_create(items)
    return lote


@whole
def _run_chunk(at_clock: Callable[[], datetime]) -> int:
    waiting = ItemDoLote.objects.filter(feito_em__isnull=True).select_related("lote__por").order_by("lote", "ordem")
    found = list(waiting.select_for_update(of=("self",), skip_locked=True)[:CHUNK])
    items = [item for item in found if item.lote_id == found[0].lote_id]
    if not items:
        return 0
    at = at_clock()
    for item, outcome in zip(items, _outcomes(items, at=at), strict=True):
        item.feito_em, item.recusa, item.cip = at, outcome.motivo, outcome.cip or item.cip
    ItemDoLote.objects.bulk_update(items, ["feito_em", "recusa", "cip"])
    return len(items)


def _outcomes(items: Sequence[ItemDoLote], *, at: datetime) -> list[Outcome]:
    """All together; one by one where something broke, so that one that cannot be done does not hold up the rest."""
    try:
        return _do(items, at=at)
    except NoRoom:
        raise  # none of them can be done now; all wait for room
    except Exception as error:
        logger.error("lote %s: %s", items[0].lote_id, type(error).__name__)
        if len(items) == 1:
            return [Outcome(items[0].pk, None, error.message if isinstance(error, Refusal) else FAILED)]
    return [_outcomes([item], at=at)[0] for item in items]


@whole
def _do(items: Sequence[ItemDoLote], *, at: datetime) -> list[Outcome]:
    lote = items[0].lote
    if lote.ato == Lote.Ato.EMITIR:
        return issue_cips(reclamados=[item.reclamado_id for item in items], by=lote.por, at=at)
    mine = {item.cip_id: item for item in items if item.cip_id}
    done = {outcome.numero: outcome for outcome in _act(lote, mine, at=at)}
    return [done.get(item.cip_id or 0, Outcome(0, None, GONE)) for item in items]


def _act(lote: Lote, items: Mapping[int, ItemDoLote], *, at: datetime) -> list[Outcome]:
    """The batch's act on these CIPs (by key)."""
    if lote.ato == Lote.Ato.ENVIAR:
        numbers = {key: item.rastreio for key, item in items.items()}
        return send_cips(rastreios=numbers, meio=lote.meio, by=lote.por, at=at)
    if lote.ato == Lote.Ato.CIENCIA:
        days = {key: item.ciencia_em for key, item in items.items() if item.ciencia_em}
        return acknowledge_cips(dias=days, by=lote.por, at=at)
    return close_cips(cips=list(items), resultado=lote.resultado, by=lote.por, at=at)
