"""The line to a receiver: time, certificates, and names that lead elsewhere. Real sockets on this machine."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.rules.addresses import networks_of, target_of
from portal.transport import Outcome, Unreachable, addresses_of, post

HERE = networks_of(["127.0.0.0/8"])
SHORT = 0.4
LATE = Outcome(taken=False, answer="O servidor não respondeu em 0 segundos.", outage=True)


@contextmanager
def talking(talk: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that speaks to one caller as `talk` does; its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            try:
                line, _ = server.accept()
                with line:
                    talk(line)
            except OSError:
                return

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


def send(port: int, scheme: str = "http", host: str = "127.0.0.1") -> Outcome:
    return post(target_of(f"{scheme}://{host}:{port}/a"), b"{}", {"webhook-id": "msg_1"}, allowed=HERE)


def say(line: socket.socket, *parts: bytes, pause: float = 0.0) -> None:
    line.recv(65536)
    for part in parts:
        line.sendall(part)
        time.sleep(pause)


def drip(text: bytes) -> Callable[[socket.socket], None]:
    return lambda line: say(line, *[bytes([char]) for char in text * 100], pause=SHORT / 20)


@pytest.mark.parametrize(
    "talk",
    [
        lambda line: time.sleep(3 * SHORT),
        drip(b"HTTP/1.1 200 OK"),
        lambda line: drip(b"X-A: b\r\n")(line) if line.sendall(b"HTTP/1.1 200 OK\r\n") is None else None,
        lambda line: drip(b"HTTP/1.1 100 Continue\r\n\r\n")(line),
    ],
    ids=["silence", "status", "headers", "continue"],
)
def test_a_server_that_hangs_or_drips_gains_no_time(
    monkeypatch: pytest.MonkeyPatch, talk: Callable[[socket.socket], None]
) -> None:
    monkeypatch.setattr("portal.transport.SECONDS", SHORT)
    with talking(talk) as port:
        assert send(port) == LATE


def test_an_endless_body_is_not_read() -> None:
    endless = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_000
    with talking(lambda line: say(line, *[endless] * 100)) as port:
        assert send(port) == Outcome(taken=True, answer="HTTP 200")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        (b"", "A conversa se interrompeu (RemoteDisconnected)."),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "A conversa se interrompeu (BadStatusLine)."),
        (b"HTTP/1.1 200 \x00\r\n" + b"A" * 70_000, "A conversa se interrompeu (LineTooLong)."),
    ],
)
def test_what_is_no_http_is_told(said: bytes, answer: str) -> None:
    with talking(lambda line: say(line, said)) as port:
        assert send(port).answer == answer


def test_what_is_asked_is_one_plain_request() -> None:
    asked: list[bytes] = []

    def talk(line: socket.socket) -> None:
        asked.append(line.recv(65536))
        line.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with talking(talk) as port:
        assert send(port).taken
    assert asked == [
        f"POST /a HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nwebhook-id: msg_1\r\nContent-Length: 2\r\n"
        "Connection: close\r\n\r\n{}".encode()
    ]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost that signs itself, and its key."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name, public_key=key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(secret)
    return folder / "cert.pem", folder / "key.pem"


@contextmanager
def secure(certificate: tuple[Path, Path]) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)

    def talk(line: socket.socket) -> None:
        with context.wrap_socket(line, server_side=True) as spoken:
            say(spoken, b"HTTP/1.1 204 No Content\r\n\r\n")

    with talking(talk) as port:
        yield port


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: tuple[Path, Path]) -> None:
    with secure(certificate) as port:
        outcome = send(port, "https", "localhost")

    assert outcome == Outcome(
        taken=False,
        answer="A conexão segura falhou: confira o certificado do servidor (self-signed certificate).",
        outage=True,
    )


@pytest.mark.parametrize(("host", "taken"), [("localhost", True), ("127.0.0.1", False)])
def test_the_certificate_must_be_of_the_name_though_the_line_goes_to_a_number(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, host: str, taken: bool
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with secure(certificate) as port:
        assert send(port, "https", host).taken is taken


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What the system's resolver answers, one answer after the other."""
    answers: list[list[str]] = []

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        found = answers.pop(0)
        if not found:
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr("portal.transport.socket.getaddrinfo", getaddrinfo)
    return answers


def test_a_name_that_leads_inside_is_refused_at_each_try(names: list[list[str]]) -> None:
    names += [["8.8.8.8"], ["8.8.8.8", "10.0.0.7"]]
    target = target_of("https://avisos.example.org/")

    assert [str(one) for one in addresses_of(target, allowed=HERE)] == ["8.8.8.8"]
    outcome = post(target, b"{}", {}, allowed=HERE)
    assert (outcome.taken, outcome.outage) == (False, True)
    assert outcome.answer.startswith("O nome avisos.example.org leva a 10.0.0.7, que não é")
    assert names == []


def test_the_line_goes_to_the_address_that_was_checked(names: list[list[str]]) -> None:
    with talking(lambda line: say(line, b"HTTP/1.1 204 No Content\r\n\r\n")) as port:
        names += [["127.0.0.1"], ["10.0.0.7"]]
        assert send(port, host="avisos.example.org").taken
    assert names == [["10.0.0.7"]]  # asked once, before the line


def test_a_name_that_nobody_knows_is_told(names: list[list[str]]) -> None:
    names.append([])

    with pytest.raises(Unreachable, match="não foi encontrado na internet"):
        addresses_of(target_of("https://avisos.example.org/"), allowed=HERE)
