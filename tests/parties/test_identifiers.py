"""CPF, CNPJ, CEP and names as text."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum.br import cnpj as stdnum_cnpj
from stdnum.br import cpf as stdnum_cpf

from parties.identifiers import clean_cep, clean_cnpj, clean_cpf, format_cnpj, format_cpf, mask_cpf, normalise_name

DIGITS = "0123456789"
CNPJ_ALPHABET = DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("12.ABC.345/01DE-35", "12ABC34501DE35"),
        ("12abc34501de35", "12ABC34501DE35"),
        ("00.000.000/0001-91", "00000000000191"),
        (" 02.558.157/0001-62 ", "02558157000162"),
    ],
)
def test_a_cnpj_is_stored_without_mask(typed: str, stored: str) -> None:
    assert clean_cnpj(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "191",
        "12.ABC.345/01DE-36",
        "00.000.000/0000-00",
        "12ABC34501DEA5",
        "02558157000162x",
        "０２５５８１５７０００１６２",
        "111.444.777-35",
    ],
)
def test_a_wrong_cnpj_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValueError, match=r"CNPJ inválido\. Confira as 14 posições"):
        clean_cnpj(typed)


@pytest.mark.parametrize("typed", ["111.444.777-35", "11144477735", "111 444 777 35"])
def test_a_cpf_is_stored_without_mask(typed: str) -> None:
    assert clean_cpf(typed) == "11144477735"


@pytest.mark.parametrize(
    "typed", ["", "111.444.777-36", "111.111.111-11", "1114447773", "１１１４４４７７７３５", "1114447773A"]
)
def test_a_wrong_cpf_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValueError, match=r"CPF inválido\. Confira os 11 números"):
        clean_cpf(typed)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(CNPJ_ALPHABET, min_size=12, max_size=12).filter(lambda text: len(set(text)) > 1))
def test_every_cnpj_survives_its_mask(base: str) -> None:
    cnpj = base + stdnum_cnpj.calc_check_digits(base)

    assert clean_cnpj(format_cnpj(cnpj)) == cnpj
    assert clean_cnpj(cnpj.lower()) == cnpj


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(CNPJ_ALPHABET, min_size=12, max_size=12).filter(lambda text: len(set(text)) > 1), st.integers(1, 99))
def test_one_pair_of_check_digits_fits_a_cnpj(base: str, step: int) -> None:
    right = int(stdnum_cnpj.calc_check_digits(base))

    with pytest.raises(ValueError):
        clean_cnpj(f"{base}{(right + step) % 100:02d}")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(DIGITS, min_size=9, max_size=9).filter(lambda text: len(set(text)) > 1))
def test_every_cpf_survives_its_mask(base: str) -> None:
    cpf = base + stdnum_cpf._calc_check_digits(base + "00")

    assert clean_cpf(format_cpf(cpf)) == cpf


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text())
def test_no_text_breaks_the_readers(text: str) -> None:
    for reader in (clean_cpf, clean_cnpj, clean_cep):
        with suppress(ValueError):
            assert reader(text).isascii()


def test_a_mask_shows_the_middle_of_a_cpf_only() -> None:
    assert mask_cpf("11144477735") == "***.444.777-**"
    assert mask_cpf(None) == "não informado"


@pytest.mark.parametrize(
    ("typed", "stored"), [("08570-000", "08570000"), ("8570000", "08570000"), ("01.310-100", "01310100")]
)
def test_a_cep_gets_its_lost_zero_back(typed: str, stored: str) -> None:
    assert clean_cep(typed) == stored


@pytest.mark.parametrize("typed", ["", "857000", "085700000", "0857000a"])
def test_a_wrong_cep_is_refused_in_words(typed: str) -> None:
    with pytest.raises(ValueError, match="CEP inválido"):
        clean_cep(typed)


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("  TELEFÔNICA BRASIL S/A – VIVO ", "telefonica brasil s a vivo"),
        ("Conceição & Irmãos Ltda.", "conceicao irmaos ltda"),
        ("1ª Loja nº 2", "1a loja no 2"),
        ("日本", ""),
    ],
)
def test_a_name_is_compared_without_accents_and_marks(name: str, plain: str) -> None:
    assert normalise_name(name) == plain


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise_name(normalise_name(text)) == normalise_name(text)
