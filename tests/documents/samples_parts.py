"""A fictitious case, its people, hearing and agreement: what the samples of the letters share."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from tests.conftest import SAO_PAULO

CONSUMIDOR = {
    "nome": "Ana Souza",
    "cpf": "11144477735",
    "nascimento": date(1958, 4, 2),
    "endereco": "Rua A, 10, Centro, Itaquaquecetuba/SP, CEP 08570-000",
    "email": "ana@example.org",
    "telefone": "(11) 91234-5678",
}
LOJA = {
    "razao_social": "Loja Modelo Ltda",
    "nome_fantasia": "Loja Modelo",
    "cnpj": "12ABC34501DE35",
    "endereco": "Avenida B, 200, São Paulo/SP, CEP 01000-000",
    "email": "loja@example.org",
}
BANCO = {"razao_social": "Banco Exemplo S.A.", "cnpj": "00000000000191"}
RELATO = (
    "Comprei uma geladeira em 15/01/2026, no site da loja, por R$ 1.999,90, com entrega prometida para dez dias. "
    "A geladeira chegou em 29/01/2026 e deixou de gelar depois de cinco dias.\n"
    "Liguei três vezes para o atendimento da loja, que marcou visita técnica em duas datas; ninguém veio.\n\n"
    "Em 20/02/2026 pedi a troca por mensagem e não tive resposta. Continuo pagando as parcelas no cartão do banco."
)
PEDIDO = "A troca da geladeira por outra igual, ou a devolução do valor pago, com correção."
CASO = {
    "protocolo": "35.001.001.26-0000123",
    "tipo": "Atendimento preliminar (AP)",
    "canal": "Pessoalmente",
    "status": "Aberto",
    "aberto_em": datetime(2026, 3, 4, 10, 0, tzinfo=SAO_PAULO),
    "unidade": "Procon Centro",
    "atendente": "Bruno Atendente",
    "consumidor": CONSUMIDOR,
    "area": "Produtos",
    "assunto": "Eletrodomésticos de linha branca",
    "problema": "Produto com vício, não sanado no prazo",
    "relato": RELATO,
    "pedido": PEDIDO,
    "valor": Decimal("1999.90"),
    "data_compra": date(2026, 1, 15),
    "orientacao": "A consumidora foi orientada a guardar a nota fiscal.",
    "representante": {
        "nome": "Rui Souza",
        "qualidade": "Procurador",
        "cpf": "52998224725",
        "telefone": "(11) 90000-1111",
        "documentos": "Procuração, Documento de identidade de quem representa",
    },
    "compra": {
        "forma_compra": "Internet",
        "forma_pagamento": "Cartão de crédito",
        "contrato": "PED-4455",
        "natureza": "Produto durável",
        "data_entrega": date(2026, 1, 29),
        "data_defeito": date(2026, 2, 3),
        "oculto": True,
        "contato_em": date(2026, 2, 20),
        "contato_protocolo": "SAC 9988",
        "contato_negado_em": date(2026, 2, 25),
        "contato_relato": "Disseram que era mau uso.",
    },
}
AUDIENCIA = {
    "inicio": datetime(2026, 3, 24, 10, 0, tzinfo=SAO_PAULO),
    "fim": datetime(2026, 3, 24, 10, 30, tzinfo=SAO_PAULO),
    "modalidade": "hibrida",
    "sala": "Sala 1",
    "link": "https://reuniao.example.org/sala-1",
    "conciliador": "Carla Conciliadora",
}
ASSINA = {"nome": "Dora Coordenadora", "cargo": "Coordenadora"}
ACORDO = {
    "texto": "A loja devolve R$ 1.999,90 em duas parcelas, por transferência, e retira a geladeira.",
    "parcelas": [
        {"numero": 1, "vencimento": date(2026, 4, 10), "valor": Decimal("1000.00")},
        {"numero": 2, "vencimento": date(2026, 5, 11), "valor": Decimal("999.90")},
    ],
    "total": Decimal("1999.90"),
    "conferir_em": date(2026, 5, 18),
}
CLASSIFICADOS = [
    {
        "fornecedor": LOJA,
        "classificacao": "fundamentada_nao_atendida",
        "motivo": "vício não sanado em trinta dias e troca recusada",
        "fundamento": "art. 18, § 1º, I, da Lei 8.078/1990",
    },
    {
        "fornecedor": BANCO,
        "classificacao": "nao_fundamentada",
        "motivo": "o banco apenas financiou a compra",
        "fundamento": "art. 14, § 3º, II, da Lei 8.078/1990",
    },
]
