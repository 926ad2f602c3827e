"""A mutirão: for whom, with what, how it would be, and booking it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.models import Unidade
from cases.models import Atendimento, Reclamado
from hearings import acts, services
from hearings.forms import BatchForm, ScopeForm, SupplierSearchForm
from hearings.queries import PENDING
from hearings.views.booking import TOLD_SOON, say_booked
from parties.models import Fornecedor
from parties.priority import RANK_NONE
from workflow.errors import ActNotAllowed, ContentRefused, Refusal

SALT = "hearings.mutirao"
#: How long a preview may lie open, in seconds; whatever changed meanwhile is found out all the same.
VALID = 4 * 60 * 60
#: So many suppliers are offered, and a mutirão is worth its name from so many cases on.
OFFERED, FEWEST = 60, 2
#: So many suppliers of a name are looked at.
NAMED = 200
GONE = "A prévia não vale mais, e nada foi marcado. Confira a nova prévia e confirme de novo."


@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """The suppliers with several cases that wait for a hearing, most first; or those found by name or CNPJ.

    What is looked for may be a CPF, so it is posted: nothing of it stands in an address.
    """
    unidades = _unidades(request)
    form = SupplierSearchForm(request.POST or None)
    text = form.cleaned_data["busca"] if form.is_valid() else ""
    ready = Reclamado.objects.filter(
        atendimento__unidade__in=unidades, atendimento__status__in=services.CASE_STATES
    ).exclude(audiencias__status__in=PENDING)
    if text:
        named = Fornecedor.objects.filter(pk__in=Fornecedor.objects.keys_named(text, NAMED))
        ready = ready.filter(fornecedor__in=named.family_keys())
    rows = (
        ready.order_by()
        .values("atendimento__unidade", "atendimento__unidade__nome", "fornecedor", "fornecedor__razao_social")
        .annotate(casos=Count("atendimento", distinct=True))
        .filter(casos__gte=1 if text else FEWEST)
        .order_by("-casos", "fornecedor__razao_social", "fornecedor")[:OFFERED]
    )
    context = {"linhas": rows, "varias": len(unidades) > 1, "maximo": OFFERED, "form": form, "busca": text}
    template = "hearings/_mutirao_linhas.html" if request.htmx else "hearings/mutirao_escolha.html"
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
def batch(request: HttpRequest, unidade: int, fornecedor: int) -> HttpResponse:
    """Choose cases, rooms, conciliators and period; look at the plan; book it."""
    if unidade not in _unidades(request):
        raise Http404
    place = Unidade.objects.select_related("regras_da_agenda").get(pk=unidade)
    supplier = Fornecedor.objects.filter(pk=fornecedor).first()
    if supplier is None:
        raise Http404
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    scope = ScopeForm(request.GET)
    told = scope.cleaned_data if scope.is_valid() else {}
    suppliers = services.suppliers_with(supplier, told.get("alcance") or "radical")
    cases = _narrowed(services.ready_cases(place, suppliers), told)
    first = services.first_day(today=timezone.localdate(now))
    allowed = Atendimento.objects.visible_to(request.user).filter(unidade=place)
    form = BatchForm(
        request.POST or None,
        unidade=place,
        casos=allowed.filter(reclamados__fornecedor__in=suppliers).distinct(),
        initial={"de": first, "ate": first},
    )
    page = {"form": form, "alcance": ScopeForm(initial=told or {"alcance": "radical"}), "unidade": place}
    page |= {"fornecedor": supplier, "casos": cases[: services.MOST], "maximo": services.MOST, "primeira": first}
    if not form.is_valid() or request.POST.get("acao") == "mudar":
        page["marcados"] = set(request.POST.getlist("casos")) if form.is_bound else None
        return render(request, "hearings/mutirao.html", page, status=422 if form.errors else 200)
    page["marcados"] = {str(case.pk) for case in form.cleaned_data["casos"]}
    return _planned(request, form, page, suppliers, now)


def _planned(
    request: HttpRequest, form: BatchForm, page: dict[str, Any], suppliers: set[int], now: datetime
) -> HttpResponse:
    """Book what was confirmed; else, or where it cannot be booked any more, show the plan as it is now."""
    refusal: Refusal | None = None
    if request.POST.get("acao") == "confirmar":
        try:
            return _confirmed(request, form, now)
        except Refusal as refused:
            refusal = refused
    values = form.cleaned_data
    names = ("salas", "conciliadores", "de", "ate", "das", "ate_as", "duracao", "modalidade")
    wanted = services.Wanted(
        unidade=page["unidade"],
        casos=[case.pk for case in values["casos"]],
        fornecedores=suppliers,
        **{name: values[name] for name in names},
    )
    try:
        plan = services.plan_batch(wanted=wanted, by=request.user, at=now)
    except ContentRefused as impossible:
        form.show(impossible)
        return render(request, "hearings/mutirao.html", page, status=impossible.status_code)
    page |= {"plano": plan, "assinado": _sign(plan), "recusa": refusal, "dias": _by_day(plan)}
    return render(request, "hearings/mutirao_previa.html", page, status=refusal.status_code if refusal else 200)


def _confirmed(request: HttpRequest, form: BatchForm, now: datetime) -> HttpResponse:
    placements = _read(request, form)
    made = services.book_batch(
        placements=placements, modalidade=form.cleaned_data["modalidade"], by=request.user, at=now
    )
    told = services.announce(audiencias=made, by=request.user, at=now)
    first, last = (timezone.localtime(made[index].inicio) for index in (0, -1))
    many = "s" if len(made) > 1 else ""
    done = f"{len(made)} audiência{many} marcada{many}, de {first:%d/%m/%Y} a {last:%d/%m/%Y}."
    say_booked(request, done, "As notificações estão em cada caso; os avisos, em Mensagens." if told else TOLD_SOON)
    return redirect(f"{reverse('audiencias_semana')}?dia={first:%Y-%m-%d}")


def _sign(plan: services.Plan) -> str:
    """The plan as the page carries it to its confirmation; nobody else can write one."""
    rows = [
        [
            one.case.pk,
            [party.pk for party in one.reclamados],
            one.sala.pk,
            one.conciliador.pk,
            int(one.inicio.timestamp()),
            int(one.fim.timestamp()),
        ]
        for one in plan.placed
    ]
    return signing.dumps(rows, salt=SALT, compress=True)


def _read(request: HttpRequest, form: BatchForm) -> list[services.Placement]:
    """The plan that was shown, if it was shown here, not long ago, and still of these cases, rooms and people."""
    try:
        rows = signing.loads(request.POST.get("plano", ""), salt=SALT, max_age=VALID)
    except signing.BadSignature as forged:
        raise ActNotAllowed(GONE) from forged
    zone = timezone.get_current_timezone()
    cases = {case.pk: case for case in form.cleaned_data["casos"]}
    rooms = {room.pk: room for room in form.cleaned_data["salas"]}
    people = {person.pk: person for person in form.cleaned_data["conciliadores"]}
    parties = Reclamado.objects.in_bulk([key for row in rows for key in row[1]])
    try:
        return [
            services.Placement(
                cases[case],
                tuple(parties[key] for key in called),
                rooms[room],
                people[person],
                datetime.fromtimestamp(start, zone),
                datetime.fromtimestamp(end, zone),
            )
            for case, called, room, person, start, end in rows
        ]
    except KeyError as changed:
        raise ActNotAllowed(GONE) from changed


def _by_day(plan: services.Plan) -> list[tuple[Any, list[services.Placement]]]:
    days: dict[Any, list[services.Placement]] = {}
    for one in plan.placed:
        days.setdefault(timezone.localdate(one.inicio), []).append(one)
    return list(days.items())


def _narrowed(cases: Any, told: dict[str, Any]) -> Any:
    if told.get("aberto_ate"):
        cases = cases.filter(aberto_em__date__lte=told["aberto_ate"])
    return cases.filter(prioridade__lt=RANK_NONE) if told.get("prioridade") else cases


def _unidades(request: HttpRequest) -> list[int]:
    """Where one may book; a page of nobody else's."""
    found: list[int] = request.user.unidades_com(frozenset(acts.TABLE))
    if not found:
        raise Http404
    return found
