"""From the opened complaint to the closed file, and what the counter prints besides."""

from __future__ import annotations

from typing import TypedDict

from documents.data.parts import (
    Acordo,
    Assina,
    Audiencia,
    Caso,
    Certificado,
    DeAudiencia,
    Dia,
    Fechamento,
    Momento,
    Parte,
    PrazoEmPalavras,
    Presente,
    Quantia,
    Resposta,
)


class CartaDeAbertura(Caso, total=False):
    """carta_de_abertura.typ; `prazo` is the term of defence, `motivo` why the complaint was opened."""

    fornecedor: Parte
    aberto_em: Momento
    instaurada_em: Dia
    motivo: str
    fundamentos: list[str]
    prazo: PrazoEmPalavras | str
    prazo_fonte: str
    audiencia: Audiencia
    resposta: Resposta


class TermoDeAcordo(Caso, total=False):
    """termo_de_acordo.typ; `presencas` sign it, or else the parties. Says nothing of a título executivo."""

    firmado_em: Dia
    clausulas: list[str]
    acordo: Acordo
    descumprimento: str
    presencas: list[Presente]
    testemunhas: list[str]
    homologacao: str
    observacao: str
    fechamento: Fechamento
    certificados: list[Certificado]


class Classificado(TypedDict, total=False):
    """What is proposed or decided about one supplier; `classificacao` is a choice's value, or words."""

    fornecedor: Parte | str
    classificacao: str
    motivo: str
    fundamento: str


class ManifestacaoTecnica(Caso, total=False):
    """manifestacao_tecnica.typ; addressed to `autoridade`, who decides."""

    autoridade: Assina
    relatorio: str
    defesa: str
    documentos: list[str]
    analise: str
    fundamentos: list[str]
    conclusao: str
    reclamados: list[Classificado]


class Decisao(Caso, total=False):
    """decisao.typ; signed by `autoridade`. `recurso` is the term of appeal, `recurso_a` who judges it.

    One that judges an appeal is `irrecorrivel`: no other appeal is offered.
    """

    ementa: str
    decidida_em: Dia
    relatorio: str
    fundamentacao: str
    reclamados: list[Classificado]
    providencias: list[str]
    recurso: PrazoEmPalavras | str
    recurso_fonte: str
    recurso_a: str
    irrecorrivel: bool
    autoridade: Assina


class Baixa(TypedDict, total=False):
    """How the case ended for one supplier; `por` is what was closed (CIP, reclamação)."""

    fornecedor: Parte | str
    por: str
    emitida_em: Dia
    ciencia_em: Dia
    respondida_em: Dia
    baixada_em: Dia
    resultado: str
    observacao: str


class FichaDeBaixa(Caso, total=False):
    """ficha_de_baixa.typ"""

    tipo: str
    aberto_em: Momento
    encerrado_em: Momento
    desfecho: str
    baixas: list[Baixa]
    acordo: Acordo
    observacao: str
    atendente: str


class Memorando(Caso, total=False):
    """memorando.typ; `fatos` is what the office found, `providencia` what it asks for."""

    numero: str
    de: str
    para: str
    referencia: str
    fatos: str
    artigos: list[str]
    providencia: str
    anexos: list[str]


class DeclaracaoDeComparecimento(Caso, total=False):
    """declaracao_de_comparecimento.typ; `pessoa` came from `inicio` to `fim`, and nothing of the case is told."""

    pessoa: Parte
    qualidade: str
    inicio: Momento
    fim: Momento
    finalidade: str


class Procuracao(Caso, total=False):
    """procuracao.typ, a model to be signed; what is missing becomes a blank line."""

    outorgante: Parte
    outorgado: Parte
    poderes: list[str]
    validade: str
    documentos: list[str]


class CartaDePreposicao(DeAudiencia, total=False):
    """carta_de_preposicao.typ, a model to be signed; what is missing becomes a blank line."""

    fornecedor: Parte
    preposto: Parte
    poderes: list[str]
    documentos: list[str]


class Dado(TypedDict, total=False):
    """One line of a calculation: its name and its value, as text to be read."""

    rotulo: str
    valor: str


class ParcelaCalculada(TypedDict, total=False):
    """One line of a calculation's table; a column without any value is left out."""

    numero: int
    vencimento: Dia
    valor: Quantia
    juros: Quantia
    amortizacao: Quantia
    desconto: Quantia
    valor_presente: Quantia
    saldo: Quantia


class MemoriaDeCalculo(Caso, total=False):
    """memoria_de_calculo.typ; `formula` in words and signs, `fonte` the norm that it rests on."""

    calculo: str
    entradas: list[Dado]
    formula: str
    explicacao: str
    parcelas: list[ParcelaCalculada]
    totais: ParcelaCalculada
    resultados: list[Dado]
    fonte: str
    observacao: str
    atendente: str


class Comunicacao(Caso, total=False):
    """comunicacao.typ: a plain letter. `cabecalho` is its heading, `texto` its body, `prazo` a term that it starts."""

    cabecalho: str
    destinatario: Parte
    referencia: str
    saudacao: str
    texto: str
    prazo: PrazoEmPalavras | str
    prazo_fonte: str
    prazo_para: str
    providencias: list[str]
