"""CPF, CNPJ, CEP and names as text: reading, checking, masking. Pure.

CNPJ is alphanumeric since July 2026 (IN RFB 2.229/2024): twelve positions of [0-9A-Z] and two numeric check digits.
"""

from __future__ import annotations

import re
import unicodedata

from stdnum.br import cnpj as stdnum_cnpj
from stdnum.br import cpf as stdnum_cpf
from stdnum.exceptions import ValidationError

_MARKS = re.compile(r"[.\-/\s]")


def strip_marks(text: str) -> str:
    """A CPF or CNPJ as typed, without points, dashes, strokes and spaces; not yet checked."""
    return _MARKS.sub("", text)


def clean_cpf(text: str) -> str:
    """Eleven digits of a valid CPF, given with or without mask. Raises ValueError in Portuguese."""
    digits = strip_marks(text)
    try:
        if not re.fullmatch(r"[0-9]{11}", digits) or len(set(digits)) == 1:
            raise ValueError
        return stdnum_cpf.validate(digits)
    except (ValidationError, ValueError):
        raise ValueError("CPF inválido. Confira os 11 números no documento.") from None


def clean_cnpj(text: str) -> str:
    """Fourteen upper-case characters of a valid CNPJ, given with or without mask. Raises ValueError in Portuguese."""
    chars = strip_marks(text).upper()
    try:
        if not re.fullmatch(r"[0-9A-Z]{12}[0-9]{2}", chars) or len(set(chars)) == 1:
            raise ValueError
        return stdnum_cnpj.validate(chars)
    except (ValidationError, ValueError):
        raise ValueError("CNPJ inválido. Confira as 14 posições (letras são aceitas nas 12 primeiras).") from None


def clean_cep(text: str) -> str:
    """Eight digits of a CEP; a lost leading zero is put back (Greater São Paulo's begin with 0)."""
    digits = re.sub(r"[.\-\s]", "", text)
    if not re.fullmatch(r"[0-9]{7,8}", digits):
        raise ValueError("CEP inválido. Escreva os 8 números, como em 08570-000.")
    return digits.zfill(8)


def mask_cpf(cpf: str | None) -> str:
    """A CPF for lists and logs: only the middle digits show, as in ***.444.777-**."""
    return f"***.{cpf[3:6]}.{cpf[6:9]}-**" if cpf else "não informado"


def format_cpf(cpf: str | None) -> str:
    """A CPF with its mask, in full; only for the file of whoever may read it."""
    return f"{cpf[:3]}.{cpf[3:6]}.{cpf[6:9]}-{cpf[9:]}" if cpf else ""


def format_cnpj(cnpj: str | None) -> str:
    """A CNPJ with its mask: 12.ABC.345/01DE-35."""
    return f"{cnpj[:2]}.{cnpj[2:5]}.{cnpj[5:8]}/{cnpj[8:12]}-{cnpj[12:]}" if cnpj else ""


def normalise_name(text: str) -> str:
    """Lower case, no accents, marks as single spaces: how names are compared and searched.

    parties_normalizar (migration 0002) says the same in SQL; a test compares the two over the whole alphabet.
    """
    plain = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text))
    return re.sub("[^0-9a-z]+", " ", plain.lower()).strip()
