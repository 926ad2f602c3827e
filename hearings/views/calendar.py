"""The agenda of a week, by room or by conciliator, and of a month."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import CASE_READERS
from deadlines.calendar import Calendar, OutsideCalendarError
from deadlines.services import office_calendar
from hearings.forms import WeekForm
from hearings.models import Audiencia, Ausencia, Sala
from hearings.queries import PENDING, day_bounds
from hearings.render import invitation
from hearings.services import FIRST_DAY, LAST_DAY, conciliators_in, read_feed
from listing.order import by_name
from listing.pages import keyset_page

#: How many rooms or conciliators a week shows at once.
ROWS = 12
WEEK = timedelta(days=7)
ICS = "text/calendar; charset=utf-8"
WEEKDAYS = ("Segunda", "Terça", "Quarta", "Quinta", "Sexta", "Sábado", "Domingo")


@require_GET
def week(request: HttpRequest) -> HttpResponse:
    """One week, a line for each room or conciliator; absences stand beside hearings."""
    form, chosen, today = _chosen(request)
    by_room = chosen["por"] == "sala"
    monday = _within(chosen["dia"] - timedelta(days=chosen["dia"].weekday()))
    days = [monday + timedelta(days=number) for number in range(7)]
    start, end = day_bounds(days[0])[0], day_bounds(days[-1])[1]
    rows = _resources(request, chosen).annotate(em_ordem=by_name("nome"))
    page = keyset_page(rows, ("em_ordem", "id"), request.GET, size=ROWS, by_id=True)
    keys = [row.pk for row in page.rows]
    hearings = Audiencia.objects.visible_to(request.user).filter(inicio__gte=start, inicio__lt=end)
    hearings = hearings.filter(**{"sala__in" if by_room else "conciliador__in": keys}).exclude(
        status__in=("redesignada", "cancelada")
    )
    away = Ausencia.objects.standing().meeting(start, end)
    away = away.filter(**{"sala__in" if by_room else "conciliador__in": keys})
    cells: dict[tuple[int, date], list[Any]] = defaultdict(list)
    for row in hearings.with_everything().order_by("inicio", "pk"):
        cells[row.sala_id if by_room else row.conciliador_id, timezone.localdate(row.inicio)].append(row)
    absences: dict[tuple[int, date], list[Ausencia]] = defaultdict(list)
    for absence in away:
        for day in days:
            if absence.durante.lower < day_bounds(day)[1] and day_bounds(day)[0] < absence.durante.upper:
                absences[absence.sala_id if by_room else absence.conciliador_id, day].append(absence)
    calendar = office_calendar()
    shown = [day for day in days if _works(calendar, day) or any(day == place[1] for place in cells)]
    context = {
        "form": form,
        "dias": [(day, calendar.name_of(day)) for day in shown],
        "linhas": [(row, [(day, cells[row.pk, day], absences[row.pk, day]) for day in shown]) for row in page.rows],
        "pagina": page,
        "consulta": f"dia={monday:%Y-%m-%d}&{_kept(chosen)}",
        "escolha": _kept(chosen),
        "de": days[0],
        "ate": days[-1],
        "hoje": today,
        "por": chosen["por"],
        "anterior": monday - WEEK if monday - WEEK >= FIRST_DAY else None,
        "seguinte": monday + WEEK if monday + WEEK <= LAST_DAY else None,
    }
    return render(request, "hearings/semana.html", context)


@require_GET
def month(request: HttpRequest) -> HttpResponse:
    """One month: how many hearings each day has, and how many of them are still to come."""
    form, chosen, today = _chosen(request)
    first = chosen["dia"].replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    hearings = _of(request, chosen).filter(inicio__gte=day_bounds(first)[0], inicio__lt=day_bounds(following)[0])
    counted = hearings.exclude(status__in=("redesignada", "cancelada")).order_by()
    by_day = {
        row["dia"]: row
        for row in counted.annotate(dia=TruncDate("inicio"))
        .values("dia")
        .annotate(total=Count("pk"), pendentes=Count("pk", filter=Q(status__in=PENDING)))
    }
    calendar = office_calendar()
    start = first - timedelta(days=first.weekday())
    weeks = []
    while start < following:
        days = [start + timedelta(days=number) for number in range(7)]
        weeks.append([(day, day.month == first.month, by_day.get(day), calendar.name_of(day)) for day in days])
        start += WEEK
    context = {
        "form": form,
        "mes": first,
        "escolha": _kept(chosen),
        "dias_da_semana": WEEKDAYS,
        "semanas": weeks,
        "hoje": today,
        "total": sum(row["total"] for row in by_day.values()),
        "anterior": first - timedelta(days=1) if first > FIRST_DAY else None,
        "seguinte": following if following <= LAST_DAY else None,
    }
    return render(request, "hearings/mes.html", context)


@login_not_required
@never_cache
@require_GET
def feed(request: HttpRequest, chave: str) -> HttpResponse:
    """An agenda for a calendar program, by its private key; nobody's name is in it."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    text = read_feed(chave, at=now)
    if text is None:
        raise Http404("Não há agenda neste endereço.")
    return HttpResponse(text, content_type=ICS)


@require_GET
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """One hearing as a file for a calendar program."""
    hearings = Audiencia.objects.visible_to(request.user).select_related("atendimento", "sala")
    found = hearings.filter(pk=pk).first()
    if found is None:
        raise Http404
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    answer = HttpResponse(invitation(found, at=now), content_type=ICS)
    answer["Content-Disposition"] = f'attachment; filename="audiencia-{found.pk}.ics"'
    return answer


def _chosen(request: HttpRequest) -> tuple[WeekForm, dict[str, Any], date]:
    """The form to show, what was chosen, and today."""
    today = timezone.localdate(timezone.now())  # noqa: TID251  the edge reads the clock
    form = WeekForm(request.GET, user=request.user)
    told = form.chosen()
    whose = told.get("recurso") or ""
    by = whose.partition(":")[0] or told.get("por") or "sala"
    chosen = {"dia": told.get("dia") or today, "por": by, "recurso": whose}
    return form.again(chosen), chosen, today


def _resources(request: HttpRequest, chosen: dict[str, Any]) -> Any:
    """The rooms or conciliators to show: all, or the one chosen."""
    mine = request.user.unidades_com(CASE_READERS)
    by_room = chosen["por"] == "sala"
    found = Sala.objects.filter(unidade__in=mine, ativa=True) if by_room else conciliators_in(mine)
    return found.filter(pk=int(chosen["recurso"].partition(":")[2])) if chosen["recurso"] else found


def _of(request: HttpRequest, chosen: dict[str, Any]) -> QuerySet[Audiencia]:
    kind, _, key = chosen["recurso"].partition(":")
    visible = Audiencia.objects.visible_to(request.user)
    return visible.filter(**{kind: int(key)}) if kind else visible


def _kept(chosen: dict[str, Any]) -> str:
    """What the neighbours' addresses keep of the choice."""
    return urlencode({name: chosen[name] for name in ("por", "recurso") if chosen[name]})


def _within(day: date) -> date:
    return max(day, FIRST_DAY)


def _works(calendar: Calendar, day: date) -> bool:
    """Monday to Friday; a holiday is shown with its name."""
    try:
        return day.weekday() < 5 or calendar.is_working_day(day)
    except OutsideCalendarError:
        return day.weekday() < 5
