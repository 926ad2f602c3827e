"""What each template takes as `dados`: the keys that it prints. Every key may be missing; its line is then left out.

Dates come as `date` or ISO text ("2026-03-04"), moments as aware `datetime` or ISO text with offset, amounts as
`Decimal` or "199.90", CPF and CNPJ with or without mask: the letter writes them the Brazilian way. Text in any other
shape is printed as it stands. Keys that no template knows are frozen with the letter and not printed.

The template itself sees a Carta: the `dados` under that key, beside what the office adds. That is what a
Documento keeps in its own field `dados`, so that the same bytes can be printed again.
"""

from __future__ import annotations

from documents.data.hearings import (
    CertidaoDeAusencia,
    NotificacaoConsumidor,
    NotificacaoFornecedor,
    TermoDeAudiencia,
)
from documents.data.preliminary import (
    CIP,
    Balanco,
    Espelho,
)
from documents.data.process import (
    CartaDeAbertura,
    CartaDePreposicao,
    Comunicacao,
    Decisao,
    DeclaracaoDeComparecimento,
    FichaDeBaixa,
    ManifestacaoTecnica,
    Memorando,
    MemoriaDeCalculo,
    Procuracao,
    TermoDeAcordo,
)

#: The shape of `dados` by template.
SHAPES: dict[str, type] = {
    "espelho": Espelho,
    "cip": CIP,
    "notificacao_consumidor": NotificacaoConsumidor,
    "notificacao_fornecedor": NotificacaoFornecedor,
    "termo_de_audiencia": TermoDeAudiencia,
    "certidao_de_ausencia": CertidaoDeAusencia,
    "balanco": Balanco,
    "carta_de_abertura": CartaDeAbertura,
    "termo_de_acordo": TermoDeAcordo,
    "manifestacao_tecnica": ManifestacaoTecnica,
    "decisao": Decisao,
    "ficha_de_baixa": FichaDeBaixa,
    "memorando": Memorando,
    "declaracao_de_comparecimento": DeclaracaoDeComparecimento,
    "procuracao": Procuracao,
    "carta_de_preposicao": CartaDePreposicao,
    "memoria_de_calculo": MemoriaDeCalculo,
    "comunicacao": Comunicacao,
}
