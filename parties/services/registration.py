"""Registering people and suppliers, each once, and correcting what was written about them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from accounts.models import Papel, User
from parties.identifiers import format_cnpj
from parties.models import Consumidor, Fornecedor, Grafia, Sexo
from parties.services.checking import checked, clean_text
from parties.services.suppliers import note_correction
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.queries import loaded
from workflow.services import record

P = TypeVar("P", Consumidor, Fornecedor)
_ADDRESS = frozenset({"cep", "logradouro", "numero", "complemento", "bairro", "municipio", "uf"})
#: Where to reach a person: the newest is right.
_CONTACT = _ADDRESS | {"email", "telefone", "prioridades"}
#: Who a person is: filled where missing, changed only by a correction.
_IDENTITY = frozenset({"nome_social", "nascimento", "sexo"})
_SUPPLIER = _ADDRESS | {"nome_fantasia", "email", "telefone", "cnae", "grupo"}


def register_consumer(*, nome: str, cpf: str | None = None, **fields: Any) -> Consumidor:
    """Register a person, or find the known one by CPF.

    Of a known person the contact data given now replaces the old; name, birth date and sex are kept, and only filled
    where missing, so that a CPF typed wrong does not rename somebody else. Raises ContentRefused, errors by field.
    """
    values = checked({"nome": nome, "cpf": cpf, **fields}, _CONTACT | _IDENTITY | {"nome", "cpf"}, name="nome")
    known_cpf = values.pop("cpf", None)
    if known_cpf is None:
        return Consumidor.objects.create(**values)
    with transaction.atomic(savepoint=False):  # nothing in here is refused, so there is nothing to go back to
        person, made = _person(known_cpf, values)
        if not made:
            changes = {
                field: value
                for field, value in values.items()
                if value and (field in _CONTACT or _is_blank(getattr(person, field)))
            }
            _write(person, changes)
    return person


def _person(cpf: str, values: dict[str, Any]) -> tuple[Consumidor, bool]:
    """The person with this CPF, locked; made of the values, and true, where nobody has it."""
    found = loaded(
        "parties.by_cpf",
        lambda: Consumidor.objects.filter(cpf=cpf).order_by().select_for_update(),
        [cpf],
    )
    if found:
        return found[0], False
    return Consumidor.objects.select_for_update().get_or_create(cpf=cpf, defaults=values)


def as_stored(**fields: Any) -> dict[str, Any]:
    """What was given about a person, in the form in which it is kept; blank ones left out. Raises ContentRefused."""
    return checked(fields, _CONTACT | _IDENTITY | {"nome", "cpf"}, name="nome", nameless=True)


@transaction.atomic
def update_contact(*, consumidor: Consumidor, **fields: Any) -> Consumidor:
    """Change how a known person is reached: e-mail, telephone, address. Raises ContentRefused, errors by field."""
    _write(consumidor, checked(fields, _ADDRESS | {"email", "telefone"}, name="nome", nameless=True))
    return consumidor


def register_supplier(
    *, razao_social: str, cnpj: str | None = None, a_completar: bool = False, **fields: Any
) -> Fornecedor:
    """Register a supplier, or find the known one by CNPJ or CPF, keeping any other spelling of its name.

    Without either number it is known by its bare name and marked for completion; so is one without a name, and a new
    one that comes with `a_completar`.
    What is known of a supplier is filled where missing, never overwritten. Of one that was merged, the supplier that
    stands for it comes back. Raises ContentRefused, errors by field.
    """
    values = checked(
        {"razao_social": razao_social, "cnpj": cnpj, **fields},
        _SUPPLIER | {"razao_social", "cnpj", "cpf"},
        name="razao_social",
        nameless=bool(cnpj or fields.get("cpf")),
    )
    key = {number: values.pop(number) for number in ("cnpj", "cpf") if values.get(number)}
    if len(key) == 2:
        raise ContentRefused("Informe o CNPJ ou o CPF do fornecedor, não os dois.", errors={"cpf": "Deixe um só."})
    if not key and "razao_social" not in values:  # a number of invisible marks only
        raise ContentRefused("Informe o nome.", errors={"razao_social": "Informe o nome."})
    if not key:
        known = Fornecedor.objects.bare_named(values["razao_social"]).order_by("pk").first()
        return standing(known) if known else Fornecedor.objects.create(**values, a_completar=True)
    named = values.get("razao_social", "")
    shown = format_cnpj(key["cnpj"]) if "cnpj" in key else "Pessoa física"
    defaults = {**values, "razao_social": named or shown, "a_completar": a_completar or not named}
    known = _supplier_as_told(key, values, a_completar=a_completar)
    if known:
        return standing(known)
    with transaction.atomic(savepoint=False):  # as above
        supplier, made = Fornecedor.objects.select_for_update().get_or_create(**key, defaults=defaults)
        return supplier if made else standing(_complete_supplier(supplier, values, a_completar=a_completar))


def _supplier_as_told(key: dict[str, str], values: dict[str, Any], *, a_completar: bool) -> Fornecedor | None:
    """The supplier with this number, where nothing that was told is new: then nobody waits for its row.

    Everybody complains of the same few, and a lock held until the commit would let them register one after another.
    """
    [(number, value)] = key.items()
    found: list[Fornecedor] = loaded(
        ("parties.by_number", number), lambda: Fornecedor.objects.filter(**key).order_by(), [value]
    )
    if not found or _to_complete(found[0], values, a_completar=a_completar):
        return None
    spellings = _other_names(found[0], values)
    known = Grafia.objects.filter(fornecedor=found[0], nome__in=spellings).count() if spellings else 0
    return found[0] if known == len(spellings) else None


def standing(party: P) -> P:
    """The registration that stands for this one: itself, or the one into which it was merged."""
    return party.fundido_em or party


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
    if person.fundido_em:
        raise ActNotAllowed(f"Este cadastro foi fundido no de {person.fundido_em}. Corrija este, ou desfaça a fusão.")
    require_correction(person, by=by, at=at)
    values = checked(fields, _CONTACT | _IDENTITY | {"nome", "cpf"}, name="nome")
    _refuse_taken(person, values, "cpf", "Já há outro consumidor com este CPF. Confira o número no documento.")
    changed = _rewrite(person, fields, values)
    for case in person.atendimentos.all() if changed else ():
        record(case, "CORRIGIR_CONSUMIDOR", by=by, at=at, campos=changed)
    return person


@transaction.atomic
def correct_supplier(*, supplier: Fornecedor, by: User, at: datetime, motivo: str = "", **fields: Any) -> Fornecedor:
    """Correct a supplier's data; a name that was in use stays as a spelling, and the record counts as complete.

    What changed is written down, before and after. Raises ActNotAllowed (see `may_correct`) and ContentRefused, errors
    by field. A record still to be completed may be completed by an atendente on any day.
    """
    if supplier.fundido_em:
        raise ActNotAllowed(f"Este cadastro foi fundido em {supplier.fundido_em}. Corrija este, ou desfaça a fusão.")
    require_correction(supplier, by=by, at=at)
    values = checked(fields, _SUPPLIER | {"razao_social", "cnpj"}, name="razao_social")
    _refuse_taken(supplier, values, "cnpj", "Já há outro fornecedor com este CNPJ. Use o que já existe.")
    before = {name: getattr(supplier, name) for name in fields}
    changed = _rewrite(supplier, fields, values)
    if "razao_social" in changed:
        Grafia.objects.get_or_create(fornecedor=supplier, nome=before["razao_social"])
    _write(supplier, {"a_completar": False} if supplier.a_completar and supplier.cnpj else {})
    if changed:
        told = {name: [str(before[name] or ""), str(getattr(supplier, name) or "")] for name in changed}
        note_correction(supplier, told, by=by, at=at, motivo=clean_text(motivo))
    return supplier


def require_correction(person: Consumidor | Fornecedor, *, by: User, at: datetime) -> None:
    """Refuse who may not correct this record now; a supplier still to be completed is any atendente's."""
    if isinstance(person, Fornecedor) and person.a_completar and by.has_papel(Papel.ATENDENTE):
        return
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
    _write(supplier, _to_complete(supplier, values, a_completar=a_completar))
    for name in _other_names(supplier, values):
        Grafia.objects.get_or_create(fornecedor=supplier, nome=name)
    return supplier


def _to_complete(supplier: Fornecedor, values: dict[str, Any], *, a_completar: bool) -> dict[str, Any]:
    """What was told and is not there yet."""
    changes = {f: v for f, v in values.items() if v and _is_blank(getattr(supplier, f))}
    if supplier.a_completar and values.get("razao_social"):
        changes |= {"razao_social": values["razao_social"], "a_completar": a_completar}
    return _new(supplier, changes)


def _other_names(supplier: Fornecedor, values: dict[str, Any]) -> list[str]:
    """The names told that are neither of its own."""
    told = dict.fromkeys(name for name in (values.get("razao_social"), values.get("nome_fantasia")) if name)
    return [name for name in told if name not in (supplier.razao_social, supplier.nome_fantasia)]


def _new(row: Consumidor | Fornecedor, changes: dict[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in changes.items() if getattr(row, field) != value}


def _write(row: Consumidor | Fornecedor, changes: dict[str, Any]) -> None:
    """Store the fields that differ, if any."""
    changes = _new(row, changes)
    for field, value in changes.items():
        setattr(row, field, value)
    if changes:
        row.save(update_fields=list(changes))


def _is_blank(value: Any) -> bool:
    return value in (None, "", Sexo.NAO_INFORMADO) or value == []
