"""The pages that read: which years there are, the balance of one, its closing, and questions put together."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Papel, Unidade, User
from listing.order import by_name
from listing.sheets import csv_response
from reports import charts, words
from reports.balance import Balanco, compared
from reports.closing import close_year, closed_years, differences_since, reasons_since
from reports.exports import FORMATOS
from reports.forms import QuestionForm, RangeForm, initial
from reports.models import Fechamento
from reports.period import MESES, Intervalo, Periodo, read_period
from reports.queries import MANAGERS, report_scope, years
from reports.questions import SHOWN, TIME, Question, ask
from reports.replica import from_replica
from reports.tables import drawn, sections
from workflow.errors import ContentRefused


@require_safe
def reports_index(request: HttpRequest) -> HttpResponse:
    """The years that have something to count, newest first; and the other reports."""
    assert isinstance(request.user, User)
    context = {"anos": years(scope_of(request)), "gere": bool(request.user.unidades_com(MANAGERS))}
    return render(request, "reports/relatorios.html", context)


@require_safe
@from_replica
def balance_page(request: HttpRequest, ano: str) -> HttpResponse:
    """The balance of a year, or of a month (`?mes=`); `?formato=` gives it as a file instead."""
    scope, today = scope_of(request), timezone.localdate()
    periodo = read_period(ano, request.GET.get("mes"), today=today)
    days = {"de": f"{periodo.intervalo.de}", "ate": f"{periodo.intervalo.ate}"}
    return _balance_of(request, periodo, scope, RangeForm(days, unidades=scope, today=today))


@require_safe
@from_replica
def balance_of_days(request: HttpRequest) -> HttpResponse:
    """The balance of any days (`?de=`, `?ate=`), of one unidade or all; `?formato=` gives it as a file instead."""
    form = RangeForm(request.GET, unidades=scope_of(request), today=timezone.localdate())
    if not form.is_valid():
        return render(request, "reports/balanco.html", {"form": form}, status=422)
    return _balance_of(request, form.periodo, form.scope, form)


def _balance_of(
    request: HttpRequest, periodo: Periodo | Intervalo, scope: Collection[int], form: RangeForm
) -> HttpResponse:
    today = timezone.localdate()
    balanco = compared(periodo, today=today, unidades=scope)
    if request.GET.get("formato"):
        return _download(balanco, request.GET["formato"], at=timezone.now())  # noqa: TID251  the edge reads the clock
    resumo, comparacao, *quadros, _ = sections(balanco)
    query = request.GET.copy()
    query.pop("formato", None)
    context = {
        "form": form,
        "balanco": balanco,
        "periodo": periodo,
        "ano": f"{periodo.first_day.year}",
        "resumo": resumo,
        "comparacao": comparacao,
        "quadros": [(section, drawn(section)) for section in quadros if section.linhas],
        "meses": list(enumerate(MESES, start=1)),
        "vizinhos": [
            (rel, one.rotulo, _address(one, query))
            for rel, one in (("prev", periodo.anterior), ("next", periodo.seguinte))
            if one.has_begun(today)
        ],
        "fechados": closed_years(scope, periodo.first_day, periodo.next_day),
        "consulta": query.urlencode(),
        "formatos": [nome for nome in FORMATOS if nome != "texto"],
    }
    return render(request, "reports/balanco.html", context)


def _address(periodo: Periodo | Intervalo, query: QueryDict) -> str:
    """The page of another period, of the same unidade."""
    if isinstance(periodo, Periodo):
        return reverse("balanco", args=[periodo.ano]) + (f"?mes={periodo.mes}" if periodo.mes else "")
    days = {"de": periodo.de.isoformat(), "ate": periodo.ate.isoformat(), "unidade": query.get("unidade", "")}
    return f"{reverse('balanco_periodo')}?{urlencode(days)}"


@require_http_methods(["GET", "HEAD", "POST"])
def closing_page(request: HttpRequest, ano: str) -> HttpResponse:
    """A year's closing, unidade by unidade: what was frozen, what changed since and why; a coordenador closes it."""
    scope, today = scope_of(request), timezone.localdate()
    assert isinstance(request.user, User)
    periodo = read_period(ano, today=today)
    places = Unidade.objects.filter(pk__in=scope).order_by(by_name("nome"))
    if request.method == "POST":
        place = get_object_or_404(places, pk=_number(request.POST.get("unidade")))
        now = timezone.now()  # noqa: TID251  the edge reads the clock
        close_year(ano=periodo.ano, unidade=place, by=request.user, at=now, today=today)
        return redirect("fechamento", ano)
    closed = {one.unidade_id: one for one in Fechamento.objects.filter(ano=periodo.ano, unidade__in=scope)}
    if request.GET.get("formato") == "json":
        return _frozen(
            get_object_or_404(Fechamento, ano=periodo.ano, unidade__in=scope, pk=_number(request.GET.get("id")))
        )
    context = {
        "periodo": periodo,
        "terminado": periodo.ano < today.year,
        "unidades": [_closing_of(place, closed.get(place.pk), request.user) for place in places],
    }
    return render(request, "reports/fechamento.html", context)


