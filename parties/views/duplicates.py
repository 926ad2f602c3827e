"""Pages for the auditor: suppliers, or people, that may be one, side by side, and merges by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Papel, User
from listing.pages import keyset_page
from parties import services
from parties.forms import MergeForm, ReasonForm
from parties.models import BuscaDeDuplicados, Consumidor, Fornecedor, GrupoDeConsumidores
from parties.services import KINDS, PEOPLE, Kind
from parties.views.registry import fetch, now
from workflow.errors import Refusal
from workflow.services import log_reading

ORDER = ("-pontos", "-id")
#: Groups on one page, and parties shown by a search for one to merge.
PAGE, SHOWN = 30, 30


@dataclass(frozen=True, slots=True)
class Pages:
    """The addresses of one kind, and what its rows show."""

    list: str
    progress: str
    search: str
    group: str
    dismiss: str
    registry: str
    party: str
    merge: str
    undo: str
    shown: tuple[str, ...]


PAGES = {
    "fornecedores": Pages(
        "duplicados", "duplicados_andamento", "duplicados_procurar", "duplicado", "duplicado_nao_sao",
        "fornecedores", "fornecedor", "fornecedor_fundir", "fusao_desfazer", ("grupo",),
    ),
    "consumidores": Pages(
        "pessoas_duplicadas", "pessoas_duplicadas_andamento", "pessoas_duplicadas_procurar", "pessoa_duplicada",
        "pessoa_duplicada_nao_sao", "consumidores", "consumidor", "consumidor_fundir", "fusao_de_consumidores_desfazer",
        (),
    ),
}  # fmt: skip


def waiting_groups(user: User, alvo: str) -> Any:
    """The groups of this kind that wait for this auditor: of people, those of whom everybody may be seen."""
    waiting = _groups(user, KINDS[alvo])
    return waiting.filter(decidido_em__isnull=True)


@require_GET
def duplicates(request: HttpRequest, alvo: str) -> HttpResponse:
    """The groups that wait for an auditor, the strongest evidence first, and how the last search went."""
    _require_auditor(request)
    kind = KINDS[alvo]
    waiting = waiting_groups(request.user, alvo).prefetch_related(f"itens__{kind.field}")
    page = keyset_page(waiting, ORDER, request.GET, size=PAGE)
    for found in page.rows:
        found.cadastros = _items(found, kind)
    context = {"pagina": page, "busca": _last_search(alvo), "consulta": ""}
    return render(request, "parties/duplicados.html", {**_context(kind), **context})


@require_GET
def progress(request: HttpRequest, alvo: str) -> HttpResponse:
    """How far the last search is; the page asks again every few seconds while one is open."""
    _require_auditor(request)
    search = _last_search(alvo)
    answer = render(request, "parties/_busca.html", {**_context(KINDS[alvo]), "busca": search})
    if search and not search.aberta:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
def search(request: HttpRequest, alvo: str) -> HttpResponse:
    """Ask for a search."""
    services.request_search(by=request.user, at=now(), alvo=alvo)
    messages.success(request, "Busca pedida: ela começa em até um minuto. Esta página mostra o andamento.")
    return redirect(PAGES[alvo].list)


@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, pk: int, alvo: str) -> HttpResponse:
    """One group side by side; POST merges those that are the same."""
    _require_auditor(request)
    kind = KINDS[alvo]
    found = fetch(_groups(request.user, kind), pk)
    items = _items(found, kind)
    _log_people(request, [item.cadastro for item in items])
    first = next(item for item in items if item.primeiro)
    form = MergeForm(
        request.POST or None,
        queryset=kind.party.objects.filter(pk__in=[item.cadastro.pk for item in items]),
        initial={
            "sobrevivente": first.cadastro.pk,
            "outros": [item.cadastro.pk for item in items if item.pontos >= 75],
        },
    )
    chosen = {str(key) for key in form["outros"].value() or ()}
    for item in items:
        item.marcado = str(item.cadastro.pk) in chosen

    def save() -> Any:
        data = form.cleaned_data
        return services.merge_group(
            grupo=found, survivor=data["sobrevivente"], others=data["outros"], motivo=data["motivo"],
            by=request.user, at=now(),
        )  # fmt: skip

    context = {**_context(kind), "grupo": found, "itens": items}
    return _decision(request, form, save, "parties/duplicado.html", context)


@require_POST
def dismiss(request: HttpRequest, pk: int, alvo: str) -> HttpResponse:
    """Remember that those of a group are not the same."""
    _require_auditor(request)
    kind = KINDS[alvo]
    services.dismiss_group(grupo=fetch(_groups(request.user, kind), pk), by=request.user, at=now())
    messages.success(request, f"Anotado: não são o mesmo {kind.singular}. O grupo não volta à lista.")
    return _next_group(request.user, alvo)


@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, pk: int, alvo: str) -> HttpResponse:
    """Look for other registrations of a party and merge them into it."""
    _require_auditor(request)
    kind = KINDS[alvo]
    seen = _seen(request.user, kind)
    stays = fetch(seen.standing(), pk)
    text = " ".join(request.POST.get("q", "").replace("\x00", " ").split())[:160]
    found = list(seen.search(text).exclude(pk=pk)[:SHOWN]) if text else []
    _log_people(request, [stays, *found])
    context = {**_context(kind), "fica": stays, "q": text, "achados": found, "limite": SHOWN}
    searching = request.method == "GET" or "procurar" in request.POST
    form = MergeForm(None if searching else _with_survivor(request, pk), queryset=seen)
    if searching:  # by POST, so that no number stands in an address
        return render(request, "parties/fundir.html", {**context, "form": form})

    def save() -> Any:
        data = form.cleaned_data
        act: Any = services.merge_consumers if kind is PEOPLE else services.merge_suppliers
        return act(survivor=stays, others=data["outros"], motivo=data["motivo"], by=request.user, at=now())

    return _decision(request, form, save, "parties/fundir.html", context, to=stays)


@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, pk: int, alvo: str) -> HttpResponse:
    """Take a merge back, with the reason."""
    _require_auditor(request)
    kind = KINDS[alvo]
    merges = kind.fusao.objects.select_related("sobrevivente", "feita_por").filter(desfeita_em__isnull=True)
    found = fetch(merges.filter(sobrevivente__in=_seen(request.user, kind).order_by().values("pk")), pk)
    form = ReasonForm(request.POST or None)

    def save() -> Any:
        return services.undo_merge(fusao=found, motivo=form.cleaned_data["motivo"], by=request.user, at=now())

    items = found.itens.select_related(kind.field)
    context = {**_context(kind), "fusao": found, "itens": [_with_party(item, kind) for item in items]}
    return _decision(request, form, save, "parties/desfazer_fusao.html", context, to=found.sobrevivente)


def _context(kind: Kind) -> dict[str, Any]:
    return {"tipo": kind, "rotas": PAGES[kind.alvo], "pessoas": kind is PEOPLE}


def _seen(user: User, kind: Kind) -> Any:
    """The parties that one may see: suppliers belong to the whole office, people to where they have cases."""
    return Consumidor.objects.visible_to(user) if kind is PEOPLE else Fornecedor.objects.all()


def _groups(user: User, kind: Kind) -> Any:
    return GrupoDeConsumidores.objects.visible_to(user) if kind is PEOPLE else kind.grupo.objects.all()


def _items(found: Any, kind: Kind) -> list[Any]:
    """The rows of a group, each with its party under one name; those of a list come prefetched."""
    rows = found.itens.all()
    if not getattr(found, "_prefetched_objects_cache", {}):
        rows = rows.select_related(kind.field, *(f"{kind.field}__{name}" for name in PAGES[kind.alvo].shown))
        rows = rows if kind is PEOPLE else rows.prefetch_related(f"{kind.field}__grafias")
    return [_with_party(item, kind) for item in rows]


def _with_party(item: Any, kind: Kind) -> Any:
    item.cadastro = getattr(item, kind.field)
    return item


def _last_search(alvo: str) -> BuscaDeDuplicados | None:
    return BuscaDeDuplicados.objects.select_related("pedida_por").filter(alvo=alvo).first()


def _log_people(request: HttpRequest, rows: list[Any]) -> None:
    """Whoever compares people reads the file of each."""
    for row in rows:
        if isinstance(row, Consumidor):
            log_reading(by=request.user, pagina="duplicados", objeto=row)


def _with_survivor(request: HttpRequest, pk: int) -> QueryDict:
    data = request.POST.copy()
    data["sobrevivente"] = str(pk)
    return data


def _decision(
    request: HttpRequest,
    form: Any,
    save: Callable[[], Any],
    template: str,
    context: dict[str, Any],
    *,
    to: Any = None,
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
                alvo = context["tipo"].alvo
                return redirect(PAGES[alvo].party, to.pk) if to else _next_group(request.user, alvo)
    return render(request, template, {**context, "form": form}, status=status)


def _next_group(user: User, alvo: str) -> HttpResponse:
    """To the next group that waits, so that an auditor goes through them without the list between."""
    following = waiting_groups(user, alvo).order_by(*ORDER).first()
    return redirect(PAGES[alvo].group, following.pk) if following else redirect(PAGES[alvo].list)


def _require_auditor(request: HttpRequest) -> None:
    if not request.user.has_papel(Papel.AUDITOR):
        raise Http404("Só o auditor vê esta página.")
