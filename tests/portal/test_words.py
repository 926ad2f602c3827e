"""The consumer's sentences, with and without the details that an act recorded."""

from __future__ import annotations

from typing import Any

import pytest

from cases import acts as of_cases
from hearings import acts as of_hearings
from portal.api.words import SENTENCES, sentence
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


#: The office's own affairs, or what another sentence of the same act already tells.
UNTOLD = {
    ("cases.atendimento", "EMITIR_CIP"),  # told with the letter
    ("cases.cip", "ANALISAR_CIP"),
    ("cases.cip", "BAIXAR_CIP"),
    ("cases.reclamacao", "DEVOLVER_PARECER"),
    ("cases.reclamacao", "REABRIR_RECLAMACAO"),  # told with the case
    ("cases.reclamacao", "REABRIR_EM_ANALISE"),
    ("cases.reclamacao", "RETOMAR_POR_DESCUMPRIMENTO"),
    ("hearings.audiencia", "NOTIFICAR"),  # the notice itself reaches the consumer
}


def test_every_act_is_told_or_left_untold_on_purpose() -> None:
    tables = (of_cases.ATENDIMENTO, of_cases.CIP, of_cases.RECLAMACAO, of_cases.ACORDO, of_hearings.AUDIENCIA)
    known = {(table.model.lower(), act.name) for table in tables for act in table}

    assert known - set(SENTENCES) == UNTOLD


def test_the_sentence_of_a_decision_that_is_final() -> None:
    dados = {"fornecedor": "Loja Modelo Ltda", "definitiva_desde": "2026-03-17"}

    assert sentence("cases.classificacao", "TRANSITAR", dados, zone=SAO_PAULO) == (
        "A decisão quanto a Loja Modelo Ltda é definitiva desde 17/03/2026."
    )


def test_what_is_not_listed_is_not_told() -> None:
    with pytest.raises(KeyError):
        sentence("cases.cip", "ANALISAR_CIP", {}, zone=SAO_PAULO)
