"""Registering an atendimento of any of the ten tipos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Papel, Unidade, User
from cases.models import (
    Assunto,
    Atendimento,
    Canal,
    Desfecho,
    Orgao,
    Problema,
    ProblemaDoAssunto,
    Reclamacao,
    Reclamado,
    Tipo,
)
from cases.services.complaint import call_to_defend
from cases.services.numbering import next_protocol
from cases.services.purchase import (
    purchase_errors,
    representative_errors,
    representative_values,
    store_purchase,
    store_representative,
)
from cases.tipos import RULES, TipoRule
from parties.models import Consumidor, Fornecedor
from parties.priority import priority_rank
from parties.services import standing
from workflow.errors import ContentRefused
from workflow.services import open_history, record, require_papel

REGISTRARS = frozenset({Papel.ATENDENTE, Papel.COORDENADOR, Papel.INTEGRACAO})


@dataclass(kw_only=True)
class _Content:
    """What was told at the counter, before it is checked."""

    tipo: str
    canal: str
    consumidor: Consumidor | None
    fornecedores: Sequence[Fornecedor]
    assunto: Assunto | None
    problema: Problema | None
    relato: str
    pedido: str
    valor: Decimal | None
    data_compra: date | None
    orgao: Orgao | None
    refere_a: Atendimento | None
    nfp_desbloqueada: bool | None
    compra: Mapping[str, Any]
    representante: dict[str, Any]
    errors: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def register(
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
) -> Atendimento:
    """Register one atendimento with its protocol; the tipo decides whether it is open, closed or already a reclamação.

    Raises ContentRefused, with one sentence per field, where the tipo's rule is broken (cases/tipos.py), and
    ActNotAllowed where `by` may not register in this unidade. Values in reais. `compra` holds fields of Compra,
    `representante` those of Representante; nothing told, nothing stored. A reclamação opened at once has its cartas de
    abertura, unless `cartas` leaves them for when the notices go out.
    """
    require_papel(by, unidade.pk, REGISTRARS, "registrar atendimento")
    content = _Content(
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
    local_day = timezone.localdate(at)
    rule = _check(content, today=local_day)
    closed = rule.status == Atendimento.Status.ENCERRADO
    history = open_history()
    atendimento = Atendimento.objects.create(
        protocolo=next_protocol(unidade, local_day.year),
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
        aberto_em=at,
        encerrado_em=at if closed else None,
        atendente=by,
        historico=history,
    )
    Reclamado.objects.bulk_create(
        Reclamado(atendimento=atendimento, fornecedor=fornecedor) for fornecedor in content.fornecedores
    )
    store_purchase(atendimento, content.compra)
    store_representative(atendimento, content.representante)
    record(atendimento, "REGISTRAR", by=by, at=at, para=rule.status, tipo=tipo, canal=canal)
    if rule.opens_complaint:
        complaint = Reclamacao.objects.create(atendimento=atendimento, instaurada_em=at)
        record(complaint, "INSTAURAR_RECLAMACAO", by=by, at=at, para=complaint.status)
        if cartas:
            call_to_defend(reclamacao=complaint, by=by, at=at)
    return atendimento


def _rank(consumidor: Consumidor | None, *, today: date) -> int:
    grounds, birth = (consumidor.prioridades, consumidor.nascimento) if consumidor else ([], None)
    return priority_rank(grounds, birth, today=today)


def _first_desfecho(rule: TipoRule, content: _Content) -> str:
    if content.tipo == Tipo.NOTA_FISCAL_PAULISTA and content.nfp_desbloqueada:
        return Desfecho.RESOLVIDO_NO_ATENDIMENTO
    return rule.desfecho


def _check(content: _Content, *, today: date) -> TipoRule:
    rule = RULES.get(content.tipo)
    if rule is None:
        raise ContentRefused(
            f"«{content.tipo}» não é um tipo de atendimento. Escolha um dos dez tipos da lista.",
            errors={"tipo": "Escolha um tipo da lista."},
        )
    if content.canal not in Canal.values:
        content.errors["canal"] = "Escolha um canal da lista."
    _check_parties(content, rule)
    _check_needs(content, rule)
    _check_subject(content)
    _check_purchase(content, today)
    content.errors |= representative_errors(content.representante, consumidor=content.consumidor, today=today)
    if content.errors:
        label = Tipo(content.tipo).label
        raise ContentRefused(
            f"O registro de «{label}» tem dados que faltam ou não servem: {' '.join(content.errors.values())}",
            errors=content.errors,
        )
    return rule


def _check_parties(content: _Content, rule: TipoRule) -> None:
    label = Tipo(content.tipo).label
    if len(content.fornecedores) < rule.min_suppliers:
        content.errors["fornecedores"] = f"Informe ao menos um fornecedor: «{label}» não existe sem reclamado."
    if rule.max_suppliers is not None and len(content.fornecedores) > rule.max_suppliers:
        content.errors["fornecedores"] = (
            f"«{label}» não tem fornecedor. Retire-o, ou escolha outro tipo se há relação de consumo."
        )
    if rule.needs_consumer and content.consumidor is None:
        content.errors["consumidor"] = f"Informe o consumidor: «{label}» é feito em nome de alguém."


def _check_needs(content: _Content, rule: TipoRule) -> None:
    needed = {
        "assunto": (rule.needs_subject, content.assunto, "Escolha o assunto."),
        "relato": (rule.needs_account, content.relato, "Escreva o relato do consumidor."),
        "orgao": (rule.needs_body, content.orgao, "Escolha o órgão para onde a pessoa é encaminhada."),
        "refere_a": (rule.needs_case, content.refere_a, "Informe o protocolo do caso consultado."),
    }
    for name, (wanted, value, message) in needed.items():
        if wanted and not value:
            content.errors[name] = message
    if rule.needs_nfp_result and content.nfp_desbloqueada is None:
        content.errors["nfp_desbloqueada"] = "Diga se a senha foi desbloqueada."


def _check_subject(content: _Content) -> None:
    if content.problema is None:
        return
    if content.assunto is None:
        content.errors["problema"] = "Escolha antes o assunto: o problema depende dele."
    elif not ProblemaDoAssunto.objects.filter(assunto=content.assunto, problema=content.problema, ativo=True).exists():
        content.errors["problema"] = "Este problema não existe neste assunto. Escolha um da lista do assunto."


def _check_purchase(content: _Content, today: date) -> None:
    if content.data_compra and content.data_compra > today:
        content.errors["data_compra"] = "A data da compra está no futuro. Confira a nota fiscal."
    if content.valor is not None and not 0 <= content.valor < Decimal(10**10):
        content.errors["valor"] = "O valor deve ficar entre zero e 9.999.999.999,99."
    content.errors |= purchase_errors(content.compra, data_compra=content.data_compra, today=today)
