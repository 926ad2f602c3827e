"""What the case's letters say: the data that the templates of documents/letters print (documents/data.py)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from cases.models import CIP, Atendimento, Compra, NumeroExterno, Reclamado, Representante
from deadlines.services import current_rule
from documents.codes import normalize
from documents.models import Documento
from documents.services import Letter, issue, issue_many
from parties.models import Consumidor, Fornecedor

#: Where a supplier answers, under the site's address.
SUPPLIER_PAGE = "/publico/fornecedor/"
#: Where an enrolled supplier reads and answers all its CIPs.
INBOX_PAGE = "/publico/fornecedor/caixa/"
#: The code of a CIP's answer: sixteen characters, eighty bits; the check code of a document has twelve.
CODE_GROUPS = 4


def hash_of_code(typed: str) -> str:
    """The stored form of an answer's code, however it was typed; "" when it cannot be one.

    A plain SHA-256 suffices: eighty random bits cannot be guessed, however fast the hash.
    """
    code = normalize(typed, CODE_GROUPS)
    return sha256(code.encode()).hexdigest() if code else ""


def issue_cip_letters(codes: Mapping[Reclamado, str], *, by: User, at: datetime) -> list[Documento]:
    """Freeze the letter to each reclamado, all or none, in this order.

    The code with which each answers stands in its PDF and nowhere else.
    """
    term = term_data("cip_resposta", at=at)
    letters = [_cip_letter(reclamado, code=code, term=term, by=by) for reclamado, code in codes.items()]
    return issue_many(letters, by=by, at=at)


def _cip_letter(reclamado: Reclamado, *, code: str, term: dict[str, str], by: User) -> Letter:
    atendimento = reclamado.atendimento
    return Letter(
        tipo=Documento.Tipo.CIP,
        titulo=f"Carta de Informações Preliminares – atendimento {atendimento.protocolo}",
        dados={
            **case_data(atendimento),
            "fornecedor": supplier_data(reclamado.fornecedor),
            "prazo": term,
            "signatario": {"nome": by.nome, "cargo": "Atendente"},
        },
        printed_only={"resposta": {"url": f"{settings.PROCON['SITE']}{SUPPLIER_PAGE}", "codigo": code}},
        unidade=atendimento.unidade,
        historico=atendimento.historico,
    )


def issue_espelho(*, atendimento: Atendimento, by: User, at: datetime) -> Documento:
    """Freeze the espelho da Ficha de Atendimento, which the consumer takes home; it replaces the one before."""
    issued = Documento.objects.filter(historico=atendimento.historico, tipo=Documento.Tipo.ESPELHO)
    suppliers = Reclamado.objects.filter(atendimento=atendimento).select_related("fornecedor")
    return issue(
        Documento.Tipo.ESPELHO,
        titulo=f"Espelho da Ficha de Atendimento {atendimento.protocolo}",
        dados={
            **case_data(atendimento),
            "fornecedores": [supplier_data(item.fornecedor) for item in suppliers],
            "numeros": [str(item) for item in NumeroExterno.objects.standing().filter(atendimento=atendimento)],
        },
        unidade=atendimento.unidade,
        historico=atendimento.historico,
        by=by,
        at=at,
        supersedes=issued.filter(substituido_por__isnull=True).first(),
    )


def cip_email(cip: CIP, promise: str = "") -> tuple[str, str]:
    """Subject and body of the message that tells of a CIP: no personal data, the letter's check code.

    By e-mail the letter goes with it; electronically it waits in the inbox, where opening it is the proven receipt,
    and `promise` says what follows if nobody opens it.
    """
    office = settings.PROCON
    protocol = cip.reclamado.atendimento.protocolo
    code = cip.documento.codigo if cip.documento else ""
    if cip.meio == CIP.Meio.PORTAL:
        where = (
            f"A carta está na caixa de CIPs da sua empresa: abra e responda em {office['SITE']}{INBOX_PAGE}\n"
            f"O prazo conta de quando a carta é aberta ali, ou de outro recebimento provado.\n{promise}"
        )
    else:
        where = (
            f"A carta vai anexa. Responda em {office['SITE']}{SUPPLIER_PAGE}, com o código de resposta que está nela.\n"
            "O prazo de resposta está na carta e conta do recebimento.\n"
        )
    body = (
        f"Prezados,\n\n{office['NOME']} emitiu a Carta de Informações Preliminares (CIP) do atendimento {protocol}.\n"
        f"Código de conferência da carta: {code}\n"
        f"Confira em {office['SITE']}/publico/documentos/\n\n"
        f"{where}\n{office['NOME']}\n{office['ENDERECO']}\n"
    )
    return f"CIP {protocol} – {office['NOME']}", body


def term_data(rule_name: str, *, at: datetime) -> dict[str, str]:
    """A term in words, from the rule in force on the day of `at`, with what starts it and its source."""
    rule = current_rule(rule_name, on=timezone.localdate(at))
    return {
        "texto": f"{rule.dias} {rule.get_contagem_display().lower()}",
        "inicio": rule.inicio,
        "fonte": rule.fonte,
    }


def case_data(atendimento: Atendimento) -> dict[str, Any]:
    """The case as every letter prints it."""
    return {
        "protocolo": atendimento.protocolo,
        "tipo": atendimento.get_tipo_display(),
        "canal": atendimento.get_canal_display(),
        "status": atendimento.get_status_display(),
        "desfecho": atendimento.get_desfecho_display() if atendimento.desfecho else "",
        "aberto_em": atendimento.aberto_em,
        "unidade": atendimento.unidade.nome,
        "atendente": atendimento.atendente.nome,
        "orgao": atendimento.orgao.nome if atendimento.orgao else "",
        "protocolo_externo": atendimento.protocolo_externo,
        "area": atendimento.assunto.area if atendimento.assunto else "",
        "assunto": str(atendimento.assunto or ""),
        "problema": str(atendimento.problema or ""),
        "relato": atendimento.relato,
        "pedido": atendimento.pedido,
        "orientacao": atendimento.orientacao,
        "compra": purchase_data(atendimento),
        "representante": representative_data(atendimento),
        "valor": atendimento.valor,
        "data_compra": atendimento.data_compra,
        "consumidor": consumer_data(atendimento.consumidor),
    }


def purchase_data(atendimento: Atendimento) -> dict[str, Any]:
    """The purchase as the letters print it; empty where nothing was told about it."""
    bought: Compra | None = getattr(atendimento, "compra", None)
    if bought is None:
        return {}
    return {
        "forma_compra": bought.get_forma_compra_display(),
        "forma_pagamento": bought.get_forma_pagamento_display(),
        "contrato": bought.contrato,
        "natureza": bought.get_natureza_display(),
        "data_entrega": bought.data_entrega,
        "data_defeito": bought.data_defeito,
        "oculto": bought.oculto,
        "contato_em": bought.contato_em,
        "contato_protocolo": bought.contato_protocolo,
        "contato_negado_em": bought.contato_negado_em,
        "contato_relato": bought.contato_relato,
    }


def representative_data(atendimento: Atendimento) -> dict[str, Any]:
    """Who acts for the consumer, as the letters print it; empty where nobody does."""
    person: Representante | None = getattr(atendimento, "representante", None)
    if person is None:
        return {}
    return {
        "nome": person.nome,
        "qualidade": person.get_qualidade_display(),
        "cpf": person.cpf,
        "telefone": person.telefone,
        "oab": person.oab,
        "documentos": person.vistos,
    }


def consumer_data(person: Consumidor | None) -> dict[str, Any]:
    """The consumer as the letters print it; empty where the case has none."""
    if person is None:
        return {}
    return {
        "nome": str(person),
        "cpf": person.cpf,
        "endereco": person.endereco,
        "email": person.email,
        "telefone": person.telefone,
    }


def supplier_data(supplier: Fornecedor) -> dict[str, Any]:
    """The supplier as the letters print it."""
    return {
        "razao_social": supplier.razao_social,
        "nome_fantasia": supplier.nome_fantasia,
        "cnpj": supplier.cnpj,
        "cpf": supplier.cpf,
        "endereco": supplier.endereco,
        "email": supplier.email,
    }
