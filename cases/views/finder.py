"""Finding the case that somebody asks about, while a «consulta de caso» is being registered."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from cases.services.registration import REGISTRARS
from cases.templatetags.consultas import found_cases


@require_POST
def cases(request: HttpRequest) -> HttpResponse:
    """The cases that fit what was typed, to be ticked. POST: a CPF is in no address."""
    if not request.user.unidades_com(REGISTRARS):
        raise Http404("who registers nothing looks nothing up")
    text = request.POST.get("refere_a", "")[:160]
    return render(request, "cases/_casos_consultados.html", found_cases(request.user, text))
