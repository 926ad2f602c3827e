"""Log-ins for tests of pages."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from access.models import Sessao
from access.sessions import SINCE, SessionStore, digest
from accounts.models import User

#: When these sessions were last used, and end: they outlive every journey in time. tests/access has those that end.
NEVER = datetime(2999, 1, 1, tzinfo=UTC)


def logged_in(user: User) -> Client:
    """A browser in which this person is logged in, on whatever day the test looks at.

    Only the session is written that logging in leaves behind; tests/access goes in by the door.
    """
    key, now = uuid4().hex, datetime.now(UTC)
    held = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
        HASH_SESSION_KEY: user.get_session_auth_hash(),
        SINCE: now.timestamp(),
    }
    Sessao.objects.create(
        session_key=digest(key),
        session_data=SessionStore().encode(held),
        usuario=user,
        entrou_em=now,
        vista_em=NEVER,
        expire_date=NEVER,
    )
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client
