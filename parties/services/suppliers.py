"""What the office keeps about a supplier beside its data: spellings, group, contacts, the term of electronic CIP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Papel, User
from parties.models import (
    AdesaoCipEletronica,
    ContatoDeFornecedor,
    CorrecaoDeFornecedor,
    Fornecedor,
    Grafia,
    GrupoEconomico,
)
from parties.services.checking import checked_text, clean_email, clean_phone
from parties.services.merging import require_auditor
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.integrity import refusals_from

_KEEPERS = (Papel.ATENDENTE, Papel.COORDENADOR, Papel.AUDITOR)
_ENROLLERS = (Papel.COORDENADOR, Papel.AUDITOR)


def note_correction(
    supplier: Fornecedor, campos: dict[str, list[Any]], *, by: User, at: datetime, motivo: str = ""
) -> CorrecaoDeFornecedor:
    """Write down what changed of a supplier: field by field, before and after."""
    return CorrecaoDeFornecedor.objects.create(fornecedor=supplier, campos=campos, motivo=motivo, por=by, em=at)


@transaction.atomic
def add_spelling(*, supplier: Fornecedor, nome: str, by: User, at: datetime) -> Grafia:
    """Add a name under which a supplier is known, so that it is found by it. Auditor only."""
    require_auditor(by, "incluir grafia")
    name = checked_text(Grafia, "nome", nome, "Escreva a grafia.")
    spelling, made = Grafia.objects.get_or_create(fornecedor=supplier, nome=name)
    if made:
        note_correction(supplier, {"grafia": ["", name]}, by=by, at=at)
    return spelling


@transaction.atomic
def remove_spelling(*, spelling: Grafia, by: User, at: datetime) -> CorrecaoDeFornecedor:
    """Take a spelling away that is another supplier's. Auditor only; the removal stays on record."""
    require_auditor(by, "retirar grafia")
    done = note_correction(spelling.fornecedor, {"grafia": [spelling.nome, ""]}, by=by, at=at)
    spelling.delete()
    return done


@transaction.atomic
def set_group(*, supplier: Fornecedor, nome: str, by: User, at: datetime) -> Fornecedor:
    """Put a supplier into the economic group of this name, made where it is new; no name takes it out. Auditor only."""
    require_auditor(by, "escolher o grupo econômico")
    name = checked_text(GrupoEconomico, "nome", nome, "") if nome.strip() else ""
    group = GrupoEconomico.objects.get_or_create(nome=name)[0] if name else None
    before = str(supplier.grupo or "")
    if supplier.grupo != group:
        Fornecedor.objects.filter(pk=supplier.pk).update(grupo=group)
        supplier.grupo = group
        note_correction(supplier, {"grupo": [before, name]}, by=by, at=at)
    return supplier


@transaction.atomic
def add_contact(
    *,
    supplier: Fornecedor,
    nome: str,
    by: User,
    at: datetime,
    cargo: str = "",
    email: str = "",
    telefone: str = "",
    recebe_cip: bool = False,
    recebe_audiencia: bool = False,
) -> ContatoDeFornecedor:
    """Add whom to write to at a supplier, and about what. Raises ContentRefused, errors by field."""
    _require(by, _KEEPERS, "incluir contato de fornecedor")
    values = _contact_values(nome=nome, cargo=cargo, email=email, telefone=telefone)
    if (recebe_cip or recebe_audiencia) and not values["email"]:
        raise ContentRefused(
            "Quem recebe avisos precisa de e-mail. Escreva-o, ou desmarque os avisos.",
            errors={"email": "Quem recebe avisos precisa de e-mail."},
        )
    with refusals_from(ContatoDeFornecedor):
        contact = ContatoDeFornecedor.objects.create(
            fornecedor=supplier, recebe_cip=recebe_cip, recebe_audiencia=recebe_audiencia, **values
        )
    note_correction(supplier, {"contato": ["", _told(contact)]}, by=by, at=at)
    return contact


@transaction.atomic
def remove_contact(*, contact: ContatoDeFornecedor, by: User, at: datetime) -> CorrecaoDeFornecedor:
    """Take a contact away; that it was there stays on record."""
    _require(by, _KEEPERS, "retirar contato de fornecedor")
    done = note_correction(contact.fornecedor, {"contato": [_told(contact), ""]}, by=by, at=at)
    contact.delete()
    return done


