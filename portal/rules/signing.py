"""Standard Webhooks (standardwebhooks.com): three headers by which a receiver knows who sent what, and when."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

PREFIX = "whsec_"


def new_secret() -> str:
    """A fresh secret of 256 random bits, as it is shown."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed(body: bytes, *, identity: str, seconds: int, keys: Sequence[str]) -> dict[str, str]:
    """The headers of one try at `seconds` (Unix time), signed with each key, the newest first."""
    message = f"{identity}.{seconds}.".encode() + body
    return {
        "webhook-id": identity,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(_signature(key, message) for key in keys),
    }


def _signature(key: str, message: bytes) -> str:
    digest = hmac.new(base64.b64decode(key.removeprefix(PREFIX)), message, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"
