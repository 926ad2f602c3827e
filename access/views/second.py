"""The second step of the log-in: a code, or a key."""

from __future__ import annotations

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from access import keys
from access.forms import CodeForm
from access.middleware import place_of
from access.models import Fator
from access.services.factors import use_code, use_key
from access.views.door import enter, pending
from accounts.models import User

#: In a session: what a key was asked, until it answers.
ASKED = "chave_perguntada"
NAMES = {"aplicativo": "aplicativo de códigos", "recuperacao": "código de recuperação", "chave": "chave de segurança"}


@never_cache
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor of who gave the right password; wrong ones count as wrong passwords do."""
    found = pending(request)
    if found is None:
        return redirect("entrar")
    user, kept = found
    credentials = {"username": user.get_username()}
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not AxesProxyHandler.is_allowed(request, credentials):
            request.axes_locked_out, request.axes_credentials = True, credentials
            return redirect("entrar")  # the middleware of axes answers in its place
        factor = _shown(request, user)
        if factor:
            return enter(request, user, kept["next"], backend=kept["backend"], factor=NAMES[factor], how=kept["como"])
        user_login_failed.send(sender=__name__, credentials=credentials, request=request)
        form.add_error(None, "O código não confere, ou já foi usado. Espere o aplicativo mostrar outro e digite-o.")
    return _page(request, user, form)


def _shown(request: HttpRequest, user: User) -> str:
    """Which factor was shown; empty where none was."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    answer = request.POST.get("resposta", "")
    if not answer:
        return use_code(
            code=request.POST.get("codigo", "").replace("\x00", ""), by=user, at=now, place=place_of(request)
        )
    state = request.session.pop(ASKED, None)
    found = keys.authenticated(state, answer, Fator.objects.filter(usuario=user)) if state else None
    return "chave" if found and use_key(fator=found[0], contador=found[1], at=now) else ""


def _page(request: HttpRequest, user: User, form: CodeForm) -> HttpResponse:
    factors = list(Fator.objects.filter(usuario=user))
    told = {"form": form, "aplicativo": any(row.tipo == Fator.Tipo.APLICATIVO for row in factors)}
    if any(row.tipo == Fator.Tipo.CHAVE for row in factors):
        told["pergunta"], request.session[ASKED] = keys.authentication_options(factors)
    return render(request, "access/segundo_passo.html", told)
