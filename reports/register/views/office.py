"""The register for the office: drafts, gaps, publication, the archive of versions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import CASE_READERS, Papel, User
from reports.models import Cadastro
from reports.register.exports import COLUMNS, Sheet, reference, rows_of
from reports.register.forms import PublishForm
from reports.register.queries.draft import draft, pending_decisions, years_decided
from reports.register.queries.gaps import SHOWN, gaps
from reports.register.queries.national import national_years
from reports.register.rules import changes
from reports.register.services import published
from reports.register.services.published import latest
from reports.register.services.publishing import may_publish, publish
from reports.register.views.files import OFFERED, download
from reports.register.views.scope import scope_of, user_of, year
from workflow.errors import ContentRefused, Refusal

#: So many suppliers of a draft are on the page; all are in the files.
DRAFT_SHOWN = 100


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The years that have a draft or a version, and the imported national registers."""
    scope = scope_of(request)
    versions = {one.ano: one for one in Cadastro.objects.filter(substituida_por__isnull=True)}
    years = sorted({*years_decided(scope), *versions}, reverse=True)
    context = {
        "anos": [(ano, versions.get(ano), reference(versions[ano]) if ano in versions else "") for ano in years],
        "nacionais": national_years(),
    }
    return render(request, "reports/cadastro_anos.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def year_page(request: HttpRequest, ano: str) -> HttpResponse:
    """A year's draft or version: what changed since, what is missing; an auditor publishes it here."""
    scope, today = scope_of(request), timezone.localdate()
    number = year(ano, today)
    if request.GET.get("formato"):
        return download(Sheet(number, rows_of(draft(number, scope))), request.GET["formato"])
    version = latest(number)
    form = PublishForm(request.POST or None, again=version is not None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _publish(request, number, form, today)
                return redirect("cadastro_do_ano", ano)
            except ContentRefused as refusal:
                for name, sentence in (refusal.errors or {"": refusal.message}).items():
                    form.add_error(name if name in form.fields else None, sentence)
    return render(request, "reports/cadastro_ano.html", _context(request, number, version, form, today), status=status)


def _publish(request: HttpRequest, ano: int, form: PublishForm, today: date) -> None:
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    publish(
        ano=ano, diario=form.gazette, by=user_of(request), at=now, today=today,
        motivo=form.cleaned_data.get("motivo", ""),
    )  # fmt: skip


def _context(
    request: HttpRequest, ano: int, version: Cadastro | None, form: PublishForm, today: date
) -> dict[str, Any]:
    scope, user = scope_of(request), user_of(request)
    lines, missing = draft(ano, scope), gaps(ano, scope)
    since = changes(published.frozen_lines(version), draft(ano)) if version else []
    return {
        "ano": str(ano),
        "terminado": ano < today.year,
        "cadastro": version,
        "referencia": reference(version) if version else "",
        "publico": bool(version and published.is_public(version, today=today)),
        "versoes": Cadastro.objects.filter(ano=ano).select_related("publicado_por").order_by("-versao"),
        "colunas": COLUMNS,
        "linhas": rows_of(lines[:DRAFT_SHOWN]),
        "mais": max(0, len(lines) - DRAFT_SHOWN),
        "totais": Sheet(ano, rows_of(lines)).totais,
        "mudancas": [(change, published.why(change, version)) for change in since] if version else [],
        "pendencias": missing[:SHOWN],
        "pendencias_mais": max(0, len(missing) - SHOWN),
        "impedem": sum(gap.impede for gap in missing),
        "aguardam": pending_decisions(ano, scope).count(),
        "ve_casos": bool(user.papeis & CASE_READERS),
        "form": form,
        "pode": _may(ano, user, today),
        "formatos": OFFERED,
    }


def _may(ano: int, user: User, today: date) -> dict[str, Any]:
    """Whether this person may publish; else why not, told to an auditor."""
    try:
        may_publish(ano, by=user, today=today)
    except Refusal as refusal:
        return {"publicar": False, "porque": refusal.message if Papel.AUDITOR in user.papeis else ""}
    return {"publicar": True, "porque": ""}


@require_safe
def archive(request: HttpRequest, ano: str, versao: int) -> HttpResponse:
    """A version as it was published, whole, with its hash: the office's archive, whatever the public still sees."""
    scope_of(request)
    version = get_object_or_404(
        Cadastro.objects.select_related("substitui"), ano=year(ano, timezone.localdate()), versao=versao
    )
    sheet = Sheet(version.ano, rows_of(published.frozen_lines(version)), version)
    response = JsonResponse(sheet.as_json(), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = f'attachment; filename="cadastro-{version.ano}-versao-{version.versao}.json"'
    return response
