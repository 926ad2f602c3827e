"""Whose inbox this browser has open: a term of electronic CIP, for an hour, never a user."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache

from parties.models import AdesaoCipEletronica
from portal.services import term_in_force

#: What the session keeps: the key of the term, and when the link was used.
INBOX = "caixa"
SECONDS_OPEN = 60 * 60
View = Callable[..., HttpResponse]


def open_inbox(request: HttpRequest, term: AdesaoCipEletronica) -> None:
    """From now on this browser reads the inbox of the company that signed the term."""
    request.session.cycle_key()
    request.session[INBOX] = [term.pk, time.time()]


def close_inbox(request: HttpRequest) -> None:
    """Forget it, with everything else the session knew unless somebody of the office is logged in there."""
    if request.user.is_authenticated:
        request.session.pop(INBOX, None)
    else:
        request.session.flush()


def whose(request: HttpRequest) -> AdesaoCipEletronica | None:
    """The term whose inbox is open here, while the hour lasts and the term is in force."""
    key, since = request.session.get(INBOX) or (None, 0)
    if key is None or not 0 <= time.time() - since <= SECONDS_OPEN:
        return None
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    return term_in_force(key, at=now)


def in_the_inbox(view: View) -> View:
    """A page of the inbox gets the term; without an open inbox it leads to the door."""

    @login_not_required
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        term = whose(request)
        return redirect("caixa") if term is None else view(request, term, *args, **kwargs)

    return guarded
