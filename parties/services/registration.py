"""Registering people and suppliers, each once, and correcting what was written about them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from accounts.models import Papel, User
from parties.identifiers import clean_cep, clean_cnpj, clean_cpf, format_cnpj
from parties.models import Consumidor, Fornecedor, Grafia, Prioridade, Sexo
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.services import record

_ADDRESS = frozenset({"cep", "logradouro", "numero", "complemento", "bairro", "municipio", "uf"})
#: Where to reach a person: the newest is right.
_CONTACT = _ADDRESS | {"email", "telefone", "prioridades"}
#: Who a person is: filled where missing, changed only by a correction.
_IDENTITY = frozenset({"nome_social", "nascimento", "sexo"})
_SUPPLIER = _ADDRESS | {"nome_fantasia", "email", "telefone", "cnae", "cip_eletronica", "grupo"}


@transaction.atomic
def register_consumer(*, nome: str, cpf: str | None = None, **fields: Any) -> Consumidor:
    """Register a person, or find the known one by CPF.

    Of a known person the contact data given now replaces the old; name, birth date and sex are kept, and only filled
    where missing, so that a CPF typed wrong does not rename somebody else. Raises ContentRefused, errors by field.
    """
    values = _checked({"nome": nome, "cpf": cpf, **fields}, _CONTACT | _IDENTITY | {"nome", "cpf"}, name="nome")
    known_cpf = values.pop("cpf", None)
    if known_cpf is None:
        return Consumidor.objects.create(**values)
    person, made = Consumidor.objects.select_for_update().get_or_create(cpf=known_cpf, defaults=values)
    if not made:
        changes = {
            field: value
            for field, value in values.items()
            if value and (field in _CONTACT or _is_blank(getattr(person, field)))
        }
        _write(person, changes)
    return person


@transaction.atomic
def update_contact(*, consumidor: Consumidor, **fields: Any) -> Consumidor:
    """Change how a known person is reached: e-mail, telephone, address. Raises ContentRefused, errors by field."""
    _write(consumidor, _checked(fields, _ADDRESS | {"email", "telefone"}, name="nome", nameless=True))
    return consumidor


@transaction.atomic
def register_supplier(
    *, razao_social: str, cnpj: str | None = None, a_completar: bool = False, **fields: Any
) -> Fornecedor:
    """Register a supplier, or find the known one by CNPJ or CPF, keeping any other spelling of its name.

    Without either number it is known by its bare name and marked for completion; so is one without a name, and a new
    one that comes with `a_completar`.
    What is known of a supplier is filled where missing, never overwritten. Of one that was merged, the supplier that
    stands for it comes back. Raises ContentRefused, errors by field.
    """
    values = _checked(
        {"razao_social": razao_social, "cnpj": cnpj, **fields},
        _SUPPLIER | {"razao_social", "cnpj", "cpf"},
        name="razao_social",
        nameless=bool(cnpj or fields.get("cpf")),
    )
    key = {number: values.pop(number) for number in ("cnpj", "cpf") if values.get(number)}
    if len(key) == 2:
        raise ContentRefused("Informe o CNPJ ou o CPF do fornecedor, não os dois.", errors={"cpf": "Deixe um só."})
    if not key:
        known = Fornecedor.objects.bare_named(values["razao_social"]).order_by("pk").first()
        return standing(known) if known else Fornecedor.objects.create(**values, a_completar=True)
    named = values.get("razao_social", "")
    shown = format_cnpj(key["cnpj"]) if "cnpj" in key else "Pessoa física"
    defaults = {**values, "razao_social": named or shown, "a_completar": a_completar or not named}
    supplier, made = Fornecedor.objects.select_for_update().get_or_create(**key, defaults=defaults)
    return supplier if made else standing(_complete_supplier(supplier, values, a_completar=a_completar))


def standing(supplier: Fornecedor) -> Fornecedor:
    """The supplier that stands for this one: itself, or the one into which it was merged."""
    return supplier.fundido_em or supplier


def may_correct(person: Consumidor | Fornecedor, *, by: User, today: date) -> bool:
    """An atendente corrects a record on the day it was made; later it takes a coordenador or an auditor."""
    if by.has_papel(Papel.COORDENADOR, Papel.AUDITOR):
        return True
    return by.has_papel(Papel.ATENDENTE) and timezone.localdate(person.criado_em) == today


@transaction.atomic
def correct_consumer(*, person: Consumidor, by: User, at: datetime, **fields: Any) -> Consumidor:
    """Correct a person's data, the name and the CPF too; each of their cases records who did it and which fields.

    Raises ActNotAllowed (see `may_correct`) and ContentRefused, errors by field; a CPF that is another person's is one.
    """
    _require_correction(person, by=by, at=at)
    values = _checked(fields, _CONTACT | _IDENTITY | {"nome", "cpf"}, name="nome")
    _refuse_taken(person, values, "cpf", "Já há outro consumidor com este CPF. Confira o número no documento.")
    changed = _rewrite(person, fields, values)
    for case in person.atendimentos.all() if changed else ():
        record(case, "CORRIGIR_CONSUMIDOR", by=by, at=at, campos=changed)
    return person


@transaction.atomic
def correct_supplier(*, supplier: Fornecedor, by: User, at: datetime, **fields: Any) -> Fornecedor:
    """Correct a supplier's data; a name that was in use stays as a spelling, and the record counts as complete.

    Raises ActNotAllowed (see `may_correct`) and ContentRefused, errors by field. A record still to be completed may be
    completed by an atendente on any day.
    """
    if supplier.fundido_em:
        raise ActNotAllowed(f"Este cadastro foi fundido em {supplier.fundido_em}. Corrija este, ou desfaça a fusão.")
    if not (supplier.a_completar and by.has_papel(Papel.ATENDENTE)):
        _require_correction(supplier, by=by, at=at)
    values = _checked(fields, _SUPPLIER | {"razao_social", "cnpj"}, name="razao_social")
    _refuse_taken(supplier, values, "cnpj", "Já há outro fornecedor com este CNPJ. Use o que já existe.")
    before = supplier.razao_social
    _rewrite(supplier, fields, values)
    if before != supplier.razao_social:
        Grafia.objects.get_or_create(fornecedor=supplier, nome=before)
    _write(supplier, {"a_completar": False} if supplier.a_completar and supplier.cnpj else {})
    return supplier


def _require_correction(person: Consumidor | Fornecedor, *, by: User, at: datetime) -> None:
    if not may_correct(person, by=by, today=timezone.localdate(at)):
        raise ActNotAllowed(
            "Este cadastro não é de hoje: corrigi-lo cabe a Coordenador ou Auditor. Peça a quem tenha esse papel."
        )


def _refuse_taken(row: Consumidor | Fornecedor, values: dict[str, Any], number: str, message: str) -> None:
    others = type(row)._base_manager.exclude(pk=row.pk)
    if values.get(number) and others.filter(**{number: values[number]}).exists():
        raise ContentRefused(message, errors={number: message})


def _rewrite(row: Consumidor | Fornecedor, given: dict[str, Any], values: dict[str, Any]) -> list[str]:
    """Store every given field, blank ones as blank. Returns the names of those that changed."""
    meta: Any = row._meta
    blank = {name: meta.get_field(name).get_default() for name in given.keys() - values.keys()}
    changes = {name: value for name, value in {**blank, **values}.items() if getattr(row, name) != value}
    _write(row, changes)
    return sorted(changes)


def _complete_supplier(supplier: Fornecedor, values: dict[str, Any], *, a_completar: bool) -> Fornecedor:
    """Fill what was missing of a known supplier, and keep other names as spellings."""
    changes = {f: v for f, v in values.items() if v and _is_blank(getattr(supplier, f))}
    if supplier.a_completar and values.get("razao_social"):
        changes |= {"razao_social": values["razao_social"], "a_completar": a_completar}
    _write(supplier, changes)
    for name in (values.get("razao_social"), values.get("nome_fantasia")):
        if name and name not in (supplier.razao_social, supplier.nome_fantasia):
            Grafia.objects.get_or_create(fornecedor=supplier, nome=name)
    return supplier


def _write(row: Consumidor | Fornecedor, changes: dict[str, Any]) -> None:
    """Store the changed fields, if any."""
    for field, value in changes.items():
        setattr(row, field, value)
    if changes:
        row.save(update_fields=list(changes))


def _is_blank(value: Any) -> bool:
    return value in (None, "", Sexo.NAO_INFORMADO) or value == []


def clean_text(text: str) -> str:
    """Text on one line: control characters gone, runs of blanks as one."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())


def clean_phone(text: str) -> str:
    """A telephone number as +5511912345678, read as Brazilian unless it says otherwise. Raises ValueError."""
    try:
        number = phonenumbers.parse(text, "BR")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise ValueError("Telefone inválido. Escreva o DDD e o número, como em (11) 91234-5678.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _clean_email(text: str) -> str:
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
    "email": _clean_email,
    "prioridades": _clean_grounds,
    "sexo": _clean_sex,
    "uf": _clean_uf,
    "municipio": _clean_city,
    "nascimento": _clean_birth,
}


def _checked(given: dict[str, Any], allowed: frozenset[str], *, name: str, nameless: bool = False) -> dict[str, Any]:
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


def _fitting(model: type[Consumidor | Fornecedor], field: str, value: Any) -> Any:
    """The value, if its column can hold it."""
    limit = getattr(model._meta.get_field(field), "max_length", None)
    if isinstance(value, str) and limit and len(value) > limit:
        raise ValueError(f"Texto longo demais em “{field}”: o limite é de {limit} caracteres. Abrevie.")
    return value
