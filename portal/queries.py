"""Reads of the portal's own rows, starting from who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from accounts.models import Papel, User

if TYPE_CHECKING:
    from portal.models import Integracao

    _Integracoes = models.QuerySet[Integracao]
else:
    _Integracoes = models.QuerySet


class IntegracaoQuerySet(_Integracoes):
    """The programs that call the API."""

    def visible_to(self, user: User) -> Self:
        """Those that register in a unidade where `user` is administrador."""
        mine = user.unidades_com([Papel.ADMINISTRADOR])
        registers = models.Exists(
            user.atribuicoes.model.objects.filter(
                user=models.OuterRef("user"), papel=Papel.INTEGRACAO, unidade__in=mine
            )
        )
        return self.filter(registers)
