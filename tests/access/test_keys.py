"""Security keys, against a key of our own making that signs as WebAuthn says."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from access.models import Fator
from tests.access.conftest import log_in
from tests.conftest import Cast

NEW, STEP = "/conta/segundo-fator/chave/", "/entrar/segundo-fator/"
SITE = "https://procon.example.org"
PRESENT = AuthenticatorData.FLAG.UP


@dataclass
class Key:
    """A key on a table: it holds one secret, counts, and signs what it is asked."""

    origin: str = SITE
    rp: str = "procon.example.org"
    counter: int = 0
    name: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    secret: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def _data(self, kind: str, asked: dict[str, Any]) -> tuple[CollectedClientData, bytes]:
        self.counter += 1
        challenge = websafe_decode(asked["publicKey"]["challenge"])
        return CollectedClientData.create(kind, challenge, self.origin), hashlib.sha256(self.rp.encode()).digest()

    def _said(self, **response: bytes) -> str:
        name = websafe_encode(self.name)
        told = {part: websafe_encode(value) for part, value in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": told})

    def make(self, asked: dict[str, Any]) -> str:
        client, rp = self._data("webauthn.create", asked)
        public = ES256.from_cryptography_key(self.secret.public_key())
        data = AttestedCredentialData.create(Aaguid(b"\0" * 16), self.name, public)
        auth = AuthenticatorData.create(rp, PRESENT | AuthenticatorData.FLAG.AT, self.counter, data)
        return self._said(clientDataJSON=client, attestationObject=AttestationObject.create("none", auth, {}))

    def show(self, asked: dict[str, Any], counter: int | None = None) -> str:
        client, rp = self._data("webauthn.get", asked)
        auth = AuthenticatorData.create(rp, PRESENT, self.counter if counter is None else counter)
        signature = self.secret.sign(auth + client.hash, ec.ECDSA(SHA256()))
        return self._said(clientDataJSON=client, authenticatorData=auth, signature=signature)


@pytest.fixture(autouse=True)
def _site(setting) -> None:
    setting(SITE=SITE)


def question(client: Client, page: str) -> dict[str, Any]:
    return json.loads(client.get(page).context["pergunta"])


def enrol(client: Client, key: Key, nome: str = "chave azul"):
    return client.post(NEW, {"nome": nome, "resposta": key.make(question(client, NEW))})


@pytest.fixture
def key(client: Client, cast: Cast) -> Key:
    """Bruno's key, enrolled; the client is logged out again."""
    key = Key()
    log_in(client)
    assert "Códigos de recuperação" in enrol(client, key).content.decode()
    client.logout()
    return key


def test_a_key_lets_in(client: Client, key: Key) -> None:
    log_in(client, next="/prazos/")
    answer = client.post(STEP, {"resposta": key.show(question(client, STEP))})
    assert answer["Location"] == "/prazos/"
    assert client.get("/").status_code == 200
    assert (Fator.objects.get().nome, Fator.objects.get().contador) == ("chave azul", 2)


def test_an_answer_is_good_for_its_question_alone(client: Client, key: Key) -> None:
    log_in(client)
    old = question(client, STEP)
    question(client, STEP)
    assert client.post(STEP, {"resposta": key.show(old)}).status_code == 200
    said = key.show(question(client, STEP))
    assert client.post(STEP, {"resposta": said}).status_code == 302
    other = Client()
    log_in(other)
    other.get(STEP)
    assert other.post(STEP, {"resposta": said}).status_code == 200


def test_a_copied_key_is_found_by_its_counter(client: Client, key: Key) -> None:
    log_in(client)
    assert client.post(STEP, {"resposta": key.show(question(client, STEP), counter=1)}).status_code == 200
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("wrong", [{"origin": "https://evil.example"}, {"rp": "evil.example"}, {"name": b"x" * 16}])
def test_another_site_or_another_key_is_refused(client: Client, key: Key, wrong: dict[str, Any]) -> None:
    log_in(client)
    for name, value in wrong.items():
        setattr(key, name, value)
    assert client.post(STEP, {"resposta": key.show(question(client, STEP))}).status_code == 200
    assert client.get("/").status_code == 302


def test_a_stranger_with_the_same_name_is_refused(client: Client, key: Key) -> None:
    log_in(client)
    stranger = Key(name=key.name, counter=9)
    assert client.post(STEP, {"resposta": stranger.show(question(client, STEP))}).status_code == 200


TORN = ["{}", "[]", "x", '{"id": 1}', '{"rawId": "AA", "response": {"clientDataJSON": "AA"}}']


@pytest.mark.parametrize("torn", TORN)
def test_a_torn_answer_is_refused_and_counted(client: Client, key: Key, torn: str) -> None:
    log_in(client)
    assert [client.post(STEP, {"resposta": torn}).status_code for _ in range(5)] == [200, 200, 200, 200, 429]


@pytest.mark.parametrize("torn", TORN)
def test_a_torn_registration_is_refused(client: Client, cast: Cast, torn: str) -> None:
    log_in(client)
    client.get(NEW)
    assert (client.post(NEW, {"resposta": torn}).status_code, Fator.objects.count()) == (422, 0)


def test_a_key_belongs_to_one_person(client: Client, key: Key) -> None:
    log_in(client, "dora")
    refused = enrol(client, key)
    assert (refused.status_code, "já está cadastrada" in refused.content.decode()) == (409, True)


def test_a_second_key_brings_no_second_set_of_codes(client: Client, key: Key) -> None:
    log_in(client)
    client.post(STEP, {"resposta": key.show(question(client, STEP))})
    assert enrol(client, Key(), "reserva")["Location"] == "/conta/segundo-fator/"
    assert list(Fator.objects.values_list("nome", flat=True)) == ["chave azul", "reserva"]
