"""What an integration does, through the same services as the counter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Unidade, User
from cases.models import Assunto, Atendimento, Problema, Tipo
from cases.services import register
from parties.models import Consumidor, Fornecedor
from parties.services import register_consumer, register_supplier, update_contact
from portal.api.queries import unidades_of
from portal.tracking import hash_key, new_key
from workflow.errors import ContentRefused
from workflow.services import record

#: What a portal may register; the others need somebody at the counter.
PORTAL_TIPOS = frozenset(
    {
        Tipo.SIMPLES_CONSULTA,
        Tipo.ATENDIMENTO_PRELIMINAR,
        Tipo.EXTRA_PROCON,
        Tipo.CALCULO,
        Tipo.ABERTURA_DIRETA,
        Tipo.INICIAL_JEC,
    }
)

_ADDRESS = frozenset({"cep", "logradouro", "numero", "complemento", "bairro", "municipio", "uf"})


@dataclass(frozen=True, slots=True)
class Registered:
    """A case just registered, and its tracking key, which exists in clear only here."""

    atendimento: Atendimento
    chave: str


@transaction.atomic
def register_from_portal(*, by: User, at: datetime, content: dict[str, Any]) -> Registered:
    """Register a complaint sent by an integration, with its consumer and suppliers, all or nothing.

    `content` is what RegisterRequest read. Raises ContentRefused, errors by field, where a rule is broken.
    """
    tipo = content["tipo"]
    if tipo not in PORTAL_TIPOS:
        raise ContentRefused(
            f"«{Tipo(tipo).label}» só se registra no balcão. Oriente a pessoa a procurar a unidade.",
            errors={"tipo": "Este tipo não é aceito pela API."},
        )
    unidade = _unidade(by, content.get("unidade"))
    assunto, problema = _subject(content)
    people = content.get("consumidor")
    chave = new_key()
    atendimento = register(
        by=by,
        at=at,
        unidade=unidade,
        tipo=tipo,
        canal=content["canal"],
        consumidor=_consumer(people) if people else None,
        fornecedores=[_supplier(one, place) for place, one in enumerate(content.get("fornecedores", []))],
        assunto=assunto,
        problema=problema,
        relato=content.get("relato", ""),
        pedido=content.get("pedido", ""),
        valor=content.get("valor"),
        data_compra=content.get("data_compra"),
        protocolo_externo=content.get("protocolo_externo", ""),
        chave_hash=hash_key(chave),
    )
    return Registered(atendimento, chave)


@transaction.atomic
def change_contact(*, atendimento: Atendimento, by: User, at: datetime, content: dict[str, Any]) -> None:
    """Change how the case's consumer is reached; recorded in the case, without the data themselves.

    `content` is what ContactRequest read. Raises ContentRefused, errors by field.
    """
    person = atendimento.consumidor
    if person is None:
        raise ContentRefused("Este atendimento não tem consumidor, e por isso não tem contato a corrigir.")
    given = _flat(content)
    if not given:
        raise ContentRefused("Não há o que mudar. Envie «email», «telefone» ou «endereco».")
    with _told_under(""):
        update_contact(consumidor=person, **given)
        if person.fundido_em:  # messages go to the registration that stands for this one
            update_contact(consumidor=person.fundido_em, **given)
    record(atendimento, "ATUALIZAR_CONTATO", by=by, at=at, campos=sorted(given))


def _unidade(by: User, code: str | None) -> Unidade:
    mine = list(unidades_of(by))
    chosen = next((unidade for unidade in mine if code in (None, unidade.codigo)), None)
    if chosen is None:
        raise ContentRefused(
            "Esta integração não registra nesta unidade. Veja em /unidades/ onde ela registra.",
            errors={"unidade": "Escolha uma unidade de /unidades/."},
        )
    return chosen


def _subject(content: dict[str, Any]) -> tuple[Assunto | None, Problema | None]:
    code, words = content.get("assunto"), content.get("problema")
    assunto = Assunto.objects.filter(codigo=code, ativo=True).first() if code is not None else None
    problema = Problema.objects.filter(descricao=words, ativo=True).first() if words else None
    errors = {}
    if code is not None and assunto is None:
        errors["assunto"] = f"Não há assunto em uso com o código {code}. Veja /assuntos/."
    if words and problema is None:
        errors["problema"] = "Não há problema em uso com esta descrição. Veja /problemas/?assunto=."
    if errors:
        raise ContentRefused(" ".join(errors.values()), errors=errors)
    return assunto, problema


def _consumer(content: dict[str, Any]) -> Consumidor:
    with _told_under("consumidor."):
        return register_consumer(**_flat(content))


def _supplier(content: dict[str, Any], place: int) -> Fornecedor:
    with _told_under(f"fornecedores.{place}.", razao_social="nome"):
        return register_supplier(razao_social=content.get("nome", ""), cnpj=content.get("cnpj"), a_completar=True)


def _flat(content: dict[str, Any]) -> dict[str, Any]:
    """A person's fields in one row: the address is not an object of its own there."""
    plain = {name: value for name, value in content.items() if name != "endereco"}
    return {**plain, **content.get("endereco", {})}


@contextmanager
def _told_under(prefix: str, **renamed: str) -> Iterator[None]:
    """Name a refusal's fields as the client sent them."""
    try:
        yield
    except ContentRefused as refusal:
        errors = {
            f"{prefix}{'endereco.' if name in _ADDRESS else ''}{renamed.get(name, name)}": message
            for name, message in refusal.errors.items()
        }
        raise ContentRefused(refusal.message, errors=errors) from refusal
