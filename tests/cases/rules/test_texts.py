"""Placeholders of ready texts."""

from __future__ import annotations

import pytest

from cases.rules.texts import BLANK, fill, unknown, used

#: text → (unknown, used, filled for Ana)
TABLE = {
    "sem nada": ([], set(), "sem nada"),
    "{consumidor} pagou {valor}.": ([], {"consumidor", "valor"}, f"Ana pagou {BLANK}."),
    "{cliente} e {cliente} e {}": (["cliente", ""], set(), "{cliente} e {cliente} e {}"),
    "{ consumidor }": ([" consumidor "], set(), "{ consumidor }"),
    "{{consumidor}}": ([], {"consumidor"}, "{Ana}"),
    "chaves } soltas {": ([], set(), "chaves } soltas {"),
}


@pytest.mark.parametrize("text", TABLE)
def test_placeholders_are_known_or_refused_and_filled_or_left_as_a_line(text: str) -> None:
    strange, known, filled = TABLE[text]
    assert (unknown(text), used(text), fill(text, {"consumidor": "Ana", "valor": ""})) == (strange, known, filled)


def test_what_a_person_typed_is_not_filled_again() -> None:
    assert fill("{consumidor}", {"consumidor": "{valor}", "valor": "R$ 1"}) == "{valor}"
