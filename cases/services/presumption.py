"""The electronic CIP that nobody opens: after the days of the term of enrolment its receipt is presumed."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from accounts.models import User
from cases.models import CIP
from cases.services.cip import PRESUMPTION, acknowledge_cip
from deadlines.models import Prazo
from deadlines.services import Counting, Known, counting
from deadlines.services.terms import hold_calendar
from parties.models import AdesaoCipEletronica
from workflow.errors import Refusal
from workflow.integrity import whole

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Presumption:
    """The day on whose end a closed CIP counts as received, and how that day was found, in words."""

    cip: CIP
    on: date
    words: str


def presumption_of(cip: CIP, count: Counting | None = None) -> Presumption | None:
    """When this CIP's receipt will be presumed if nobody opens it; None where the office presumes none.

    Only of one sent electronically and not opened, by the rule in force on the day on which it was sent; not where
    the calendar lacks the year.
    """
    if cip.status != CIP.Status.ENVIADA or cip.meio != CIP.Meio.PORTAL:
        return None
    count, sent = count or counting(PRESUMPTION), timezone.localdate(cip.enviada_em)
    rule = count.rule(on=sent)
    if rule is None:
        return None
    try:
        term = count.basis.term(rule, sent)
    except Refusal as refusal:
        logger.error("cip %s: %s", cip.pk, refusal.message)
        return None
    return Presumption(cip, term.ends, term.explanation)


def presumptions_of(cips: Iterable[CIP], known: Known) -> dict[int, Presumption]:
    """The same for many, by the CIP's key; what they are counted with is read only where any needs it."""
    closed = [cip for cip in cips if cip.status == CIP.Status.ENVIADA and cip.meio == CIP.Meio.PORTAL]
    if not closed:
        return {}
    count = known.counting(PRESUMPTION)
    return {cip.pk: found for cip in closed if (found := presumption_of(cip, count))}


def presume_receipts(*, today: date, at: datetime) -> int:
    """Presume the receipt of every electronic CIP that stayed closed to the end of its days; returns how many.

    Only where the supplier's enrolment was in force on the last of them. Each in its own transaction; may run twice,
    and beside a supplier who opens the letter: the compare-and-set lets one of them win.
    """
    closed = CIP.objects.unopened().select_related("reclamado__fornecedor", "reclamado__atendimento__historico")
    count = counting(PRESUMPTION)
    if not count.versions:
        return 0
    found = (presumption_of(cip, count) for cip in closed.order_by("enviada_em", "pk"))
    due = [item for item in found if item and item.on < today]
    return sum(_presume(item, count, at=at) for item in _promised(due))


def _promised(due: Collection[Presumption]) -> Iterable[Presumption]:
    """Those whose supplier had a term of enrolment in force on the presumed day; one read for all."""
    terms: dict[int, list[AdesaoCipEletronica]] = {}
    for term in AdesaoCipEletronica.objects.filter(fornecedor__in={_who_signed(item.cip) for item in due}):
        terms.setdefault(term.fornecedor_id, []).append(term)
    return [item for item in due if any(term.in_force_on(item.on) for term in terms.get(_who_signed(item.cip), []))]


def _who_signed(cip: CIP) -> int:
    supplier = cip.reclamado.fornecedor
    return supplier.fundido_em_id or supplier.pk


def _presume(found: Presumption, count: Counting, *, at: datetime) -> int:
    try:
        _receive(found, count, at=at)
    except Refusal as refusal:
        logger.info("cip %s: %s", found.cip.pk, refusal.message)
        return 0
    return 1


@whole
def _receive(found: Presumption, count: Counting, *, at: datetime) -> None:
    hold_calendar(to_change=False)
    acknowledge_cip(cip=found.cip, on=found.on, by=User.objects.system(), at=at, presumed=found.words)
    _keep(found, count, at=at)


def _keep(found: Presumption, count: Counting, *, at: datetime) -> Prazo:
    """The days that passed stay among the case's terms, with the version of the rule by which they were counted."""
    term = count.new(found.cip.historico_id, start=timezone.localdate(found.cip.enviada_em))
    term.cumprido_em = at
    term.save(force_insert=True)
    return term
