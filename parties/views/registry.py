"""Pages of consumers and suppliers. Whoever reads no case reads no person either (404)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import CASE_READERS, Papel
from listing.pages import keyset_page
from listing.typed import keep, with_typed
from parties.filters import ConsumidorFilter, FornecedorFilter
from parties.forms import ConsumidorForm, CorrecaoForm, FornecedorForm
from parties.identifiers import clean_cpf, mask_cpf
from parties.models import AutorizacaoDeCanal, Consumidor, Fornecedor
from parties.queries import BY_NAME, START
from parties.services import correct_consumer, correct_supplier, may_correct, register_supplier
from parties.services.channels import REGISTRARS as CHOICE_REGISTRARS
from parties.services.registration import require_correction
from workflow.errors import ActNotAllowed, Refusal
from workflow.services import log_reading

#: Merges shown on a person's page, the newest first.
MERGES = 20
_REGISTRARS = (Papel.ATENDENTE, Papel.COORDENADOR, Papel.AUDITOR)


@require_http_methods(["GET", "POST"])
def consumers(request: HttpRequest) -> HttpResponse:
    """The people with a case in one's unidades; POST is the search, so that a CPF stands in no address."""
    if request.method == "POST":
        return _search(request)
    chosen = ConsumidorFilter(
        with_typed(request), queryset=Consumidor.objects.visible_to(request.user).standing(), request=request
    )
    page = keyset_page(chosen.qs.annotate(inicio=START), BY_NAME, request.GET, by_id=True)
    context = {**_list_context(request, chosen, page), "e_auditor": request.user.has_papel(Papel.AUDITOR)}
    return render(request, "parties/consumidores.html", context)


@require_GET
def consumer(request: HttpRequest, pk: int) -> HttpResponse:
    """One person, with their cases."""
    person = fetch(Consumidor.objects.visible_to(request.user).select_related("fundido_em"), pk)
    log_reading(by=request.user, pagina="consumidor", objeto=person)
    merges = person.fusoes.select_related("feita_por", "desfeita_por").prefetch_related("fundidos")
    context = {
        "pessoa": person,
        "pode_corrigir": not person.fundido_em and may_correct(person, by=request.user, today=today()),
        "e_auditor": request.user.has_papel(Papel.AUDITOR),
        "fusoes": merges[:MERGES],
    }
    return render(request, "parties/consumidor.html", context | _channels_of(person, request))


def _channels_of(person: Consumidor, request: HttpRequest) -> dict[str, Any]:
    """What the person's page shows of it."""
    given = {row.canal: row for row in person.autorizacoes_de_canal.standing()}
    return {
        "canais": [(value, label, given.get(value)) for value, label in AutorizacaoDeCanal.Canal.choices],
        "ha_gateway": bool(settings.PROCON["GATEWAY_URL"]),
        "pode_escolher_canal": request.user.has_papel(*CHOICE_REGISTRARS),
    }


@require_http_methods(["GET", "POST"])
def correct_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a person's data."""
    person = fetch(Consumidor.objects.visible_to(request.user), pk)
    require_correction(person, by=request.user, at=now())
    initial = ConsumidorForm.initial_of(person)
    form = ConsumidorForm(request.POST or None, initial=initial)

    def save() -> Consumidor:
        return correct_consumer(person=person, by=request.user, at=now(), **form.cleaned_data)

    return form_page(request, form, save, {"titulo": "Corrigir consumidor", "objeto": person, "rota": "consumidor"})


@require_http_methods(["GET", "POST"])
def suppliers(request: HttpRequest) -> HttpResponse:
    """Every supplier, known in all unidades; POST is the search: a supplier may be a person, known by a CPF."""
    require_reader(request)
    if request.method == "POST":
        return _search_suppliers(request)
    chosen = FornecedorFilter(with_typed(request), queryset=Fornecedor.objects.standing(), request=request)
    page = keyset_page(chosen.qs.annotate(inicio=START), BY_NAME, request.GET, by_id=True)
    context = {**_list_context(request, chosen, page), "pode_cadastrar": request.user.has_papel(*_REGISTRARS)}
    context["e_auditor"] = request.user.has_papel(Papel.AUDITOR)
    return render(request, "parties/fornecedores.html", context)


