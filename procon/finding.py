"""The search box of every page: one text, results by kind. What was typed stays in the session, never in an address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.models import CASE_READERS, User
from cases.models import Atendimento
from documents.codes import normalize
from documents.models import Documento
from listing.typed import keep, kept
from parties.identifiers import clean_cpf, strip_marks
from parties.models import Consumidor, Fornecedor
from parties.queries import among

#: How many of each kind the page shows before «ver todos».
SHOWN = 8
#: Of a common name, so many people and suppliers are looked at.
CANDIDATES = 200


@dataclass(frozen=True)
class Found:
    """One kind of result: its rows, and the list of all where there are more."""

    nome: str
    icone: str
    linhas: list[Any]
    ha_mais: bool
    todos: str
    modelo: str


@dataclass(frozen=True)
class Named:
    """The keys of those whom a text names, looked up once: they are results themselves and lead to their cases."""

    people: list[int]
    suppliers: list[int]

    @classmethod
    def by(cls, text: str, user: User) -> Named:
        """The people, of those one may see, and the suppliers of these names; of common names, CANDIDATES."""
        return cls(
            Consumidor.objects.keys_named(text, CANDIDATES, user=user),
            Fornecedor.objects.keys_named(text, CANDIDATES),
        )


@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Take what was typed; a protocol, a CPF or a check code that names one thing leads straight to it."""
    text = " ".join(request.POST.get("texto", "").replace("\x00", " ").split())[:160]
    if not text:
        return redirect("atendimentos")
    one = _only_one(request, text)
    return one or redirect("busca_resultados", keep(request, text))


@require_GET
def results(request: HttpRequest, busca: str) -> HttpResponse:
    """What was found, by kind, each as far as one may see it."""
    text = kept(request, busca)
    if text is None or not request.user.has_papel(*CASE_READERS):
        return render(request, "procon/busca.html", {"texto": None})
    named = Named.by(text, request.user)
    kinds = [kind for find in KINDS if (kind := find(request, text, named)) and kind.linhas]
    return render(request, "procon/busca.html", {"texto": text, "busca": busca, "tipos": kinds})


def _only_one(request: HttpRequest, text: str) -> HttpResponse | None:
    user = request.user
    case = Atendimento.objects.visible_to(user).filter(protocolo=text).values_list("protocolo", flat=True).first()
    if case:
        return redirect("atendimento", case)
    code = normalize(text)
    if code and Documento.objects.visible_to(user).filter(codigo=code).exists():
        return redirect("documento", code)
    try:
        cpf = clean_cpf(text)
    except ValueError:
        return None
    person = Consumidor.objects.visible_to(user).filter(cpf=cpf).first()
    return redirect("consumidor", person.pk) if person else None


def _cases(request: HttpRequest, text: str, named: Named) -> Found:
    cases = Atendimento.objects.visible_to(request.user)
    found = cases.search(text, user=request.user, people=named.people, suppliers=named.suppliers)
    rows = found.for_list().order_by("-aberto_em", "-id")
    return _found("Atendimentos", "fa-folder-open", rows, "atendimentos", "caso")


def _people(request: HttpRequest, text: str, named: Named) -> Found:
    rows = Consumidor.objects.visible_to(request.user).filter(pk__in=among(named.people))
    return _found("Consumidores", "fa-user-friends", rows, "consumidores", "consumidor")


def _suppliers(request: HttpRequest, text: str, named: Named) -> Found:
    rows = Fornecedor.objects.standing().filter(pk__in=among(named.suppliers))
    return _found("Fornecedores", "fa-store", rows, "fornecedores", "fornecedor")


def _texts(request: HttpRequest, text: str, named: Named) -> Found | None:
    if strip_marks(text).isdigit():
        return None
    now = timezone.now()  # noqa: TID251  the edge reads the clock
    rows = Atendimento.objects.visible_to(request.user).best_texts(text, user=request.user, at=now, many=SHOWN + 1)
    return Found("Textos", "fa-align-left", rows[:SHOWN], len(rows) > SHOWN, "atendimentos", "texto")


KINDS: list[Callable[[HttpRequest, str, Named], Found | None]] = [_cases, _people, _suppliers, _texts]


def _found(name: str, icon: str, rows: Any, route: str, model: str) -> Found:
    found = list(rows[: SHOWN + 1])
    return Found(name, icon, found[:SHOWN], len(found) > SHOWN, route, model)
