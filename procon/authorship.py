"""Who changes a row through a page: the trigger that keeps the earlier row writes this person's number beside it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from pghistory.middleware import HistoryMiddleware

#: Where programs come in, by token.
API = "/api/v1/"


class AuthorshipMiddleware(HistoryMiddleware):
    """Gives the database the number of whoever is logged in, and nothing else: an address may hold a name.

    Not for the API, where nobody is: what is written there says whose it is in the case's events.
    """

    def __call__(self, request: HttpRequest) -> Any:
        """Pass the request on, with its person's number in front of its statements."""
        return self.get_response(request) if request.path.startswith(API) else super().__call__(request)

    def get_context(self, request: HttpRequest) -> dict[str, Any]:
        """The person's number; none for a page without log-in."""
        return {"user": request.user.pk}
