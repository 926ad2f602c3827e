"""Pages of the calendar: everybody reads it; an administrador changes it, after seeing which terms would move."""

from __future__ import annotations

from calendar import Calendar as Weeks
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import CASE_READERS, Papel
from deadlines.calendar import SATURDAY
from deadlines.forms import DayForm, RefusableForm, RemovalForm, RuleForm, WindowForm
from deadlines.models import Feriado, MudancaDeCalendario, RegraDePrazo, Suspensao
from deadlines.services import (
    Move,
    add_day,
    add_rule_version,
    add_window,
    preview_day,
    preview_window,
    preview_without_day,
    preview_without_window,
    remove_day,
    remove_window,
)
from deadlines.services.changes import may_remove
from listing.pages import keyset_page
from workflow.errors import Refusal

MONTHS = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho",
    "julho", "agosto", "setembro", "outubro", "novembro", "dezembro",
)  # fmt: skip
#: How many of the terms that would move the preview lists.
SHOWN = 100


@dataclass(frozen=True)
class Day:
    """One day of the printed calendar, with its mark and what the mark says."""

    number: int
    mark: str
    words: str


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """A year, or one month of it: days without work, optional days and suspensions."""
    today = timezone.localdate()
    year = _number(request.GET.get("ano"), today.year, 1900, 2199)
    month = _number(request.GET.get("mes"), 0, 1, 12)
    first, last = date(year, month or 1, 1), date(year, month or 12, monthrange(year, month or 12)[1])
    days = list(Feriado.objects.filter(data__range=(first, last)).order_by("data", "nome"))
    windows = list(Suspensao.objects.filter(de__lte=last, ate__gte=first).order_by("de"))
    administers = request.user.has_papel(Papel.ADMINISTRADOR)
    names = dict(RegraDePrazo.objects.order_by("versao").values_list("nome", "descricao"))
    context = {
        "ano": year,
        "mes": month,
        "nome_do_mes": MONTHS[month - 1] if month else "",
        "meses": [(n, MONTHS[n - 1], _weeks(year, n, days, windows)) for n in ([month] if month else range(1, 13))],
        "nomes": list(enumerate(MONTHS, start=1)),
        "dias": days,
        "retiraveis": {row.pk for row in days if may_remove(row)} if administers else (),
        "suspensoes": [(row, [names.get(name, name) for name in row.poupa]) for row in windows],
        "carregado": bool(days) or Feriado.objects.filter(data__year=year).exists(),
    }
    return _page(request, "calendario", context)


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule with its versions, sources and validity."""
    context = {
        "regras": RegraDePrazo.objects.order_by("nome", "versao"),
        "hoje": timezone.localdate(),
    }
    return _page(request, "regras", context)


@require_GET
def changes(request: HttpRequest) -> HttpResponse:
    """What was changed in the calendar and the rules: who, when, on what ground, how many terms moved."""
    page = keyset_page(MudancaDeCalendario.objects.select_related("por"), ("-id",), request.GET)
    return _page(request, "mudancas", {"pagina": page})


@require_http_methods(["GET", "POST"])
def new_day(request: HttpRequest) -> HttpResponse:
    """Enter a day without work."""
    form = DayForm(request.POST or None)

    def look() -> list[Move]:
        return preview_day(data=form.cleaned_data["data"], nome=form.cleaned_data["nome"], today=_today())

    def save() -> MudancaDeCalendario:
        return add_day(by=request.user, at=_now(), **form.cleaned_data)

    return _change(request, "Incluir dia sem expediente", form, look, save, _closing)


@require_http_methods(["GET", "POST"])
def drop_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a day entered by mistake."""
    day = get_object_or_404(Feriado, pk=pk)
    form = RemovalForm(request.POST or None)

    def look() -> list[Move]:
        return preview_without_day(feriado=day, today=_today())

    def save() -> MudancaDeCalendario:
        return remove_day(feriado=day, by=request.user, at=_now(), **form.cleaned_data)

    return _change(request, f"Retirar {day}", form, look, save)


@require_http_methods(["GET", "POST"])
def new_window(request: HttpRequest) -> HttpResponse:
    """Enter a suspension window."""
    form = WindowForm(request.POST or None)

    def look() -> list[Move]:
        asked = {name: form.cleaned_data[name] for name in ("de", "ate", "motivo", "poupa")}
        return preview_window(today=_today(), **asked)

    def save() -> MudancaDeCalendario:
        return add_window(by=request.user, at=_now(), **form.cleaned_data)

    return _change(request, "Suspender prazos", form, look, save, _suspending)


