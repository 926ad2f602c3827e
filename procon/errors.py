"""What a browser sees when a request cannot be served."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose page had grown old; the reason is for the log, which Django writes itself."""
    return render(request, "403_csrf.html", status=403)
