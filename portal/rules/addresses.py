"""Where a webhook may go: what its address may look like, and which machines it may lead to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST = 500
PORTS = {443, 8443}
_STANDARD = {"https": 443, "http": 80}
#: RFC 3986, 2: whatever else stands in an address is read in two ways by somebody.
_CHARACTERS = re.compile(r"[A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%#-]+")
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?\.?")
_UNICAST = ip_network("2000::/3")
#: Inside the unicast space, but leading elsewhere: 6to4, documentation.
_NOWHERE = (ip_network("2002::/16"), ip_network("3fff::/20"))
_RELAY = ip_network("192.88.99.0/24")

TEXTS = {
    "shape": "Escreva um endereço inteiro, como em https://portal.cidade.sp.gov.br/avisos, sem espaço nem acento.",
    "long": f"O endereço passa de {LONGEST} caracteres. Encurte-o.",
    "credentials": "Retire o usuário e a senha do endereço: quem recebe confere a assinatura, e não uma senha.",
    "fragment": "Retire o «#» e o que vem depois dele: essa parte não chega ao servidor.",
    "https": "Use https: sem ele o aviso passaria aberto pela rede.",
    "port": "Use a porta 443 ou a 8443; outras não são de servidores de web.",
}


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart; `url` is how it is kept, and the only form in which it is compared."""

    secure: bool
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host, and the port where it is not the scheme's own, as the Host header has it."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return shown if self.port == _STANDARD[self.scheme] else f"{shown}:{self.port}"

    @property
    def scheme(self) -> str:
        """How one speaks to it."""
        return "https" if self.secure else "http"

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.scheme}://{self.authority}{self.path}"


def target_of(text: str) -> Target:
    """Take an address apart. Raises ValueError with a sentence about what is wrong with its form."""
    if len(text) > LONGEST:
        raise ValueError(TEXTS["long"])
    if not _CHARACTERS.fullmatch(text):
        raise ValueError(TEXTS["shape"])
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").removesuffix("."), parts.port
    except ValueError:
        raise ValueError(TEXTS["shape"]) from None
    if parts.scheme not in _STANDARD or not _is_host(host, parts.netloc) or port == 0:
        raise ValueError(TEXTS["shape"])
    if "@" in parts.netloc:
        raise ValueError(TEXTS["credentials"])
    if "#" in text:
        raise ValueError(TEXTS["fragment"])
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme == "https", host, port or _STANDARD[parts.scheme], path)


def refusal(target: Target, found: Sequence[Address], allowed: Sequence[Network]) -> str:
    """Why nothing is sent to these addresses of the target's host; "" where all of them may be spoken to.

    Inside a network that the office allowed anything goes: plain http, any port.
    """
    strangers = [one for one in found if not any(_within(one, network) for network in allowed)]
    if not strangers:
        return ""
    inner = next((one for one in strangers if not is_public(one)), None)
    if inner is not None:
        lead = "O endereço é" if str(inner) == target.host else f"O nome {target.host} leva a"
        return (
            f"{lead} {inner}, que não é um endereço público da internet. Use um servidor público, ou peça ao Procon "
            "que permita a rede dele (PROCON_WEBHOOKS_PRIVADOS)."
        )
    if not target.secure:
        return TEXTS["https"]
    return "" if target.port in PORTS else TEXTS["port"]


def is_public(address: Address) -> bool:
    """Whether anybody on the internet reaches this address, and it stands for no other one."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        return address in _UNICAST and address.is_global and not any(_within(address, one) for one in _NOWHERE)
    plain = address.is_global and not address.is_multicast and not address.is_reserved
    return plain and address not in _RELAY


def networks_of(names: Sequence[str]) -> list[Network]:
    """The networks named as 10.20.0.0/16. Raises ValueError."""
    return [ip_network(name) for name in names]


def _within(address: Address, network: Network) -> bool:
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.version == network.version and address in network


def _is_host(host: str, netloc: str) -> bool:
    if "[" not in netloc:
        return bool(_NAME.fullmatch(host))
    try:
        return isinstance(ip_address(host), IPv6Address)
    except ValueError:
        return False
