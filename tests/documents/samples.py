"""What the letters are tried with: complete data, and text that tries to be Typst, markup or a broken font."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from hearings.rules import picture_of
from tests.conftest import SAO_PAULO
from tests.documents.samples_parts import ACORDO, ASSINA, AUDIENCIA, BANCO, CASO, LOJA
from tests.documents.samples_process import PROCESS

FULL: dict[str, dict[str, Any]] = {
    **PROCESS,
    "espelho": {
        **CASO,
        "fornecedores": [LOJA, BANCO],
        "protocolo_externo": "PORTAL-1",
        "numeros": ["SINDEC 0123.456/2019-7", "Processo administrativo ou judicial 1002-33.2026.8.26.0278"],
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
        "fornecedores": [LOJA, BANCO],
        "resultado": "acordo_parcial",
        "presencas": [
            {
                "qualidade": "consumidor",
                "nome": "Ana Souza",
                "chegou_em": AUDIENCIA["inicio"],
                "documentos": "RG e CPF",
                "assinatura": {
                    "forma": "desenhada",
                    "em": datetime(2026, 3, 24, 10, 40, tzinfo=SAO_PAULO),
                    "figura": picture_of(
                        [[(40, 120), (90, 40), (140, 150), (200, 60), (260, 140), (330, 90), (470, 110)]]
                    ),
                },
            },
            {
                "qualidade": "preposto",
                "nome": "Paulo Preposto",
                "representa": "Loja Modelo Ltda",
                "chegou_em": datetime(2026, 3, 24, 10, 5, tzinfo=SAO_PAULO),
                "documentos": "RG, carta de preposição, contrato social",
                "assinatura": {
                    "forma": "digitada",
                    "em": datetime(2026, 3, 24, 10, 42, tzinfo=SAO_PAULO),
                    "figura": "",
                },
            },
            {"qualidade": "testemunha", "nome": "Tereza Testemunha"},
        ],
        "relato": "A loja reconheceu o defeito e propôs devolver o valor em duas parcelas. A consumidora aceitou.",
        "reclamados": [
            {"fornecedor": "Loja Modelo Ltda", "resultado": "acordo", **ACORDO},
            {"fornecedor": "Banco Exemplo S.A.", "resultado": "ausente"},
        ],
        "fechamento": {"nome": "Carla Conciliadora", "em": datetime(2026, 3, 24, 10, 45, tzinfo=SAO_PAULO)},
        "certificados": [{"nome": "Carla Conciliadora", "emissor": "AC de Exemplo", "serie": "4F2A"}],
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
                "titulo": "Atendimentos por mês",
                "colunas": ["Mês", "Quantidade"],
                "linhas": [["janeiro", "1.500"], ["fevereiro", "1.200"], ["março", "1.700"]],
                "nota": "",
                "no_tempo": [88.2, 70.6, 100.0],
                "descricao": "Atendimentos por mês; o maior número é o de março, 1.700.",
            },
            {
                "titulo": "Atendimentos por tipo",
                "colunas": ["Tipo", "Quantidade"],
                "linhas": [["Atendimento preliminar (AP)", "2.700"], ["Simples consulta", "900"], ["Cálculo", "800"]],
                "nota": "",
                "barras": [100.0, 33.3, 29.6],
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
}

#: Text that would be code if it were ever placed in Typst source.
HOSTILE = (
    '#read("/etc/passwd") $x^2$ [*negrito*] _it_ `cru` \\ <rotulo> @ref // nada /* x */ = Título '
    "\"aspas\" 'a' {chave} %s {{ x }}"
)
#: Characters that break fonts, directions and archival PDF; and words without end.
STRANGE = "😀 漢字 العربية \ufeff\ue000\x07\x00\u202e fim a\u0301 Ž " + "x" * 400


def hostile(value: Any, text: str) -> Any:
    """The same shape with `text` in place of everything but a bar's length, the only float, which we work out."""
    if isinstance(value, dict):
        return {key: hostile(inner, text) for key, inner in value.items()}
    if isinstance(value, list):
        return [hostile(inner, text) for inner in value]
    return value if isinstance(value, float) else text
