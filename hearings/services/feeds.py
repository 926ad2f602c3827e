"""Private addresses at which a calendar program reads an agenda."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Unidade, User
from hearings.models import AssinaturaDeAgenda, Audiencia, Sala
from hearings.render import feed
from hearings.services.agenda import SETTERS, check_resource
from workflow.errors import ActNotAllowed
from workflow.services import require_papel

#: What a feed holds: the last month, and the year to come.
BEHIND, AHEAD = timedelta(days=31), timedelta(days=366)


@transaction.atomic
def open_feed(
    *, unidade: Unidade, by: User, at: datetime, sala: Sala | None = None, conciliador: User | None = None
) -> tuple[AssinaturaDeAgenda, str]:
    """Make a private address for one room's or conciliator's agenda; returns it and its key, which is not kept.

    A conciliator may do so for themself. What was made before stays valid until revoked.
    """
    if conciliador != by:
        require_papel(by, unidade.pk, SETTERS, "criar assinatura da agenda")
    check_resource(unidade, sala, conciliador)
    key = secrets.token_urlsafe(32)
    made = AssinaturaDeAgenda.objects.create(
        unidade=unidade, sala=sala, conciliador=conciliador, chave_hash=_hash(key), criada_por=by, criada_em=at
    )
    return made, key


@transaction.atomic
def revoke_feed(*, assinatura: AssinaturaDeAgenda, by: User, at: datetime) -> None:
    """Make a private address useless, at once."""
    if assinatura.conciliador_id != by.pk:
        require_papel(by, assinatura.unidade_id, SETTERS, "revogar assinatura da agenda")
    if not AssinaturaDeAgenda.objects.filter(pk=assinatura.pk, revogada_em=None).update(revogada_em=at):
        raise ActNotAllowed("Esta assinatura já foi revogada. Atualize a página.")


def read_feed(key: str, *, at: datetime) -> str | None:
    """The agenda behind a key, as iCalendar; None where the key is unknown or revoked, which look the same."""
    found = AssinaturaDeAgenda.objects.filter(chave_hash=_hash(key), revogada_em=None)
    assinatura = found.select_related("sala", "conciliador").first()
    if assinatura is None:
        return None
    found.update(lida_em=at)
    owner = {"sala": assinatura.sala} if assinatura.sala else {"conciliador": assinatura.conciliador}
    hearings = Audiencia.objects.filter(**owner, inicio__range=(at - BEHIND, at + AHEAD))
    newest = hearings.filter(seguinte=None).select_related("atendimento", "sala").order_by("inicio", "pk")
    return feed(newest.iterator(chunk_size=500), at=at, name=f"Audiências – {assinatura.quem}")


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