@require_http_methods(["GET", "POST"])
def new_supplier(request: HttpRequest) -> HttpResponse:
    """Register a supplier; a CNPJ that is known already leads to the one that has it."""
    if not request.user.has_papel(*_REGISTRARS):
        raise ActNotAllowed("Cadastrar fornecedor cabe a Atendente, Coordenador ou Auditor. Peça a um deles.")
    form = FornecedorForm(request.POST or None)

    def save() -> Fornecedor:
        return register_supplier(**form.cleaned_data)

    return form_page(request, form, save, {"titulo": "Novo fornecedor", "objeto": None, "rota": "fornecedor"})


@require_http_methods(["GET", "POST"])
def correct_company(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a supplier's data."""
    require_reader(request)
    found = fetch(Fornecedor.objects.all(), pk)
    require_correction(found, by=request.user, at=now())
    form = CorrecaoForm(request.POST or None, initial=FornecedorForm.initial_of(found))

    def save() -> Fornecedor:
        return correct_supplier(supplier=found, by=request.user, at=now(), **form.cleaned_data)

    return form_page(request, form, save, {"titulo": "Corrigir fornecedor", "objeto": found, "rota": "fornecedor"})


def form_page(request: HttpRequest, form: Any, save: Callable[[], Any], context: dict[str, Any]) -> HttpResponse:
    """Show the form, or save it; a refusal keeps what was typed."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = save()
            except Refusal as refusal:
                form.add_refusal(refusal.errors, refusal.message)
                status = refusal.status_code
            else:
                whose = context["objeto"] or saved
                messages.success(request, f"Cadastro de {whose} gravado.")
                return redirect(context["rota"], whose.pk)
    return render(request, "parties/formulario.html", {**context, "form": form}, status=status)


def _search(request: HttpRequest) -> HttpResponse:
    text = " ".join(request.POST.get("q", "").split())[:160]
    try:
        cpf = clean_cpf(text)
    except ValueError:
        return redirect(f"{request.path}?{urlencode({'q': text})}" if text else request.path)
    person = Consumidor.objects.visible_to(request.user).filter(cpf=cpf).first()
    if person:
        return redirect("consumidor", person.pk)
    messages.info(request, f"Nenhum consumidor com o CPF {mask_cpf(cpf)} nas suas unidades.")
    return redirect(request.path)


def _search_suppliers(request: HttpRequest) -> HttpResponse:
    """Answer the search with an address in which nothing typed stands."""
    text = " ".join(request.POST.get("q", "").replace("\x00", " ").split())[:160]
    query = {"busca": keep(request, text)} if text else {}
    if request.POST.get("a_completar") == "1":
        query["a_completar"] = "1"
    return redirect(f"{request.path}?{urlencode(query)}" if query else request.path)


def _list_context(request: HttpRequest, chosen: Any, page: Any) -> dict[str, Any]:
    query = request.GET.copy()
    for name in ("depois", "antes"):
        query.pop(name, None)
    return {"filtro": chosen, "pagina": page, "consulta": query.urlencode(), "filtrado": any(query.values())}


def require_reader(request: HttpRequest) -> None:
    """404 for whoever reads no cases."""
    if not request.user.has_papel(*CASE_READERS):
        raise Http404("Seu papel não lê cadastros.")


def fetch(queryset: Any, pk: int) -> Any:
    """The row with this key among those that one may see, or 404."""
    found = queryset.filter(pk=pk).first()
    if found is None:
        raise Http404("Não há cadastro com este número nas suas unidades.")
    return found


def now() -> datetime:
    """The moment of this request."""
    return timezone.now()  # noqa: TID251  the edge reads the clock


def today() -> date:
    """The office's day of this request."""
    return timezone.localdate(now())
