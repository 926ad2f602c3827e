"""Codes by time (RFC 6238), recovery codes as people type them, and browsers in words."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
import struct
from urllib.parse import quote, urlencode

#: Seconds of one step, digits of one code, steps of clock error that are let through either way.
STEP, DIGITS, DRIFT = 30, 6, 1
#: Without the signs that people mix up.
_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def new_secret() -> str:
    """A secret of 160 bits, in base32 as the applications take it."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_of(secret: str, step: int) -> str:
    """The code of one step (RFC 4226, HMAC-SHA-1, as every application knows it)."""
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", step), "sha1").digest()
    start = mac[-1] & 15
    number = struct.unpack(">I", mac[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(secret: str, code: str, moment: float) -> int | None:
    """The step whose code this is, at `moment` (seconds since 1970) or one step off; None where it is no such code."""
    typed = re.sub(r"\s", "", code)
    now = int(moment // STEP)
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(code_of(secret, step).encode(), typed.encode()):
            return step
    return None


def enrolment_address(secret: str, person: str, office: str) -> str:
    """What the QR code says to the application."""
    office = office.replace(":", " ")
    asked = urlencode({"secret": secret, "issuer": office, "digits": DIGITS, "period": STEP}, quote_via=quote)
    return f"otpauth://totp/{quote(f'{office}:{person}')}?{asked}"


def in_fours(text: str) -> str:
    """A long code as it is easily typed."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def new_recovery_code(length: int) -> str:
    """A recovery code without dashes."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def recovery_code(typed: str, length: int) -> str:
    """The code that somebody typed in their own way; empty where it can be none."""
    bare = re.sub(r"[\s-]", "", typed).upper()
    return bare if len(bare) == length and set(bare) <= set(_ALPHABET) else ""


_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"))
_LATER = (("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_in_words(agent: str) -> str:
    """«Firefox no Windows»; «navegador desconhecido» where the browser does not tell."""
    browser = next((name for sign, name in (*_BROWSERS, *_LATER) if f"{sign}/" in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return " no ".join(filter(None, (browser, system))) or "navegador desconhecido"
