"""The door shuts for a name, for an address, for both; whoever is known there is not shut out by strangers."""

from __future__ import annotations

from axes.models import AccessAttempt
from django.test import Client

from access.conf import ACCOUNT_LIMIT, ADDRESS_LIMIT
from tests.access.conftest import log_in
from tests.conftest import Cast


def fail(usuario: str, address: str, times: int, **headers: str) -> int:
    client, status = Client(REMOTE_ADDR=address, headers=headers), 0
    for _ in range(times):
        status = log_in(client, usuario, "errada").status_code
    return status


def failed(usuario: str, address: str, times: int) -> None:
    """So many errors of this name at this address, as the door's own count has them."""
    AccessAttempt.objects.create(
        username=usuario, ip_address=address, user_agent="x", failures_since_start=times, path_info="/entrar/"
    )


def test_a_name_attacked_from_many_addresses_is_shut(cast: Cast) -> None:
    for number in range(ACCOUNT_LIMIT // 4):
        failed("bruno", f"203.0.113.{number + 1}", 4)
    locked = log_in(Client(REMOTE_ADDR="198.51.100.1"))
    assert (locked.status_code, "vindo de vários lugares" in locked.content.decode()) == (429, False)
    assert "vindos de vários lugares" in locked.content.decode()
    assert log_in(Client(REMOTE_ADDR="198.51.100.1"), "dora").status_code == 302


def test_its_owner_still_comes_in_from_where_they_always_do(cast: Cast) -> None:
    desk = "10.0.0.5"
    log_in(Client(REMOTE_ADDR=desk))
    for number in range(ACCOUNT_LIMIT // 4):
        failed("bruno", f"203.0.113.{number + 1}", 4)
    assert log_in(Client(REMOTE_ADDR=desk)).status_code == 302


def test_an_address_that_tries_many_names_is_shut_for_strangers_only(cast: Cast) -> None:
    office = "10.0.0.5"
    log_in(Client(REMOTE_ADDR=office), "dora")
    for number in range(ADDRESS_LIMIT // 4):
        failed(f"nome{number}", office, 4)
    locked = log_in(Client(REMOTE_ADDR=office))
    assert (locked.status_code, "a partir desta rede" in locked.content.decode()) == (429, True)
    assert log_in(Client(REMOTE_ADDR=office), "dora").status_code == 302
    assert log_in(Client(REMOTE_ADDR="10.0.0.6")).status_code == 302


def test_a_forged_header_counts_for_nothing_without_proxies(cast: Cast) -> None:
    for number in range(5):
        status = fail("bruno", "203.0.113.9", 1, **{"X-Forwarded-For": f"198.51.100.{number}"})
    assert status == 429


def test_a_forged_entry_counts_for_nothing_behind_a_proxy(cast: Cast, setting) -> None:
    setting(PROXIES=1)
    for number in range(5):
        status = fail("bruno", "10.0.0.2", 1, **{"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.9"})
    assert status == 429
    here = Client(REMOTE_ADDR="10.0.0.2", headers={"X-Forwarded-For": "203.0.113.10"})
    assert log_in(here).status_code == 302


def test_a_wrong_count_of_proxies_shuts_one_name_not_the_office(cast: Cast, setting) -> None:
    """Everybody seems to sit at the proxy's address: one name's errors stay that name's, and who is known comes in."""
    setting(PROXIES=0)
    proxy = Client(REMOTE_ADDR="10.0.0.2")
    log_in(proxy, "dora")
    assert fail("bruno", "10.0.0.2", 5) == 429
    assert log_in(Client(REMOTE_ADDR="10.0.0.2"), "carla").status_code == 302
    for number in range(ADDRESS_LIMIT // 4):
        failed(f"nome{number}", "10.0.0.2", 4)
    assert [log_in(Client(REMOTE_ADDR="10.0.0.2"), who).status_code for who in ("dora", "carla")] == [302, 302]
