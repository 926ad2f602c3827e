"""The office's service posts, for administradores; others find no such page (404)."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from access.views.people import by_administrador
from accounts.models import Unidade
from cases.forms.unidades import NewUnidadeForm, UnidadeForm, initial_of
from cases.rules.domicile import cities
from cases.services import unidades as services
from cases.services.timeline import changes_of
from workflow.errors import Refusal

#: How many changes of a unidade its page shows.
SHOWN = 20


@by_administrador
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The unidades that one administers; there are few of them."""
    rows = list(services.with_open_cases(request.user))
    for row in rows:
        row.cidade = cities().get(row.municipio, row.municipio)
    return render(request, "cases/unidades.html", {"unidades": rows})


@by_administrador
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a service post."""
    form = NewUnidadeForm(request.POST or None, initial={"abre_as": "09:00", "fecha_as": "17:00"})

    def save() -> Unidade:
        now = timezone.now()  # noqa: TID251  the edge reads the clock
        return services.create_unidade(**form.cleaned_data, by=request.user, at=now)

    return _form_page(request, form, save)


@by_administrador
@require_http_methods(["GET", "POST"])
def unidade(request: HttpRequest, pk: int) -> HttpResponse:
    """One service post: corrected here, with what was changed before."""
    found = _fetch(request, pk)
    form = UnidadeForm(request.POST or None, initial=initial_of(found))

    def save() -> Unidade:
        return services.change_unidade(unidade=found, **form.cleaned_data, by=request.user)

    return _form_page(request, form, save, found)


@by_administrador
@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Close it down."""
    found = _fetch(request, pk)
    services.deactivate_unidade(unidade=found, by=request.user)
    messages.success(request, f"{found.nome} está desativada: não registra mais, e o que há continua a ser lido.")
    return redirect("unidade", pk)


@by_administrador
@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Open it again."""
    found = _fetch(request, pk)
    services.reactivate_unidade(unidade=found, by=request.user)
    messages.success(request, f"{found.nome} está ativa.")
    return redirect("unidade", pk)


def _fetch(request: HttpRequest, pk: int) -> Unidade:
    found = services.with_open_cases(request.user).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404("Não há esta unidade entre as que você administra.")
    return found


def _form_page(
    request: HttpRequest, form: UnidadeForm, save: Callable[[], Unidade], found: Unidade | None = None
) -> HttpResponse:
    """One form on a page of its own: saved, or shown again with what was refused."""
    if request.method == "POST" and form.is_valid():
        try:
            made = save()
        except Refusal as refusal:
            fields = {name: told for name, told in refusal.errors.items() if name in form.fields}
            for name, told in (fields or {None: refusal.message}).items():
                form.add_error(name, told)
        else:
            messages.success(
                request, "Gravado." if found else f"{made.nome} foi criada. Agora dê papéis a quem trabalha lá."
            )
            return redirect("unidade", made.pk)
    context = {"form": form, "unidade": found, "linhas": changes_of(found, limit=SHOWN) if found else []}
    return render(request, "cases/unidade.html", context, status=422 if request.method == "POST" else 200)
