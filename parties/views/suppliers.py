"""The page of one supplier and what an office keeps there: spellings, group, contacts, enrolment, corrections."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import CASE_READERS, Papel, User
from listing.order import by_name
from listing.pages import capped_count, keyset_page
from parties import services
from parties.forms import AdesaoForm, ContatoForm, GrafiaForm, GrupoForm, ReasonForm
from parties.models import AdesaoCipEletronica, ContatoDeFornecedor, Fornecedor, Grafia, GrupoEconomico
from parties.queries import BY_NAME, START
from parties.services import may_correct
from parties.services.suppliers import require_enroller, require_keeper
from parties.views.registry import fetch, form_page, now, require_reader, today

#: How many merges, and how many corrections, the page of a supplier shows, the newest first.
SHOWN = 30
#: Groups offered while the name of one is typed.
OFFERED = 200


@require_GET
def supplier(request: HttpRequest, pk: int) -> HttpResponse:
    """One supplier: its names, contacts, enrolment, merges, corrections, and the cases that one may see."""
    require_reader(request)
    found = fetch(Fornecedor.objects.select_related("grupo", "fundido_em").prefetch_related("grafias"), pk)
    return render(request, "parties/fornecedor.html", _page(found, request.user))


@require_POST
def new_spelling(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a spelling."""
    require_reader(request)
    form = GrafiaForm(request.POST)
    found = fetch(Fornecedor.objects.all(), pk)

    def save() -> Grafia:
        return services.add_spelling(supplier=found, nome=form.cleaned_data["nome"], by=request.user, at=now())

    return form_page(request, form, save, _context("Incluir grafia", found))


@require_POST
def drop_spelling(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a spelling away."""
    require_reader(request)
    found = fetch(Grafia.objects.select_related("fornecedor"), pk)
    services.remove_spelling(spelling=found, by=request.user, at=now())
    messages.success(request, f"A grafia «{found}» foi retirada.")
    return redirect("fornecedor", found.fornecedor_id)


@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose or make the economic group."""
    require_reader(request)
    services.require_auditor(request.user, "escolher o grupo econômico")
    found = fetch(Fornecedor.objects.select_related("grupo"), pk)
    form = GrupoForm(request.POST or None, initial={"nome": found.grupo})

    def save() -> Fornecedor:
        return services.set_group(supplier=found, nome=form.cleaned_data["nome"], by=request.user, at=now())

    context = {**_context("Grupo econômico", found), "grupos": GrupoEconomico.objects.all()[:OFFERED]}
    return form_page(request, form, save, context)


@require_http_methods(["GET", "POST"])
def new_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Add whom to write to."""
    require_reader(request)
    require_keeper(request.user)
    found = fetch(Fornecedor.objects.standing(), pk)
    form = ContatoForm(request.POST or None)

    def save() -> ContatoDeFornecedor:
        return services.add_contact(supplier=found, by=request.user, at=now(), **form.cleaned_data)

    return form_page(request, form, save, _context("Incluir contato", found))


@require_POST
def drop_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a contact away."""
    require_reader(request)
    found = fetch(ContatoDeFornecedor.objects.select_related("fornecedor"), pk)
    services.remove_contact(contact=found, by=request.user, at=now())
    messages.success(request, f"O contato {found} foi retirado.")
    return redirect("fornecedor", found.fornecedor_id)


@require_http_methods(["GET", "POST"])
def enrolment(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the signed term of electronic CIP."""
    require_reader(request)
    require_enroller(request.user)
    found = fetch(Fornecedor.objects.select_related("fundido_em"), pk)
    form = AdesaoForm(request.POST or None)

    def save() -> AdesaoCipEletronica:
        return services.enroll_supplier(supplier=found, by=request.user, at=now(), **form.cleaned_data)

    return form_page(request, form, save, _context("Registrar adesão à CIP eletrônica", found))


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End an enrolment, with the reason."""
    require_reader(request)
    require_enroller(request.user)
    found = fetch(AdesaoCipEletronica.objects.select_related("fornecedor").filter(encerrada_em__isnull=True), pk)
    form = ReasonForm(request.POST or None)

    def save() -> AdesaoCipEletronica:
        return services.end_enrolment(adesao=found, motivo=form.cleaned_data["motivo"], by=request.user, at=now())

    return form_page(request, form, save, _context("Encerrar adesão à CIP eletrônica", found.fornecedor))


@require_GET
def groups(request: HttpRequest) -> HttpResponse:
    """Every economic group."""
    require_reader(request)
    rows = GrupoEconomico.objects.annotate(em_ordem=by_name("nome"))
    page = keyset_page(rows, ("em_ordem", "id"), request.GET)
    return render(request, "parties/grupos.html", {"pagina": page, "consulta": ""})


@require_GET
def members(request: HttpRequest, pk: int) -> HttpResponse:
    """The suppliers of one economic group."""
    require_reader(request)
    found = fetch(GrupoEconomico.objects.all(), pk)
    standing = Fornecedor.objects.standing().filter(grupo=found).annotate(inicio=START)
    page = keyset_page(standing, BY_NAME, request.GET, by_id=True)
    return render(request, "parties/grupo.html", {"grupo": found, "pagina": page, "consulta": ""})


def _context(title: str, found: Fornecedor) -> dict[str, Any]:
    return {"titulo": title, "objeto": found, "rota": "fornecedor"}


def _page(found: Fornecedor, user: User) -> dict[str, Any]:
    completing = found.a_completar and user.has_papel(Papel.ATENDENTE)
    merges = found.fusoes.select_related("feita_por", "desfeita_por").prefetch_related("fundidos")
    against = found.reclamacoes.model._base_manager.filter(
        fornecedor__in=Fornecedor.objects.filter(pk=found.pk).family_keys(),
        atendimento__unidade_id__in=user.unidades_com(CASE_READERS),
    )
    return {
        "fornecedor": found,
        "pode_corrigir": not found.fundido_em and (completing or may_correct(found, by=user, today=today())),
        "pode_contatos": not found.fundido_em and user.has_papel(Papel.ATENDENTE, Papel.COORDENADOR, Papel.AUDITOR),
        "pode_aderir": not found.fundido_em and user.has_papel(Papel.COORDENADOR, Papel.AUDITOR),
        "e_auditor": user.has_papel(Papel.AUDITOR),
        "grafia_form": GrafiaForm(),
        "contatos": found.contatos_de_aviso.all(),
        "adesoes": found.adesoes.select_related("registrada_por", "encerrada_por")[:SHOWN],
        "correcoes": [_told(item) for item in found.correcoes.select_related("por")[:SHOWN]],
        "fusoes": merges[:SHOWN],
        "casos": capped_count(against),
        "casos_abertos": capped_count(against.exclude(atendimento__status="encerrado")),
    }


def _told(correction: Any) -> Any:
    """A correction with its fields under the names that people read."""
    names = {field.name: str(field.verbose_name) for field in Fornecedor._meta.fields}
    correction.linhas = [
        (names.get(name, name), before or "vazio", after or "vazio")
        for name, (before, after) in sorted(correction.campos.items())
    ]
    return correction
