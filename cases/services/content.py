"""What was told about one atendimento, and what the rule of its tipo asks of it (cases/tipos.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from cases.models import Assunto, Atendimento, Canal, Orgao, Problema, Tipo
from cases.services.purchase import purchase_errors, representative_errors
from cases.tipos import RULES, TipoRule
from parties.models import Consumidor, Fornecedor
from workflow.errors import ContentRefused
from workflow.queries import prepared


@dataclass(kw_only=True)
class Content:
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


def checked_content(content: Content, *, today: date) -> TipoRule:
    """The tipo's rule, where the content keeps it. Raises ContentRefused with one sentence per field."""
    rule = RULES.get(content.tipo)
    if rule is None:
        raise ContentRefused(
            f"«{content.tipo}» não é um tipo de atendimento. Escolha um dos dez tipos da lista.",
            errors={"tipo": "Escolha um tipo da lista."},
        )
    find_errors(content, rule, today=today)
    if content.errors:
        label = Tipo(content.tipo).label
        raise ContentRefused(
            f"O registro de «{label}» tem dados que faltam ou não servem: {' '.join(content.errors.values())}",
            errors=content.errors,
        )
    return rule


def find_errors(content: Content, rule: TipoRule, *, today: date) -> None:
    """Write into `content.errors` what the law of this tipo, or arithmetic, does not allow; cleans the numbers."""
    if content.canal not in Canal.values:
        content.errors["canal"] = "Escolha um canal da lista."
    _check_parties(content, rule)
    _check_needs(content, rule)
    _check_subject(content)
    _check_purchase(content, today)
    content.errors |= representative_errors(content.representante, consumidor=content.consumidor, today=today)


def _check_parties(content: Content, rule: TipoRule) -> None:
    label = Tipo(content.tipo).label
    if len(content.fornecedores) < rule.min_suppliers:
        content.errors["fornecedores"] = f"Informe ao menos um fornecedor: «{label}» não existe sem reclamado."
    if rule.max_suppliers is not None and len(content.fornecedores) > rule.max_suppliers:
        content.errors["fornecedores"] = (
            f"«{label}» não tem fornecedor. Retire-o, ou escolha outro tipo se há relação de consumo."
        )
    if rule.needs_consumer and content.consumidor is None:
        content.errors["consumidor"] = f"Informe o consumidor: «{label}» é feito em nome de alguém."


def _check_needs(content: Content, rule: TipoRule) -> None:
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


_IN_SUBJECT = "SELECT 1 FROM cases_problemadoassunto WHERE assunto_id = %s AND problema_id = %s AND ativo"


def _check_subject(content: Content) -> None:
    if content.problema is None:
        return
    if content.assunto is None:
        content.errors["problema"] = "Escolha antes o assunto: o problema depende dele."
    elif not prepared(_IN_SUBJECT, [content.assunto.pk, content.problema.pk]):
        content.errors["problema"] = "Este problema não existe neste assunto. Escolha um da lista do assunto."


def _check_purchase(content: Content, today: date) -> None:
    if content.data_compra and content.data_compra > today:
        content.errors["data_compra"] = "A data da compra está no futuro. Confira a nota fiscal."
    if content.valor is not None and not 0 <= content.valor < Decimal(10**10):
        content.errors["valor"] = "O valor deve ficar entre zero e 9.999.999.999,99."
    content.errors |= purchase_errors(content.compra, data_compra=content.data_compra, today=today)
