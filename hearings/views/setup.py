"""Setting the agenda up: the unidade's rules, its rooms, weekly windows and absences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Unidade
from hearings import services
from hearings.forms import AbsenceForm, RefusableForm, ResourceForm, RoomForm, RulesForm, WindowForm
from hearings.models import AssinaturaDeAgenda, Ausencia, Disponibilidade, Sala
from hearings.views.agenda import AGENDA_VIEWERS
from listing.pages import keyset_page
from workflow.errors import Refusal


@require_GET
def setup(request: HttpRequest, unidade: int | None = None) -> HttpResponse:
    """What the agenda of one unidade rests on."""
    return _page(request, _unidade(request, unidade))


@require_POST
def set_rules(request: HttpRequest, unidade: int) -> HttpResponse:
    """Store how the unidade cuts its day."""
    form = RulesForm(request.POST, auto_id="regras-%s")
    done = "Regras da agenda guardadas. Audiências já marcadas ficam como estão."
    return _perform(request, unidade, "regras", form, services.set_agenda_rules, done)


@require_POST
def save_room(request: HttpRequest, unidade: int, pk: int | None = None) -> HttpResponse:
    """Add a room, or correct one."""
    form = RoomForm(request.POST, auto_id=f"sala{pk or ''}-%s")
    room = Sala.objects.filter(pk=pk, unidade=_unidade(request, unidade)).first()
    if pk is not None and room is None:
        raise Http404
    return _perform(request, unidade, f"sala{pk or ''}", form, services.save_room, "Sala guardada.", sala=room)


@require_POST
def add_window(request: HttpRequest, unidade: int) -> HttpResponse:
    """Add a weekly window."""
    form = WindowForm(request.POST, unidade=_unidade(request, unidade), auto_id="janela-%s")
    return _perform(request, unidade, "janela", form, services.open_window, "Disponibilidade guardada.")


@require_POST
def end_window(request: HttpRequest, unidade: int, pk: int) -> HttpResponse:
    """End a weekly window with today."""
    place = _unidade(request, unidade)
    window = Disponibilidade.objects.filter(pk=pk, unidade=place).first()
    if window is None:
        raise Http404
    today = timezone.localdate(timezone.now())  # noqa: TID251  the edge reads the clock
    services.close_window(disponibilidade=window, on=today, by=request.user)
    messages.success(request, "Disponibilidade encerrada.")
    return redirect("agenda_da_unidade", place.pk)


@require_POST
def add_absence(request: HttpRequest, unidade: int) -> HttpResponse:
    """Take a room or a conciliator out of the agenda for a time."""
    form = AbsenceForm(request.POST, unidade=_unidade(request, unidade), auto_id="ausencia-%s")
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    done = "Ausência registrada: nesse período ninguém marca."
    return _perform(request, unidade, "ausencia", form, services.block, done, at=now)


@require_POST
def undo_absence(request: HttpRequest, unidade: int, pk: int) -> HttpResponse:
    """Give a room or a conciliator back to the agenda."""
    place = _unidade(request, unidade)
    away = Ausencia.objects.filter(pk=pk, unidade=place).first()
    if away is None:
        raise Http404
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    services.unblock(ausencia=away, by=request.user, at=now)
    messages.success(request, "Ausência desfeita.")
    return redirect("agenda_da_unidade", place.pk)


@require_POST
def add_feed(request: HttpRequest, unidade: int) -> HttpResponse:
    """Make a private calendar address, and show it once."""
    place = _unidade(request, unidade)
    form = ResourceForm(request.POST, unidade=place, auto_id="assinatura-%s")
    if not form.is_valid():
        return _page(request, place, status=422, assinatura=form)
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    _, key = services.open_feed(unidade=place, by=request.user, at=now, **form.resource())
    address = settings.PROCON["SITE"].rstrip("/") + reverse("agenda_ics", args=[key])
    return _page(request, place, endereco=address)


@require_POST
def end_feed(request: HttpRequest, unidade: int, pk: int) -> HttpResponse:
    """Revoke a private calendar address."""
    place = _unidade(request, unidade)
    found = AssinaturaDeAgenda.objects.filter(pk=pk, unidade=place).first()
    if found is None:
        raise Http404
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    services.revoke_feed(assinatura=found, by=request.user, at=now)
    messages.success(request, "Assinatura revogada: o endereço não abre mais.")
    return redirect("agenda_da_unidade", place.pk)


def _unidade(request: HttpRequest, pk: int | None) -> Unidade:
    """The unidade, if this person has to do with its agenda; the first such one where none is named."""
    mine = Unidade.objects.filter(pk__in=request.user.unidades_com(AGENDA_VIEWERS)).order_by("codigo")
    place = mine.first() if pk is None else mine.filter(pk=pk).first()
    if place is None:
        raise Http404("Não há agenda de unidade que caiba a você.")
    return place


def _perform(
    request: HttpRequest,
    unidade: int,
    name: str,
    form: RefusableForm,
    service: Callable[..., Any],
    done: str,
    **extra: Any,
) -> HttpResponse:
    """Call the service with what was typed; refused or badly filled in, show the page with that form open."""
    place = _unidade(request, unidade)
    if not form.is_valid():
        return _page(request, place, status=422, **{name: form})
    try:
        service(unidade=place, by=request.user, **form.values(), **extra)
    except Refusal as refusal:
        form.show(refusal)
        return _page(request, place, status=refusal.status_code, **{name: form})
    messages.success(request, done)
    return redirect("agenda_da_unidade", place.pk)


def _page(
    request: HttpRequest, place: Unidade, *, status: int = 200, endereco: str = "", **forms: RefusableForm
) -> HttpResponse:
    today = timezone.localdate(timezone.now())  # noqa: TID251  the edge reads the clock
    windows = Disponibilidade.objects.filter(unidade=place).exclude(vigente_ate__lt=today)
    away = Ausencia.objects.filter(unidade=place).standing().select_related("sala", "conciliador", "registrada_por")
    others = (
        Unidade.objects.filter(pk__in=request.user.unidades_com(AGENDA_VIEWERS)).exclude(pk=place.pk).order_by("codigo")
    )
    context = {
        "unidade": place,
        "outras": others,
        "pode_mudar": bool(request.user.papeis_em(place.pk) & services.SETTERS),
        "regras": forms.get("regras")
        or RulesForm(initial=RulesForm.initial_of(services.agenda_rules(place)), auto_id="regras-%s"),
        "salas": [
            (room, forms.get(f"sala{room.pk}") or _room_form(room)) for room in Sala.objects.filter(unidade=place)
        ],
        "sala_nova": forms.get("sala") or RoomForm(auto_id="sala-%s"),
        "janelas": windows.select_related("sala", "conciliador").order_by("dia_da_semana", "das", "pk"),
        "janela": forms.get("janela") or WindowForm(unidade=place, initial={"vigente_de": today}, auto_id="janela-%s"),
        "ausencias": keyset_page(away, ("-id",), request.GET),
        "ausencia": forms.get("ausencia") or AbsenceForm(unidade=place, auto_id="ausencia-%s"),
        "assinaturas": _feeds(request, place),
        "assinatura": forms.get("assinatura") or ResourceForm(unidade=place, auto_id="assinatura-%s"),
        "endereco": endereco,
    }
    return render(request, "hearings/configuracao.html", context, status=status)


def _feeds(request: HttpRequest, place: Unidade) -> Any:
    """The private addresses in force: all for who sets the agenda, else one's own."""
    found = AssinaturaDeAgenda.objects.filter(unidade=place, revogada_em=None).select_related("sala", "conciliador")
    return found if request.user.papeis_em(place.pk) & services.SETTERS else found.filter(conciliador=request.user)


def _room_form(room: Sala) -> RoomForm:
    return RoomForm(initial={"nome": room.nome, "link": room.link, "ativa": room.ativa}, auto_id=f"sala{room.pk}-%s")
