"""How a variable's text becomes its value; what does not fit raises ValueError or KeyError."""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_network
from urllib.parse import urlsplit

UFS = frozenset(
    ["AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA", "PB", "PE", "PI", "PR", "RJ",
     "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO"]
)  # fmt: skip


def text(value: str) -> str:
    """Some text."""
    if not value.strip():
        raise ValueError
    return value.strip()


def matching(pattern: str) -> Callable[[str], str]:
    """Text of this shape."""

    def read(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError
        return value

    return read


def port(value: str) -> int:
    """A port's number."""
    number = int(value) if re.fullmatch(r"[0-9]{1,5}", value) else 0
    if not 1 <= number <= 65535:
        raise ValueError
    return number


def count(value: str) -> int:
    """A number from 1 to 999."""
    number = int(value) if re.fullmatch(r"[0-9]{1,3}", value) else 0
    if not number:
        raise ValueError
    return number


def between(least: int, most: int) -> Callable[[str], int]:
    """A number within these bounds, both in."""

    def read(value: str) -> int:
        number = int(value) if re.fullmatch(r"[0-9]{1,4}", value) else -1
        if not least <= number <= most:
            raise ValueError
        return number

    return read


def second_factor(value: str) -> str:
    """Whether papéis with power need a second factor."""
    if value not in ("", "obrigatorio", "opcional"):
        raise ValueError
    return value


def antivirus(value: str) -> str:
    """Where clamd listens: a socket's path, or host and port."""
    if not re.fullmatch(r"/\S+|(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}", value):
        raise ValueError
    if not value.startswith("/"):
        port(value.rpartition(":")[2])
    return value


def flag(value: str) -> bool:
    """A yes or no."""
    return {"0": False, "1": True}[value]


def uf(value: str) -> str:
    """A state."""
    if value not in UFS:
        raise ValueError
    return value


def address(*schemes: str) -> Callable[[str], str]:
    """An address with one of these schemes."""

    def read(value: str) -> str:
        parts = urlsplit(value)
        _ = parts.port  # raises ValueError when it is no number
        if parts.scheme not in schemes or not (parts.hostname or parts.path.strip("/") or parts.query):
            raise ValueError
        return value

    return read


def database(value: str) -> str:
    """A PostgreSQL's address; several servers may be named, separated by commas, as libpq takes them."""
    parts = urlsplit(value)
    servers = parts.netloc.rpartition("@")[2]
    fit = all(re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:,]*)(:[0-9]{1,5})?", server) for server in servers.split(","))
    if parts.scheme not in ("postgres", "postgresql") or not fit:
        raise ValueError
    if not (servers or parts.path.strip("/") or parts.query):
        raise ValueError
    return value


def optional(read: Callable[[str], str]) -> Callable[[str], str]:
    """The same, or nothing."""
    return lambda value: read(value) if value else ""


def names(value: str) -> tuple[str, ...]:
    """Names separated by commas."""
    return tuple(name.strip() for name in value.split(",") if name.strip())


def keys(value: str) -> tuple[str, ...]:
    """Secrets separated by commas, each as long as one that is in use must be."""
    found = names(value)
    if not all(re.fullmatch(r"\S{32,}", key) for key in found):
        raise ValueError
    return found


def quiet(value: str) -> str:
    """Hours in which nobody is woken, or «nenhum»."""
    clock = r"([01][0-9]|2[0-3]):[0-5][0-9]"
    begin, _, end = value.partition("-")
    if value != "nenhum" and not (re.fullmatch(f"{clock}-{clock}", value) and begin != end):
        raise ValueError
    return value


def folder(value: str) -> str:
    """A whole path."""
    if not value.startswith("/"):
        raise ValueError
    return value


def gateway(value: str) -> str:
    """Names and telephone numbers go there, so it is TLS, or this very machine."""
    parts = urlsplit(address("http", "https")(value))
    if not parts.hostname or parts.username or parts.fragment:
        raise ValueError
    if parts.scheme == "http" and parts.hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise ValueError
    return value


def networks(value: str) -> tuple[str, ...]:
    """Networks separated by commas."""
    return tuple(str(ip_network(name)) for name in names(value))


def bucket(value: str) -> str:
    """A bucket's address: s3://key:secret@server/bucket/prefix?regiao=…, key and secret both or neither."""
    parts = urlsplit(address("s3", "s3+http")(value))
    names = parts.path.strip("/").split("/")
    fit = re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", names[0])
    prefix = all(re.fullmatch(r"[A-Za-z0-9_-]+", name) for name in names[1:])
    query = re.fullmatch(r"(regiao=[a-z0-9-]+)?", parts.query)
    if not (parts.hostname and fit and prefix and query) or bool(parts.username) != bool(parts.password):
        raise ValueError
    return value


def leads(value: str) -> tuple[str, ...]:
    """How long before: days, hours or minutes, separated by commas."""
    leads = names(value)
    if not all(re.fullmatch(r"[1-9][0-9]{0,2}[dhm]", lead) for lead in leads):
        raise ValueError
    return leads
