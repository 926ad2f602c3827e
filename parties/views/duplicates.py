"""Pages for the auditor: suppliers that may be one, side by side, and merges by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Papel
from listing.pages import keyset_page
from parties import services
from parties.forms import MergeForm, ReasonForm
from parties.models import BuscaDeDuplicados, Fornecedor, Fusao, GrupoDeDuplicados
from parties.views.registry import fetch, now
from workflow.errors import Refusal

ORDER = ("-pontos", "-id")
#: Groups on one page, and suppliers shown by a search for one to merge.
PAGE, SHOWN = 30, 30


@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    """The groups that wait for an auditor, the strongest evidence first, and how the last search went."""
    _require_auditor(request)
    waiting = GrupoDeDuplicados.objects.filter(decidido_em__isnull=True).prefetch_related("itens__fornecedor")
    page = keyset_page(waiting, ORDER, request.GET, size=PAGE)
    search = BuscaDeDuplicados.objects.select_related("pedida_por").first()
    return render(request, "parties/duplicados.html", {"pagina": page, "busca": search, "consulta": ""})


@require_GET
def progress(request: HttpRequest) -> HttpResponse:
    """How far the last search is; the page asks again every few seconds while one is open."""
    _require_auditor(request)
    search = BuscaDeDuplicados.objects.select_related("pedida_por").first()
    answer = render(request, "parties/_busca.html", {"busca": search})
    if search and not search.aberta:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Ask for a search."""
    services.request_search(by=request.user, at=now())
    messages.success(request, "Busca pedida: ela começa em até um minuto. Esta página mostra o andamento.")
    return redirect("duplicados")


@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """One group side by side; POST merges those that are the same."""
    _require_auditor(request)
    found = _group(pk)
    items = list(found.itens.select_related("fornecedor__grupo").prefetch_related("fornecedor__grafias"))
    first = next(item for item in items if item.primeiro)
    likely = [item.fornecedor_id for item in items if item.pontos >= 75]
    form = MergeForm(
        request.POST or None,
        queryset=Fornecedor.objects.filter(pk__in=[item.fornecedor_id for item in items]),
        initial={"sobrevivente": first.fornecedor_id, "fornecedores": likely},
    )
    chosen = {str(key) for key in form["fornecedores"].value() or ()}
    for item in items:
        item.marcado = str(item.fornecedor_id) in chosen
    context = {"grupo": found, "itens": items}

    def save() -> Fusao:
        data = form.cleaned_data
        return services.merge_group(
            grupo=found, survivor=data["sobrevivente"], others=data["fornecedores"], motivo=data["motivo"],
            by=request.user, at=now(),
        )  # fmt: skip

    return _decision(request, form, save, "parties/duplicado.html", context)


@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Remember that the suppliers of a group are not the same."""
    _require_auditor(request)
    services.dismiss_group(grupo=_group(pk), by=request.user, at=now())
    messages.success(request, "Anotado: não são o mesmo fornecedor. O grupo não volta à lista.")
    return _next_group()


@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Look for other registrations of a supplier and merge them into it."""
    _require_auditor(request)
    stays = fetch(Fornecedor.objects.standing(), pk)
    text = " ".join(request.POST.get("q", "").split())[:160]
    found = Fornecedor.objects.search(text).exclude(pk=pk)[:SHOWN] if text else []
    context = {"fornecedor": stays, "q": text, "achados": found, "limite": SHOWN}
    searching = request.method == "GET" or "procurar" in request.POST
    form = MergeForm(None if searching else _with_survivor(request, pk), queryset=Fornecedor.objects.all())
    if searching:  # by POST, so that no number stands in an address
        return render(request, "parties/fundir.html", {**context, "form": form})

    def save() -> Fusao:
        data = form.cleaned_data
        return services.merge_suppliers(
            survivor=stays, others=data["fornecedores"], motivo=data["motivo"], by=request.user, at=now()
        )

    return _decision(request, form, save, "parties/fundir.html", context, to=stays)


@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merge back, with the reason."""
    _require_auditor(request)
    found = fetch(Fusao.objects.select_related("sobrevivente", "feita_por").filter(desfeita_em__isnull=True), pk)
    form = ReasonForm(request.POST or None)

    def save() -> Fusao:
        return services.undo_merge(fusao=found, motivo=form.cleaned_data["motivo"], by=request.user, at=now())

    context = {"fusao": found, "itens": found.itens.select_related("fornecedor")}
    return _decision(request, form, save, "parties/desfazer_fusao.html", context, to=found.sobrevivente)


def _with_survivor(request: HttpRequest, pk: int) -> QueryDict:
    data = request.POST.copy()
    data["sobrevivente"] = str(pk)
    return data


def _decision(
    request: HttpRequest,
    form: Any,
    save: Callable[[], Fusao],
    template: str,
    context: dict[str, Any],
    *,
    to: Fornecedor | None = None,
) -> HttpResponse:
    """Show the form, or act on it; a refusal keeps what was chosen."""
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                fusao = save()
            except Refusal as refusal:
                form.add_refusal(refusal.errors, refusal.message)
                status = refusal.status_code
            else:
                done = "desfeita" if fusao.desfeita_em else "gravada"
                messages.success(request, f"Fusão em {fusao.sobrevivente} {done}.")
                return redirect("fornecedor", to.pk) if to else _next_group()
    return render(request, template, {**context, "form": form}, status=status)


def _next_group() -> HttpResponse:
    """To the next group that waits, so that an auditor goes through them without the list between."""
    following = GrupoDeDuplicados.objects.filter(decidido_em__isnull=True).order_by(*ORDER).first()
    return redirect("duplicado", following.pk) if following else redirect("duplicados")


def _group(pk: int) -> GrupoDeDuplicados:
    found: GrupoDeDuplicados = fetch(GrupoDeDuplicados.objects.all(), pk)
    return found


def _require_auditor(request: HttpRequest) -> None:
    if not request.user.has_papel(Papel.AUDITOR):
        raise Http404("Só o auditor vê esta página.")
