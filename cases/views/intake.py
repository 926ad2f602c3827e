"""Registering an atendimento: one page, usable with the keyboard alone and without JavaScript."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from cases.forms.intake import CONSUMER, IntakeForm, SupplierForm
from cases.models import Assunto, Atendimento, Orgao, Rascunho, Tipo
from cases.queries import SEARCH_CAP
from cases.services.contingency import AlreadyTyped
from cases.services.counter import Confirmed, register_at_counter
from cases.services.drafts import AlreadyRegistered
from cases.services.registration import REGISTRARS
from cases.services.texts import KEEPERS
from cases.tipos import RULES
from cases.views.contingency import typed_already
from cases.views.drafts import drafts_of, offered_texts, page_number, restored, with_ready_text
from cases.views.intake_parts import notices
from parties.identifiers import clean_cpf, format_cpf
from parties.models import Consumidor, Fornecedor
from parties.services import register_supplier
from workflow.errors import ActNotAllowed, Refusal
from workflow.services import log_reading

#: How many suppliers the search shows before it asks for more letters.
FOUND = 12
#: What `register` takes as it stands in the form.
AS_TOLD = (
    "unidade", "tipo", "canal", "assunto", "problema", "relato", "pedido", "valor", "data_compra", "orgao",
    "refere_a", "nfp_desbloqueada", "orientacao", "fornecedores",
)  # fmt: skip
#: What a person who lives elsewhere is offered instead, with one press.
INSTEAD = frozenset({Tipo.ENCAMINHAMENTO, Tipo.SIMPLES_CONSULTA})


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The registration page; POST registers, or (the button «Procurar») looks suppliers up without JavaScript."""
    if not request.user.unidades_com(REGISTRARS):
        raise ActNotAllowed("Registrar atendimento cabe a Atendente ou Coordenador. Peça a quem tenha esse papel.")
    if request.method == "GET":
        return _opened(request)
    unfinished = _unfinished(request)
    if unfinished is not None:
        return _page(request, IntakeForm(unfinished, user=request.user), checked=False)
    earlier = _already_sent(request)
    if earlier:
        return _once(request, earlier)
    form = IntakeForm(request.POST, user=request.user)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        case = _register(request, form)
    except (AlreadyRegistered, AlreadyTyped) as done:
        return typed_already(request, done) if isinstance(done, AlreadyTyped) else _once(request, done.protocolo)
    except Refusal as refusal:
        form.add_refusal(refusal.errors, refusal.message)
        return _page(request, form, status=refusal.status_code, refusal=refusal)
    done = form.cleaned_data["senha"]
    ended = f" Senha {done} concluída." if done else ""
    messages.success(request, f"Atendimento {case.protocolo} registrado.{ended}")
    return redirect("atendimento", case.protocolo)


def _opened(request: HttpRequest) -> HttpResponse:
    """The page as it is opened: a draft, or with what is known; a paper that is a case already leads to it."""
    draft = restored(request)
    known = {} if draft else _called(request) | _known(request) | _paper(request)
    form = IntakeForm(draft, user=request.user, initial=known)
    paper = form.paper()
    if paper and paper.atendimento:
        return typed_already(request, AlreadyTyped(paper.codigo, paper.atendimento.protocolo))
    return _page(request, form, checked=draft is None)


@require_POST
def consumer(request: HttpRequest) -> HttpResponse:
    """The consumer's fields, filled in where the CPF is known, with their open cases. POST: a CPF is in no address."""
    typed = IntakeForm(request.POST, user=request.user)
    person, error = None, ""
    try:
        cpf = clean_cpf(request.POST.get("cpf", ""))
        person = Consumidor.objects.with_cpf(cpf, user=request.user).first()
    except ValueError as problem:
        error = str(problem) if request.POST.get("cpf", "").strip() else ""
    if person:
        log_reading(by=request.user, pagina="novo_consumidor", objeto=person)
    form = IntakeForm(user=request.user, initial=_fields_of(person)) if person else _as_typed(typed, request)
    context = {"form": form, "conhecido": person, "erro_cpf": error, "abertos": _open_cases(request, person)}
    return render(request, "cases/_consumidor.html", context)


