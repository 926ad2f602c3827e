"""Who changes a row through a page: the trigger that keeps the earlier row writes this person's number beside it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from pghistory.middleware import HistoryMiddleware


class AuthorshipMiddleware(HistoryMiddleware):
    """Gives the database the number of whoever is logged in, and nothing else: an address may hold a name."""

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """The person's number; none for a page without log-in."""
        return {"user": request.user.pk}
