"""Who works here: the list, one person, and what an administrador may do. Others find no such page (404)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from access.forms import NewPersonForm, PapeisForm, PeopleSearchForm, PersonForm, ReasonForm
from access.models import Fator, RegistroDeAcesso
from access.services import factors
from access.services import people as services
from access.services.people import administered, over_all
from accounts.models import Papel, User
from listing.order import by_name
from listing.pages import keyset_page
from workflow.errors import Refusal

#: How many facts of the account its page shows.
SHOWN = 12


def by_administrador(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for administradores; for everybody else there is none."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_papel(Papel.ADMINISTRADOR):
            raise Http404("Esta página é do administrador.")
        return view(request, *args, **kwargs)

    return guarded


@by_administrador
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The people of one's unidades, by name."""
    form = PeopleSearchForm(request.GET)
    rows = _chosen(form, services.people(request.user)) if form.is_valid() else services.people(request.user)
    asked = {name: value for name, value in request.GET.items() if name in form.fields and value}
    page = keyset_page(rows.annotate(em_ordem=by_name("nome")), ("em_ordem", "id"), request.GET, by_id=True)
    context = {"form": form, "pagina": page, "consulta": urlencode(asked)}
    return render(request, "access/usuarios.html", context | {"filtrado": bool(asked)})


@by_administrador
@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: where they work as what, how they come in, and what happened to the account."""
    found = _fetch(request, pk)
    held = found.papeis_por_unidade
    places = [
        (place, [Papel(one).label for one in sorted(held.get(place.pk, ()))]) for place in administered(request.user)
    ]
    context = {
        "pessoa": found,
        "unidades": places,
        "alheias": [row for row in found.atribuicoes_lidas if row.unidade_id not in {place.pk for place, _ in places}],
        "por_inteiro": over_all(found, request.user),
        "eu": found.pk == request.user.pk,
        "fatores": Fator.objects.filter(usuario=found).count(),
        "exigido": factors.is_mandatory(found),
        "fatos": RegistroDeAcesso.objects.filter(usuario=found).select_related("por")[:SHOWN],
    }
    return render(request, "access/usuario.html", context)


@by_administrador
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Register somebody."""
    form = NewPersonForm(request.POST or None, by=request.user)

    def save() -> User:
        return services.create_person(**form.cleaned_data, by=request.user, at=_now())

    told = "{0.nome} foi cadastrado(a). O link para definir a senha seguiu para {0.email}."
    return _form_page(request, form, save, titulo="Novo usuário", botao="Cadastrar e enviar o link", dito=told)


@by_administrador
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct name and e-mail."""
    found = _fetch(request, pk)
    form = PersonForm(request.POST or None, initial={"nome": found.nome, "email": found.email})

    def save() -> User:
        services.change_person(pessoa=found, **form.cleaned_data, by=request.user, at=_now())
        return found

    return _form_page(request, form, save, titulo="Corrigir nome e e-mail", pessoa=found, dito="Gravado.")


@by_administrador
@require_http_methods(["GET", "POST"])
def papeis(request: HttpRequest, pk: int, unidade: int) -> HttpResponse:
    """What somebody is in one unidade."""
    found, place = _fetch(request, pk), get_object_or_404(administered(request.user), pk=unidade)
    form = PapeisForm(request.POST or None, initial={"papeis": list(found.papeis_em(place.pk))})

    def save() -> User:
        services.set_papeis(pessoa=found, unidade=place, **form.cleaned_data, by=request.user, at=_now())
        return found

    return _form_page(request, form, save, titulo=f"Papéis em {place.nome}", pessoa=found, dito="Papéis gravados.")


@by_administrador
@require_http_methods(["GET", "POST"])
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the access away."""
    found, form = _fetch(request, pk), ReasonForm(request.POST or None)

    def save() -> User:
        services.deactivate(pessoa=found, **form.cleaned_data, by=request.user, at=_now())
        return found

    told = "A conta de {0.nome} está desativada, e suas sessões foram encerradas."
    return _form_page(request, form, save, titulo="Desativar a conta", pessoa=found, botao="Desativar", dito=told)


@by_administrador
@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the access back."""
    found = _fetch(request, pk)
    services.reactivate(pessoa=found, by=request.user, at=_now())
    messages.success(request, f"A conta está ativa. O link para definir a senha seguiu para {found.email}.")
    return redirect("usuario", pk)


@by_administrador
@require_POST
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the link once more."""
    found = _fetch(request, pk)
    services.resend_link(pessoa=found, by=request.user, at=_now())
    messages.success(request, f"O link para definir a senha seguiu para {found.email}.")
    return redirect("usuario", pk)


@by_administrador
@require_http_methods(["GET", "POST"])
def reset_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody's second factors away, with the reason."""
    found, form = _fetch(request, pk), ReasonForm(request.POST or None)

    def save() -> User:
        factors.reset_second_factor(usuario=found, **form.cleaned_data, by=request.user, at=_now())
        return found

    told = "O segundo fator de {0.nome} foi retirado. Se o papel o exige, será pedido outro no próximo acesso."
    return _form_page(request, form, save, titulo="Redefinir o segundo fator", pessoa=found, botao="Retirar", dito=told)


def _chosen(form: PeopleSearchForm, rows: QuerySet[User]) -> QuerySet[User]:
    asked = form.cleaned_data
    if asked["q"]:
        rows = rows.filter(Q(nome__unaccent__icontains=asked["q"]) | Q(usuario__icontains=asked["q"]))
    if asked["papel"]:
        rows = rows.filter(pk__in=User.objects.filter(atribuicoes__papel=asked["papel"]).values("pk"))
    return rows if asked["situacao"] == "todas" else rows.filter(is_active=asked["situacao"] != "desativadas")


def _fetch(request: HttpRequest, pk: int) -> User:
    found: User | None = services.people(request.user).filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404("Não há esta pessoa nas suas unidades.")
    return found


def _form_page(
    request: HttpRequest,
    form: forms.Form,
    save: Callable[[], User],
    *,
    titulo: str,
    dito: str,
    pessoa: User | None = None,
    botao: str = "Gravar",
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
            messages.success(request, dito.format(made))
            return redirect("usuario", made.pk)
    context = {"form": form, "titulo": titulo, "pessoa": pessoa, "botao": botao}
    return render(request, "access/usuario_formulario.html", context, status=422 if request.method == "POST" else 200)


def _now() -> datetime:
    return timezone.now()  # noqa: TID251  the edge reads the clock
