"""Everything that happened in a case and everything that changed in it, page by page; and in a person's data."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET

from cases.services.timeline import changes_of, timeline
from cases.views.case import SHOWN, fetch_case
from parties.models import Consumidor
from workflow.services import log_reading


@require_GET
def history(request: HttpRequest, protocolo: str) -> HttpResponse:
    """The time line with the fields that changed, newest first; `antes_de` is the moment where the page begins."""
    case = fetch_case(request.user, protocolo)
    log_reading(by=request.user, pagina="historico", objeto=case, historico_id=case.historico_id)
    entries, more = timeline(case, limit=SHOWN, before=_moment(request.GET.get("antes_de", "")))
    context = {
        "atendimento": case,
        "linhas": entries,
        "antes_de": entries[-1].ordem[0].isoformat() if more and entries else "",
        "continua": "antes_de" in request.GET,
    }
    return render(request, "cases/historico.html", context)


@require_GET
def person_history(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed in a person's registration, field by field; the person's page shows it as a fragment."""
    person = Consumidor.objects.visible_to(request.user).filter(pk=pk).first()
    if person is None:
        raise Http404("Não há cadastro com este número nas suas unidades.")
    log_reading(by=request.user, pagina="historico", objeto=person)
    template = "cases/_alteracoes.html" if request.htmx else "cases/alteracoes.html"
    return render(request, template, {"pessoa": person, "linhas": changes_of(person, limit=SHOWN)})


def _moment(text: str) -> datetime | None:
    """The moment that the address names; none that can be read is the newest page."""
    try:
        found = parse_datetime(text.replace(" ", "+")[:40])
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
