"""Reads of reclamações, of their defences and decisions, and of agreements."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models

from accounts.models import User
from cases.queries.seen import seen_by

if TYPE_CHECKING:
    from cases.models import Acordo, Classificacao, Defesa, Parecer, Reclamacao, Recurso

    _Reclamacoes = models.QuerySet[Reclamacao]
    _Defesas = models.QuerySet[Defesa]
    _Pareceres = models.QuerySet[Parecer]
    _Classificacoes = models.QuerySet[Classificacao]
    _Recursos = models.QuerySet[Recurso]
    _Acordos = models.QuerySet[Acordo]
else:
    _Reclamacoes = _Defesas = _Pareceres = _Classificacoes = _Recursos = _Acordos = models.QuerySet


class ReclamacaoQuerySet(_Reclamacoes):
    """Formal complaints."""

    def visible_to(self, user: User) -> Self:
        """The reclamações of the cases that `user` may see."""
        return seen_by(self, user, "atendimento__unidade_id")

    def defence_overdue(self, *, today: date) -> Self:
        """With a reclamado whose term of defence ended before `today`, and whose revelia is not certified yet."""
        late = self.model._meta.get_field("defesas").related_model._base_manager
        silent = late.filter(_SILENT, reclamacao=models.OuterRef("pk"), prazo__vence_em__lt=today)
        return self.filter(models.Exists(silent))

    def awaiting_opinion(self) -> Self:
        """Every reclamado spoke or is silent, and no opinion stands."""
        return self.filter(status__in=["defesa_recebida", "revelia", "em_analise"]).exclude(self._has_opinion())

    def awaiting_decision(self) -> Self:
        """The opinion is given, and the authority has not decided about every reclamado."""
        return self.filter(self._has_opinion(), status="em_analise")

    def _has_opinion(self) -> models.Exists:
        opinions = self.model._meta.get_field("pareceres").related_model._base_manager
        return models.Exists(opinions.filter(reclamacao=models.OuterRef("pk"), devolvido_em__isnull=True))


_SILENT = models.Q(substituida_em__isnull=True, apresentada_em__isnull=True, revelia_em__isnull=True)


class DefesaQuerySet(_Defesas):
    """The reclamados' turns to speak."""

    def visible_to(self, user: User) -> Self:
        """Those of the cases that `user` may see."""
        return seen_by(self, user, "reclamado__atendimento__unidade_id")

    def current(self) -> Self:
        """Those of the present round: a reopening begins another."""
        return self.filter(substituida_em__isnull=True)

    def lapsed(self, *, today: date) -> Self:
        """Those whose term ended before `today` in silence, of processes still waiting for it."""
        return self.filter(_SILENT, reclamacao__status="notificada", prazo__vence_em__lt=today)


class ParecerQuerySet(_Pareceres):
    """Technical opinions."""

    def current(self) -> Self:
        """Those not returned."""
        return self.filter(devolvido_em__isnull=True)


class ClassificacaoQuerySet(_Classificacoes):
    """Decisions about reclamados."""

    def visible_to(self, user: User) -> Self:
        """Those of the cases that `user` may see."""
        return seen_by(self, user, "reclamado__atendimento__unidade_id")

    def current(self) -> Self:
        """The decision that stands about each reclamado; those that an appeal or a reopening replaced are history."""
        return self.filter(substituida_em__isnull=True)

    def becoming_final(self, *, today: date) -> Self:
        """Those whose term of appeal ended before `today` and that no open appeal holds back."""
        appeals = self.model._meta.get_field("recursos").related_model._base_manager
        held = appeals.filter(classificacao=models.OuterRef("pk"), julgado_em__isnull=True)
        waiting = self.current().filter(transitada_em__isnull=True, prazo__vence_em__lt=today)
        return waiting.filter(~models.Exists(held))


class RecursoQuerySet(_Recursos):
    """Appeals."""

    def visible_to(self, user: User) -> Self:
        """Those of the cases that `user` may see."""
        return seen_by(self, user, "classificacao__reclamado__atendimento__unidade_id")


class AcordoQuerySet(_Acordos):
    """Agreements."""

    def visible_to(self, user: User) -> Self:
        """Those of the cases that `user` may see."""
        return seen_by(self, user, "reclamado__atendimento__unidade_id")

    def to_ask(self, *, today: date) -> Self:
        """Those about which the office asks the consumer today, or should have asked before."""
        return self.filter(status="firmado", conferir_em__lte=today)
