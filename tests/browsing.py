"""Log-ins for tests of pages."""

from __future__ import annotations

from datetime import UTC, datetime

from django.test import Client

from access.models import Sessao
from accounts.models import User

#: When these sessions were last used, and end: they outlive every journey in time. tests/access has those that end.
NEVER = datetime(2999, 1, 1, tzinfo=UTC)


def logged_in(user: User) -> Client:
    """A browser in which this person is logged in, on whatever day the test looks at."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    Sessao.objects.filter(usuario=user).update(vista_em=NEVER, expire_date=NEVER)
    return client
