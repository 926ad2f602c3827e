"""What each template takes as `dados`: the keys that it prints. Every key may be missing; its line is then left out.

Dates come as `date` or ISO text ("2026-03-04"), moments as aware `datetime` or ISO text with offset, amounts as
`Decimal` or "199.90", CPF and CNPJ with or without mask: the letter writes them the Brazilian way. Text in any other
shape is printed as it stands. Keys that no template knows are frozen with the letter and not printed.

The template itself sees a Carta: the `dados` under that key, beside what the office adds. That is what a
Documento keeps in its own field `dados`, so that the same bytes can be printed again.
"""

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
    fornecedores: list[Parte]
    relato: str
    pedido: str
    signatario: Assina


class Andamento(TypedDict, total=False):
    """One line of what happened."""

    quando: Momento
    texto: str
    por: str


class Espelho(Caso, total=False):
    """espelho.typ"""

    tipo: str
    canal: str
    status: str
    desfecho: str
    aberto_em: Momento
    unidade: str
    atendente: str
    area: str
    valor: Quantia
    data_compra: Dia
    orgao: str
    protocolo_externo: str
    andamentos: list[Andamento]


class Resposta(TypedDict, total=False):
    """Where a supplier answers a CIP, besides the counter."""

    url: str
    codigo: str
    email: str


class CIP(Caso, total=False):
    """cip.typ"""

    fornecedor: Parte
    aberto_em: Momento
    valor: Quantia
    data_compra: Dia
    prazo: PrazoEmPalavras | str
    prazo_fonte: str
    resposta: Resposta


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


class DeAudiencia(Caso, total=False):
    """What the letters of a hearing share."""

    audiencia: Audiencia
    tolerancia_minutos: int


class NotificacaoConsumidor(DeAudiencia, total=False):
    """notificacao_consumidor.typ; addressed to `destinatario`, or else to the consumer."""

    destinatario: Parte
    justificativa: PrazoEmPalavras


class NotificacaoFornecedor(DeAudiencia, total=False):
    """notificacao_fornecedor.typ; addressed to `destinatario`, or else to `fornecedor`."""

    destinatario: Parte
    fornecedor: Parte
    antecedencia: PrazoEmPalavras


class Presente(TypedDict, total=False):
    """One person who came."""

    nome: str
    qualidade: str
    representa: str
    chegou_em: Momento
    documentos: str


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


class TermoDeAudiencia(DeAudiencia, total=False):
    """termo_de_audiencia.typ; `relato` is what was said at the hearing. Says nothing of a título executivo."""

    resultado: str
    presencas: list[Presente]
    acordo: Acordo
    testemunhas: list[str]
    homologacao: str
    observacao: str


class CertidaoDeAusencia(DeAudiencia, total=False):
    """certidao_de_ausencia.typ; `resultado` is ausente_consumidor, ausente_fornecedor or ausentes_ambos."""

    resultado: str
    ausentes: list[str]
    presencas: list[Presente]
    justificativa: PrazoEmPalavras
    observacao: str


class Secao(TypedDict, total=False):
    """One table of the balance; all cells are text as it is to be read."""

    titulo: str
    colunas: list[str]
    linhas: list[list[str]]
    nota: str


class Balanco(TypedDict, total=False):
    """balanco.typ; `texto` is the paragraph for the press."""

    periodo: str
    texto: str
    secoes: list[Secao]


#: The shape of `dados` by template.
SHAPES: dict[str, type] = {
    "espelho": Espelho,
    "cip": CIP,
    "notificacao_consumidor": NotificacaoConsumidor,
    "notificacao_fornecedor": NotificacaoFornecedor,
    "termo_de_audiencia": TermoDeAudiencia,
    "certidao_de_ausencia": CertidaoDeAusencia,
    "balanco": Balanco,
}
