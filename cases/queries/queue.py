"""Reads of the walk-in queue."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models

from accounts.models import Papel, User

if TYPE_CHECKING:
    from cases.models import Senha

    _Senhas = models.QuerySet[Senha]
else:
    _Senhas = models.QuerySet


class SenhaQuerySet(_Senhas):
    """Tickets of the walk-in queue."""

    def at_counters_of(self, user: User) -> Self:
        """The tickets of the unidades where `user` works at the counter."""
        return self.filter(unidade__in=user.unidades_com({Papel.ATENDENTE, Papel.COORDENADOR}))

    def on_day(self, day: date) -> Self:
        """One day's tickets."""
        return self.filter(dia=day)

    def waiting(self) -> Self:
        """Who was not called yet, in the order of the law, then of arrival."""
        return self.filter(chamada_em__isnull=True).order_by("ordem", "numero")

    def called(self) -> Self:
        """Who was called, the last one first."""
        return self.filter(chamada_em__isnull=False).order_by("-ultima_chamada_em", "-numero")

    def in_hand(self, user: User) -> Self:
        """What this person called and did not end."""
        return self.filter(por=user, chamada_em__isnull=False, concluida_em__isnull=True, desistiu_em__isnull=True)
