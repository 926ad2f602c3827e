"""Reads of what lies on a desk: ready texts, drafts, other numbers, saved filters."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models

from accounts.models import CASE_READERS, User
from cases.queries.seen import seen_by

if TYPE_CHECKING:
    from cases.models import FiltroSalvo, NumeroExterno, Rascunho, TextoPadrao

    _Textos = models.QuerySet[TextoPadrao]
    _Rascunhos = models.QuerySet[Rascunho]
    _Numeros = models.QuerySet[NumeroExterno]
    _Filtros = models.QuerySet[FiltroSalvo]
else:
    _Textos = _Rascunhos = _Numeros = _Filtros = models.QuerySet


class TextoPadraoQuerySet(_Textos):
    """Ready texts; every clerk of the office uses the same."""

    def in_use(self, use: str) -> Self:
        """The texts that may be inserted there."""
        return self.filter(uso=use, aposentado_em__isnull=True)

    def visible_to(self, user: User) -> Self:
        """Everybody of the office, once logged in."""
        return self if user.papeis else self.none()


class RascunhoQuerySet(_Rascunhos):
    """Drafts; each seen by its owner alone."""

    def visible_to(self, user: User) -> Self:
        """The person's own, not registered yet."""
        return self.filter(usuario=user, atendimento__isnull=True)

    def registered(self, user: User) -> Self:
        """What the person's own pages became: each with its case."""
        return self.filter(usuario=user, atendimento__isnull=False).select_related("atendimento")

    def fresh(self, *, since: datetime) -> Self:
        """Those changed after that moment; older ones are as good as gone."""
        return self.filter(alterado_em__gt=since)


class NumeroExternoQuerySet(_Numeros):
    """Numbers of cases in other systems."""

    def visible_to(self, user: User) -> Self:
        """The numbers of the cases that `user` may see."""
        return seen_by(self, user, "atendimento__unidade_id")

    def standing(self) -> Self:
        """Those that nobody took back."""
        return self.filter(retirado_em__isnull=True)


class FiltroSalvoQuerySet(_Filtros):
    """Filters that people keep."""

    def usable_by(self, user: User) -> Self:
        """One's own, and those that a coordenador shared with an unidade where one reads cases."""
        shared = models.Q(unidade__in=user.unidades_com(CASE_READERS))
        return self.filter(models.Q(dono=user) | shared)
