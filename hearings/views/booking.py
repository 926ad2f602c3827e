"""Giving a case a hearing, and a hearing another date."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from cases.models import Atendimento
from hearings import acts, services
from hearings.forms import ImpedimentForm, RescheduleForm, ScheduleForm, SlotsForm
from hearings.models import Audiencia, Impedimento
from hearings.views.hearing import fetch_hearing, hearing_page
from workflow.errors import Refusal
from workflow.services import require_papel

SLOTS_SHOWN = 12
NOON = time(12)
TOLD_HERE = "As notificações estão em Documentos; os avisos, em Mensagens."
TOLD_SOON = "As notificações e os avisos estão sendo preparados: ficam prontos em um minuto ou dois."


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, protocolo: str) -> HttpResponse:
    """Schedule a hearing for one case."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    cases = Atendimento.objects.visible_to(request.user).select_related("unidade", "consumidor")
    case = cases.filter(protocolo=protocolo).first()
    if case is None:
        raise Http404
    require_papel(request.user, case.unidade_id, frozenset(acts.TABLE), "Marcar audiência")
    services.check_case(case)
    listing, slots = _free(request, case, now)
    form = ScheduleForm(
        request.POST or None,
        atendimento=case,
        slots=slots,
        initial={
            "reclamados": case.reclamados.values_list("pk", flat=True),
            "modalidade": listing["modalidade"],
        },
    )
    if form.is_valid():
        values = _values(form)
        try:
            audiencia = services.schedule(atendimento=case, by=request.user, at=now, **values)
        except Refusal as refusal:
            return _again(request, form, refusal, case, listing)
        told = services.announce(audiencias=[audiencia], by=request.user, at=now)
        say_booked(request, "Audiência marcada.", TOLD_HERE if told else TOLD_SOON)
        return redirect(audiencia)
    return _show(request, form, case, listing, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a hearing another date."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    audiencia = Audiencia.objects.visible_to(request.user).with_everything().filter(pk=pk).first()
    if audiencia is None:
        raise Http404
    case = audiencia.atendimento
    try:
        services.check_live(audiencia, acts.REDESIGNAR, by=request.user)
    except Refusal as refusal:
        typed = RescheduleForm(request.POST or None, atendimento=case, slots=[])
        page = {"recusa": refusal, "redesignar": typed}
        return hearing_page(request, fetch_hearing(request, pk), status=refusal.status_code, **page)
    listing, slots = _free(request, case, now, modalidade=audiencia.modalidade)
    form = RescheduleForm(
        request.POST or None,
        atendimento=case,
        slots=slots,
        initial={
            "reclamados": [item.pk for item in audiencia.reclamados.all()],
            "modalidade": listing["modalidade"],
        },
    )
    if form.is_valid():
        values = _values(form)
        values["motivo"] = form.cleaned_data["motivo"]
        try:
            new_one = services.reschedule(audiencia=audiencia, by=request.user, at=now, **values)
        except Refusal as refusal:
            return _again(request, form, refusal, case, listing, audiencia)
        told = services.announce(audiencias=[new_one], by=request.user, at=now)
        done = "Audiência redesignada. Os lembretes da data antiga foram cancelados."
        say_booked(request, done, "" if told else TOLD_SOON)
        return redirect(new_one)
    return _show(request, form, case, listing, audiencia, status=422 if form.errors else 200)


def say_booked(request: HttpRequest, done: str, told: str) -> None:
    """What was booked, and how it stands with the notices; a warning while they are still to be made."""
    say = messages.warning if told == TOLD_SOON else messages.success
    say(request, f"{done} {told}".strip())


@require_POST
def note_impediment(request: HttpRequest, protocolo: str) -> HttpResponse:
    """Write down when a party cannot come."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    case = Atendimento.objects.visible_to(request.user).select_related("unidade").filter(protocolo=protocolo).first()
    if case is None:
        raise Http404
    form = ImpedimentForm(request.POST, atendimento=case, auto_id="impedimento-%s")
    if form.is_valid():
        try:
            services.note_impediment(atendimento=case, by=request.user, at=now, **form.cleaned_data)
        except Refusal as refusal:
            form.show(refusal)
        else:
            messages.success(request, "Impedimento registrado: esses horários não são mais oferecidos.")
            return redirect("audiencia_nova", protocolo)
    return render(request, "hearings/impedimento.html", {"atendimento": case, "form": form}, status=422)


@require_POST
def drop_impediment(request: HttpRequest, pk: int) -> HttpResponse:
    """The party can come after all."""
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    found = Impedimento.objects.select_related("atendimento", "reclamado__fornecedor").filter(pk=pk)
    row = found.filter(atendimento__in=Atendimento.objects.visible_to(request.user)).first()
    if row is None:
        raise Http404
    services.drop_impediment(impedimento=row, by=request.user, at=now)
    messages.success(request, "Impedimento retirado.")
    return redirect("audiencia_nova", row.atendimento.protocolo)


def _free(
    request: HttpRequest, case: Atendimento, now: datetime, modalidade: str = Audiencia.Modalidade.PRESENCIAL
) -> tuple[dict[str, Any], list[services.Slot]]:
    """From which day free times are shown, and those times; the first day that the minimum lead allows by default."""
    asked = SlotsForm(request.GET)
    chosen = asked.cleaned_data if asked.is_valid() else {}
    today = timezone.localdate(now)
    start: date = max(chosen.get("desde") or services.first_day(today=today), today)
    wanted = chosen.get("modalidade") or modalidade
    slots = services.next_slots(
        atendimento=case, start=start, limit=SLOTS_SHOWN, after=now, modalidade=wanted, wish=_wish(chosen)
    )
    listing = {
        "desde": start,
        "modalidade": wanted,
        "form": SlotsForm(initial={**chosen, "desde": start, "modalidade": wanted}, auto_id="livres_%s"),
        "consulta": _query(chosen),
        "vazio": not slots,
        "mais": _later(slots, start) if len(slots) == SLOTS_SHOWN else None,
    }
    return listing, slots


def _later(slots: list[services.Slot], start: date) -> date:
    """From which day the next times are shown: never the same page again."""
    return max(timezone.localdate(slots[-1].inicio), start + timedelta(days=1))


def _wish(chosen: dict[str, Any]) -> services.Wish:
    """The days and the half of the day that the search asks for."""
    days = frozenset(chosen.get("dias") or range(7))
    turn = chosen.get("turno")
    return services.Wish(days, NOON if turn == "tarde" else time.min, NOON if turn == "manha" else time.max)


def _query(chosen: dict[str, Any]) -> str:
    """The search's days and half, for the address of the later times."""
    kept = [("dias", day) for day in chosen.get("dias") or []] + [("turno", chosen.get("turno") or "")]
    return urlencode([(name, value) for name, value in kept if value != ""])


def _values(form: ScheduleForm) -> dict[str, Any]:
    names = ("reclamados", "modalidade", "inicio", "sala", "conciliador", "dispensa_antecedencia")
    return {name: form.cleaned_data[name] for name in names}


def _again(
    request: HttpRequest,
    form: ScheduleForm,
    refusal: Refusal,
    case: Atendimento,
    listing: dict[str, Any],
    audiencia: Audiencia | None = None,
) -> HttpResponse:
    form.show(refusal)
    return _show(request, form, case, listing, audiencia, status=refusal.status_code)


def _show(
    request: HttpRequest,
    form: ScheduleForm,
    case: Atendimento,
    listing: dict[str, Any],
    audiencia: Audiencia | None = None,
    *,
    status: int,
) -> HttpResponse:
    pending = Audiencia.objects.filter(atendimento=case).pending().select_related("sala", "conciliador")
    context = {
        "atendimento": case,
        "audiencia": audiencia,
        "form": form,
        "livres": listing,
        "impedimentos": Impedimento.objects.standing()
        .filter(atendimento=case)
        .select_related("reclamado__fornecedor", "registrado_por"),
        "impedimento": ImpedimentForm(atendimento=case, auto_id="impedimento-%s"),
        "pendentes": [item for item in pending if audiencia is None or item.pk != audiencia.pk],
    }
    return render(request, "hearings/nova.html", context, status=status)
