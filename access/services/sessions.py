"""Sessions: which are alive, and ending them at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from access.conf import REMEMBERED_FOR, TYPED_FOR
from access.models import FormularioGuardado, Sessao
from access.services.journal import NOWHERE, Fato, Place, note
from access.sessions import digest
from accounts.models import User
from workflow.integrity import whole


def living(user: User, *, at: datetime) -> QuerySet[Sessao]:
    """The sessions in which this person is logged in, the one last used first."""
    return Sessao.objects.filter(usuario=user, encerrada_em=None, expire_date__gt=at).order_by("-vista_em", "codigo")


@whole
def end_sessions(
    *,
    usuario: User,
    by: User,
    at: datetime,
    codigo: UUID | None = None,
    keep: str | None = None,
    place: Place = NOWHERE,
) -> int:
    """End one session (`codigo`), or all but the one whose key is `keep`; how many. They end at once."""
    rows = living(usuario, at=at)
    rows = rows.filter(codigo=codigo) if codigo else rows.exclude(session_key=digest(keep))
    ended = rows.order_by().update(encerrada_em=at, session_data="")
    if ended:
        note(usuario=usuario, fato=Fato.SESSOES, by=by, at=at, place=place, detalhe=f"{ended}")
    return ended


def touch(row: Sessao, *, at: datetime, until: datetime) -> None:
    """Write down that a session was used, and until when it now lives; an ended one stays ended."""
    Sessao.objects.filter(pk=row.pk, encerrada_em=None).update(vista_em=at, expire_date=until)


def forget_ended(*, at: datetime) -> int:
    """Delete sessions that ended a day ago and forms kept for hours. May run any number of times."""
    FormularioGuardado.objects.filter(criado_em__lte=at - TYPED_FOR).delete()
    Sessao.objects.filter(usuario=None, expire_date__lte=at).delete()
    return Sessao.objects.filter(expire_date__lte=at - REMEMBERED_FOR).delete()[0]
