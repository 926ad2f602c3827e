"""What helps while an atendimento is being typed: what to see before saving, and suggestions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from cases.forms.intake import IntakeForm
from cases.models import Atendimento
from cases.rules.clocks import Facts
from cases.rules.domicile import cities_beginning
from cases.rules.representation import ADULT
from cases.services.advice import Advice, advise, facts_of
from cases.services.counter import Unconfirmed, domicile_notice, open_duplicates
from deadlines.services import Known
from parties.models import Consumidor
from parties.priority import age_on
from workflow.errors import Refusal


@require_POST
def warnings(request: HttpRequest) -> HttpResponse:
    """What the clerk should see before saving: an open case like this one, a home elsewhere, the consumer's terms."""
    form = IntakeForm(request.POST, user=request.user)
    return render(request, "cases/_avisos.html", {"form": form, **notices(form, by=request.user)})


@require_GET
def towns(request: HttpRequest) -> HttpResponse:
    """Municipalities whose name begins so, for the suggestions of the city's box."""
    near = IntakeForm(user=request.user).fields["municipio"].near
    found = cities_beginning(request.GET.get("municipio", "")[:80], near=near)
    return render(request, "cases/_cidades.html", {"cidades": found})


def notices(form: IntakeForm, *, by: User, refusal: Refusal | None = None) -> dict[str, Any]:
    """The same for any page that shows the form, what the refusal found included; a form not filled in gives none."""
    if not form.is_bound:
        return {"parecidos": [], "domicilio": "", "conselhos": [], "menor": False}
    form.is_valid()
    told = form.cleaned_data
    cpf, city = told.get("cpf"), told.get("municipio", "")
    person = Consumidor.objects.with_cpf(cpf, user=by).first() if cpf else None
    today = timezone.localdate(timezone.now())  # noqa: TID251  the edge reads the clock
    alike = open_duplicates(
        by=by, consumidor=person, assunto=told.get("assunto"), fornecedores=list(told.get("fornecedores") or [])
    )
    unseen = isinstance(refusal, Unconfirmed)
    born = told.get("nascimento") or (person.nascimento if person else None)
    return {
        "parecidos": refusal.duplicates if unseen else alike,
        "domicilio": (unseen and refusal.elsewhere)
        or domicile_notice(tipo=told.get("tipo", ""), municipio=city, unidade=told.get("unidade")),
        "conselhos": advise(_facts(told), today=today),
        "menor": _is_minor(born, today) and not told.get("rep_nome"),
        "nao_visto": unseen,
    }


def advice_for(atendimento: Atendimento, known: Known) -> list[Advice]:
    """The consumer's terms as they stand today; none where nothing was told about the purchase."""
    bought = getattr(atendimento, "compra", None)
    if bought is None:
        return []
    today = timezone.localdate(timezone.now())  # noqa: TID251  the edge reads the clock
    return advise(facts_of(atendimento, bought), today=today, known=known)


def _facts(told: dict[str, Any]) -> Facts:
    return Facts(
        forma_compra=told.get("forma_compra", ""),
        natureza=told.get("natureza", ""),
        compra=told.get("data_compra"),
        entrega=told.get("data_entrega"),
        defeito=told.get("data_defeito"),
        oculto=told.get("oculto", False),
        contato=told.get("contato_em"),
        proven=bool(told.get("contato_protocolo")),
        negado=told.get("contato_negado_em"),
    )


def _is_minor(born: date | None, today: date) -> bool:
    return born is not None and age_on(born, today) < ADULT
