"""Requests as they are shown in the description. A test sends each of them, and each must be answered as documented."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample


def request_example(name: str, value: dict[str, Any], media_type: str = "application/json") -> OpenApiExample:
    """One request, under a name in the reader's language."""
    return OpenApiExample(name, value, request_only=True, media_type=media_type)


REGISTER = [
    request_example(
        "Reclamação contra dois fornecedores",
        {
            "tipo": "atendimento_preliminar",
            "canal": "portal",
            "consumidor": {
                "nome": "Ana Souza",
                "cpf": "111.444.777-35",
                "nascimento": "1958-04-02",
                "email": "ana@example.org",
                "telefone": "+55 11 91234-5678",
                "endereco": {
                    "cep": "08570-000",
                    "logradouro": "Rua A",
                    "numero": "10",
                    "bairro": "Centro",
                    "municipio": "3523107",
                    "uf": "SP",
                },
            },
            "fornecedores": [{"cnpj": "02.558.157/0001-62"}, {"nome": "Loja Modelo"}],
            "assunto": 187,
            "problema": "Cobrança indevida/abusiva",
            "relato": "Cobraram duas vezes a mesma conta.",
            "pedido": "Devolução em dobro do que foi cobrado a mais.",
            "valor": "199.90",
            "data_compra": "2026-01-15",
            "protocolo_externo": "PORTAL-1",
        },
    ),
    request_example(
        "Só uma consulta",
        {"tipo": "simples_consulta", "relato": "Quer saber em quantos dias pode desistir de uma compra pela internet."},
    ),
]
CONTACT = [
    request_example("Outro telefone", {"telefone": "(11) 4642-0000"}),
    request_example("Mudou de casa", {"endereco": {"cep": "08570-100", "logradouro": "Rua B", "numero": "20"}}),
]
ATTACH = [
    request_example("Nota fiscal em PDF", {"arquivo": "nota.pdf", "descricao": "Nota fiscal"}, "multipart/form-data")
]
MANIFEST = [
    request_example("O consumidor aceita", {"aceita": True}),
    request_example("O consumidor não aceita", {"aceita": False, "texto": "A proposta não cobre o que foi pago."}),
]
FOLLOW = [
    request_example("Protocolo e chave", {"protocolo": "35.001.001.26-0000001", "chave": "7K2QM-4XJ9D-0A5TF-C3WPE"})
]
