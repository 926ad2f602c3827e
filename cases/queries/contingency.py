"""Reads of the numbered blank forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from accounts.models import Papel, User

if TYPE_CHECKING:
    from cases.models import FormularioDeContingencia

    _Formularios = models.QuerySet[FormularioDeContingencia]
else:
    _Formularios = models.QuerySet


class FormularioQuerySet(_Formularios):
    """Blank forms, typed in or not."""

    def visible_to(self, user: User) -> Self:
        """Those of the unidades where `user` works at the counter."""
        return self.filter(unidade__in=user.unidades_com({Papel.ATENDENTE, Papel.COORDENADOR}))

    def blank(self) -> Self:
        """Those that wait in the drawer, or on a desk, to be typed in."""
        return self.filter(atendimento__isnull=True, anulado_em__isnull=True)

    def between(self, first: str, last: str) -> Self:
        """The run of numbers from `first` to `last`: of one unidade and year they sort as they were given."""
        return self.filter(codigo__gte=first, codigo__lte=last).order_by("codigo")

    def for_list(self) -> Self:
        """With everybody who is named beside them."""
        return self.select_related("unidade", "reservado_por", "digitado_por", "anulado_por", "atendimento")
