"""Telling the parties of a booked hearing: a transaction of its own, right after the booking's.

Typesetting takes many times as long as booking, and nobody else should wait for it while times are taken. The booking
leaves `avisada_em` empty, and that is the debt: whoever asked for the booking pays it at once, and what was interrupted
is found by query every minute. The hearing's row is locked while it is paid, so that it is paid once.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery

from accounts.models import User
from hearings.models import Audiencia
from hearings.services.booking import locked_cases, tell_deadlock
from hearings.services.notices import issue_notices, to_tell
from workflow.models import Evento

logger = logging.getLogger(__name__)

#: So many hearings of a mutirão are told in one transaction; their cases are locked for about a second.
TOGETHER = 20


def announce(*, audiencias: Sequence[Audiencia], by: User, at: datetime) -> bool:
    """Make the notices of hearings that were just booked; whether all are made.

    Never refuses: the bookings stand, and what fails here is logged and made by the minute's task.
    """
    told = True
    for first in range(0, len(audiencias), TOGETHER):
        told &= _tried(audiencias[first : first + TOGETHER], by=by, at=at)
    return told


def announce_waiting(*, at: datetime) -> int:
    """Make the notices that a booking still owes, in the name of who booked; how many hearings. May run twice.

    One after another, so that one that fails keeps no other waiting.
    """
    booked = Evento.objects.filter(objeto="hearings.audiencia", objeto_id=OuterRef("pk"), ato="AGENDAR")
    waiting = Audiencia.objects.to_announce(at=at).annotate(por=Subquery(booked.values("autor")[:1]))
    rows = list(waiting.order_by("inicio", "pk"))
    people = User.objects.in_bulk([row.por for row in rows if row.por])
    return sum(_tried([row], by=people.get(row.por) or User.objects.system(), at=at) for row in rows)


def _tried(audiencias: Sequence[Audiencia], *, by: User, at: datetime) -> bool:
    try:
        _announce(audiencias, by=by, at=at)
    except Exception as error:  # the booking stands whatever happens to its letters; the minute's task tries again
        keys = ", ".join(str(row.pk) for row in audiencias)
        logger.error("audiências %s ainda sem avisos: %s", keys, type(error).__name__)
        return False
    return True


@tell_deadlock
@transaction.atomic
def _announce(audiencias: Sequence[Audiencia], *, by: User, at: datetime) -> None:
    """Issue letters, messages and reminders of those that still owe them; all or none."""
    cases = locked_cases({row.atendimento_id for row in audiencias})
    due = Audiencia.objects.to_announce(at=at).filter(pk__in=[row.pk for row in audiencias])
    due = due.select_related("sala", "conciliador", "anterior").order_by("pk")
    rows = list(due.select_for_update(of=("self",), no_key=True).prefetch_related("reclamados"))
    if not rows:
        return
    for row in rows:
        row.atendimento = cases[row.atendimento_id]
    suppliers = to_tell([party.pk for row in rows for party in row.reclamados.all()])
    called = {row.pk: [suppliers[party.pk] for party in row.reclamados.all()] for row in rows}
    issue_notices(rows, called, by=by, at=at)
    Audiencia.objects.filter(pk__in=called).update(avisada_em=at)
    for row in audiencias:
        if row.pk in called:
            row.avisada_em = at