@transaction.atomic
def enroll_supplier(
    *,
    supplier: Fornecedor,
    termo: str,
    assinado_por: str,
    assinado_em: date,
    by: User,
    at: datetime,
    vale_ate: date | None = None,
) -> AdesaoCipEletronica:
    """Record the signed term by which a supplier receives CIPs electronically. One is in force at a time."""
    _require(by, _ENROLLERS, "registrar adesão à CIP eletrônica")
    if supplier.fundido_em:
        raise ActNotAllowed(f"Este cadastro foi fundido em {supplier.fundido_em}. Registre a adesão neste outro.")
    values = {
        "termo": checked_text(AdesaoCipEletronica, "termo", termo, "Escreva o número do termo."),
        "assinado_por": checked_text(AdesaoCipEletronica, "assinado_por", assinado_por, "Escreva quem assinou."),
    }
    today = timezone.localdate(at)
    if assinado_em > today:
        raise _refused("assinado_em", "A assinatura não pode estar no futuro. Confira a data no termo.")
    if vale_ate and vale_ate < max(assinado_em, today):
        raise _refused("vale_ate", "O termo já venceu, ou vence antes de assinado. Confira a data.")
    with refusals_from(AdesaoCipEletronica):
        term = AdesaoCipEletronica.objects.create(
            fornecedor=supplier,
            assinado_em=assinado_em,
            vale_ate=vale_ate,
            registrada_por=by,
            registrada_em=at,
            **values,
        )
    supplier.cip_eletronica = True  # as the trigger wrote it
    return term


@transaction.atomic
def end_enrolment(*, adesao: AdesaoCipEletronica, motivo: str, by: User, at: datetime) -> AdesaoCipEletronica:
    """End a supplier's electronic CIP, with the reason; what was sent before stays sent."""
    _require(by, _ENROLLERS, "encerrar adesão à CIP eletrônica")
    return _end(adesao, checked_text(AdesaoCipEletronica, "motivo_do_fim", motivo, "Escreva o motivo."), by, at)


@transaction.atomic
def end_expired_enrolments(*, at: datetime) -> int:
    """The office's clock ends the terms whose validity passed. Returns how many; may run twice."""
    expired = AdesaoCipEletronica.objects.filter(encerrada_em__isnull=True, vale_ate__lt=timezone.localdate(at))
    rows = list(expired.select_for_update(skip_locked=True, of=("self",)))
    for term in rows:
        _end(term, f"Fim da validade em {term.vale_ate:%d/%m/%Y}.", User.objects.system(), at)
    return len(rows)


def _end(adesao: AdesaoCipEletronica, motivo: str, by: User, at: datetime) -> AdesaoCipEletronica:
    standing = AdesaoCipEletronica.objects.filter(pk=adesao.pk, encerrada_em__isnull=True)
    if not standing.update(encerrada_em=at, encerrada_por=by, motivo_do_fim=motivo):
        raise ActNotAllowed("Esta adesão já foi encerrada. Atualize a página e veja por quem.")
    adesao.refresh_from_db()
    return adesao


def _contact_values(*, nome: str, cargo: str, email: str, telefone: str) -> dict[str, str]:
    """A contact's texts in their stored form. Raises ContentRefused, errors by field."""
    values = {
        "nome": checked_text(ContatoDeFornecedor, "nome", nome, "Escreva o nome do contato."),
        "cargo": checked_text(ContatoDeFornecedor, "cargo", cargo, ""),
        "email": checked_text(ContatoDeFornecedor, "email", email, ""),
        "telefone": checked_text(ContatoDeFornecedor, "telefone", telefone, "", clean=clean_phone),
    }
    if values["email"]:
        values["email"] = checked_text(ContatoDeFornecedor, "email", values["email"], "", clean=clean_email)
    if not values["email"] and not values["telefone"]:
        raise _refused("email", "Informe o e-mail ou o telefone do contato.")
    return values


def _told(contact: ContatoDeFornecedor) -> str:
    return " · ".join(filter(None, (contact.nome, contact.cargo, contact.email, contact.telefone)))


def require_keeper(by: User) -> None:
    """Refuse who keeps no contacts of suppliers."""
    _require(by, _KEEPERS, "incluir contato de fornecedor")


def require_enroller(by: User) -> None:
    """Refuse who records no terms of electronic CIP."""
    _require(by, _ENROLLERS, "registrar ou encerrar adesão à CIP eletrônica")


def _require(by: User, papeis: tuple[str, ...], label: str) -> None:
    if not by.has_papel(*papeis):
        who = ", ".join(sorted(str(Papel(papel).label) for papel in papeis))
        raise ActNotAllowed(f"Você não pode «{label}»: o ato cabe a {who}. Peça a quem tenha esse papel.")


def _refused(field: str, sentence: str) -> ContentRefused:
    return ContentRefused(sentence, errors={field: sentence})
