"""Log-ins for tests of pages."""

from __future__ import annotations

from django.test import Client

from accounts.models import User


def logged_in(user: User) -> Client:
    """A browser in which this person is logged in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
