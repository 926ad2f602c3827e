"""Before a complaint: the espelho, the CIP, and the balance of the whole office."""

from __future__ import annotations

from typing import TypedDict

from documents.data.parts import Caso, Momento, Parte, PrazoEmPalavras, Resposta


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
    orientacao: str
    orgao: str
    protocolo_externo: str
    numeros: list[str]
    andamentos: list[Andamento]


class CIP(Caso, total=False):
    """cip.typ"""

    fornecedor: Parte
    aberto_em: Momento
    prazo: PrazoEmPalavras | str
    prazo_fonte: str
    resposta: Resposta


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
