"""Following a case on the public pages: protocol and key open it in this browser for half an hour.

Both go by POST and are not kept. What the browser keeps is a signed cookie that names nobody; there is no session.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from cases.models import CIP, Atendimento
from hearings.render import invitation
from portal.api import representation
from portal.api.queries import attachments_of, documents_of, told_events
from portal.api.throttling import address_of, seconds_to_wait
from portal.api.words import SENTENCES
from portal.forms import AcompanhamentoForm, AnexoForm, PalavraForm
from portal.services.following import (
    answers_of,
    awaits_word,
    case_by_key,
    case_of_ticket,
    hearings_of,
    may_accept,
    next_dates,
    say_word,
    ticket_of,
)
from workflow.errors import Refusal

#: What the browser keeps of an opened case, and of who came in by gov.br; and for how long.
COOKIE, PERSON = (f"{settings.TICKET_COOKIE_PREFIX}{name}" for name in ("acompanhamento", "consumidor"))
SECONDS_OPEN = 30 * 60
#: As many of the newest events as the API shows.
NEWEST = 50
WRONG = "Não há atendimento com este protocolo e esta chave. Confira os dois, como foram dados."
View = Callable[..., HttpResponse]


@login_not_required
@never_cache
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What the public finds here without a log-in."""
    return render(request, "portal/publico.html")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def entrance(request: HttpRequest) -> HttpResponse:
    """Ask for protocol and key. A wrong key and an unknown protocol are one answer; many tries are told to wait."""
    if request.method != "POST":
        return render(request, "portal/acompanhamento.html", {"form": AcompanhamentoForm()})
    form = AcompanhamentoForm(request.POST)
    wait = seconds_to_wait("acompanhamento", address_of(request))
    if wait:
        form.add_error(None, f"Muitas tentativas deste endereço. Espere {wait} segundos e tente de novo.")
        late = render(request, "portal/acompanhamento.html", {"form": form}, status=429)
        late["Retry-After"] = str(wait)
        return late
    case = case_by_key(**form.cleaned_data) if form.is_valid() else None
    if case is None:
        if not form.errors:
            form.add_error(None, WRONG)
        return render(request, "portal/acompanhamento.html", {"form": form}, status=422)
    return open_case(ticket_of(case))


def open_case(ticket: str) -> HttpResponse:
    """Lead to the case's page, with the ticket that opens it in this browser."""
    answer = redirect("acompanhamento_caso")
    answer.set_cookie(
        COOKIE,
        ticket,
        max_age=SECONDS_OPEN,
        path=reverse("acompanhamento"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return answer


def of_an_opened_case(view: View) -> View:
    """A page of the case gets it; without one opened in this browser it leads to the door."""

    @login_not_required
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        case = case_of_ticket(request.COOKIES.get(COOKIE, ""), lasts=SECONDS_OPEN)
        return redirect("acompanhamento") if case is None else view(request, case, *args, **kwargs)

    return guarded


@of_an_opened_case
@require_safe
def case_page(request: HttpRequest, case: Atendimento) -> HttpResponse:
    """How the case stands: what happened, what comes, the answers, the hearings."""
    return case_page_with(request, case)


@of_an_opened_case
@require_POST
def say(request: HttpRequest, case: Atendimento, pk: int) -> HttpResponse:
    """The consumer accepts an answer or does not; once."""
    cip = answers_of(case).filter(pk=pk).first()
    if cip is None:
        raise Http404
    form = PalavraForm(request.POST, auto_id=f"palavra-{cip.pk}-%s")
    refusal: Refusal | None = None
    if form.is_valid():
        try:
            now = timezone.now()  # noqa: TID251  the edge reads the clock
            say_word(cip=cip, at=now, **form.cleaned_data)
        except Refusal as refused:
            refusal = refused
            for field, message in refused.errors.items():
                form.add_error(field, message)
        else:
            messages.success(request, "O Procon recebeu o que você disse da resposta.")
            return redirect("acompanhamento_caso")
    return case_page_with(request, case, said=(cip, form), refusal=refusal)


@of_an_opened_case
@require_GET
def calendar(request: HttpRequest, case: Atendimento, pk: int) -> HttpResponse:
    """The hearing as a file for a calendar program."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    found = next((hearing for hearing, _ in hearings_of(case, at=now) if hearing.pk == pk), None)
    if found is None:
        raise Http404
    answer = HttpResponse(invitation(found, at=now), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="audiencia-{found.pk}.ics"'
    return answer


@login_not_required
@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the case in this browser."""
    answer = redirect("acompanhamento")
    for name in (COOKIE, PERSON):
        answer.delete_cookie(name, path=reverse("acompanhamento"), samesite="Strict")
    messages.success(request, "Você fechou o caso neste navegador.")
    return answer


def case_page_with(
    request: HttpRequest,
    case: Atendimento,
    *,
    said: tuple[CIP, PalavraForm] | None = None,
    sent: AnexoForm | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """The case's page; with a form that was refused, that form as it was sent."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    case.refresh_from_db()
    told = list(told_events(case, SENTENCES).order_by("-sequencia")[:NEWEST])
    context = {
        "caso": case,
        "andamentos": [
            (event.quando, row["descricao"]) for event, row in zip(told, representation.events(told), strict=True)
        ],
        "datas": next_dates(case, at=now),
        "audiencias": hearings_of(case, at=now),
        "respostas": [(cip, _form_for(cip, said)) for cip in answers_of(case)],
        "recusa": refusal if refusal and not refusal.errors else None,
        "documentos": documents_of(case).order_by("-pk"),
        "anexos": attachments_of(case).order_by("-pk"),
        "anexar": sent or AnexoForm(auto_id="anexo-%s"),
        "form": sent or (said[1] if said else None),
    }
    status = refusal.status_code if refusal else 422 if said or sent else 200
    return render(request, "portal/acompanhamento_caso.html", context, status=status)


def _form_for(cip: CIP, said: tuple[CIP, PalavraForm] | None) -> PalavraForm | None:
    """The form for the consumer's word, where it is still open; as it was sent, if it was refused."""
    if not awaits_word(cip):
        return None
    form = said[1] if said and said[0].pk == cip.pk else PalavraForm(auto_id=f"palavra-{cip.pk}-%s")
    if not may_accept(cip):
        form.only_refuse()
    return form
