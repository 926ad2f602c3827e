"""The whole of an intake at the counter: who complains, against whom, what the clerk must be shown first, the case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import Unidade, User
from cases.models import Assunto, Atendimento, FormularioDeContingencia, Senha
from cases.rules.domicile import cities, lives_elsewhere
from cases.services.contingency import check_form, finish_form
from cases.services.drafts import end_draft, hold_draft
from cases.services.numbers import add_number
from cases.services.queue import lead_to
from cases.services.registration import register_within
from cases.tipos import RULES
from parties.models import Consumidor, Fornecedor
from parties.services import register_consumer, register_supplier
from workflow.errors import ContentRefused
from workflow.integrity import whole
from workflow.services import record

#: How many open cases a warning names.
NAMED = 5


class Unconfirmed(ContentRefused):
    """Nothing is wrong, but the clerk must have seen something first; `duplicates` and `elsewhere` say what."""

    def __init__(
        self, message: str, *, errors: dict[str, str], duplicates: Sequence[Atendimento] = (), elsewhere: str = ""
    ) -> None:
        super().__init__(message, errors=errors)
        self.duplicates = list(duplicates)
        self.elsewhere = elsewhere


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """What the clerk has seen and wants nevertheless: an open case like this one, a home outside the city (why)."""

    duplicate: bool = False
    domicile: str = ""


def open_duplicates(
    *, by: User, consumidor: Consumidor | None, assunto: Assunto | None, fornecedores: Sequence[Fornecedor]
) -> list[Atendimento]:
    """Open cases that `by` may see of the same person, on the same assunto, against one of the same suppliers.

    Whom a merge made one are the same: suppliers and people.
    """
    if consumidor is None or consumidor.pk is None or assunto is None or not fornecedores:
        return []
    found = (
        Atendimento.objects.visible_to(by)
        .open()
        .of_person(Consumidor.objects.filter(pk=consumidor.pk))
        .filter(assunto=assunto)
        .against(Fornecedor.objects.filter(pk__in=[supplier.pk for supplier in fornecedores]))
        .order_by("-aberto_em", "-id")
    )
    return list(found.prefetch_related("reclamados__fornecedor")[:NAMED])


def domicile_notice(*, tipo: str, municipio: str, unidade: Unidade | None) -> str:
    """What to do for a person who lives elsewhere, in words; empty where the unidade serves them in this tipo."""
    rule = RULES.get(tipo)
    if rule is None or unidade is None or not rule.needs_resident:
        return ""
    if not lives_elsewhere(municipio, unidade.municipio):
        return ""
    home, served = _city(municipio), _city(unidade.municipio)
    return (
        f"A pessoa mora em {home}, e este Procon atende quem mora em {served}. Oriente a procurar o Procon de {home}; "
        "se lá não houver, o do estado, ou o consumidor.gov.br."
    )


@whole
def register_at_counter(
    *,
    by: User,
    at: datetime,
    unidade: Unidade,
    tipo: str,
    consumer: dict[str, Any],
    fornecedores: Sequence[Fornecedor],
    new_supplier: dict[str, Any] | None = None,
    confirmed: Confirmed | None = None,
    draft: UUID | None = None,
    senha: Senha | None = None,
    outro_numero: tuple[str, str] | None = None,
    formulario: tuple[FormularioDeContingencia, datetime] | None = None,
    **told: Any,
) -> Atendimento:
    """The consumer, the new supplier and the case: all of them or nothing; the draft of this page is gone with it,
    and the page registers once: the second of two is told which case it became (`AlreadyRegistered`).

    The ticket with which the person was called is finished, and says which case it led to. `outro_numero` is the
    system and the number of the same case elsewhere; `formulario` the contingency form that is typed in, and when it
    was filled in.

    `told` is what `register` takes. Raises Unconfirmed where the clerk must first see an open case like this one, or
    that the person lives outside the city, and whatever `register`, `register_consumer` and `register_supplier` refuse.
    """
    confirmed = confirmed or Confirmed()
    page = hold_draft(envio=draft, by=by, at=at) if draft else None
    if formulario:
        check_form(formulario, unidade=unidade, at=at)
    person = register_consumer(**consumer) if consumer else None
    parties = list(fornecedores)
    if new_supplier:
        parties.append(register_supplier(**new_supplier))
    elsewhere = domicile_notice(tipo=tipo, municipio=person.municipio if person else "", unidade=unidade)
    alike = open_duplicates(by=by, consumidor=person, assunto=told.get("assunto"), fornecedores=parties)
    case = register_within(
        by=by,
        at=at,
        unidade=unidade,
        tipo=tipo,
        consumidor=person,
        fornecedores=parties,
        ocorrido_em=formulario[1] if formulario else None,
        **told,
    )
    _require_seen(elsewhere, alike, confirmed)
    if page:
        end_draft(page, atendimento=case, at=at)
    if formulario:
        finish_form(formulario=formulario[0], atendimento=case, by=by, at=at)
    _lead_here(case, senha, outro_numero, by=by, at=at)
    if elsewhere and person:
        reason = confirmed.domicile.strip()
        record(case, "ACEITAR_DOMICILIO", by=by, at=at, motivo=reason, municipio=person.municipio)
    if alike:
        record(case, "CONFIRMAR_DUPLICIDADE", by=by, at=at, casos=[item.protocolo for item in alike])
    return case


def _lead_here(
    case: Atendimento, senha: Senha | None, outro_numero: tuple[str, str] | None, *, by: User, at: datetime
) -> None:
    if outro_numero:
        system, number = outro_numero
        add_number(atendimento=case, sistema=system, numero=number, by=by, at=at)
    if senha:
        lead_to(senha=senha, atendimento=case, by=by, at=at)


def _require_seen(elsewhere: str, alike: Sequence[Atendimento], confirmed: Confirmed) -> None:
    """Comes after registering, so that everything wrong with the content is told before; the transaction undoes it."""
    errors: dict[str, str] = {}
    if elsewhere and not confirmed.domicile.strip():
        errors["motivo_domicilio"] = "Para registrar aqui mesmo assim, escreva o motivo."
    if alike and not confirmed.duplicate:
        errors["mesmo_assim"] = "Marque que viu o caso aberto, para registrar mesmo assim."
    if errors:
        raise Unconfirmed(
            "Nada foi gravado ainda. Veja o aviso e decida.",
            errors=errors,
            duplicates=alike,
            elsewhere=elsewhere if "motivo_domicilio" in errors else "",
        )


def _city(code: str) -> str:
    known = cities().get(code)
    return str(known) if known else f"outro município (IBGE {code})"
