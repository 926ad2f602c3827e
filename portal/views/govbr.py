"""A consumer who comes in by gov.br sees the cases registered with their CPF, and opens one without its key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from listing.pages import keyset_page
from parties.identifiers import clean_cpf
from parties.models import Consumidor
from portal.services.following import cases_of, person_of_ticket, ticket_of_case, ticket_of_person
from portal.views.following import PERSON, SECONDS_OPEN, open_case


def consumer(request: HttpRequest, claims: Mapping[str, Any]) -> HttpResponse:
    """Whoever gov.br says it is: its `sub` is the CPF. Nobody is registered by it."""
    try:
        cpf = clean_cpf(str(claims.get("sub") or ""))
    except ValueError:
        cpf = ""
    found = Consumidor.objects.standing().filter(cpf=cpf).first() if cpf else None
    if found is None:
        return render(request, "portal/sem_casos.html", status=403)
    answer = redirect("meus_casos")
    answer.set_cookie(
        PERSON,
        ticket_of_person(found),
        max_age=SECONDS_OPEN,
        path=reverse("acompanhamento"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",  # the way in comes from the provider's page
    )
    return answer


@login_not_required
@never_cache
@require_safe
def my_cases(request: HttpRequest) -> HttpResponse:
    """The person's cases, newest first."""
    person = person_of_ticket(request.COOKIES.get(PERSON, ""), lasts=SECONDS_OPEN)
    if person is None:
        return redirect("acompanhamento")
    page = keyset_page(cases_of(person), ("-aberto_em", "-id"), request.GET, size=20)
    return render(request, "portal/meus_casos.html", {"pagina": page, "pessoa": person})


@login_not_required
@never_cache
@require_POST
def open_mine(request: HttpRequest, pk: int) -> HttpResponse:
    """Open one of them in this browser."""
    person = person_of_ticket(request.COOKIES.get(PERSON, ""), lasts=SECONDS_OPEN)
    if person is None:
        return redirect("acompanhamento")
    case = cases_of(person).filter(pk=pk).first() if pk < 2**63 else None
    if case is None:
        raise Http404("Não há este atendimento entre os seus.")
    return open_case(ticket_of_case(case))
