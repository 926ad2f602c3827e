"""The agenda of a day, and the hearings of one case."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import CASE_READERS, Papel
from cases.models import Atendimento
from deadlines.calendar import Calendar, OutsideCalendarError
from deadlines.services import office_calendar
from hearings import acts
from hearings.forms import DayForm
from hearings.models import Audiencia
from hearings.queries import PENDING
from hearings.services import FIRST_DAY, LAST_DAY
from hearings.views.manager import MANAGERS
from listing.order import by_name

#: Who has to do with rooms, windows and absences.
AGENDA_VIEWERS = frozenset({Papel.COORDENADOR, Papel.ADMINISTRADOR, Papel.CONCILIADOR})
#: Hearings that left the agenda are listed apart.
GONE = (Audiencia.Status.REDESIGNADA, Audiencia.Status.CANCELADA)


@require_GET
def agenda(request: HttpRequest) -> HttpResponse:
    """The hearings of one day, by room; of the unidades where one reads cases."""
    form = DayForm(request.GET, user=request.user)
    chosen = form.chosen()
    today = timezone.localdate(timezone.now())  # noqa: TID251  the edge reads the clock
    day = chosen.get("dia") or today
    owner = chosen.get("por") or "sala"
    hearings = form.narrow(Audiencia.objects.visible_to(request.user).on_day(day)).with_everything()
    rows = list(hearings.order_by("atendimento__unidade__codigo", by_name(f"{owner}__nome"), owner, "inicio", "pk"))
    kept = {"por": owner, "recurso": chosen.get("recurso"), "minhas": "on" if chosen.get("minhas") else ""}
    calendar = office_calendar()
    closed = [row for row in rows if row.status in PENDING] if calendar.name_of(day) and day >= today else []
    moves_in = request.user.unidades_com(frozenset(acts.TABLE))
    context = {
        "form": form.again({**chosen, "dia": day, "por": owner}),
        "por": owner,
        "escolha": urlencode({name: kept[name] for name in ("por", "recurso") if kept[name]}),
        "consulta": urlencode({name: value for name, value in kept.items() if value}),
        "dia": day,
        "hoje": today,
        "anterior": _neighbour(calendar, day, -1),
        "seguinte": _neighbour(calendar, day, 1),
        "feriado": calendar.name_of(day),
        "fechadas": len(closed),
        "a_redesignar": {row.pk for row in closed if row.unidade_id in moves_in},
        "grupos": _grouped([row for row in rows if row.status not in GONE], owner),
        "fora": [row for row in rows if row.status in GONE],
        "minhas": chosen.get("minhas"),
        "le_casos": bool(request.user.unidades_com(CASE_READERS)),
        "pode_configurar": bool(request.user.unidades_com(AGENDA_VIEWERS)),
        "marca": bool(moves_in),
        "gere": bool(request.user.unidades_com(MANAGERS)),
        "varias_unidades": len(request.user.unidades_com(CASE_READERS)) > 1,
    }
    return render(request, "hearings/agenda.html", context)


@require_GET
def of_case(request: HttpRequest, protocolo: str) -> HttpResponse:
    """The hearings of one case: a fragment for the case's page, or a page of its own."""
    atendimento = Atendimento.objects.visible_to(request.user).filter(protocolo=protocolo).first()
    if atendimento is None:
        raise Http404
    hearings = Audiencia.objects.filter(atendimento=atendimento).with_everything().order_by("-inicio", "-pk")
    template = "hearings/_do_caso.html" if request.htmx else "hearings/do_caso.html"
    return render(request, template, {"atendimento": atendimento, "audiencias": hearings})


def _grouped(rows: list[Audiencia], owner: str) -> list[tuple[Any, list[Audiencia]]]:
    """By room or by conciliator; of one unidade after another."""
    found = groupby(rows, key=lambda row: (row.atendimento.unidade_id, getattr(row, owner)))
    return [(resource, list(group)) for (_, resource), group in found]


def _neighbour(calendar: Calendar, day: date, step: int) -> date | None:
    """The next or previous working day; beyond the loaded calendar, the next or previous day."""
    for distance in range(1, 15):
        other = day + timedelta(days=step * distance)
        if not FIRST_DAY <= other <= LAST_DAY:
            return None
        try:
            if calendar.is_working_day(other):
                return other
        except OutsideCalendarError:
            break
    return day + timedelta(days=step)
