"""Reads of letters, starting from who asks. A letter of a case that one may not see does not exist for one (404)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from accounts.models import CASE_READERS, SYSTEM_LOGIN, User
from documents.data.readers import CONSUMER_READS

if TYPE_CHECKING:
    from documents.models import Documento

    _Documentos = models.QuerySet[Documento]
else:
    _Documentos = models.QuerySet


class DocumentoQuerySet(_Documentos):
    """Issued letters."""

    def visible_to(self, user: User) -> Self:
        """The letters of the unidades where `user` reads cases, and those of the whole office; all to the system."""
        if user.usuario == SYSTEM_LOGIN:
            return self
        unidades = user.unidades_com(CASE_READERS)
        if not unidades:
            return self.none()
        return self.filter(models.Q(unidade__in=unidades) | models.Q(unidade__isnull=True))

    def for_consumer(self, historico_id: int) -> Self:
        """The letters of one case that its consumer may read, by their kind; those erased with retention are gone."""
        return self.filter(historico_id=historico_id, tipo__in=CONSUMER_READS).exclude(arquivo="")

    def in_force(self) -> Self:
        """Letters that no later one supersedes."""
        return self.filter(substituido_por__isnull=True)