def _closing_of(place: Unidade, closing: Fechamento | None, user: User) -> dict[str, object]:
    found: dict[str, object] = {"unidade": place, "fechamento": closing}
    if closing:
        return {**found, "diferencas": differences_since(closing), "motivos": reasons_since(closing)}
    return {**found, "pode_fechar": Papel.COORDENADOR in user.papeis_em(place.pk)}


def _frozen(closing: Fechamento) -> HttpResponse:
    told = {
        "unidade": closing.unidade.codigo,
        "ano": closing.ano,
        "fechado_em": closing.fechado_em.isoformat(),
        "numeros": closing.numeros,
        "sha256": closing.resumo,
    }
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1, "sort_keys": True})
    response["Content-Disposition"] = f'attachment; filename="fechamento-{closing.unidade.codigo}-{closing.ano}.json"'
    return response


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


@require_safe
@from_replica
def question_page(request: HttpRequest) -> HttpResponseBase:
    """A question put together by the reader: table, chart, CSV; the address keeps it."""
    scope, today = scope_of(request), timezone.localdate()
    asked = request.GET if "medida" in request.GET else initial(today)
    form = QuestionForm(asked, unidades=scope, names_people=_names_people(request, scope), today=today)
    if not form.is_valid():
        return render(request, "reports/perguntar.html", {"form": form}, status=422)
    question = form.question
    in_file = request.GET.get("formato") == "csv"
    answer = ask(question, unidades=scope, whole=in_file)
    heads = [words.DIMENSIONS[question.linhas], *answer.colunas, "Total"]
    if in_file:
        rows = ((label, *numbers, total) for label, numbers, total in answer.linhas)
        return csv_response(f"{question.nome}.csv", heads, rows)
    pairs = [(label, total) for label, _, total in answer.linhas]
    draw = charts.columns if question.linhas in TIME else charts.bars
    drawn = pairs[-24:] if question.linhas in TIME else pairs[:20]
    query = request.GET.copy() if "medida" in request.GET else QueryDict(urlencode(asked), mutable=True)
    query["formato"] = "csv"
    context = {
        "form": form,
        "titulo": _title(question),
        "cabecas": heads,
        "linhas": answer.linhas[:SHOWN],
        "mais": max(0, len(answer.linhas) - SHOWN),
        "totais": answer.totais,
        "total": answer.total,
        "maiores": question.most(whole=False),
        "maiores_no_arquivo": question.most(whole=True),
        "abreviada": answer.abreviada,
        "grafico": draw("pergunta", _title(question), drawn) if any(n for _, n in drawn) else None,
        "consulta": query.urlencode(),
        "fechados": closed_years(scope, question.de, question.ate),
    }
    return render(request, "reports/perguntar.html", context)


def _title(question: Question) -> str:
    by = [words.DIMENSIONS[name].lower() for name in (question.linhas, question.colunas) if name]
    return f"{words.MEASURES[question.medida]} por {' e '.join(by)}"


def _names_people(request: HttpRequest, scope: list[int]) -> bool:
    """Whether the reader manages all that is counted: totals by conciliator name people."""
    assert isinstance(request.user, User)
    return set(scope) <= set(request.user.unidades_com(MANAGERS))


def scope_of(request: HttpRequest) -> list[int]:
    """The unidades whose totals one may read; 404 where there are none."""
    assert isinstance(request.user, User)
    scope = report_scope(request.user)
    if not scope:
        raise Http404("reports are read by whoever holds a papel that reads cases")
    return scope


def _download(balanco: Balanco, formato: str, *, at: datetime) -> HttpResponse:
    if formato not in FORMATOS:
        raise ContentRefused(
            f"Não há balanço em «{formato[:20]}». Peça um destes formatos: {', '.join(FORMATOS)}.",
            errors={"formato": "Escolha um formato da lista."},
        )
    kind = FORMATOS[formato]
    response = HttpResponse(kind.make(balanco, at), content_type=kind.mime)
    name = f"balanco-{balanco.periodo.nome_de_arquivo}.{kind.extensao}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