@require_POST
def suppliers(request: HttpRequest) -> HttpResponse:
    """The chosen suppliers and those that the search finds, to be ticked."""
    chosen = _chosen(request.POST.getlist("fornecedores"))
    text = request.POST.get("busca_fornecedor", "").strip()
    context = _supplier_context(chosen, text)
    if "escolher" not in request.POST or not text:
        return render(request, "cases/_fornecedores.html", context)
    return _choose_first(request, context, seen=request.POST.get("mostrado", "").strip() == text)


def _choose_first(request: HttpRequest, context: dict[str, Any], *, seen: bool) -> HttpResponse:
    """Enter in the search: tick the first that was seen, or the only one; with nobody found, start a new supplier."""
    found = context["achados"]
    if not found:
        context |= {"novo": SupplierForm(initial={"novo_nome": context["busca"]}), "novo_foco": True}
        return render(request, "cases/_fornecedores.html", context)
    if not seen and len(found) > 1:
        return render(request, "cases/_fornecedores.html", context)
    chosen = [*context["escolhidos"], found[0]]
    response = render(request, "cases/_fornecedores.html", _supplier_context(chosen, ""))
    return trigger_client_event(response, "fornecedor-escolhido", after="swap")


@require_POST
def supplier(request: HttpRequest) -> HttpResponse:
    """Add a supplier that is not in the registry, and tick it."""
    if not request.user.unidades_com(REGISTRARS):
        raise ActNotAllowed("Cadastrar fornecedor cabe a Atendente ou Coordenador. Peça a quem tenha esse papel.")
    form = SupplierForm(request.POST)
    chosen = _chosen(request.POST.getlist("fornecedores"))
    if form.is_valid() and not form.cleaned_data["novo_nome"]:
        form.add_error("novo_nome", "Escreva o nome do fornecedor.")
    if form.is_valid():
        try:
            made = register_supplier(razao_social=form.cleaned_data["novo_nome"], cnpj=form.cleaned_data["novo_cnpj"])
            chosen, form = [*(item for item in chosen if item != made), made], SupplierForm()
        except Refusal as refusal:
            form.add_error("novo_cnpj" if "cnpj" in refusal.errors else "novo_nome", refusal.message)
    context = {**_supplier_context(chosen, ""), "novo": form}
    response = render(request, "cases/_fornecedores.html", context, status=422 if form.errors else 200)
    return response if form.errors else trigger_client_event(response, "fornecedor-escolhido", after="swap")


@require_GET
def problems(request: HttpRequest) -> HttpResponse:
    """The problemas of the assunto that was typed, the most used first."""
    form = IntakeForm(request.GET, user=request.user)
    response = render(request, "cases/_problema.html", {"form": form})
    subject = form.typed_subject()
    named = form.fields["assunto"].prepare_value(subject) if subject else ""
    return trigger_client_event(response, "assunto-achado", {"nome": named}) if named else response


def _page(
    request: HttpRequest, form: IntakeForm, *, checked: bool = True, status: int = 200, refusal: Refusal | None = None
) -> HttpResponse:
    known = notices(form, by=request.user, refusal=refusal)
    if not checked:
        form.errors.clear()
    chosen = _chosen(form.data.getlist("fornecedores")) if form.is_bound else []
    text = form.data.get("busca_fornecedor", "").strip() if form.is_bound else ""
    context = {
        "form": form,
        "senha": form.ticket(),
        "formulario": form.paper(),
        "assuntos": Assunto.objects.filter(ativo=True),
        "sem_fornecedor": [tipo for tipo, rule in RULES.items() if rule.max_suppliers == 0],
        **_supplier_context(chosen, text),
        "novo": form,
        **known,
        "textos": offered_texts(),
        "mantem_textos": request.user.has_papel(*KEEPERS),
        "rascunhos": drafts_of(request) if request.method == "GET" and not form.is_bound else [],
    }
    return render(request, "cases/novo.html", context, status=status)


def _register(request: HttpRequest, form: IntakeForm) -> Atendimento:
    data = form.cleaned_data
    named = {"razao_social": data["novo_nome"], "cnpj": data["novo_cnpj"]}
    return register_at_counter(
        by=request.user,
        at=timezone.now(),  # noqa: TID251  the edge reads the clock
        consumer=form.consumer(),
        new_supplier=named if data["novo_nome"] else None,
        compra=form.purchase(),
        representante=form.representative(),
        draft=page_number(request.POST),
        senha=data["senha"],
        outro_numero=(data["outro_sistema"], data["outro_numero"]) if data["outro_numero"] else None,
        formulario=form.typed_paper(),
        confirmed=Confirmed(duplicate=data["mesmo_assim"], domicile=data["motivo_domicilio"]),
        **{name: data[name] for name in AS_TOLD},
    )


