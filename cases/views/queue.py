"""The walk-in queue: reception, the clerk's call, the public panel, and how long people wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.models import Unidade
from cases.forms.queue import CallForm, TicketForm
from cases.models import Senha
from cases.rules.queue import BY_LAW, PREFIXES, Waits
from cases.services.queue import COUNTER, call_again, call_next, finish, issue_ticket, mark_absent, start

#: How many called tickets the panel shows under the last one.
PANEL = 6
#: How many of those who wait the reception's page lists.
SHOWN = 60


@require_GET
def reception(request: HttpRequest) -> HttpResponse:
    """Give out tickets, call the next, see who waits and for how long."""
    unidade = _unidade(request)
    now = _now()
    today = Senha.objects.filter(unidade=unidade).on_day(timezone.localdate(now))
    waiting = list(today.waiting()[: SHOWN + 1])
    rows = list(today.annotate(protocolo=F("atendimento__protocolo")).select_related("por").order_by("numero"))
    context = {
        "unidade": unidade,
        "unidades": _unidades(request),
        "prioridades": [(rank, letter, label) for rank, (letter, label) in PREFIXES.items()],
        "pela_lei": BY_LAW,
        "espera": [(row, _minutes(now - row.emitida_em)) for row in waiting[:SHOWN]],
        "ha_mais": len(waiting) > SHOWN,
        "minha": Senha.objects.in_hand(request.user).first(),
        "guiche": request.session.get("guiche", ""),
        "agora": Waits.of(now - row.emitida_em for row in rows if row.chamada_em is None),
        "hoje": Waits.of(row.chamada_em - row.emitida_em for row in rows if row.chamada_em),
        "horas": _by_hour(rows),
        "chamadas": [row for row in reversed(rows) if row.chamada_em][:SHOWN],
        "ausentes": sum(1 for row in rows if row.desistiu_em),
    }
    return render(request, "cases/_triagem.html" if request.htmx else "cases/triagem.html", context)


@require_POST
def issue(request: HttpRequest) -> HttpResponse:
    """Give out a ticket, and show it to be printed."""
    unidade = _unidade(request)
    form = TicketForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Escolha a prioridade na lista.")
        return _back(unidade)
    made = issue_ticket(unidade=unidade, by=request.user, at=_now(), **form.cleaned_data)
    return redirect("senha", made.pk)


@require_GET
def ticket(request: HttpRequest, pk: int) -> HttpResponse:
    """The small ticket, to be printed."""
    found = _fetch(request, pk)
    ahead = Senha.objects.filter(unidade=found.unidade).on_day(found.dia).waiting()
    before = ahead.filter(ordem__lt=found.ordem) | ahead.filter(ordem=found.ordem, numero__lt=found.numero)
    return render(request, "cases/senha.html", {"senha": found, "antes": before.count()})


@require_POST
def call(request: HttpRequest) -> HttpResponse:
    """Call the next one to this clerk's counter, whose name the session keeps."""
    unidade = _unidade(request)
    form = CallForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Escreva o seu guichê antes de chamar.")
        return _back(unidade)
    request.session["guiche"] = form.cleaned_data["guiche"]
    called = call_next(unidade=unidade, guiche=form.cleaned_data["guiche"], by=request.user, at=_now())
    if called is None:
        messages.info(request, "Ninguém espera.")
    else:
        messages.success(request, f"Senha {called} chamada ao guichê {called.guiche}.")
    return _back(unidade)


@require_POST
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """Call the same one again."""
    return _act(request, pk, call_again, "chamada de novo")


@require_POST
def absent(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever was called did not come."""
    return _act(request, pk, mark_absent, "registrada como ausente")


@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever was called is here: on to the registration page."""
    found = _fetch(request, pk)
    start(senha=found, by=request.user, at=_now())
    return redirect(f"{reverse('atendimento_novo')}?senha={found.pk}")


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The counter is free again."""
    return _act(request, pk, finish, "concluída")


@login_not_required
@require_GET
def panel(request: HttpRequest) -> HttpResponse:
    """The public screen: the ticket called last and those before it. Letters, numbers and counters; no name."""
    code = request.GET.get("unidade", "").replace("\x00", "")
    units = Unidade.objects.filter(ativa=True).order_by("codigo")
    unidade = units.filter(codigo=code).first() if code else units.first()
    if unidade is None:
        raise Http404("no such unidade")
    called = list(Senha.objects.filter(unidade=unidade).on_day(timezone.localdate(_now())).called()[: PANEL + 1])
    context = {"unidade": unidade, "ultima": called[0] if called else None, "anteriores": called[1:]}
    return render(request, "cases/_painel.html" if request.htmx else "cases/painel.html", context)


def _act(request: HttpRequest, pk: int, act: Callable[..., Senha], words: str) -> HttpResponse:
    done = act(senha=_fetch(request, pk), by=request.user, at=_now())
    messages.success(request, f"Senha {done} {words}.")
    return _back(done.unidade)


def _fetch(request: HttpRequest, pk: int) -> Senha:
    return get_object_or_404(Senha.objects.at_counters_of(request.user).select_related("unidade"), pk=pk)


def _unidades(request: HttpRequest) -> list[Unidade]:
    return list(Unidade.objects.filter(pk__in=request.user.unidades_com(COUNTER), ativa=True))


def _unidade(request: HttpRequest) -> Unidade:
    """The unidade asked for, among those where this person works at the counter; the first where none is."""
    units = _unidades(request)
    asked = request.POST.get("unidade") or request.GET.get("unidade") or ""
    chosen = [unit for unit in units if unit.codigo == asked] if asked else units
    if not chosen:
        raise Http404("the queue is the counter's")
    return chosen[0]


def _back(unidade: Unidade) -> HttpResponse:
    return redirect(f"{reverse('triagem')}?unidade={unidade.codigo}")


def _by_hour(rows: list[Senha]) -> list[tuple[int, int, Waits]]:
    """Hour of arrival → how many came, and how long those who were called had waited."""
    hours: dict[int, list[Senha]] = {}
    for row in rows:
        hours.setdefault(timezone.localtime(row.emitida_em).hour, []).append(row)
    return [
        (hour, len(came), Waits.of(row.chamada_em - row.emitida_em for row in came if row.chamada_em))
        for hour, came in sorted(hours.items())
    ]


def _minutes(wait: Any) -> int:
    return round(wait.total_seconds() / 60)


def _now() -> datetime:
    return timezone.now()  # noqa: TID251  the edge reads the clock
