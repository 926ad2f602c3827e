"""Logging in, logging out, and being locked out."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from axes.helpers import get_cool_off
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.forms import LoginForm


class Entrar(LoginView):
    """The log-in page; `next` is followed only within this site (Django checks it)."""

    template_name = "accounts/entrar.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True


class Sair(LogoutView):
    """Logging out, by POST only."""

    http_method_names = ["post", "options"]


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """Say for how long the door stays shut after too many wrong passwords, and what to do (HTTP 429)."""
    minutes = math.ceil((get_cool_off(request) or timedelta(0)) / timedelta(minutes=1))
    return render(request, "accounts/bloqueado.html", {"minutos": minutes}, status=429)
