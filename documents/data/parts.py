"""What several letters share: parties, terms, hearings, instalments, and the Carta that a template sees."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict

Dia = date | str
Momento = datetime | str
Quantia = Decimal | str


class Carta(TypedDict):
    """All that a template sees, frozen in Documento.dados."""

    titulo: str
    codigo: str
    emitido_em: str
    emitido_por: str
    conferencia: str
    endereco_conferencia: str
    procon: dict[str, str]
    dados: dict[str, Any]


class Parte(TypedDict, total=False):
    """A consumer (`nome`) or a supplier (`razao_social`, `nome_fantasia`)."""

    nome: str
    razao_social: str
    nome_fantasia: str
    cpf: str
    cnpj: str
    nascimento: Dia
    endereco: str
    email: str
    telefone: str
    rg: str
    nacionalidade: str
    estado_civil: str
    profissao: str
    cargo: str
    oab: str


class Representante(TypedDict, total=False):
    """Who acts for the consumer, by what right, and the papers that were seen."""

    nome: str
    qualidade: str
    cpf: str
    telefone: str
    oab: str
    documentos: str


class Compra(TypedDict, total=False):
    """What was bought and how, and what the consumer had asked of the supplier before."""

    forma_compra: str
    forma_pagamento: str
    contrato: str
    natureza: str
    data_entrega: Dia
    data_defeito: Dia
    oculto: bool
    contato_em: Dia
    contato_protocolo: str
    contato_negado_em: Dia
    contato_relato: str


class PrazoEmPalavras(TypedDict, total=False):
    """A term as a letter quotes it: "10 dias corridos", "da ciência", its norm, and its end once it runs.

    The sentence alone will do, with the norm under `<key>_fonte`.
    """

    texto: str
    inicio: str
    fonte: str
    vence_em: Dia


class Assina(TypedDict, total=False):
    """Who signs; without one the letter says who issued it electronically."""

    nome: str
    cargo: str


class Caso(TypedDict, total=False):
    """What every letter of a case may print."""

    protocolo: str
    assunto: str
    problema: str
    consumidor: Parte
    representante: Representante
    fornecedores: list[Parte]
    valor: Quantia
    data_compra: Dia
    compra: Compra
    relato: str
    pedido: str
    signatario: Assina


class Resposta(TypedDict, total=False):
    """Where a supplier answers a CIP, besides the counter."""

    url: str
    codigo: str
    email: str


class Audiencia(TypedDict, total=False):
    """A hearing; `modalidade` is presencial, virtual or hibrida; `endereco` is the office's unless given."""

    inicio: Momento
    fim: Momento
    modalidade: str
    sala: str
    link: str
    endereco: str
    conciliador: str
    dispensa_antecedencia: str


class AssinaturaNaTela(TypedDict, total=False):
    """What somebody signed on the screen: `figura` is an SVG picture, empty where the name was typed."""

    forma: str
    em: Momento
    figura: str


class Presente(TypedDict, total=False):
    """One person who came."""

    nome: str
    qualidade: str
    representa: str
    chegou_em: Momento
    documentos: str
    assinatura: AssinaturaNaTela


class Fechamento(TypedDict, total=False):
    """Who closed a termo, and when."""

    nome: str
    em: Momento


class Certificado(TypedDict, total=False):
    """A certificate with which the file is signed."""

    nome: str
    emissor: str
    serie: str
    valido_ate: Dia


class Parcela(TypedDict, total=False):
    """One instalment."""

    numero: int
    vencimento: Dia
    valor: Quantia


class Acordo(TypedDict, total=False):
    """What was agreed, and when the office asks whether it was kept."""

    texto: str
    parcelas: list[Parcela]
    total: Quantia
    conferir_em: Dia


class ComOReclamado(TypedDict, total=False):
    """What came of a hearing with one supplier, and on what terms."""

    fornecedor: str
    resultado: str
    texto: str
    parcelas: list[Parcela]
    total: Quantia
    conferir_em: Dia


class DeAudiencia(Caso, total=False):
    """What the letters of a hearing share."""

    audiencia: Audiencia
    tolerancia_minutos: int


class Etiqueta(TypedDict, total=False):
    """One address label: to whom, where, and the number under it; `cep` with or without its dash."""

    nome: str
    aos_cuidados: str
    endereco: str
    municipio: str
    uf: str
    cep: str
    protocolo: str
