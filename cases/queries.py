"""Reads of cases, starting from who asks. A case that one may not see does not exist for one (404)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import models

from accounts.models import CASE_READERS, SYSTEM_LOGIN, User

if TYPE_CHECKING:
    _Atendimentos = models.QuerySet["Atendimento"]
    _Reclamados = models.QuerySet["Reclamado"]
    _CIPs = models.QuerySet["CIP"]
else:
    _Atendimentos = _Reclamados = _CIPs = models.QuerySet


def _seen_by(queryset: Any, user: User, path: str) -> Any:
    """Narrow to the unidades where the user reads cases; the system reads everywhere."""
    if user.usuario == SYSTEM_LOGIN:
        return queryset
    return queryset.filter(**{f"{path}__in": user.unidades_com(CASE_READERS)})


class AtendimentoQuerySet(_Atendimentos):
    """Cases."""

    def visible_to(self, user: User) -> Self:
        """The cases of the unidades where `user` holds a papel that reads cases."""
        return _seen_by(self, user, "unidade_id")

    def open(self) -> Self:
        """Cases not yet closed."""
        return self.exclude(status="encerrado")


class ReclamadoQuerySet(_Reclamados):
    """Suppliers within cases."""

    def visible_to(self, user: User) -> Self:
        """The reclamados of the cases that `user` may see."""
        return _seen_by(self, user, "atendimento__unidade_id")


class CIPQuerySet(_CIPs):
    """Letters to suppliers."""

    def visible_to(self, user: User) -> Self:
        """The CIPs of the cases that `user` may see."""
        return _seen_by(self, user, "reclamado__atendimento__unidade_id")

    def lapsed(self, *, today: date) -> Self:
        """CIPs whose supplier was notified and whose term ended before `today` without an answer."""
        return self.filter(status="cientificada", prazo__vence_em__lt=today)
