"""The encarregado's pages: who read what, everything about one person, and what people ask about their data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Papel
from cases.forms.privacy import AnswerRequestForm, FindPersonForm, ReadingsForm, RequestForm
from cases.models import Atendimento, SolicitacaoDoTitular
from cases.services.privacy import answer_request, personal_data, register_request
from listing.pages import keyset_page
from parties.identifiers import clean_cpf, mask_cpf
from parties.models import Consumidor
from workflow.errors import Refusal
from workflow.models import Leitura
from workflow.services import log_reading

View = Callable[..., HttpResponse]


def for_encarregado(view: View) -> View:
    """The page exists for the encarregado only."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_papel(Papel.ENCARREGADO):
            raise Http404("Esta página é do encarregado de dados.")
        return view(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "POST"])
@for_encarregado
def readings(request: HttpRequest) -> HttpResponse:
    """Who read whose file, newest first; POST finds a person by CPF."""
    if request.method == "POST":
        return _find(request)
    form = ReadingsForm(request.GET)
    page = keyset_page(_chosen(form), ("-id",), request.GET)
    query = request.GET.copy()
    for name in ("depois", "antes"):
        query.pop(name, None)
    person = _person_or_none(form)
    context = {
        "form": form,
        "busca": FindPersonForm(),
        "pagina": page,
        "consulta": query.urlencode(),
        "pessoa": person,
        "protocolos": _protocols(page.rows),
    }
    return render(request, "cases/privacidade/leituras.html", context)


@require_GET
@for_encarregado
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person as the encarregado sees them: what is held, and what can be done about it."""
    found = _person(pk)
    log_reading(by=request.user, pagina="privacidade", objeto=found)
    family = Consumidor.objects.filter(pk=found.pk).family_keys()
    cases = Atendimento.objects.filter(consumidor__in=family).order_by("-aberto_em", "-id")
    asked = SolicitacaoDoTitular.objects.filter(consumidor__in=family)
    return render(
        request,
        "cases/privacidade/pessoa.html",
        {"pessoa": found, "casos": cases[:100], "solicitacoes": asked[:100]},
    )


@require_POST
@for_encarregado
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything stored about one person, as a page to print or as JSON; the taking out is written down."""
    found = _person(pk)
    log_reading(by=request.user, pagina="exportacao_lgpd", objeto=found)
    data = personal_data(found)
    if request.POST.get("formato") == "json":
        answer = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 1})
        answer["Content-Disposition"] = f'attachment; filename="dados-pessoais-{found.pk}.json"'
    else:
        answer = render(request, "cases/privacidade/dados.html", {"pessoa": found, "tabelas": data, "em": _now()})
    answer["Cache-Control"] = "no-store"
    return answer


@require_http_methods(["GET", "POST"])
@for_encarregado
def requests(request: HttpRequest) -> HttpResponse:
    """The register of what people ask about their own data, and the form of a new one."""
    form = RequestForm(request.POST or None, initial={"recebida_em": timezone.localdate(_now())})
    status = 200
    if request.method == "POST":
        status = _register(request, form)
        if status == 302:
            return redirect("privacidade_solicitacoes")
    rows = SolicitacaoDoTitular.objects.select_related("registrada_por", "respondida_por")
    page = keyset_page(rows, ("-id",), request.GET)
    context = {"form": form, "pagina": page, "hoje": timezone.localdate(_now())}
    return render(request, "cases/privacidade/solicitacoes.html", context, status=status)


@require_http_methods(["GET", "POST"])
@for_encarregado
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One request, and its answer."""
    found = SolicitacaoDoTitular.objects.select_related("consumidor", "registrada_por", "respondida_por")
    asked = found.filter(pk=pk).first()
    if asked is None:
        raise Http404("Não há solicitação com este número.")
    form = AnswerRequestForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                answer_request(solicitacao=asked, by=request.user, at=_now(), **form.cleaned_data)
            except Refusal as refusal:
                status = refusal.status_code
                form.add_error(None, refusal.message)
            else:
                messages.success(request, "Resposta registrada.")
                return redirect("privacidade_solicitacoes")
    return render(request, "cases/privacidade/solicitacao.html", {"solicitacao": asked, "form": form}, status=status)


def _register(request: HttpRequest, form: RequestForm) -> int:
    """Try to register; the status of the answer."""
    if not form.is_valid():
        return 422
    data = dict(form.cleaned_data)
    typed = data.pop("cpf")
    try:
        if typed:
            data["consumidor"] = Consumidor.objects.filter(cpf=clean_cpf(typed)).first()
        register_request(by=request.user, at=_now(), **data)
    except ValueError as error:
        form.add_error("cpf", str(error))
        return 422
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return refusal.status_code
    messages.success(request, "Solicitação registrada.")
    return 302


def _find(request: HttpRequest) -> HttpResponse:
    try:
        cpf = clean_cpf(request.POST.get("cpf", ""))
    except ValueError as error:
        messages.error(request, str(error))
        return redirect("privacidade")
    found = Consumidor.objects.filter(cpf=cpf).first()
    if found is None:
        messages.info(request, f"O Procon não tem cadastro com o CPF {mask_cpf(cpf)}.")
        return redirect("privacidade")
    return redirect(reverse("privacidade_pessoa", args=[found.pk]))


def _chosen(form: ReadingsForm) -> Any:
    rows = Leitura.objects.select_related("leitor")
    if not form.is_valid():
        return rows
    wanted = form.cleaned_data
    if wanted["leitor"]:
        rows = rows.filter(leitor=wanted["leitor"])
    if wanted["de"]:
        rows = rows.filter(quando__date__gte=wanted["de"])
    if wanted["ate"]:
        rows = rows.filter(quando__date__lte=wanted["ate"])
    if wanted["pessoa"]:
        family = Consumidor.objects.filter(pk=wanted["pessoa"]).family_keys()
        histories = Atendimento.objects.filter(consumidor__in=family).order_by().values("historico")
        rows = rows.filter(Q(objeto="parties.consumidor", objeto_id__in=family) | Q(historico__in=histories))
    return rows


def _person_or_none(form: ReadingsForm) -> Consumidor | None:
    number = form.cleaned_data.get("pessoa") if form.is_valid() else None
    return Consumidor.objects.filter(pk=number).first() if number else None


def _protocols(rows: list[Leitura]) -> dict[int, str]:
    """The cases of these readings, by history; one query."""
    numbers = {row.historico_id for row in rows if row.historico_id}
    return dict(Atendimento.objects.filter(historico__in=numbers).order_by().values_list("historico_id", "protocolo"))


def _person(pk: int) -> Consumidor:
    """Whom this registration stands for, or was merged into: one's data are taken out whole."""
    found = Consumidor.objects.select_related("fundido_em").filter(pk=pk).first()
    if found is None:
        raise Http404("Não há consumidor com este número.")
    return found.fundido_em or found


def _now() -> datetime:
    return timezone.now()  # noqa: TID251  the edge reads the clock
