"""Numbers and the paragraph as newspapers print them."""

from __future__ import annotations

import pytest

from reports.press import ATENDIMENTO, CIP, counted, paragraph, percentage, rounded


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (1, "1"),
        (648, "648"),
        (999, "999"),
        (1_000, "mil"),
        (1_049, "mil"),
        (1_050, "1,1 mil"),
        (1_100, "1,1 mil"),
        (1_999, "2 mil"),
        (2_700, "2,7 mil"),
        (4_349, "4,3 mil"),
        (4_350, "4,4 mil"),
        (4_400, "4,4 mil"),
        (4_449, "4,4 mil"),
        (10_000, "10 mil"),
        (62_304, "62,3 mil"),
        (999_949, "999,9 mil"),
        (999_950, "1 milhão"),
        (1_000_000, "1 milhão"),
        (1_500_000, "1,5 milhão"),
        (1_949_999, "1,9 milhão"),
        (1_950_000, "2 milhões"),
        (112_000_000, "112 milhões"),
        (999_950_000, "1 bilhão"),
        (2_300_000_000, "2,3 bilhões"),
        (5_000_000_000_000, "5000 bilhões"),
    ],
)
def test_a_count_is_rounded_as_newspapers_do(number: int, words: str) -> None:
    assert rounded(number) == words


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="never negative"):
        rounded(-1)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 atendimentos"),
        (1, "1 atendimento"),
        (2, "2 atendimentos"),
        (1_000, "mil atendimentos"),
        (4_400, "4,4 mil atendimentos"),
        (1_000_000, "1 milhão de atendimentos"),
        (1_500_000, "1,5 milhão de atendimentos"),
        (2_000_000, "2 milhões de atendimentos"),
    ],
)
def test_a_count_agrees_with_its_noun(number: int, words: str) -> None:
    assert counted(number, ATENDIMENTO) == words


def test_one_letter_is_singular() -> None:
    assert counted(1, CIP) == "1 CIP (Carta de Informações Preliminares)"


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (0, 0, "–"),
        (0, 3, "0,0%"),
        (1, 3, "33,3%"),
        (2, 3, "66,7%"),
        (1, 8, "12,5%"),
        (1, 2000, "0,1%"),
        (3, 3, "100,0%"),
    ],
)
def test_a_share_has_one_decimal_half_up(part: int, whole: int, words: str) -> None:
    assert percentage(part, whole) == words


def said(**counts: int) -> str:
    names = ("atendimentos", "aps", "nfps", "consultas", "encaminhamentos", "cips", "audiencias")
    return paragraph(quando="em 2023", **{name: counts.get(name, 0) for name in names})


def test_the_paragraph_of_the_city_s_year() -> None:
    text = said(atendimentos=4400, aps=2700, nfps=580, consultas=420, encaminhamentos=250, cips=1100, audiencias=648)

    assert text == (
        "No Procon, foram realizados 4,4 mil atendimentos em 2023, entre eles 2,7 mil aberturas de AP (Atendimento "
        "Preliminar), 580 desbloqueios de senha da Nota Fiscal Paulista, 420 consultas de casos e 250 encaminhamentos. "
        "Foram emitidas 1,1 mil CIPs (Cartas de Informações Preliminares) e foram realizadas 648 audiências de "
        "conciliação."
    )


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ({}, "No Procon, não foram realizados atendimentos em 2023."),
        ({"atendimentos": 1}, "No Procon, foi realizado 1 atendimento em 2023."),
        (
            {"atendimentos": 1, "aps": 1, "audiencias": 1},
            "No Procon, foi realizado 1 atendimento em 2023: 1 abertura de AP (Atendimento Preliminar). "
            "Foi realizada 1 audiência de conciliação.",
        ),
        (
            {"atendimentos": 2, "consultas": 2, "cips": 1},
            "No Procon, foram realizados 2 atendimentos em 2023, entre eles 2 consultas de casos. "
            "Foi emitida 1 CIP (Carta de Informações Preliminares).",
        ),
    ],
)
def test_the_paragraph_agrees_in_gender_and_number(counts: dict[str, int], text: str) -> None:
    assert said(**counts) == text
