"""The numbers on contingency paper, and the blanks of each tipo."""

from __future__ import annotations

import pytest

from cases.rules.contingency import blanks_of, clean_form_code, form_code
from cases.tipos import RULES

CODE = "C-35.001.001.26-00012"


@pytest.mark.parametrize("typed", [CODE, "c-35.001.001.26-00012", "C350010012600012", " 35 001 001 26 00012 "])
def test_a_number_is_read_however_it_is_typed(typed: str) -> None:
    assert clean_form_code(typed) == form_code("35.001.001", 2026, 12) == CODE


@pytest.mark.parametrize("typed", ["", "12", "35.001.001.26-0000123", "C-35.001.001.26-0001"])
def test_refuses_what_is_no_number_of_a_form(typed: str) -> None:
    with pytest.raises(ValueError, match="Copie-o do alto da folha"):
        clean_form_code(typed)


def test_each_tipo_asks_for_its_own() -> None:
    asked = {tipo: sorted(name for name, there in blanks_of(tipo).items() if there) for tipo in RULES}
    full = ["compra", "fatos", "fornecedores"]
    assert asked == {
        "simples_consulta": full,
        "atendimento_preliminar": full,
        "extra_procon": ["fatos", "orgao"],
        "calculo": ["calculo", *full],
        "abertura_direta": full,
        "de_oficio": full,
        "encaminhamento": [*full, "orgao"],
        "inicial_jec": full,
        "nota_fiscal_paulista": ["nfp"],
        "consulta_de_caso": ["caso"],
    }
