"""Logging in, logging out, and being locked out. Whatever way somebody proves who they are ends in `admit`."""

from __future__ import annotations

import math
import time
from datetime import timedelta
from typing import Any

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.views import LoginView, LogoutView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from access.conf import PENDING_FOR
from access.forms import LoginForm
from access.middleware import FACTOR, place_of
from access.services.factors import has_factor
from access.services.journal import note_entry, note_lockout
from access.sessions import ADDRESS, BROWSER, SINCE
from accounts.models import User

#: In an anonymous session: who gave the right password and owes the second factor.
PENDING = "entrada_pendente"
#: In a session: when its person last gave the password.
CONFIRMED = "confirmado_em"
BACKEND = "django.contrib.auth.backends.ModelBackend"


class Entrar(LoginView):
    """The log-in page; `next` is followed only within this site (Django checks it)."""

    template_name = "access/entrar.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: LoginForm) -> HttpResponse:
        """The password was right."""
        return admit(self.request, form.get_user(), self.get_success_url())


class Sair(LogoutView):
    """Logging out, by POST only."""

    http_method_names = ["post", "options"]


def admit(request: HttpRequest, user: User, then: str, *, backend: str = BACKEND, how: str = "senha") -> HttpResponse:
    """Whoever proved who they are (`how`, in words) goes on: to the second factor where they have one, else in."""
    if not has_factor(user):
        return enter(request, user, then, backend=backend, how=how)
    request.session.cycle_key()
    request.session[PENDING] = {
        "usuario": user.pk,
        "backend": backend,
        "desde": time.time(),
        "senha": user.get_session_auth_hash(),
        "next": then,
        "como": how,
    }
    return redirect("entrar_segundo")


def pending(request: HttpRequest) -> tuple[User, dict[str, Any]] | None:
    """Who owes the second factor in this browser; None where nobody does, or for too long."""
    kept = request.session.get(PENDING)
    if not kept or time.time() - kept["desde"] > PENDING_FOR.total_seconds():
        return None
    user = User.objects.filter(pk=kept["usuario"], is_active=True).first()
    return (user, kept) if user and user.get_session_auth_hash() == kept["senha"] else None


@transaction.atomic
def enter(
    request: HttpRequest, user: User, then: str, *, backend: str = BACKEND, factor: str = "", how: str = "senha"
) -> HttpResponse:
    """Log in, in a session with a new key; `factor` is the second factor that was shown."""
    now, place = timezone.now(), place_of(request)  # noqa: TID251  the edge reads the clock
    request.session.pop(PENDING, None)
    login(request, user, backend=backend)
    request.session.update({SINCE: now.timestamp(), BROWSER: place.navegador, ADDRESS: place.endereco})
    request.session.update({CONFIRMED: now.timestamp(), FACTOR: factor})
    note_entry(usuario=user, at=now, place=place, como=" e ".join(filter(None, (f"com {how}", factor))))
    return redirect(then)


def next_of(request: HttpRequest, otherwise: str = settings.LOGIN_REDIRECT_URL) -> str:
    """The page of ours that `next` names, else another."""
    told = request.POST.get("next") or request.GET.get("next") or ""
    known = url_has_allowed_host_and_scheme(told, {request.get_host()}, require_https=request.is_secure())
    return told if known else resolve_url(otherwise)


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any] | None) -> HttpResponse:
    """Say for how long the door stays shut after too many wrong passwords, and what to do (HTTP 429)."""
    minutes = math.ceil((get_cool_off(request) or timedelta(0)) / timedelta(minutes=1))
    name = (credentials or {}).get("username") or ""
    if name:
        note_lockout(nome=name, at=timezone.now(), place=place_of(request))  # noqa: TID251  the edge reads the clock
    told = {"minutos": minutes, "por": getattr(request, "trancado", "par")}
    return render(request, "access/bloqueado.html", told, status=429)
