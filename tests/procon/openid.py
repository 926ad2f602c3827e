"""A small provider of OpenID Connect on this machine: authorization code with PKCE, signed identity, userinfo."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "procon", "segredo-do-procon"


@dataclass
class Provider:
    """Whom it lets in (`claims`), and what it was asked."""

    url: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    other_subject: bool = False
    #: What the identity says otherwise than it must, and the name that the description gives the issuer.
    wrong: dict[str, Any] = field(default_factory=dict)
    issuer: str = ""
    given: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    #: How the identity is signed: by another's key, by another way, under another key's name.
    signed: dict[str, Any] = field(default_factory=dict)
    #: The keys' address answers with a redirection.
    moved: bool = False

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is led: back, with a code that is good once."""
        if asked["client_id"] != CLIENT or asked["code_challenge_method"] != "S256" or "openid" not in asked["scope"]:
            raise ValueError(asked)
        code = secrets.token_urlsafe(16)
        self.given[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, asked: dict[str, str], authorization: str) -> dict[str, Any]:
        """The identity in exchange for the code, to who knows the secret and the verifier."""
        begun = self.given.pop(asked["code"])
        digest = hashlib.sha256(asked["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != begun["code_challenge"]:
            raise ValueError("verifier")
        basic = f"Basic {base64.b64encode(f'{CLIENT}:{SECRET}'.encode()).decode()}"
        if authorization != basic and asked.get("client_secret") != SECRET:
            raise ValueError("secret")
        now = int(time.time())
        subject = "outra pessoa" if self.other_subject else self.claims["sub"]
        issuer = self.issuer or self.url
        claims = {**self.claims, "sub": subject, "iss": issuer, "aud": CLIENT, "iat": now, "exp": now + 60} | self.wrong
        access = secrets.token_urlsafe(16)
        self.tokens[access] = self.claims
        how = {"key": self.key, "algorithm": "RS256", "headers": {"kid": "k1"}} | self.signed
        return {"access_token": access, "token_type": "Bearer", "id_token": jwt.encode(claims, **how)}

    def keys(self) -> dict[str, Any]:
        """/jwks."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "k1", "use": "sig", "alg": "RS256"}]}

    def described(self) -> dict[str, Any]:
        """/.well-known/openid-configuration."""
        names = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        return {
            "issuer": self.issuer or self.url,
            **{f"{name}_endpoint": f"{self.url}/{path}" for name, path in names.items()},
            "jwks_uri": f"{self.url}/{'moved' if self.moved else 'jwks'}",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }


@contextmanager
def provider() -> Iterator[Provider]:
    """One that runs for the time of a test."""
    told = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path in ("/authorize", "/moved"):
                self.send_response(302)
                self.send_header("Location", told.authorize(asked) if asked else f"{told.url}/jwks")
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif parts.path == "/jwks":
                self._answer(told.keys())
            elif parts.path == "/userinfo":
                self._answer(told.tokens[self.headers["Authorization"].removeprefix("Bearer ")])
            else:
                self._answer(told.described())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked = {name: values[0] for name, values in parse_qs(body).items()}
            self._answer(told.token(asked, self.headers.get("Authorization", "")))

        def _answer(self, body: dict[str, Any]) -> None:
            raw = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
