"""What an integration does, through the same services as the counter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Papel, Unidade, User
from cases.models import CIP, Anonimizacao, Assunto, Atendimento, Canal, Problema, Tipo
from cases.services import record_manifestation
from cases.services.manifestation import RESULTADO_BY_ESPECIE
from cases.services.registration import register_within
from cases.services.returning import lock_cases
from parties.models import Consumidor, Fornecedor
from parties.services import as_stored, register_consumer, register_supplier, update_contact
from portal.api.queries import answers_of, cases_of, is_awaited, one_of, with_parties
from portal.api.representation import ADDRESS
from portal.models import ConsumidorDeclarado
from portal.tracking import hash_key, new_key
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.queries import loaded
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


@dataclass(frozen=True, slots=True)
class Registered:
    """A case just registered, and its tracking key, which exists in clear only here."""

    atendimento: Atendimento
    chave: str


@transaction.atomic(savepoint=False)
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
    atendimento = register_within(
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
    if people:
        ConsumidorDeclarado.objects.create(atendimento=atendimento, dados=as_stored(**_flat(people)))
    return Registered(atendimento, chave)


@transaction.atomic
def change_contact(*, atendimento: Atendimento, by: User, at: datetime, content: dict[str, Any]) -> None:
    """Change how the case's consumer is reached; recorded in the case, without the data themselves.

    `content` is what ContactRequest read. Raises ContentRefused, errors by field, and ActNotAllowed.
    """
    person = atendimento.consumidor
    if person is None:
        raise ContentRefused("Este atendimento não tem consumidor, e por isso não tem contato a corrigir.")
    given = _flat(content)
    if not given:
        raise ContentRefused("Não há o que mudar. Envie «email», «telefone» ou «endereco».")
    if Anonimizacao.objects.filter(consumidor=person).exists():
        raise ActNotAllowed("Os dados deste caso foram anonimizados ao fim da guarda, e não se corrigem mais.")
    with _told_under(""):
        update_contact(consumidor=person, **given)
        if person.fundido_em:  # messages go to the registration that stands for this one
            update_contact(consumidor=person.fundido_em, **given)
    if told := ConsumidorDeclarado.objects.filter(atendimento=atendimento).first():
        told.dados |= as_stored(**given)
        told.save()
    record(atendimento, "ATUALIZAR_CONTATO", by=by, at=at, campos=sorted(given))


@transaction.atomic
def manifest_from_portal(
    *, protocolo: str, by: User, at: datetime, content: dict[str, Any], check: Callable[[], None]
) -> CIP:
    """Record the consumer's word on one supplier's answer; returns the CIP that it is about.

    The case is locked first, so that of two words at once the second is refused, and `check` sees the case as it
    stands. `content` is what ManifestationRequest read. Raises Http404, ActNotAllowed and ContentRefused.
    """
    case = one_of(cases_of(by), protocolo)
    lock_cases([case.pk])
    case = one_of(with_parties(by), protocolo)
    check()
    cip = _answer(case, content.get("resposta"))
    if content["aceita"] and cip.especie not in RESULTADO_BY_ESPECIE:
        raise ActNotAllowed(
            "O fornecedor recusou o pedido, e não há o que aceitar. Envie «aceita» como false, com o motivo; se a "
            "pessoa quer desistir, ela fala com o Procon."
        )
    record_manifestation(
        cip=cip, aceita=content["aceita"], texto=content.get("texto", ""), canal=Canal.PORTAL, by=by, at=at
    )
    return cip


def _answer(case: Atendimento, number: int | None) -> CIP:
    """The answer that is meant: by its number, else the only one that waits for the consumer."""
    found = list(answers_of(case).order_by("pk"))
    if number is not None:
        found = [cip for cip in found if cip.pk == number]
        if not found:
            raise ContentRefused(
                "Não há resposta com este id neste atendimento. Leia as que há em /respostas/.",
                errors={"resposta": "Envie um id de /respostas/."},
            )
    waiting = [cip for cip in found if is_awaited(cip)]
    if not found:
        raise ActNotAllowed("Nenhum fornecedor respondeu ainda, e não há o que aceitar ou recusar. Espere a resposta.")
    if not waiting:
        raise ActNotAllowed(
            "O consumidor já se manifestou sobre esta resposta, ou o Procon já deu andamento ao caso. Leia-o de novo."
        )
    if len(waiting) > 1:
        raise ContentRefused(
            "Mais de um fornecedor respondeu. Diga em «resposta» de qual delas o consumidor fala.",
            errors={"resposta": f"Envie um destes: {', '.join(str(cip.pk) for cip in waiting)}."},
        )
    return waiting[0]


def _unidade(by: User, code: str | None) -> Unidade:
    held = by.atribuicoes_lidas  # in the order of the codes, as /unidades/ lists them
    mine = [row.unidade for row in held if row.papel == Papel.INTEGRACAO and row.unidade.ativa]
    chosen = next((unidade for unidade in mine if code in (None, unidade.codigo)), None)
    if chosen is None:
        raise ContentRefused(
            "Esta integração não registra nesta unidade. Veja em /unidades/ onde ela registra.",
            errors={"unidade": "Escolha uma unidade de /unidades/."},
        )
    return chosen


def _subject(content: dict[str, Any]) -> tuple[Assunto | None, Problema | None]:
    code, words = content.get("assunto"), content.get("problema")
    assunto = _one("portal.assunto", Assunto, codigo=code) if code is not None else None
    problema = _one("portal.problema", Problema, descricao=words) if words else None
    errors = {}
    if code is not None and assunto is None:
        errors["assunto"] = f"Não há assunto em uso com o código {code}. Veja /assuntos/."
    if words and problema is None:
        errors["problema"] = "Não há problema em uso com esta descrição. Veja /problemas/?assunto=."
    if errors:
        raise ContentRefused(" ".join(errors.values()), errors=errors)
    return assunto, problema


def _one(key: str, model: Any, **named: Any) -> Any:
    """The one in use that is so named."""
    found = loaded(key, lambda: model.objects.filter(**named).filter(ativo=True).order_by(), list(named.values()))
    return found[0] if found else None


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
            f"{prefix}{'endereco.' if name in ADDRESS else ''}{renamed.get(name, name)}": message
            for name, message in refusal.errors.items()
        }
        raise ContentRefused(refusal.message, errors=errors) from refusal
