"""What the letters are tried with: complete data, and text that tries to be Typst, markup or a broken font."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

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

FULL: dict[str, dict[str, Any]] = {
    "espelho": {
        **CASO,
        "fornecedores": [LOJA, BANCO],
        "protocolo_externo": "PORTAL-1",
        "andamentos": [
            {"quando": datetime(2026, 3, 4, 10, 0, tzinfo=SAO_PAULO), "texto": "Atendimento aberto", "por": "Bruno"},
            {
                "quando": datetime(2026, 3, 4, 10, 25, tzinfo=SAO_PAULO),
                "texto": "Contato com Loja Modelo: não resolvido. A troca depende de visita técnica.",
                "por": "Bruno",
            },
        ],
    },
    "cip": {
        **CASO,
        "fornecedor": LOJA,
        "prazo": {
            "texto": "10 dias corridos",
            "inicio": "da ciência",
            "fonte": "Prática deste Procon, contada conforme a Lei 9.784/1999, art. 66",
        },
        "resposta": {"url": "https://procon.example.org/publico/cip/", "email": "cip@example.org"},
        "signatario": ASSINA,
    },
    "notificacao_consumidor": {
        **CASO,
        "audiencia": AUDIENCIA,
        "fornecedores": [LOJA, BANCO],
        "tolerancia_minutos": 15,
        "justificativa": {
            "texto": "5 dias corridos",
            "inicio": "da audiência",
            "fonte": "Prática deste Procon, contada conforme a Lei 9.784/1999, art. 66",
        },
        "signatario": ASSINA,
    },
    "notificacao_fornecedor": {
        **CASO,
        "audiencia": AUDIENCIA,
        "destinatario": LOJA,
        "fornecedores": [LOJA, BANCO],
        "tolerancia_minutos": 15,
        "antecedencia": {"texto": "10 dias corridos", "fonte": "Procon-DF, IN 1/2015"},
        "signatario": ASSINA,
    },
    "termo_de_audiencia": {
        **CASO,
        "audiencia": AUDIENCIA,
        "fornecedores": [LOJA],
        "resultado": "acordo",
        "presencas": [
            {
                "qualidade": "consumidor",
                "nome": "Ana Souza",
                "chegou_em": AUDIENCIA["inicio"],
                "documentos": "RG e CPF",
            },
            {
                "qualidade": "preposto",
                "nome": "Paulo Preposto",
                "representa": "Loja Modelo Ltda",
                "chegou_em": datetime(2026, 3, 24, 10, 5, tzinfo=SAO_PAULO),
                "documentos": "RG, carta de preposição, contrato social",
            },
            {"qualidade": "testemunha", "nome": "Tereza Testemunha"},
        ],
        "relato": "A loja reconheceu o defeito e propôs devolver o valor em duas parcelas. A consumidora aceitou.",
        "acordo": ACORDO,
        "testemunhas": ["Tito Testemunha"],
        "homologacao": "12/2026",
        "observacao": "As partes receberam cópia deste termo.",
    },
    "certidao_de_ausencia": {
        **CASO,
        "audiencia": AUDIENCIA,
        "fornecedores": [LOJA],
        "resultado": "ausentes_ambos",
        "ausentes": ["Ana Souza", "Loja Modelo Ltda"],
        "presencas": [{"nome": "Ada Advogada", "representa": "Banco Exemplo S.A."}],
        "tolerancia_minutos": 15,
        "justificativa": {
            "texto": "5 dias corridos",
            "inicio": "da audiência",
            "vence_em": date(2026, 3, 30),
            "fonte": "Prática deste Procon, contada conforme a Lei 9.784/1999, art. 66",
        },
    },
    "balanco": {
        "periodo": "2023",
        "texto": "No Procon, foram realizados 4,4 mil atendimentos, com 2,7 mil aberturas de AP e 1,1 mil CIPs.",
        "secoes": [
            {
                "titulo": "Atendimentos por tipo",
                "colunas": ["Tipo", "Quantidade"],
                "linhas": [["Atendimento preliminar (AP)", "2.700"], ["Simples consulta", "900"], ["Total", "4.400"]],
                "nota": "",
            },
            {
                "titulo": "Índices",
                "colunas": ["Índice", "%", "Parte", "Todo", "Fórmula"],
                "linhas": [
                    ["Acordos por audiência realizada", "61,9", "401", "648", "acordos totais ou parciais ÷ realizadas"]
                ],
                "nota": "O que não foi avaliado não conta como resolvido.",
            },
            {
                "titulo": "Fornecedores mais reclamados",
                "colunas": ["Radical", "Fornecedor", "Total"],
                "linhas": [["12ABC345", "Loja Modelo", "120"], ["00000000", "Banco Exemplo", "99"]],
                "nota": "",
            },
            {"titulo": "Reclamações", "colunas": ["Classificação", "Quantidade"], "linhas": [], "nota": "Nenhuma."},
        ],
    },
    "carta_de_abertura": {
        **CASO,
        "fornecedor": LOJA,
        "fornecedores": [LOJA, BANCO],
        "instaurada_em": date(2026, 3, 20),
        "motivo": "A CIP recebida em 06/03/2026 não foi respondida no prazo, que venceu em 16/03/2026.",
        "fundamentos": ["Lei 8.078/1990, art. 18, § 1º", "Lei 8.078/1990, art. 39, XII"],
        "prazo": {"texto": "20 dias corridos", "inicio": "do recebimento", "fonte": "Decreto 2.181/1997, art. 42"},
        "audiencia": AUDIENCIA,
        "resposta": {"url": "https://procon.example.org/publico/cip/", "email": "defesa@example.org"},
        "signatario": ASSINA,
    },
    "termo_de_acordo": {
        **CASO,
        "fornecedores": [LOJA],
        "firmado_em": date(2026, 3, 24),
        "clausulas": [
            "A Loja Modelo devolve à consumidora o valor pago, em duas parcelas, por transferência.",
            "A Loja Modelo retira a geladeira na casa da consumidora, sem custo, até 15/04/2026.",
        ],
        "acordo": ACORDO,
        "descumprimento": "Se uma parcela não for paga, vencem as demais, e a consumidora pode pedir reclamação.",
        "presencas": [
            {"qualidade": "consumidor", "nome": "Ana Souza"},
            {"qualidade": "preposto", "nome": "Paulo Preposto", "representa": "Loja Modelo Ltda"},
        ],
        "testemunhas": ["Tito Testemunha", "Tereza Testemunha"],
        "homologacao": "12/2026",
        "observacao": "A consumidora indicou conta própria para a transferência.",
        "signatario": ASSINA,
    },
    "manifestacao_tecnica": {
        **CASO,
        "fornecedores": [LOJA, BANCO],
        "autoridade": {"nome": "Edu Autoridade", "cargo": "Diretor"},
        "relatorio": "A consumidora relata vício em geladeira, não sanado em trinta dias.",
        "defesa": "A loja alega mau uso. O banco diz que só financiou a compra.",
        "documentos": ["Nota fiscal nº 123", "Mensagens trocadas em fevereiro de 2026"],
        "analise": "O vício apareceu cinco dias depois da entrega. A loja não provou o mau uso que alega.",
        "fundamentos": ["Lei 8.078/1990, art. 18, § 1º", "Lei 8.078/1990, art. 6º, VIII"],
        "conclusao": "A reclamação procede quanto à loja, e não quanto ao banco.",
        "reclamados": CLASSIFICADOS,
        "signatario": {"nome": "Carla Conciliadora", "cargo": "Técnica"},
    },
    "decisao": {
        **CASO,
        "fornecedores": [LOJA, BANCO],
        "ementa": "Vício de produto não sanado em trinta dias. Troca devida pelo fornecedor.",
        "decidida_em": date(2026, 4, 30),
        "relatorio": "Trata-se de reclamação por vício em geladeira. A loja defendeu-se; o banco também.",
        "fundamentacao": "Não sanado o vício em trinta dias, o consumidor escolhe.\n\nO banco não deu causa ao vício.",
        "reclamados": CLASSIFICADOS,
        "providencias": ["Comunicar a decisão à consumidora e aos fornecedores."],
        "recurso": {"texto": "10 dias corridos", "inicio": "da intimação", "fonte": "Decreto 2.181/1997, art. 49"},
        "recurso_a": "autoridade superior",
        "autoridade": {"nome": "Edu Autoridade", "cargo": "Diretor"},
    },
    "ficha_de_baixa": {
        **CASO,
        "encerrado_em": datetime(2026, 5, 18, 9, 0, tzinfo=SAO_PAULO),
        "desfecho": "Acordo",
        "baixas": [
            {
                "fornecedor": LOJA,
                "por": "CIP",
                "emitida_em": date(2026, 3, 4),
                "ciencia_em": date(2026, 3, 6),
                "respondida_em": date(2026, 3, 13),
                "baixada_em": date(2026, 5, 18),
                "resultado": "Acordo",
                "observacao": "As duas parcelas foram pagas.",
            },
            {"fornecedor": BANCO, "por": "CIP", "emitida_em": date(2026, 3, 4), "resultado": "Improcedência"},
        ],
        "acordo": ACORDO,
        "observacao": "A consumidora confirmou o pagamento por telefone.",
    },
    "memorando": {
        **CASO,
        "fornecedores": [LOJA],
        "numero": "7/2026",
        "de": "Atendimento",
        "para": "Fiscalização",
        "referencia": "Oferta sem preço à vista",
        "fatos": "Em três atendimentos deste mês, consumidores relatam produtos expostos sem o preço à vista.",
        "artigos": ["Lei 10.962/2004, art. 2º", "Decreto 5.903/2006, art. 9º"],
        "providencia": "Que se vistorie a loja e se informe o resultado a este setor.",
        "anexos": ["Fotografias da vitrine", "Fichas de atendimento"],
        "signatario": ASSINA,
    },
    "declaracao_de_comparecimento": {
        "protocolo": "35.001.001.26-0000123",
        "pessoa": CONSUMIDOR,
        "qualidade": "consumidora",
        "inicio": datetime(2026, 3, 4, 9, 30, tzinfo=SAO_PAULO),
        "fim": datetime(2026, 3, 4, 11, 0, tzinfo=SAO_PAULO),
        "finalidade": "ser atendida pessoalmente",
        "signatario": ASSINA,
    },
    "procuracao": {
        "protocolo": "35.001.001.26-0000123",
        "outorgante": CONSUMIDOR | {"rg": "12.345.678-9", "nacionalidade": "brasileira", "profissao": "professora"},
        "outorgado": {"nome": "Ada Advogada", "cpf": "52998224725", "oab": "OAB/SP 123.456"},
        "poderes": ["acompanhar o atendimento;", "firmar acordo."],
        "validade": "um ano",
        "documentos": ["documento de identidade com foto"],
    },
    "carta_de_preposicao": {
        "protocolo": "35.001.001.26-0000123",
        "fornecedor": LOJA,
        "preposto": {"nome": "Paulo Preposto", "cargo": "Gerente"},
        "audiencia": AUDIENCIA,
        "poderes": ["propor e aceitar acordo."],
        "documentos": ["ato constitutivo da empresa"],
    },
    "memoria_de_calculo": {
        "protocolo": "35.001.001.26-0000123",
        "consumidor": CONSUMIDOR,
        "fornecedores": [BANCO],
        "calculo": "Liquidação antecipada, com redução proporcional dos juros",
        "entradas": [
            {"rotulo": "Valor financiado", "valor": "1000.00"},
            {"rotulo": "Taxa de juros", "valor": "2,00 % ao mês"},
            {"rotulo": "Parcelas", "valor": "3 mensais"},
        ],
        "formula": "parcela = valor × taxa ÷ (1 − (1 + taxa)⁻ⁿ)",
        "explicacao": "Cada parcela que falta é trazida ao dia do pagamento pela mesma taxa do contrato.",
        "parcelas": [
            {
                "numero": 1,
                "vencimento": date(2026, 4, 10),
                "valor": "346.75",
                "juros": "20.00",
                "amortizacao": "326.75",
                "saldo": "673.25",
            },
            {
                "numero": 2,
                "vencimento": date(2026, 5, 10),
                "valor": "346.75",
                "juros": "13.47",
                "amortizacao": "333.28",
                "saldo": "339.97",
            },
            {
                "numero": 3,
                "vencimento": date(2026, 6, 10),
                "valor": "346.77",
                "juros": "6.80",
                "amortizacao": "339.97",
                "saldo": "0.00",
            },
        ],
        "totais": {"valor": "1040.27", "juros": "40.27", "amortizacao": "1000.00"},
        "resultados": [{"rotulo": "Total dos juros", "valor": "40.27"}],
        "fonte": "Lei 8.078/1990, art. 52, § 2º",
        "observacao": "A consumidora trouxe o contrato.",
        "atendente": "Bruno Atendente",
    },
    "comunicacao": {
        **CASO,
        "cabecalho": "Comunicação de Decisão",
        "destinatario": CONSUMIDOR,
        "fornecedores": [LOJA],
        "referencia": "Decisão de 30/04/2026",
        "saudacao": "Prezada Senhora,",
        "texto": "Comunicamos que a reclamação foi decidida.\n\nA decisão acompanha esta carta.",
        "prazo": {"texto": "10 dias corridos", "inicio": "do recebimento", "fonte": "Decreto 2.181/1997, art. 49"},
        "prazo_para": "recorrer",
        "providencias": ["Leia a decisão.", "Se não concordar, recorra no prazo."],
        "signatario": ASSINA,
    },
}

#: Text that would be code if it were ever placed in Typst source.
HOSTILE = (
    '#read("/etc/passwd") $x^2$ [*negrito*] _it_ `cru` \\ <rotulo> @ref // nada /* x */ = Título '
    "\"aspas\" 'a' {chave} %s {{ x }}"
)
#: Characters that break fonts, directions and archival PDF; and words without end.
STRANGE = "😀 漢字 العربية \ufeff\ue000\x07\x00\u202e fim a\u0301 Ž " + "x" * 400


def hostile(value: Any, text: str) -> Any:
    """The same shape with `text` in place of every string."""
    if isinstance(value, dict):
        return {key: hostile(inner, text) for key, inner in value.items()}
    if isinstance(value, list):
        return [hostile(inner, text) for inner in value]
    return text
