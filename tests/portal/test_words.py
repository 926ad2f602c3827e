"""The consumer's sentences, with and without the details that an act recorded."""

from __future__ import annotations

from typing import Any

import pytest

from portal.api.words import sentence
from tests.conftest import SAO_PAULO


@pytest.mark.parametrize(
    ("objeto", "ato", "dados", "said"),
    [
        (
            "cases.cip",
            "DAR_CIENCIA",
            {"ciencia": "2026-03-02", "vence_em": "2026-03-12"},
            "O fornecedor recebeu a carta em 02/03/2026 e tem até 12/03/2026 para responder.",
        ),
        (
            "cases.cip",
            "DAR_CIENCIA",
            {},
            "O fornecedor recebeu a carta em data comprovada e tem até o fim do prazo para responder.",
        ),
        (
            "cases.cip",
            "EMITIR_CIP",
            {"fornecedor": "Loja {x}"},
            "O Procon preparou uma carta (CIP) que pede a Loja {x} uma solução.",
        ),
        (
            "hearings.audiencia",
            "AGENDAR",
            {"inicio": "2026-03-20T13:00:00+00:00", "sala": "Sala 1", "conciliador": "Carla"},
            "Foi marcada uma audiência de conciliação para 20/03/2026 às 10:00.",
        ),
    ],
)
def test_sentences(objeto: str, ato: str, dados: dict[str, Any], said: str) -> None:
    assert sentence(objeto, ato, dados, zone=SAO_PAULO) == said


def test_what_is_not_listed_is_not_told() -> None:
    with pytest.raises(KeyError):
        sentence("cases.cip", "ANALISAR_CIP", {}, zone=SAO_PAULO)
