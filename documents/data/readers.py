"""Which letters of a case the consumer may read by themselves, and why; a test asks for every kind.

A letter is the consumer's when it is written to them or made for both sides. What is written to the other side, what
the office writes for its own use, and what may be about somebody else is not, even where it lies in their case.
"""

from __future__ import annotations

#: Kind of letter: why the consumer reads it.
CONSUMER_READS: dict[str, str] = {
    "espelho": "o consumidor o leva do balcão",
    "notificacao_consumidor": "é dirigida ao consumidor",
    "termo_de_audiencia": "o consumidor é parte e o assina",
    "certidao_de_ausencia": "certifica às duas partes quem faltou",
    "termo_de_acordo": "o consumidor é parte no acordo",
    "decisao": "as duas partes são intimadas dela, e dela podem recorrer",
    "ficha_de_baixa": "diz ao consumidor como o caso terminou",
    "procuracao": "modelo com os dados do próprio consumidor",
    "memoria_de_calculo": "cálculo pedido pelo consumidor",
    "comunicacao": "é dirigida ao consumidor",
}

#: Kind of letter: why the consumer does not.
CONSUMER_DOES_NOT_READ: dict[str, str] = {
    "cip": "traz o código com que só o fornecedor responde",
    "carta_de_abertura": "é dirigida ao fornecedor, e pode trazer o código dele",
    "notificacao_fornecedor": "é dirigida ao fornecedor",
    "carta_de_preposicao": "modelo para o fornecedor",
    "manifestacao_tecnica": "parecer interno, antes da decisão",
    "memorando": "correspondência interna com a fiscalização",
    "declaracao_de_comparecimento": "pode ser de outra pessoa, como o preposto ou uma testemunha",
    "balanco": "não é de um caso",
}
