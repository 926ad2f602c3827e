"""Reads of letters to suppliers and of attachments."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models

from accounts.models import User
from cases.queries.seen import seen_by

if TYPE_CHECKING:
    from cases.models import CIP, Anexo, Lote

    _CIPs = models.QuerySet[CIP]
    _Anexos = models.QuerySet[Anexo]
else:
    _CIPs = _Anexos = models.QuerySet


class CIPQuerySet(_CIPs):
    """Letters to suppliers."""

    def visible_to(self, user: User) -> Self:
        """The CIPs of the cases that `user` may see."""
        return seen_by(self, user, "reclamado__atendimento__unidade_id")

    def for_supplier(self) -> Self:
        """With what the supplier's page and its answer read."""
        return self.select_related(
            "prazo",
            "documento",
            "reclamado__fornecedor__fundido_em",
            "reclamado__atendimento__unidade",
            "reclamado__atendimento__historico",
            "reclamado__atendimento__consumidor",
        )

    def in_inbox(self, suppliers: Collection[int]) -> Self:
        """The CIPs that left for these suppliers, by whatever means, and are not closed."""
        mine = self.filter(reclamado__fornecedor__in=suppliers)
        return mine.exclude(status="baixada").exclude(status="emitida")

    def to_answer(self) -> Self:
        """Those of the inbox that wait for an answer, also after the term."""
        return self.filter(status__in=["enviada", "cientificada", "prazo_decorrido"])

    def with_urgency(self) -> Self:
        """With the last day on which an answer is in time (`ate`); without a term, or answered, beyond all days."""
        waits = models.When(respondida_em__isnull=True, prazo__isnull=False, then="prazo__vence_em")
        return self.annotate(ate=models.Case(waits, default=models.Value(date.max), output_field=models.DateField()))

    def answered(self) -> Self:
        """Those of the inbox that were answered."""
        return self.filter(respondida_em__isnull=False)

    def for_sending(self) -> Self:
        """With what the supplier is told, and where."""
        told = self.select_related(
            "documento",
            "reclamado__fornecedor__fundido_em",
            "reclamado__atendimento__unidade",
            "reclamado__atendimento__historico",
        )
        contacts = "contatos_de_aviso"
        return told.defer("documento__dados").prefetch_related(
            f"reclamado__fornecedor__{contacts}", f"reclamado__fornecedor__fundido_em__{contacts}"
        )

    def unopened(self) -> Self:
        """The electronic CIPs that wait in an inbox and whose receipt nothing proves yet."""
        return self.filter(status="enviada", meio="portal")

    def for_labels(self) -> Self:
        """With where the post takes them."""
        return self.select_related("reclamado__fornecedor__fundido_em", "reclamado__atendimento")

    def of_lot(self, lote: Lote) -> Self:
        """The CIPs that a batch made or moved; not those that it refused."""
        done = lote.itens.filter(feito_em__isnull=False, recusa="")
        return self.filter(pk__in=done.values("cip"))

    def lapsed(self, *, today: date) -> Self:
        """CIPs whose supplier was notified and whose term ended before `today` without an answer."""
        return self.filter(status="cientificada", prazo__vence_em__lt=today)


class AnexoQuerySet(_Anexos):
    """What is attached to cases."""

    def visible_to(self, user: User) -> Self:
        """The attachments of the cases that `user` may see; one that was removed stays in the file."""
        return seen_by(self, user, "atendimento__unidade_id")

    def kept(self) -> Self:
        """Those that were not removed."""
        return self.filter(removido_em__isnull=True)

    def to_scan(self) -> Self:
        """Those on which the antivirus has not said its word."""
        return self.filter(situacao__in=["quarentena", "sem_verificacao"]).exclude(arquivo="").order_by("pk")
