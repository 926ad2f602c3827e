"""Keys (WebAuthn): what the browser is asked, and whether its answer is true. The library is Yubico's fido2."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from access.models import Fator
from access.sealing import unseal
from accounts.models import User

State = dict[str, Any]
#: What the library raises for an answer that is torn, forged, or of another page.
_FALSE = (ValueError, TypeError, LookupError, AttributeError, AssertionError, ArithmeticError, NotImplementedError,
          RecursionError, struct.error)  # fmt: skip


def registration_options(user: User, known: Iterable[Fator]) -> tuple[str, State]:
    """What the browser is asked to make a new key (JSON), and what is kept until it answers."""
    asked, state = _server().register_begin(
        PublicKeyCredentialUserEntity(id=f"procon-{user.pk}".encode(), name=user.usuario, display_name=user.nome),
        _credentials(known),
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return json.dumps(dict(asked)), state


def registered(state: State, answer: str) -> tuple[str, str, int] | None:
    """The new key's name, its public part, its counter; None where the answer is not true."""
    try:
        made = _server().register_complete(state, RegistrationResponse.from_dict(json.loads(answer)))
    except _FALSE:
        return None
    data = made.credential_data
    if data is None:
        return None
    return websafe_encode(data.credential_id), websafe_encode(bytes(data)), made.counter


def authentication_options(known: Iterable[Fator]) -> tuple[str, State]:
    """What the browser is asked to show one of these keys (JSON), and what is kept until it answers."""
    asked, state = _server().authenticate_begin(
        _credentials(known), user_verification=UserVerificationRequirement.PREFERRED
    )
    return json.dumps(dict(asked)), state


def authenticated(state: State, answer: str, known: Iterable[Fator]) -> tuple[Fator, int] | None:
    """Which key answered, and its counter; None where the answer is not true."""
    keys = list(known)
    try:
        said = AuthenticationResponse.from_dict(json.loads(answer))
        found = _server().authenticate_complete(state, _credentials(keys), said)
    except _FALSE:
        return None
    name = websafe_encode(found.credential_id)
    fator = next((key for key in keys if key.credencial == name), None)
    return (fator, said.response.authenticator_data.counter) if fator else None


def _server() -> Fido2Server:
    host = urlsplit(settings.PROCON["SITE"]).hostname or "localhost"
    return Fido2Server(PublicKeyCredentialRpEntity(id=host, name=settings.PROCON["NOME"]), verify_origin=_ours)


def _ours(origin: str) -> bool:
    site = urlsplit(settings.PROCON["SITE"])
    return origin == f"{site.scheme}://{site.netloc}"


def _credentials(known: Iterable[Fator]) -> list[AttestedCredentialData]:
    opened = (unseal(key.segredo) for key in known if key.tipo == Fator.Tipo.CHAVE)
    return [AttestedCredentialData(websafe_decode(text)) for text in opened if text]
