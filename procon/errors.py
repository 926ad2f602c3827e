"""What a browser sees when a request cannot be served."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from access.middleware import saved_from_an_old_page


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Answer a form whose page had grown old; the reason is for the log, which Django writes itself."""
    return saved_from_an_old_page(request) or render(request, "403_csrf.html", status=403)
