"""Reads of cases, starting from who asks. A case that one may not see does not exist for one (404)."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models

from accounts.models import CASE_READERS, SYSTEM_LOGIN, Unidade, User
from deadlines.models import Prazo
from parties.identifiers import clean_cpf
from parties.models import Consumidor, Fornecedor

if TYPE_CHECKING:
    _Atendimentos = models.QuerySet["Atendimento"]
    _Reclamados = models.QuerySet["Reclamado"]
    _CIPs = models.QuerySet["CIP"]
    _Textos = models.QuerySet["TextoPadrao"]
    _Rascunhos = models.QuerySet["Rascunho"]
    _Anexos = models.QuerySet["Anexo"]
else:
    _Atendimentos = _Reclamados = _CIPs = _Anexos = models.QuerySet
    _Textos = _Rascunhos = models.QuerySet

#: A name that fits more people than this needs more letters, not a longer list.
SEARCH_CAP = 500
_PROTOCOL = re.compile(r"\d{2}\.\d{3}\.\d{3}\.\d{2}-\d{7}")
_NUMBER = re.compile(r"\d{1,7}")


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

    def search(self, text: str, *, user: User) -> Self:
        """Cases by protocol (whole, or only its number), by the consumer's name or by a supplier's.

        Never by CPF: a CPF stands in no address, so pages look the consumer up first.
        """
        text = " ".join(text.split())
        if _PROTOCOL.fullmatch(text):
            return self.filter(protocolo=text)
        if _NUMBER.fullmatch(text):
            codes = Unidade.objects.filter(pk__in=user.unidades_com(CASE_READERS)).values_list("codigo", flat=True)
            return self.filter(
                protocolo__in=[f"{code}.{year:02d}-{int(text):07d}" for code in codes for year in range(100)]
            )
        people = list(Consumidor.objects.search(text).values_list("pk", flat=True)[:SEARCH_CAP])
        suppliers = Fornecedor.objects.search(text)[:SEARCH_CAP].family_keys()
        by_person = self.model._base_manager.filter(consumidor__in=people).order_by().values("pk")
        by_supplier = self.model._base_manager.filter(reclamados__fornecedor__in=suppliers).order_by().values("pk")
        return self.filter(pk__in=by_person.union(by_supplier))

    def against(self, suppliers: models.QuerySet[Fornecedor]) -> Self:
        """Cases with one of these suppliers among the reclamados, or one that a merge made the same."""
        keys = suppliers.family_keys()
        if len(keys) == 1:  # no case has it twice, so a plain join keeps the list's own order
            return self.filter(reclamados__fornecedor=keys[0])
        parties = self.model._meta.get_field("reclamados").related_model._base_manager
        return self.filter(models.Exists(parties.filter(atendimento=models.OuterRef("pk"), fornecedor__in=keys)))

    def asked_about(self, text: str, *, user: User) -> Self:
        """The cases that `user` may see with this protocol or number, of the person with this CPF, or of this name.

        Newest first. A name of fewer than three letters finds nothing.
        """
        text = " ".join(text.replace("\0", "").split())
        seen = self.visible_to(user).select_related("consumidor", "assunto").order_by("-aberto_em", "-id")
        try:
            return seen.filter(consumidor__cpf=clean_cpf(text)) if text else seen.none()
        except ValueError:
            short = len(text) < 3 and not text.isdigit()
            return seen.none() if short else seen.search(text, user=user)

    def for_list(self) -> Self:
        """With what a line of the list shows, in two queries whatever the number of lines."""
        return self.select_related("consumidor", "assunto", "unidade").prefetch_related("reclamados__fornecedor")


def terms_visible_to(user: User) -> models.QuerySet[Prazo]:
    """The terms of the cases that `user` may see, with what a line of their list shows, in two queries."""
    terms = _seen_by(
        Prazo.objects.filter(historico__atendimento__isnull=False), user, "historico__atendimento__unidade_id"
    )
    shown = terms.select_related("regra", "historico__atendimento__unidade", "cip__reclamado__fornecedor")
    return shown.prefetch_related("historico__atendimento__reclamados__fornecedor")


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


class AnexoQuerySet(_Anexos):
    """What is attached to cases."""

    def visible_to(self, user: User) -> Self:
        """The attachments of the cases that `user` may see; one that was removed stays in the file."""
        return _seen_by(self, user, "atendimento__unidade_id")

    def kept(self) -> Self:
        """Those that were not removed."""
        return self.filter(removido_em__isnull=True)

    def to_scan(self) -> Self:
        """Those on which the antivirus has not said its word."""
        return self.filter(situacao__in=["quarentena", "sem_verificacao"]).exclude(arquivo="").order_by("pk")


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
        """The person's own."""
        return self.filter(usuario=user)

    def fresh(self, *, since: datetime) -> Self:
        """Those changed after that moment; older ones are as good as gone."""
        return self.filter(alterado_em__gt=since)
