"""The next free times of one case, with all that its parties said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils.timezone import localtime

from cases.models import Atendimento, Reclamado
from hearings.models import Audiencia
from hearings.services.checks import first_day
from hearings.services.ground import impediments_of
from hearings.services.slots import Slot, Wish, free_slots

#: So many free times are shown to a party that asks for another date, of so many that are looked at.
SHOWN, LOOKED_AT = 8, 60


def times_to_wish(audiencia: Audiencia, *, today: date) -> list[datetime]:
    """A few free times for a party that asks for another date: the first of each half-day, soonest first."""
    found = next_slots(
        atendimento=audiencia.atendimento,
        start=first_day(today=today),
        limit=LOOKED_AT,
        modalidade=audiencia.modalidade,
        reclamados=list(audiencia.reclamados.all()),
    )
    firsts: dict[tuple[date, bool], datetime] = {}
    for slot in found:
        local = localtime(slot.inicio)
        firsts.setdefault((local.date(), local.hour < 12), slot.inicio)
    return list(firsts.values())[:SHOWN]


def next_slots(
    *,
    atendimento: Atendimento,
    start: date,
    limit: int,
    after: datetime | None = None,
    modalidade: str = Audiencia.Modalidade.PRESENCIAL,
    reclamados: Sequence[Reclamado] | None = None,
    length: timedelta | None = None,
    wish: Wish | None = None,
) -> list[Slot]:
    """Free times for this case from `start` on: neither the consumer nor a called supplier said that they cannot.

    All of the case's suppliers are called unless `reclamados` says otherwise. The case's priority by law counts.
    """
    called = None if reclamados is None else {item.pk for item in reclamados}
    unable = [
        row.rule
        for row in impediments_of([atendimento]).get(atendimento.pk, [])
        if row.reclamado_id is None or called is None or row.reclamado_id in called
    ]
    return free_slots(
        unidade=atendimento.unidade,
        start=start,
        limit=limit,
        after=after,
        modalidade=modalidade,
        consumidor=atendimento.consumidor,
        length=length,
        wish=wish,
        unable=unable,
        prioridade=atendimento.prioridade,
    )