def _unfinished(request: HttpRequest) -> Any:
    """What was typed, when a button of the page asks for something other than registering; None when none does."""
    if "procurar" in request.POST:
        return request.POST
    if "inserir" in request.POST:
        return with_ready_text(request)
    return _changed(request) if request.POST.get("mudar") in INSTEAD else None


def _changed(request: HttpRequest) -> Any:
    """What was typed, as another tipo: the way for a person who lives elsewhere."""
    data = request.POST.copy()
    data["tipo"] = data["mudar"]
    body = Orgao.objects.filter(sigla="PROCON_OUTRO", ativo=True).first()
    if body and data["tipo"] == Tipo.ENCAMINHAMENTO and not data.get("orgao"):
        data["orgao"] = str(body.pk)
    return data


def _already_sent(request: HttpRequest) -> str | None:
    """The protocol that this very page got before (the button pressed twice, the page sent again)."""
    page = page_number(request.POST)
    row = Rascunho.objects.registered(request.user).filter(envio=page).first() if page else None
    return row.atendimento.protocolo if row and row.atendimento else None


def _once(request: HttpRequest, protocolo: str) -> HttpResponse:
    messages.info(request, "Este registro já tinha sido gravado. É este o atendimento.")
    return redirect("atendimento", protocolo)


def _known(request: HttpRequest) -> dict[str, Any]:
    """The data of the consumer from whose page one comes."""
    number = request.GET.get("consumidor", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return {}
    person = Consumidor.objects.visible_to(request.user).filter(pk=int(number)).first()
    if person:
        log_reading(by=request.user, pagina="novo_consumidor", objeto=person)
    return _fields_of(person)


def _called(request: HttpRequest) -> dict[str, Any]:
    """What the ticket says with which this clerk called the person: the first name, and where."""
    form = IntakeForm(user=request.user, initial={"senha": request.GET.get("senha", "")})
    ticket = form.ticket()
    return {"senha": ticket.pk, "nome": ticket.primeiro_nome, "unidade": ticket.unidade_id} if ticket else {}


def _paper(request: HttpRequest) -> dict[str, Any]:
    """The contingency form that is to be typed in: its tipo and unidade as printed."""
    form = IntakeForm(user=request.user, initial={"contingencia": request.GET.get("contingencia", "")})
    paper = form.paper()
    return {"contingencia": paper.codigo, "tipo": paper.tipo, "unidade": paper.unidade_id} if paper else {}


def _fields_of(person: Consumidor | None) -> dict[str, Any]:
    if person is None:
        return {}
    stored = {name: getattr(person, name) for name in CONSUMER if name != "municipio" or person.municipio}
    return {**stored, "cpf": format_cpf(person.cpf)}


def _as_typed(typed: IntakeForm, request: HttpRequest) -> IntakeForm:
    """The consumer's fields as they were typed, without complaints while one is still typing."""
    values = {name: request.POST.get(name, "") for name in CONSUMER if name != "prioridades"}
    return IntakeForm(user=typed.user, initial={**values, "prioridades": request.POST.getlist("prioridades")})


def _open_cases(request: HttpRequest, person: Consumidor | None) -> list[Atendimento]:
    if person is None:
        return []
    cases = Atendimento.objects.visible_to(request.user).open().of_person(Consumidor.objects.filter(pk=person.pk))
    return list(cases.prefetch_related("reclamados__fornecedor")[:10])


def _chosen(numbers: list[str]) -> list[Fornecedor]:
    keys = [int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) < 19]
    return list(Fornecedor.objects.filter(pk__in=keys))


def _supplier_context(chosen: list[Fornecedor], text: str) -> dict[str, Any]:
    found: list[Fornecedor] = []
    if len(text) >= 2:
        matching = (
            Fornecedor.objects.standing().some_named(text, SEARCH_CAP).filter(~Q(pk__in=[item.pk for item in chosen]))
        )
        found = list(matching.order_by("razao_social", "pk")[: FOUND + 1])
    return {
        "escolhidos": chosen,
        "achados": found[:FOUND],
        "ha_mais": len(found) > FOUND,
        "busca": text,
        "novo": SupplierForm(),
    }
