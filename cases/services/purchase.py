"""What register() takes beside the case itself: the purchase, and who acts for the consumer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from cases.models import Atendimento, Compra, Representante
from cases.rules.representation import missing
from parties.identifiers import clean_cpf
from parties.models import Consumidor
from parties.priority import age_on
from parties.services import clean_phone, clean_text

#: The fields of a purchase, as register() takes them.
PURCHASE = tuple(field.name for field in Compra._meta.concrete_fields if field.name != "atendimento")
#: The days of a purchase, with what each is called in a sentence.
_DAYS = {
    "data_entrega": "A entrega",
    "data_defeito": "O defeito",
    "contato_em": "A reclamação ao fornecedor",
    "contato_negado_em": "A negativa do fornecedor",
}
_CHOICES = {
    "forma_compra": Compra.Forma.values,
    "forma_pagamento": Compra.Pagamento.values,
    "natureza": Compra.Natureza.values,
}
_EARLIEST = 1900


def purchase_errors(compra: Mapping[str, Any], *, data_compra: date | None, today: date) -> dict[str, str]:
    """What cannot be true of this purchase, one sentence per field."""
    errors: dict[str, str] = {}
    for name, label in _DAYS.items():
        day = compra.get(name)
        if day is None:
            continue
        if day > today or day.year < _EARLIEST:
            errors[name] = f"{label} tem data impossível. Confira o dia e o ano."
        elif data_compra and day < data_compra:
            errors[name] = f"{label} não pode ser de antes da compra. Confira as duas datas."
    refused, complained = compra.get("contato_negado_em"), compra.get("contato_em")
    if refused and (complained is None or refused < complained):
        errors["contato_negado_em"] = "A negativa vem depois da reclamação ao fornecedor. Confira as duas datas."
    if compra.get("oculto") and not compra.get("data_defeito"):
        errors["data_defeito"] = "Diga quando o defeito oculto apareceu: o prazo conta desse dia."
    return errors | {
        name: "Escolha da lista."
        for name, values in _CHOICES.items()
        if compra.get(name) and compra[name] not in values
    }


def store_purchase(atendimento: Atendimento, compra: Mapping[str, Any]) -> Compra | None:
    """The purchase of this case, if anything was told about it."""
    told = {name: value.strip() if isinstance(value, str) else value for name, value in compra.items()}
    told = {name: value for name, value in told.items() if value}
    return Compra.objects.create(atendimento=atendimento, **told) if told else None


def representative_values(given: Mapping[str, Any]) -> dict[str, Any]:
    """The representative's data in their stored form; empty where nobody acts for the consumer."""
    told = {name: clean_text(value) if isinstance(value, str) else value for name, value in given.items()}
    return told if any(told.values()) else {}


def representative_errors(told: dict[str, Any], *, consumidor: Consumidor | None, today: date) -> dict[str, str]:
    """What is missing or wrong, one sentence per field (`rep_` and its name); cleans the numbers in place."""
    if not told:
        return {}
    age = age_on(consumidor.nascimento, today) if consumidor and consumidor.nascimento else None
    errors = missing(
        told.get("qualidade", ""),
        told.get("documentos", []),
        oab=told.get("oab", ""),
        age=age,
        labels={str(name): str(label) for name, label in Representante.Papeis.choices},
    )
    if not told.get("nome"):
        errors["nome"] = "Escreva o nome de quem representa o consumidor."
    for name, clean in (("cpf", clean_cpf), ("telefone", clean_phone)):
        try:
            told[name] = clean(told[name]) if told.get(name) else ""
        except ValueError as problem:
            errors[name] = str(problem)
    return {f"rep_{name}": text for name, text in errors.items()}


def store_representative(atendimento: Atendimento, told: Mapping[str, Any]) -> Representante | None:
    """Who acts for the consumer in this case, if anybody does."""
    return Representante.objects.create(atendimento=atendimento, **told) if told else None
