"""Changing the password, and setting a new one by the link that came by e-mail."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlsafe_base64_decode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from access.forms import ChangePasswordForm, ForgottenForm, NewPasswordForm
from access.middleware import place_of
from access.services.passwords import ask_for_link, change_password
from accounts.models import User

#: In a session: the link's proof, so that it stands in no address while the new password is typed.
PROOF = "senha_prova"
#: What the address says in its place.
OPENED = "definir"


@never_cache
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """A new password for who knows the old one; every other session ends."""
    form = ChangePasswordForm(request.POST if request.method == "POST" else None, request=request)
    if request.method == "POST" and form.is_valid():
        keep, place = request.session.session_key, place_of(request)
        change_password(
            usuario=request.user, nova=form.cleaned_data["nova"], by=request.user, at=_now(), keep=keep, place=place
        )
        update_session_auth_hash(request, request.user)
        messages.success(request, "Senha trocada. As outras sessões foram encerradas.")
        return redirect("conta")
    return render(request, "access/senha.html", {"form": form}, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for the link. The answer is the same whoever asks, so that nobody learns which names exist."""
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        ask_for_link(quem=form.cleaned_data["quem"], at=_now(), place=place_of(request))
        return render(request, "access/senha_pedida.html")
    return render(
        request, "access/senha_esquecida.html", {"form": form}, status=422 if request.method == "POST" else 200
    )


@never_cache
@require_http_methods(["GET", "POST"])
def by_link(request: HttpRequest, uid: str, prova: str) -> HttpResponse:
    """Set a new password by the link; it is good once, for an hour, and opens no session."""
    user = _person(uid)
    if prova != OPENED:
        if user is None or not default_token_generator.check_token(user, prova):
            return render(request, "access/senha_link.html", {"vencido": True}, status=410)
        request.session[PROOF] = prova
        return redirect("senha_nova", uid, OPENED)
    if user is None or not default_token_generator.check_token(user, request.session.get(PROOF, "")):
        return render(request, "access/senha_link.html", {"vencido": True}, status=410)
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        change_password(usuario=user, nova=form.cleaned_data["nova"], by=user, at=_now(), place=place_of(request))
        request.session.pop(PROOF, None)
        messages.success(request, "Senha definida. Entre com ela.")
        return redirect("entrar")
    status = 422 if request.method == "POST" else 200
    return render(request, "access/senha_link.html", {"form": form, "pessoa": user}, status=status)


def _person(uid: str) -> User | None:
    try:
        number = int(urlsafe_base64_decode(uid).decode())
    except (ValueError, UnicodeDecodeError):
        return None
    return User.objects.filter(pk=number, is_active=True).first() if 0 < number < 2**63 else None


def _now() -> datetime:
    return timezone.now()  # noqa: TID251  the edge reads the clock
