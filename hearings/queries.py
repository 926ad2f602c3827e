"""Reads of hearings, starting from who asks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

from accounts.models import CASE_READERS, User

if TYPE_CHECKING:
    _Audiencias = models.QuerySet["Audiencia"]
else:
    _Audiencias = models.QuerySet


class AudienciaQuerySet(_Audiencias):
    """Hearings."""

    def visible_to(self, user: User) -> Self:
        """The hearings of the unidades where `user` holds a papel that reads cases."""
        return self.filter(atendimento__unidade_id__in=user.unidades_com(CASE_READERS))

    def on_day(self, day: date) -> Self:
        """Hearings that begin on this local day."""
        start = timezone.make_aware(datetime.combine(day, time.min))
        return self.filter(inicio__gte=start, inicio__lt=start + timedelta(days=1))
