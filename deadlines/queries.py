"""Reads of terms."""

from __future__ import annotations

from collections.abc import Iterable
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

    def running(self) -> Self:
        """The terms that still run: not fulfilled, whether or not their last day has passed."""
        return self.filter(cumprido_em__isnull=True)

    def holding(self, histories: Iterable[int]) -> Self:
        """The terms of these cases, each case's history locked by the same statement before its term is changed.

        That is the order in which everybody locks (docs/concepts.md), so that nobody waits in a circle.
        """
        heads = self.model._meta.get_field("historico").related_model._base_manager
        held = heads.filter(pk__in=list(histories)).select_for_update(no_key=True)
        return self.filter(historico__in=held.values("pk"))

    def overdue(self, *, today: date) -> Self:
        """The running terms whose last day has passed."""
        return self.running().filter(vence_em__lt=today)

    def due_by(self, day: date) -> Self:
        """The running terms whose last day is `day` or came before it."""
        return self.running().filter(vence_em__lte=day)

    def touched_by(self, first: date, last: date) -> Self:
        """The terms that a day or window decreed late may move: running ones that hold one of its days."""
        return self.running().filter(inicio__lt=last, vence_em__gte=first)
