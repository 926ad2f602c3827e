"""What is typed about people and suppliers, brought into its stored form or refused field by field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models

from parties.identifiers import clean_cep, clean_cnpj, clean_cpf
from parties.models import Consumidor, Fornecedor, Prioridade, Sexo
from workflow.errors import ContentRefused


def clean_text(text: str) -> str:
    """Text on one line: control characters gone, runs of blanks as one.

    Invisible marks (direction of writing, zero width, halves of a pair) go too: a name made of them would be no name.
    """
    seen = "".join(char for char in text if unicodedata.category(char) not in {"Cf", "Cs"})
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", seen).split())


def clean_phone(text: str) -> str:
    """A telephone number as +5511912345678, read as Brazilian unless it says otherwise. Raises ValueError."""
    try:
        number = phonenumbers.parse(text, "BR")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise ValueError("Telefone inválido. Escreva o DDD e o número, como em (11) 91234-5678.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def clean_email(text: str) -> str:
    """An e-mail address as typed, checked. Raises ValueError in Portuguese."""
    try:
        validate_email(text)
    except ValidationError:
        raise ValueError("E-mail inválido. Escreva como em ana@exemplo.com.br.") from None
    return text


def _clean_grounds(grounds: Any) -> list[str]:
    if not set(grounds) <= set(Prioridade.values):
        raise ValueError("Prioridade desconhecida. Escolha entre as da lista.")
    return sorted(set(grounds))


def _clean_sex(value: str) -> str:
    if value not in Sexo.values:
        raise ValueError("Sexo desconhecido. Use F, M ou N.")
    return value


def _clean_uf(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", text):
        raise ValueError("UF inválida. Use as duas letras, como em SP.")
    return text.upper()


def _clean_city(text: str) -> str:
    if not re.fullmatch(r"[0-9]{7}", text):
        raise ValueError("Município inválido. Use o código de 7 números do IBGE.")
    return text


def _clean_birth(value: date) -> date:
    if not isinstance(value, date) or value.year < 1900:
        raise ValueError("Data de nascimento inválida. Escreva dia, mês e ano com quatro números.")
    return value


_CLEANERS: dict[str, Callable[[Any], Any]] = {
    "cpf": clean_cpf,
    "cnpj": clean_cnpj,
    "cep": clean_cep,
    "telefone": clean_phone,
    "email": clean_email,
    "prioridades": _clean_grounds,
    "sexo": _clean_sex,
    "uf": _clean_uf,
    "municipio": _clean_city,
    "nascimento": _clean_birth,
}


def checked_text(
    model: type[models.Model], field: str, raw: str, missing: str, *, clean: Callable[[str], str] = str
) -> str:
    """One text in its stored form; `missing` is the refusal of a blank one, if blank is refused. ContentRefused."""
    value = clean_text(raw)
    if not value and missing:
        raise ContentRefused(missing, errors={field: missing})
    try:
        return _fitting(model, field, clean(value)) if value else ""
    except ValueError as problem:
        raise ContentRefused(str(problem), errors={field: str(problem)}) from None


def checked(given: dict[str, Any], allowed: frozenset[str], *, name: str, nameless: bool = False) -> dict[str, Any]:
    """The given fields in their stored form, blank ones left out; ContentRefused names every wrong one."""
    unknown = given.keys() - allowed
    if unknown:
        raise TypeError(f"unknown fields: {sorted(unknown)}")
    model = Fornecedor if name == "razao_social" else Consumidor
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field, raw in given.items():
        value = clean_text(raw) if isinstance(raw, str) else raw
        if value in (None, "", []):
            continue
        try:
            values[field] = _fitting(model, field, _CLEANERS[field](value) if field in _CLEANERS else value)
        except ValueError as problem:
            errors[field] = str(problem)
    if name not in values and name not in errors and not nameless:
        errors[name] = "Informe o nome."
    if errors:
        raise ContentRefused(" ".join(errors.values()), errors=errors)
    return values


def _fitting(model: type[models.Model], field: str, value: Any) -> Any:
    """The value, if its column can hold it."""
    limit = getattr(model._meta.get_field(field), "max_length", None)
    if isinstance(value, str) and limit and len(value) > limit:
        raise ValueError(f"Texto longo demais em “{field}”: o limite é de {limit} caracteres. Abrevie.")
    return value
