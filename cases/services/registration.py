"""Registering an atendimento of any of the ten tipos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import Papel, Unidade, User
from cases.models import (
    Assunto,
    Atendimento,
    Desfecho,
    Orgao,
    Problema,
    Reclamacao,
    Tipo,
)
from cases.services.complaint import call_to_defend
from cases.services.content import Content, checked_content
from cases.services.numbering import write_case
from cases.services.purchase import (
    representative_values,
    store_purchase,
    store_representative,
)
from cases.tipos import TipoRule
from parties.models import Consumidor, Fornecedor
from parties.priority import priority_rank
from parties.services import standing
from workflow.errors import ActNotAllowed
from workflow.integrity import whole
from workflow.services import record, require_papel

REGISTRARS = frozenset({Papel.ATENDENTE, Papel.COORDENADOR, Papel.INTEGRACAO})


def register_within(
    *,
    by: User,
    at: datetime,
    unidade: Unidade,
    tipo: str,
    canal: str,
    consumidor: Consumidor | None = None,
    fornecedores: Sequence[Fornecedor] = (),
    assunto: Assunto | None = None,
    problema: Problema | None = None,
    relato: str = "",
    pedido: str = "",
    valor: Decimal | None = None,
    data_compra: date | None = None,
    orgao: Orgao | None = None,
    refere_a: Atendimento | None = None,
    nfp_desbloqueada: bool | None = None,
    protocolo_externo: str = "",
    chave_hash: str = "",
    orientacao: str = "",
    compra: Mapping[str, Any] | None = None,
    representante: Mapping[str, Any] | None = None,
    cartas: bool = True,
    ocorrido_em: datetime | None = None,
) -> Atendimento:
    """Register one atendimento with its protocol; the tipo decides whether it is open, closed or already a reclamação.

    Within a transaction of the caller's, who lets every refusal through; `register` is the same by itself.

    Raises ContentRefused, with one sentence per field, where the tipo's rule is broken (cases/tipos.py), and
    ActNotAllowed where `by` may not register in this unidade. Values in reais. `compra` holds fields of Compra,
    `representante` those of Representante; nothing told, nothing stored. A reclamação opened at once has its cartas de
    abertura, unless `cartas` leaves them for when the notices go out. `ocorrido_em` is when it happened on paper: the
    case, its protocol's year and its terms go by it, the events and the letters by `at`.
    """
    require_papel(by, unidade.pk, REGISTRARS, "registrar atendimento")
    if not unidade.ativa:
        raise ActNotAllowed(f"{unidade.nome} está desativada, e nada se registra ali. Escolha outra unidade.")
    consumidor = standing(consumidor) if consumidor else None
    content = Content(
        tipo=tipo,
        canal=canal,
        consumidor=consumidor,
        fornecedores=list(dict.fromkeys(map(standing, fornecedores))),
        assunto=assunto,
        problema=problema,
        relato=relato.strip(),
        pedido=pedido.strip(),
        valor=valor,
        data_compra=data_compra,
        orgao=orgao,
        refere_a=refere_a,
        nfp_desbloqueada=nfp_desbloqueada,
        compra=compra or {},
        representante=representative_values(representante or {}),
    )
    opened = ocorrido_em or at
    local_day = timezone.localdate(opened)
    rule = checked_content(content, today=local_day)
    closed = rule.status == Atendimento.Status.ENCERRADO
    atendimento = Atendimento(
        unidade=unidade,
        tipo=tipo,
        canal=canal,
        status=rule.status,
        desfecho=_first_desfecho(rule, content),
        consumidor=consumidor,
        assunto=assunto,
        problema=problema,
        relato=content.relato,
        pedido=content.pedido,
        orientacao=orientacao.strip(),
        valor=valor,
        data_compra=data_compra,
        prioridade=_rank(consumidor, today=local_day),
        orgao=orgao,
        refere_a=refere_a,
        nfp_desbloqueada=nfp_desbloqueada,
        protocolo_externo=protocolo_externo,
        chave_hash=chave_hash,
        aberto_em=opened,
        encerrado_em=opened if closed else None,
        atendente=by,
        integracao=by if Papel.INTEGRACAO in by.papeis_em(unidade.pk) else None,
    )
    write_case(atendimento, content.fornecedores, ano=local_day.year)
    store_purchase(atendimento, content.compra)
    store_representative(atendimento, content.representante)
    record(atendimento, "REGISTRAR", by=by, at=at, para=rule.status, tipo=tipo, canal=canal)
    if rule.opens_complaint:
        complaint = Reclamacao.objects.create(atendimento=atendimento, instaurada_em=opened)
        record(complaint, "INSTAURAR_RECLAMACAO", by=by, at=at, para=complaint.status)
        if cartas:
            call_to_defend(reclamacao=complaint, by=by, at=at)
    return atendimento


#: By itself: one transaction, or a savepoint within the caller's.
register = whole(register_within)


def _rank(consumidor: Consumidor | None, *, today: date) -> int:
    grounds, birth = (consumidor.prioridades, consumidor.nascimento) if consumidor else ([], None)
    return priority_rank(grounds, birth, today=today)


def _first_desfecho(rule: TipoRule, content: Content) -> str:
    if content.tipo == Tipo.NOTA_FISCAL_PAULISTA and content.nfp_desbloqueada:
        return Desfecho.RESOLVIDO_NO_ATENDIMENTO
    return rule.desfecho
