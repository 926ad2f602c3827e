"""Sealing what must lie in the database but be read by this program alone.

AES-256-GCM, with a key that follows from SECRET_KEY. Each use has a purpose, and so a key of its own: what
was sealed for one is not opened as another.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

#: Says how it was sealed, so that another way may follow.
_KIND = "a256gcm."
_NONCE = 12
#: What the door itself seals: secrets of second factors, what was typed into a page whose session had ended.
DOOR = "procon.access.sealing"


def seal(text: str, purpose: str = DOOR) -> str:
    """The text, encrypted and authenticated."""
    nonce = secrets.token_bytes(_NONCE)
    packed = nonce + AESGCM(_key(settings.SECRET_KEY, purpose)).encrypt(nonce, text.encode(), None)
    return _KIND + base64.urlsafe_b64encode(packed).decode()


def unseal(sealed: str, purpose: str = DOOR) -> str | None:
    """The text that was sealed; None where it was altered, or sealed under a key that is gone."""
    kind, packed = sealed[: len(_KIND)], sealed[len(_KIND) :]
    try:
        content = base64.b64decode(packed, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    if kind != _KIND or len(content) <= _NONCE:
        return None
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return AESGCM(_key(key, purpose)).decrypt(content[:_NONCE], content[_NONCE:], None).decode()
        except InvalidTag:
            continue
    return None


def _key(secret: str, purpose: str) -> bytes:
    return hmac.new(secret.encode(), f"aes-256-gcm:{purpose}".encode(), hashlib.sha256).digest()
