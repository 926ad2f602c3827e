"""Who prepares the register, and which year an address names."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest

from accounts.models import User
from reports.queries import report_scope
from reports.register.services.published import NotPublished, read_year
from workflow.errors import ContentRefused


def year(text: str, today: date) -> int:
    """The year of an address; the office is told of a bad one as of any content."""
    try:
        return read_year(text, today=today)
    except NotPublished as refusal:
        raise ContentRefused(refusal.message) from None


def user_of(request: HttpRequest) -> User:
    """Who asks."""
    assert isinstance(request.user, User)
    return request.user


def scope_of(request: HttpRequest) -> list[int]:
    """The unidades whose drafts this person reads; nobody else finds the pages."""
    scope = report_scope(user_of(request))
    if not scope:
        raise Http404("the register is prepared by whoever holds a papel that reads cases")
    return scope
