"""Django's session engine on our own rows: they know whose they are, since when, and when they end."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import IntegrityError, router, transaction
from django.utils import timezone

from access.models import Sessao

#: What `enter` leaves in a session, and the columns show.
SINCE, BROWSER, ADDRESS = "entrou_em", "navegador", "endereco"


def digest(key: str | None) -> str:
    """What the table keeps of a key."""
    return hashlib.sha256((key or "").encode()).hexdigest()


def ends_at(since: datetime, seen: datetime) -> datetime:
    """When a session ends that began at `since` and was last used at `seen`."""
    idle = timedelta(minutes=settings.PROCON["SESSAO_PARADA"])
    return min(seen + idle, since + timedelta(hours=settings.PROCON["SESSAO_TOTAL"]))


class SessionStore(DatabaseStore):
    """Sessions in the database; one that was ended is never written again."""

    row: Sessao | None = None
    #: Whether the key is somebody's whose session has ended, and is still remembered.
    ended = False

    @classmethod
    def get_model_class(cls) -> type[Sessao]:
        """Our rows."""
        return Sessao

    def _get_session_from_db(self) -> Sessao | None:
        row = Sessao.objects.filter(session_key=digest(self.session_key)).first()
        alive = row is not None and row.expire_date > _now() and row.encerrada_em is None
        self.row = row if alive else None
        self.ended = row is not None and row.usuario_id is not None and not alive
        if self.row is None:
            self._session_key = None
        return self.row

    def is_empty(self) -> bool:
        """Whether the browser is to forget its key.

        That of a session that has ended stays, whatever other windows ask for meanwhile: it tells whose a form is that
        is sent afterwards (`access.services.typed`), and opens nothing.
        """
        return super().is_empty() and not self.ended

    def exists(self, session_key: str) -> bool:
        """Whether this key was ever given out, and is still remembered."""
        return Sessao.objects.filter(session_key=digest(session_key)).exists()

    def save(self, must_create: bool = False) -> None:
        """Write the session; raises UpdateError where it was ended meanwhile."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        columns = self._columns(data)
        if not must_create:
            alive = Sessao.objects.filter(session_key=digest(self.session_key), encerrada_em=None)
            if not alive.update(**columns):
                raise UpdateError
            return
        try:
            with transaction.atomic(using=router.db_for_write(Sessao)):
                self.row = Sessao.objects.create(session_key=digest(self.session_key), **columns)
        except IntegrityError:
            raise CreateError from None

    def delete(self, session_key: str | None = None) -> None:
        """Forget an anonymous session; end somebody's."""
        key = session_key or self.session_key
        if key is None:
            return
        rows = Sessao.objects.filter(session_key=digest(key))
        rows.filter(usuario=None).delete()
        rows.filter(encerrada_em=None).update(encerrada_em=_now(), session_data="")

    def _columns(self, data: dict[str, Any]) -> dict[str, Any]:
        now, user = _now(), data.get(SESSION_KEY)
        if user is None:
            return {"session_data": self.encode(data), "expire_date": self.get_expiry_date()}
        since = datetime.fromtimestamp(data.setdefault(SINCE, now.timestamp()), UTC)
        return {
            "usuario_id": int(user),
            "session_data": self.encode(data),
            "entrou_em": since,
            "vista_em": now,
            "expire_date": ends_at(since, now),
            "navegador": data.get(BROWSER, ""),
            "endereco": data.get(ADDRESS),
        }


def _now() -> datetime:
    return timezone.now()  # noqa: TID251  Django's engine asks for no moment
