"""The home page of whoever works here, and the search box of every page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """My day."""
    return render(request, "procon/inicio.html", {})


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Search."""
    return redirect("inicio")
