"""Reads of terms."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from deadlines.models import Prazo

    _Prazos = models.QuerySet[Prazo]
else:
    _Prazos = models.QuerySet


class PrazoQuerySet(_Prazos):
    """Stored terms."""

    def touched_by(self, first: date, last: date) -> Self:
        """The terms that a day or window decreed late may move: those running on one of its days."""
        return self.filter(inicio__lt=last, vence_em__gte=first)
