"""The tracking key: shown once to whoever registers a case, stored only as a hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets

#: Crockford's alphabet: no I, L, O or U, so that a key copied by hand survives.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MEANT = str.maketrans("ILO", "110")
_LENGTH = 20  # a hundred bits
#: What is compared when a case has no key or does not exist, so that the work is the same.
_NOBODY = hashlib.sha256(secrets.token_bytes(32)).hexdigest()


def new_key() -> str:
    """A fresh key, in groups of five: 7K2QM-…"""
    chars = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return "-".join(chars[start : start + 5] for start in range(0, _LENGTH, 5))


def hash_key(key: str) -> str:
    """The stored form of a key; groups, blanks, case and look-alike letters do not matter.

    A plain SHA-256 suffices: a hundred random bits cannot be guessed, however fast the hash.
    """
    chars = "".join(char for char in key.upper() if char.isalnum()).translate(_MEANT)
    return hashlib.sha256(chars.encode("utf-8", "surrogatepass")).hexdigest()


def key_matches(key: str, stored_hash: str) -> bool:
    """Whether `key` opens a case with this hash; takes the same time whether there is a hash or none ("")."""
    return hmac.compare_digest(hash_key(key), stored_hash or _NOBODY)
