"""Whose address a request comes from, behind as many proxies as PROCON_PROXIES says."""

from __future__ import annotations

from ipaddress import ip_address


def client_address(remote: str, forwarded: str, proxies: int) -> str:
    """The client's address: `remote` without proxies; else the entry that the outermost of them wrote.

    Each proxy adds the address of who spoke to it at the right of X-Forwarded-For; what stands further left was written
    by the client and proves nothing. Where the entry is missing or is no address, `remote` stands.
    """
    entries = [entry.strip() for entry in forwarded.split(",") if entry.strip()]
    if not proxies or len(entries) < proxies:
        return remote
    try:
        return str(ip_address(entries[-proxies].strip("[]")))
    except ValueError:
        return remote