@require_http_methods(["GET", "POST"])
def drop_window(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a suspension window entered by mistake."""
    row = get_object_or_404(Suspensao, pk=pk)
    form = RemovalForm(request.POST or None)

    def look() -> list[Move]:
        return preview_without_window(suspensao=row, today=_today())

    def save() -> MudancaDeCalendario:
        return remove_window(suspensao=row, by=request.user, at=_now(), **form.cleaned_data)

    return _change(request, f"Retirar a suspensão {row}", form, look, save)


@require_http_methods(["GET", "POST"])
def new_rule(request: HttpRequest, nome: str) -> HttpResponse:
    """Write a new version of a rule."""
    _require_administrator(request)
    last = RegraDePrazo.objects.filter(nome=nome).order_by("-versao").first()
    if last is None:
        raise Http404("no rule of this name")
    initial = {"dias": last.dias, "contagem": last.contagem, "prorroga": last.prorroga}
    form = RuleForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            fresh = add_rule_version(nome=nome, by=request.user, at=_now(), **form.cleaned_data)
        except Refusal as refusal:
            form.show(refusal)
        else:
            messages.success(request, f"Versão {fresh.versao} da regra «{fresh.descricao}» gravada.")
            return redirect("prazos_regras")
    context = {"titulo": f"Versão nova: {last.descricao}", "form": form, "regra": last}
    return render(request, "deadlines/mudanca.html", context, status=422 if form.errors else 200)


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    may = {
        "administra": request.user.has_papel(Papel.ADMINISTRADOR),
        "le_casos": bool(request.user.papeis & CASE_READERS),
    }
    return render(request, f"deadlines/{name}.html", {**context, **may})


def _change(
    request: HttpRequest,
    title: str,
    form: RefusableForm,
    look: Callable[[], list[Move]],
    save: Callable[[], MudancaDeCalendario],
    days: Callable[[dict[str, Any]], dict[str, Any]] | None = None,
) -> HttpResponse:
    """Form, then the terms that would move, then the change itself.

    `days` gives the period of which the preview asks how many hearings stand on it.
    """
    _require_administrator(request)
    context: dict[str, Any] = {"titulo": title, "form": form}
    if form.is_valid():
        try:
            if "confirmar" in request.POST:
                return _done(request, save())
            moves = look()
            context |= {"previa": moves[:SHOWN], "quantos": len(moves), "confirma": True}
            context["fecha"] = urlencode(days(form.cleaned_data)) if days else ""
        except Refusal as refusal:
            form.show(refusal)
    return render(request, "deadlines/mudanca.html", context, status=422 if form.errors else 200)


def _closing(told: dict[str, Any]) -> dict[str, Any]:
    return {"de": told["data"], "ate": told["data"]}


def _suspending(told: dict[str, Any]) -> dict[str, Any]:
    return {"de": told["de"], "ate": told["ate"], "suspende": "on"}


def _done(request: HttpRequest, made: MudancaDeCalendario) -> HttpResponse:
    moved = {0: "Nenhum prazo mudou.", 1: "1 prazo mudou."}.get(made.prazos, f"{made.prazos} prazos mudaram.")
    messages.success(request, f"{made}. {moved}")
    return redirect("prazos_mudancas")


def _weeks(year: int, month: int, days: list[Feriado], windows: list[Suspensao]) -> list[list[Day | None]]:
    """The month from Sunday to Saturday, with nothing where the week belongs to another month."""
    named: dict[date, list[Feriado]] = {}
    for row in days:
        named.setdefault(row.data, []).append(row)
    return [
        [_day(day, named.get(day, []), windows) if day.month == month else None for day in week]
        for week in Weeks(firstweekday=6).monthdatescalendar(year, month)
    ]


def _day(day: date, named: list[Feriado], windows: list[Suspensao]) -> Day:
    words = [row.nome + (" (ponto facultativo)" if row.facultativo else "") for row in named]
    stopped = [f"suspensão: {window.motivo}" for window in windows if window.de <= day <= window.ate]
    mark = "fim" if day.weekday() >= SATURDAY else ""
    if stopped:
        mark = "suspenso"
    if named:
        mark = "facultativo" if all(row.facultativo for row in named) else "feriado"
    return Day(day.day, mark, "; ".join(words + stopped))


def _require_administrator(request: HttpRequest) -> None:
    """A page that one may not use does not exist for one."""
    if not request.user.has_papel(Papel.ADMINISTRADOR):
        raise Http404("only an administrador changes the calendar")


def _number(text: str | None, default: int, low: int, high: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and low <= int(text[:9]) <= high else default


def _now() -> datetime:
    return timezone.now()  # noqa: TID251  the edge reads the clock


def _today() -> date:
    return timezone.localdate()
