"""Where a page's short notes wait for the next page: a cookie of this very host, else the session."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookie(CookieStorage):
    """Django's cookie under a name that the browser takes from this very host alone, where there is https."""

    cookie_name = "__Host-messages" if settings.SESSION_COOKIE_SECURE else "messages"


class Storage(FallbackStorage):
    """The cookie, and the session for what does not fit into it."""

    storage_classes = (HostCookie, SessionStorage)
