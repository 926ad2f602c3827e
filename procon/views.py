"""The home page of whoever works here."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.models import CASE_READERS, Papel, User
from cases.models import CIP, Atendimento
from hearings.models import Audiencia
from listing.pages import COUNT_CAP, capped, capped_count
from procon.backup.schedule import trouble
from procon.models import Copia
from procon.waiting import waiting

#: A term is «due soon» within this many days.
SOON = 3
#: How many letters and hearings the page shows before one opens the list.
SHOWN = 8
#: So many tries at a copy are listed: a month of days, with some that failed.
COPIES = 40


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """My day: the open cases by status, the letters whose term is near or past, and today's hearings."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    today = timezone.localdate(now)
    context = {"hoje": today, "le_casos": bool(request.user.papeis & CASE_READERS)}
    if request.user.has_papel(Papel.ADMINISTRADOR):
        context["copias"] = trouble(at=now)
    if context["le_casos"]:
        context |= _cases(request.user) | _letters(request.user, today) | _hearings(request.user, today)
        context["esperam"] = waiting(request.user, at=now, today=today)
    return render(request, "procon/inicio.html", context)


@require_GET
def copies(request: HttpRequest) -> HttpResponse:
    """The daily copies: what was kept, what failed, and how to have them made."""
    if not request.user.has_papel(Papel.ADMINISTRADOR):
        raise Http404
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    context = {
        "copias": Copia.objects.all()[:COPIES],
        "falta": trouble(at=now),
        "cifrada": bool(settings.ENVIRONMENT["BACKUP_KEY"]),
    }
    return render(request, "procon/copias.html", context)


def _cases(user: User) -> dict[str, Any]:
    shown = [(status, label) for status, label in Atendimento.Status.choices if status != "encerrado"]
    counted = Atendimento.objects.count_by_status([status for status, _ in shown], user=user, cap=COUNT_CAP)
    return {"situacoes": [(status, label, capped(counted[status], COUNT_CAP)) for status, label in shown]}


def _letters(user: User, today: date) -> dict[str, Any]:
    running = (
        CIP.objects.visible_to(user)
        .filter(status=CIP.Status.CIENTIFICADA, prazo__vence_em__lte=today + timedelta(days=SOON))
        .select_related("prazo", "reclamado__fornecedor", "reclamado__atendimento")
        .order_by("prazo__vence_em", "pk")
    )
    rows = list(running[: SHOWN + 1])
    waiting = CIP.objects.visible_to(user).filter(status=CIP.Status.EMITIDA)
    return {"cips": rows[:SHOWN], "ha_mais_cips": len(rows) > SHOWN, "cips_a_enviar": capped_count(waiting)}


def _hearings(user: User, today: date) -> dict[str, Any]:
    day = Audiencia.objects.visible_to(user).on_day(today)
    rows = day.select_related("atendimento__consumidor", "sala", "conciliador").order_by("inicio", "pk")
    return {"audiencias": list(rows[:SHOWN])}
