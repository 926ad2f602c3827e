"""Cases and what belongs to them as the API shows them: plain dictionaries, made by hand because lists are long."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from accounts.models import Unidade
from cases.models import CIP, Anexo, Assunto, Atendimento, Manifestacao, ProblemaDoAssunto
from cases.services.manifestation import RESULTADO_BY_ESPECIE
from documents.models import Documento
from parties.models import Fornecedor
from portal.api.queries import is_awaited
from portal.api.words import answered, sentence
from portal.models import Entrega, Webhook
from portal.services import identity_of
from workflow.models import Evento

#: What stands in `endereco`, in this order.
ADDRESS = ("cep", "logradouro", "numero", "complemento", "bairro", "municipio", "uf")


def moment(value: datetime | None) -> str | None:
    """ISO 8601 with the office's offset, to the second."""
    return value.astimezone(timezone.get_default_timezone()).isoformat(timespec="seconds") if value else None


def case_rows(cases: Sequence[Any]) -> list[dict[str, Any]]:
    """The cases as the list shows them, from rows of `LISTED`."""
    called = json.loads(f"[{','.join([case.fornecedores for case in cases])}]")
    return [case_row(case, fornecedores) for case, fornecedores in zip(cases, called, strict=True)]


def case_row(case: Any, fornecedores: list[dict[str, Any]]) -> dict[str, Any]:
    """One case without the consumer's data, from a row of `LISTED` or `WHOLE`."""
    return {
        "protocolo": case.protocolo,
        "protocolo_externo": case.protocolo_externo,
        "unidade": case.unidade__codigo,
        "tipo": case.tipo,
        "canal": case.canal,
        "status": case.status,
        "desfecho": case.desfecho or None,
        "aberto_em": moment(case.aberto_em),
        "encerrado_em": moment(case.encerrado_em),
        "assunto": case.assunto_id,
        "problema": case.problema__descricao,
        "fornecedores": fornecedores,
    }


def whole_case(case: Any) -> dict[str, Any]:
    """One case, to the integration that registered it, from a row of `WHOLE`."""
    told = json.loads(case.consumidor_declarado__dados or "{}")
    return {
        **case_row(case, json.loads(case.fornecedores)),
        "consumidor": consumer(told) if told else None,
        "relato": case.relato,
        "pedido": case.pedido,
        "valor": f"{case.valor:.2f}" if case.valor is not None else None,
        "data_compra": case.data_compra.isoformat() if case.data_compra else None,
    }


def consumer(told: dict[str, str]) -> dict[str, Any]:
    """The person as this integration declared them; CPF without mask."""
    return {
        "nome": told.get("nome", ""),
        "cpf": told.get("cpf"),
        "nascimento": told.get("nascimento"),
        "email": told.get("email", ""),
        "telefone": told.get("telefone", ""),
        "endereco": {name: told.get(name, "") for name in ADDRESS},
    }


def suppliers(found: Sequence[Fornecedor]) -> list[dict[str, Any]]:
    """Suppliers as the search shows them."""
    return [supplier(one) for one in found]


def supplier(one: Fornecedor) -> dict[str, Any]:
    """A supplier; the CPF of a natural person is not shown."""
    name = one.nome_fantasia or one.razao_social
    return {"cnpj": one.cnpj, "radical": one.radical, "nome": name, "razao_social": one.razao_social}


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


def attachments(found: Sequence[Anexo]) -> list[dict[str, Any]]:
    """What the consumer attached."""
    return [attachment(one) for one in found]


def attachment(one: Anexo) -> dict[str, Any]:
    """One attachment, without its content."""
    return {
        "id": one.pk,
        "nome": one.nome,
        "descricao": one.descricao,
        "tipo": one.tipo,
        "tamanho": one.tamanho,
        "situacao": one.situacao,
        "situacao_descricao": one.get_situacao_display(),
        "enviado_em": moment(one.quando),
    }


def replies(until: date | None) -> Callable[[Sequence[CIP]], list[dict[str, Any]]]:
    """The suppliers' answers of one case; `until` is the last day for the consumer's word, where one is set."""
    return lambda found: [_reply(one, until) for one in found]


def _reply(cip: CIP, until: date | None) -> dict[str, Any]:
    word, party = getattr(cip, "manifestacao", None), cip.reclamado.fornecedor
    awaited = is_awaited(cip)
    told = answered(
        cip.especie,
        fornecedor=str(party),
        dia=timezone.localdate(cip.respondida_em),
        awaited=awaited,
        until=until,
        aceita=word.aceita if word else None,
    )
    return {
        "id": cip.pk,
        "fornecedor": supplier(party),
        "respondida_em": moment(cip.respondida_em),
        "especie": cip.especie,
        "especie_descricao": cip.get_especie_display(),
        "resposta": cip.resposta,
        "proposta": cip.proposta,
        "descricao": told,
        "aguarda_consumidor": awaited,
        "pode_aceitar": awaited and cip.especie in RESULTADO_BY_ESPECIE,
        "manifestar_ate": until.isoformat() if awaited and until else None,
        "manifestacao": _word(word) if word else None,
    }


def _word(said: Manifestacao) -> dict[str, Any]:
    return {"aceita": said.aceita, "texto": said.texto, "quando": moment(said.quando)}


def situation(case: Atendimento) -> dict[str, Any]:
    """How a case stands."""
    return {
        "protocolo": case.protocolo,
        "status": case.status,
        "status_descricao": case.get_status_display(),
        "desfecho": case.desfecho or None,
        "encerrado_em": moment(case.encerrado_em),
    }


def documents(found: Sequence[Documento]) -> list[dict[str, Any]]:
    """Letters, without their content."""
    return [
        {
            "id": one.codigo,
            "tipo": one.tipo,
            "tipo_descricao": one.get_tipo_display(),
            "titulo": one.titulo,
            "emitido_em": moment(one.emitido_em),
            "tamanho": one.tamanho,
            "sha256": one.sha256,
            "substituido_por": one.substituido_por.codigo if one.substituido_por else None,
        }
        for one in found
    ]


def webhooks(found: Sequence[Webhook]) -> list[dict[str, Any]]:
    """Webhooks as their owner sees them."""
    return [webhook(one) for one in found]


def webhook(one: Any) -> dict[str, Any]:
    """One webhook, read with its counts; without its secret."""
    return {
        "id": one.pk,
        "url": one.url,
        "eventos": one.eventos,
        "situacao": one.situacao,
        "motivo": one.motivo,
        "criado_em": moment(one.criado_em),
        "segredo_anterior_ate": moment(one.segredo_anterior_ate),
        "pendentes": one.pendentes,
        "falhadas": one.falhadas,
    }


def deliveries(found: Sequence[Entrega]) -> list[dict[str, Any]]:
    """What a webhook was told, or not."""
    return [delivery(one) for one in found]


def delivery(one: Entrega) -> dict[str, Any]:
    """One delivery and how it went."""
    waits = one.situacao == Entrega.Situacao.PENDENTE
    return {
        "id": identity_of(one),
        "tipo": one.tipo,
        "protocolo": one.protocolo or None,
        "sequencia": one.sequencia,
        "ocorrido_em": moment(one.ocorrido_em),
        "situacao": one.situacao,
        "motivo": one.motivo,
        "tentativas": one.tentativas,
        "ultima_tentativa_em": moment(one.ultima_tentativa_em),
        "resposta": one.resposta,
        "proxima_tentativa_em": moment(one.proxima_tentativa_em) if waits else None,
        "concluida_em": moment(one.concluida_em),
    }
