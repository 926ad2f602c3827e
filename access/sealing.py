"""Sealing what must lie in the database but be read by this program alone. The key follows from SECRET_KEY."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def seal(text: str) -> str:
    """The text, encrypted and signed."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """The text that was sealed; None where it was altered, or sealed under a key that is gone."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _box() -> MultiFernet:
    return MultiFernet([_lock(str(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _lock(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hmac.new(key.encode(), b"procon.access.sealing", hashlib.sha256).digest()))
