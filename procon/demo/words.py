"""What people say in the demonstration: accounts, requests, answers. Fictitious, short, and in plain Portuguese."""

from __future__ import annotations

from random import Random

_OPENINGS = (
    "Consumidor relata: {problema}. Tentou resolver diretamente com a empresa, sem êxito.",
    "Compareceu e informou o seguinte problema: {problema}. Apresentou documento e comprovantes.",
    "Relata que contratou em data recente e que houve {problema}. Ligou ao SAC e não obteve solução.",
    "Problema informado: {problema}. Tem protocolo de atendimento da empresa, juntado à ficha.",
)
_REQUESTS = (
    "Cancelamento e devolução do valor pago.",
    "Troca do produto ou devolução do valor.",
    "Correção da cobrança e devolução em dobro do que pagou a mais.",
    "Cumprimento da oferta.",
    "Conserto sem custo no prazo legal.",
    "Esclarecimento por escrito e cópia do contrato.",
    "Parcelamento do débito sem juros abusivos.",
)
_ANSWERS = (
    "A empresa informa que analisou o caso e apresenta a solução descrita em anexo.",
    "A empresa reconhece a falha e propõe a devolução do valor em até dez dias.",
    "A empresa nega a falha e junta cópia do contrato e das gravações.",
    "A empresa propõe abatimento parcial e pede confirmação do consumidor.",
    "A empresa pede prazo para concluir a análise técnica.",
)
LAW = "CDC, arts. 6º, III e VI, e 42"
ANALYSIS = (
    "O relato do consumidor está acompanhado de comprovantes. A oferta e a cobrança são do fornecedor, a quem cabe "
    "provar que informou e que cumpriu o que ofereceu."
)
#: Why a class is proposed and decided.
REASONS = {
    "fundamentada_atendida": "Os comprovantes confirmam o relato; notificado, o fornecedor atendeu ao pedido.",
    "fundamentada_nao_atendida": "Os comprovantes confirmam o relato, e o fornecedor não atendeu ao pedido.",
    "nao_fundamentada": "O fornecedor provou que informou e cumpriu o que ofereceu; o relato não se confirma.",
    "consulta_fornecida": "O pedido era de esclarecimento, e o fornecedor o prestou por escrito.",
    "encerrada": "O consumidor informou que resolveu a questão por outra via.",
}
_TALKS = ("SAC", "ouvidoria", "gerente da loja", "setor de cobrança", "assistência técnica")


def account(problema: str, rng: Random) -> str:
    """The consumer's account."""
    told = problema[:1].lower() + problema[1:] if problema else "dúvida sobre a contratação"
    return rng.choice(_OPENINGS).format(problema=told.rstrip("."))


def request(rng: Random) -> str:
    """What the consumer asks for."""
    return rng.choice(_REQUESTS)


def answer(rng: Random) -> str:
    """What the supplier answers to a CIP."""
    return rng.choice(_ANSWERS)


def spoken_with(rng: Random) -> str:
    """Who picked up the telephone."""
    return rng.choice(_TALKS)
