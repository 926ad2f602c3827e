"""Codes, addresses, browsers, sealing: without a database."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.forms import PasswordInput

from access.addresses import client_address
from access.data import FILE, PREFIX, SHORTEST
from access.forms import ConfirmForm, LoginForm, NewPasswordForm
from access.rules import (
    browser_in_words,
    code_of,
    enrolment_address,
    in_fours,
    new_recovery_code,
    recovery_code,
    step_of,
)
from access.sealing import seal, unseal
from access.validators import DecoratedWordValidator, LeakedPasswordValidator, OfficeWordsValidator

#: RFC 6238, appendix B: the secret «12345678901234567890», the last six of the eight digits printed there.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_of_the_standard(moment: int, code: str) -> None:
    assert code_of(SECRET, moment // 30) == code
    assert step_of(SECRET, f" {code[:3]} {code[3:]}", moment) == moment // 30


@pytest.mark.parametrize(("late", "found"), [(0, True), (30, True), (-30, True), (60, False), (-60, False)])
def test_a_clock_may_be_half_a_minute_off(late: int, found: bool) -> None:
    assert (step_of(SECRET, code_of(SECRET, 100), 100 * 30 + late) == 100) is found


@pytest.mark.parametrize("typed", ["", "28708", "2870822", "abcdef", "２８７０８２", "287082\x00"])
def test_what_is_no_code(typed: str) -> None:
    assert step_of(SECRET, typed, 59) is None


def test_the_address_in_the_picture() -> None:
    assert enrolment_address("ABC", "dora", "Procon: São José") == (
        "otpauth://totp/Procon%20%20S%C3%A3o%20Jos%C3%A9%3Adora"
        "?secret=ABC&issuer=Procon%20%20S%C3%A3o%20Jos%C3%A9&digits=6&period=30"
    )


def test_a_recovery_code_is_typed_as_one_likes() -> None:
    code = new_recovery_code(12)
    assert recovery_code(f" {in_fours(code).lower()} ".replace(" ", "-"), 12) == code
    assert [recovery_code(typed, 12) for typed in ("", "287082", code + "A", "0" * 12)] == ["", "", "", ""]


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox no Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36", "Chrome no Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge no Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1", "Safari no iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "Chrome no Android"),
        ("", "navegador desconhecido"),
        ("<script>alert(1)</script>", "navegador desconhecido"),
    ],
)
def test_a_browser_in_words(agent: str, words: str) -> None:
    assert browser_in_words(agent) == words


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "", "10.0.0.1"),
        (0, "203.0.113.9", "10.0.0.1"),  # nobody is believed
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),  # the left entry is the client's own invention
        (2, "203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),  # fewer entries than proxies
        (1, "", "10.0.0.1"),
        (1, "x' or 1=1", "10.0.0.1"),
        (1, "[2001:db8::5]", "2001:db8::5"),
    ],
)
def test_whose_address_it_is(proxies: int, forwarded: str, address: str) -> None:
    assert client_address("10.0.0.1", forwarded, proxies) == address


def test_sealed_is_not_read_without_the_key(settings) -> None:
    sealed = seal("segredo")
    assert ("segredo" in sealed, unseal(sealed), unseal(sealed[:-4] + "abc=")) == (False, "segredo", None)
    assert (seal("segredo") == sealed, unseal(sealed, "outro fim")) == (False, None)
    assert [unseal(torn) for torn in ("", "a256gcm.", "a256gcm.é", sealed[:20], sealed[1:])] == [None] * 5
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "outra" * 8, [settings.SECRET_KEY]
    assert unseal(sealed) == "segredo"
    settings.SECRET_KEY_FALLBACKS = []
    assert unseal(sealed) is None


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("123456789012", False),
        ("987654321098", False),
        ("111111111111", False),
        ("102010201020", False),
        ("Password-1234", False),
        ("passwordpassword", False),
        ("abc1abc2abc3", False),
        ("!!!!!!!!!!!!", False),
        ("corinthians!", True),  # the office's words refuse it
        ("48151623427007", True),
        ("correct horse battery", True),
    ],
)
def test_a_common_word_with_signs_around_it_is_no_password(password: str, good: bool) -> None:
    if good:
        DecoratedWordValidator().validate(password)
    else:
        with pytest.raises(ValidationError):
            DecoratedWordValidator().validate(password)


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("corinthians!", False),
        ("procon-2026!!", False),
        ("ITAQUAQUECETUBA1", False),
        ("senhaprefeitura7", False),
        ("procon girassol azul", True),
        ("pão de queijo às três", True),
    ],
)
def test_the_offices_own_words_are_no_password(password: str, good: bool) -> None:
    if good:
        OfficeWordsValidator().validate(password)
    else:
        with pytest.raises(ValidationError):
            OfficeWordsValidator().validate(password)


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("123qweasdzxc", False),
        ("1Q2w3e4r5t6y", False),
        (" qwerty123456", False),
        ("leavemealone", False),
        ("fussballverruckte", False),
        ("girassol azul na praça", True),
        ("48151623427007", True),
    ],
)
def test_a_password_that_leaked_elsewhere_is_none_here(password: str, good: bool) -> None:
    if good:
        LeakedPasswordValidator().validate(password)
    else:
        with pytest.raises(ValidationError, match="já vazaram"):
            LeakedPasswordValidator().validate(password)


def test_how_many_leaked_passwords_are_known(settings) -> None:
    content = FILE.read_bytes()
    known = [content[start : start + PREFIX] for start in range(0, len(content), PREFIX)]
    lengths = [row["OPTIONS"] for row in settings.AUTH_PASSWORD_VALIDATORS if "MinimumLength" in row["NAME"]]

    assert (len(set(known)), known == sorted(known), lengths) == (43_940, True, [{"min_length": SHORTEST}])


def test_passwords_are_masked_and_a_manager_may_fill_them_in() -> None:
    typed = [
        (kind.__name__, name, type(field.widget), field.strip, field.widget.attrs["autocomplete"])
        for kind in (LoginForm, ConfirmForm, NewPasswordForm)
        for name, field in kind.base_fields.items()
        if "senha" in name or "password" in name or "nova" in name or "repet" in name
    ]
    assert typed == [
        ("LoginForm", "password", PasswordInput, False, "current-password"),
        ("ConfirmForm", "senha", PasswordInput, False, "current-password"),
        ("NewPasswordForm", "nova", PasswordInput, False, "new-password"),
        ("NewPasswordForm", "repetida", PasswordInput, False, "new-password"),
    ]
