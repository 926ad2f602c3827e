"""Reads of hearings, starting from who asks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Self

from django.db import connection, models
from django.utils import timezone

from accounts.models import CASE_READERS, SYSTEM_LOGIN, User

if TYPE_CHECKING:
    from hearings.models import Audiencia, Reserva

    _Audiencias = models.QuerySet[Audiencia]
    _Reservas = models.QuerySet[Reserva]
else:
    _Audiencias = _Reservas = models.QuerySet

#: The states in which a hearing is still to come.
PENDING = ("agendada", "notificada", "confirmada")

# One statement, rows in a fixed order. ON CONFLICT waits for whoever holds the resource without an outcome yet, and
# then leaves out what is taken; two plain INSERTs would see each other's rows and deadlock instead.
TAKE = """
INSERT INTO hearings_reserva (audiencia_id, recurso, durante)
SELECT %(audiencia)s, recurso, tstzrange(%(start)s, %(end)s, '[)') FROM unnest(%(resources)s::text[]) AS recurso
ON CONFLICT DO NOTHING RETURNING recurso
"""


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Local midnight to local midnight."""
    return (
        timezone.make_aware(datetime.combine(day, time.min)),
        timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)),
    )


class AudienciaQuerySet(_Audiencias):
    """Hearings."""

    def visible_to(self, user: User) -> Self:
        """The hearings of the unidades where `user` holds a papel that reads cases; the system reads everywhere."""
        if user.usuario == SYSTEM_LOGIN:
            return self
        return self.filter(atendimento__unidade_id__in=user.unidades_com(CASE_READERS))

    def on_day(self, day: date) -> Self:
        """Hearings that begin on this local day."""
        start, end = day_bounds(day)
        return self.filter(inicio__gte=start, inicio__lt=end)

    def pending(self) -> Self:
        """Hearings still to come: neither held, moved nor cancelled."""
        return self.filter(status__in=PENDING)

    def of_closed_cases(self) -> Self:
        """Pending hearings whose case was closed meanwhile."""
        return self.pending().filter(atendimento__status="encerrado")

    def with_everything(self) -> Self:
        """With the rows that a page of hearings shows."""
        return self.select_related(
            "atendimento__unidade", "atendimento__consumidor", "sala", "conciliador"
        ).prefetch_related("reclamados__fornecedor")


class ReservaQuerySet(_Reservas):
    """What is taken, and when."""

    def meeting(self, start: datetime, end: datetime) -> Self:
        """Reservations that share a moment with [start, end)."""
        return self.filter(durante__overlap=(start, end))

    def take(self, *, audiencia: int, resources: list[str], start: datetime, end: datetime) -> list[str]:
        """Reserve every resource for [start, end); returns those that were taken already, by the constraint's word."""
        ordered = sorted(resources)
        with connection.cursor() as cursor:
            cursor.execute(TAKE, {"audiencia": audiencia, "start": start, "end": end, "resources": ordered})
            got = {row[0] for row in cursor.fetchall()}
        return [resource for resource in ordered if resource not in got]
