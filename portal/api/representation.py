"""Cases and what belongs to them as the API shows them: plain dictionaries, made by hand because lists are long."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.models import Unidade
from cases.models import Assunto, Atendimento, ProblemaDoAssunto
from parties.models import Consumidor, Fornecedor
from portal.api.words import sentence
from workflow.models import Evento


def moment(value: datetime | None) -> str | None:
    """ISO 8601 with the office's offset, to the second."""
    return timezone.localtime(value).isoformat(timespec="seconds") if value else None


def case_rows(cases: Sequence[Atendimento]) -> list[dict[str, Any]]:
    """The cases as the list shows them."""
    return [case_row(case) for case in cases]


def case_row(case: Atendimento) -> dict[str, Any]:
    """One case without the consumer's data."""
    return {
        "protocolo": case.protocolo,
        "protocolo_externo": case.protocolo_externo,
        "unidade": case.unidade.codigo,
        "tipo": case.tipo,
        "canal": case.canal,
        "status": case.status,
        "desfecho": case.desfecho or None,
        "aberto_em": moment(case.aberto_em),
        "encerrado_em": moment(case.encerrado_em),
        "assunto": case.assunto_id,
        "problema": case.problema.descricao if case.problema else None,
        "fornecedores": [supplier(item.fornecedor) for item in case.reclamados.all()],
    }


def whole_case(case: Atendimento) -> dict[str, Any]:
    """One case, to the integration that registered it."""
    return {
        **case_row(case),
        "consumidor": consumer(case.consumidor) if case.consumidor else None,
        "relato": case.relato,
        "pedido": case.pedido,
        "valor": f"{case.valor:.2f}" if case.valor is not None else None,
        "data_compra": case.data_compra.isoformat() if case.data_compra else None,
    }


def consumer(person: Consumidor) -> dict[str, Any]:
    """A person; CPF without mask, to its owner."""
    return {
        "nome": person.nome,
        "cpf": person.cpf,
        "nascimento": person.nascimento.isoformat() if person.nascimento else None,
        "email": person.email,
        "telefone": person.telefone,
        "endereco": {
            name: getattr(person, name)
            for name in ("cep", "logradouro", "numero", "complemento", "bairro", "municipio", "uf")
        },
    }


def suppliers(found: Sequence[Fornecedor]) -> list[dict[str, Any]]:
    """Suppliers as the search shows them."""
    return [supplier(one) for one in found]


def supplier(one: Fornecedor) -> dict[str, Any]:
    """A supplier; the CPF of a natural person is not shown."""
    return {"cnpj": one.cnpj, "radical": one.radical, "nome": str(one), "razao_social": one.razao_social}


def events(found: Sequence[Evento]) -> list[dict[str, Any]]:
    """What happened, in words for the consumer."""
    zone: Any = timezone.get_default_timezone()
    return [
        {
            "sequencia": event.sequencia,
            "quando": moment(event.quando),
            "descricao": sentence(event.objeto, event.ato, event.dados, zone=zone),
        }
        for event in found
    ]


def followed(case: Atendimento, found: Sequence[Evento]) -> dict[str, Any]:
    """How a case stands, for whoever holds its key."""
    return {
        "protocolo": case.protocolo,
        "tipo": case.tipo,
        "status": case.status,
        "status_descricao": case.get_status_display(),
        "desfecho": case.desfecho or None,
        "aberto_em": moment(case.aberto_em),
        "encerrado_em": moment(case.encerrado_em),
        "andamentos": events(found),
    }


def assuntos(found: Sequence[Assunto]) -> list[dict[str, Any]]:
    """What may be complained about."""
    return [{"codigo": one.codigo, "area": one.area, "descricao": one.descricao} for one in found]


def problems(found: Sequence[ProblemaDoAssunto]) -> list[dict[str, Any]]:
    """What may have gone wrong."""
    return [{"codigo": one.codigo_sindec, "descricao": one.problema.descricao} for one in found]


def unidades(found: Sequence[Unidade]) -> list[dict[str, Any]]:
    """Service posts."""
    return [{"codigo": one.codigo, "nome": one.nome, "municipio": one.municipio} for one in found]
