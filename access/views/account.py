"""Minha conta: who I am here, where I am logged in, my second factors, what happened to my access."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from access import keys
from access.conf import CONFIRMED_FOR
from access.forms import ConfirmForm, EnrolForm, KeyForm
from access.middleware import FACTOR, before_second_factor, place_of
from access.models import Fator, RegistroDeAcesso
from access.rules import enrolment_address, in_fours, new_secret
from access.sealing import seal, unseal
from access.services import factors
from access.services.sessions import end_sessions, living
from access.sessions import digest
from access.views.door import CONFIRMED, next_of
from access.views.second import ASKED, NAMES
from workflow.errors import Refusal

#: In a session: the sealed secret of an application that is being enrolled.
NEW_SECRET = "segredo_novo"  # noqa: S105  a name
#: How many facts of the account the page shows.
SHOWN = 12


def recently_confirmed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for whoever gave the password within ten minutes; others are asked for it, and come back."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if time.time() - request.session.get(CONFIRMED, 0) > CONFIRMED_FOR.total_seconds():
            then = request.get_full_path() if request.method == "GET" else reverse("segundo_fator")
            return redirect_to_login(then, reverse("conta_confirmar"))
        return view(request, *args, **kwargs)

    return asked


@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """The page."""
    facts = RegistroDeAcesso.objects.filter(usuario=request.user).select_related("por")[:SHOWN]
    told = {
        "sessoes": living(request.user, at=_now()),
        "esta": digest(request.session.session_key),
        "fatores": Fator.objects.filter(usuario=request.user),
        "exigido": factors.is_mandatory(request.user),
        "fatos": facts,
        "parada": settings.PROCON["SESSAO_PARADA"],
        "total": settings.PROCON["SESSAO_TOTAL"],
    }
    return render(request, "access/conta.html", told)


@before_second_factor
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Give the password again, and go on."""
    then = next_of(request, "conta")
    form = ConfirmForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        request.session[CONFIRMED] = time.time()
        return redirect(then)
    status = 422 if request.method == "POST" else 200
    return render(request, "access/confirmar.html", {"form": form, "next": then}, status=status)


@require_POST
def end_one(request: HttpRequest, codigo: UUID) -> HttpResponse:
    """End one of one's own sessions."""
    ended = end_sessions(usuario=request.user, by=request.user, at=_now(), codigo=codigo, place=place_of(request))
    if not ended:
        raise Http404("Não há sessão sua com este código.")
    messages.success(request, "Sessão encerrada. Quem estava nela precisa entrar de novo.")
    return redirect("conta")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    keep = request.session.session_key
    ended = end_sessions(usuario=request.user, by=request.user, at=_now(), keep=keep, place=place_of(request))
    messages.success(request, f"Outras sessões encerradas: {ended}.")
    return redirect("conta")


@before_second_factor
@require_GET
def second_factor(request: HttpRequest) -> HttpResponse:
    """One's own second factors, and the ways to another."""
    told = {
        "fatores": list(Fator.objects.filter(usuario=request.user)),
        "codigos": factors.codes_left(request.user),
        "exigido": factors.is_mandatory(request.user),
        "feito": bool(request.session.get(FACTOR)),
        "next": next_of(request),
    }
    return render(request, "access/segundo_fator.html", told)


@before_second_factor
@never_cache
@recently_confirmed
@require_http_methods(["GET", "POST"])
def new_application(request: HttpRequest) -> HttpResponse:
    """Show the QR code and the secret; enrol the application that answers with the right code."""
    sealed = request.session.get(NEW_SECRET)
    secret = (unseal(sealed) if sealed else None) or new_secret()
    form = EnrolForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and sealed and form.is_valid():
        try:
            codes = factors.enrol_application(
                secret=secret, code=form.cleaned_data["codigo"], by=request.user, at=_now(), place=place_of(request)
            )
        except Refusal as refusal:
            form.add_error("codigo", refusal.message)
        else:
            del request.session[NEW_SECRET]
            return _enrolled(request, codes, NAMES["aplicativo"])
    request.session[NEW_SECRET] = seal(secret)
    told = {"form": form, "segredo": in_fours(secret), "qr": _picture(request, secret), "next": next_of(request)}
    return render(request, "access/aplicativo.html", told, status=422 if request.method == "POST" else 200)


@before_second_factor
@never_cache
@recently_confirmed
@require_http_methods(["GET", "POST"])
def new_key(request: HttpRequest) -> HttpResponse:
    """Ask the browser for a new key, and enrol what it answers."""
    form = KeyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        state = request.session.pop(ASKED, None)
        made = keys.registered(state, form.cleaned_data["resposta"]) if state else None
        if made:
            nome, place = form.cleaned_data["nome"], place_of(request)
            codes = factors.enrol_key(
                nome=nome,
                credencial=made[0],
                segredo=made[1],
                contador=made[2],
                by=request.user,
                at=_now(),
                place=place,
            )
            return _enrolled(request, codes, NAMES["chave"])
        form.add_error(None, "A chave não respondeu como devia. Ligue-a de novo e tente outra vez.")
    asked, request.session[ASKED] = keys.registration_options(request.user, Fator.objects.filter(usuario=request.user))
    told = {"form": form, "pergunta": asked, "next": next_of(request)}
    return render(request, "access/chave.html", told, status=422 if request.method == "POST" else 200)


@recently_confirmed
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one of one's own factors away."""
    row = Fator.objects.filter(pk=pk, usuario=request.user).first() if pk < 2**63 else None
    if row is None:
        raise Http404("Não há segundo fator seu com este número.")
    factors.remove_factor(fator=row, by=request.user, at=_now(), place=place_of(request))
    messages.success(request, f"«{row.nome}» foi retirado da sua conta.")
    return redirect("segundo_fator")


@never_cache
@recently_confirmed
@require_POST
def new_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes, shown once."""
    codes = factors.renew_codes(by=request.user, at=_now(), place=place_of(request))
    return render(request, "access/codigos.html", {"codigos": _grouped(codes), "next": reverse("segundo_fator")})


def _enrolled(request: HttpRequest, codes: list[str], how: str) -> HttpResponse:
    """The first factor brings the recovery codes, shown on this very answer and never again."""
    request.session[FACTOR] = request.session.get(FACTOR) or how
    messages.success(request, "Segundo fator incluído. No próximo acesso ele será pedido depois da senha.")
    if codes:
        return render(request, "access/codigos.html", {"codigos": _grouped(codes), "next": next_of(request)})
    return redirect("segundo_fator")


def _grouped(codes: list[str]) -> list[str]:
    return [in_fours(code).replace(" ", "-") for code in codes]


def _picture(request: HttpRequest, secret: str) -> str:
    address = enrolment_address(secret, request.user.usuario, settings.PROCON["NOME"])
    drawn = segno.make_qr(address, error="m").svg_inline(border=2, light="#fff", omitsize=True)
    return mark_safe(drawn)  # noqa: S308  drawn by segno from base32 and percent-encoded text


def _now() -> datetime:
    return timezone.now()  # noqa: TID251  the edge reads the clock
