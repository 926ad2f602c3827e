"""Addresses, waits and signatures of webhooks, without a database."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address

import pytest

from portal.rules.addresses import LONGEST, TEXTS, is_public, networks_of, refusal, target_of
from portal.rules.retries import next_try
from portal.rules.signing import new_secret, signed
from tests.conftest import NOW

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://portal.example.org", "https://portal.example.org/"),
        ("HTTPS://Portal.Example.org:443/a?b=c", "https://portal.example.org/a?b=c"),
        ("https://portal.example.org.:8443/a", "https://portal.example.org:8443/a"),
        ("http://10.0.0.1:8080/a", "http://10.0.0.1:8080/a"),
        ("https://[2606:4700::1111]/", "https://[2606:4700::1111]/"),
    ],
)
def test_an_address_is_kept_in_one_form(typed: str, kept: str) -> None:
    assert target_of(typed).url == kept
    assert target_of(kept).url == kept


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "shape"),
        ("portal.example.org/a", "shape"),
        ("ftp://portal.example.org/", "shape"),
        ("https:///a", "shape"),
        ("https://portal.example.org:0/", "shape"),
        ("https://portal.example.org:99999/", "shape"),
        ("https://portal.example.org:x/", "shape"),
        ("https://portal.example.org/a\nHost: outro", "shape"),
        ("https://portal.example.org/a b", "shape"),
        ("https://portal.example.org/\r\n", "shape"),
        ("https://portal.example.org\\@127.0.0.1/", "shape"),
        ("https://avisos.itaquá.example.org/", "shape"),
        ("https://-a.example.org/", "shape"),
        ("https://[::1/", "shape"),
        ("https://[v1.a]/", "shape"),
        ("https://a%2eb/", "shape"),
        ("https://usuario:senha@portal.example.org/", "credentials"),
        ("https://usuario@portal.example.org/", "credentials"),
        ("https://@portal.example.org/", "credentials"),
        ("https://portal.example.org/#a", "fragment"),
        ("https://portal.example.org/#", "fragment"),
        (f"https://portal.example.org/{'a' * LONGEST}", "long"),
    ],
)
def test_an_address_of_another_form_is_refused(typed: str, said: str) -> None:
    with pytest.raises(ValueError) as refused:
        target_of(typed)

    assert str(refused.value) == TEXTS[said]


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "0.0.0.0", "169.254.169.254", "100.64.0.1"),
        *("224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "192.88.99.1"),
        *("::1", "::", "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1", "ff0e::1", "100::1", "5f00::1"),
        *("::ffff:10.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::10.0.0.1", "64:ff9b::a00:1"),
        *("2002:a00:1::", "2001:0:808:808::f5ff:fffe", "2001:db8::1", "3fff::1"),
    ],
)
def test_what_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "200.144.6.1", "2606:4700::1111", "2804:14c::1", "::ffff:8.8.8.8"])
def test_what_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("url", "found", "said"),
    [
        ("https://a.example.org/", ["8.8.8.8", "2606:4700::1111"], ""),
        ("https://a.example.org:8443/", ["8.8.8.8"], ""),
        ("https://a.example.org:22/", ["8.8.8.8"], TEXTS["port"]),
        ("http://a.example.org/", ["8.8.8.8"], TEXTS["https"]),
        ("http://a.example.org:5432/", ["10.20.0.9"], ""),
        ("http://a.example.org/", ["::ffff:10.20.0.9"], ""),
        ("http://a.example.org/", ["10.20.0.9", "8.8.8.8"], TEXTS["https"]),
    ],
)
def test_where_a_name_may_lead(url: str, found: list[str], said: str) -> None:
    allowed = networks_of(["10.20.0.0/16"])

    assert refusal(target_of(url), [ip_address(one) for one in found], allowed) == said


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    found = [ip_address("8.8.8.8"), ip_address("10.30.0.9")]

    said = refusal(target_of("https://a.example.org/"), found, networks_of(["10.20.0.0/16"]))

    assert said.startswith("O nome a.example.org leva a 10.30.0.9, que não é um endereço público da internet.")


def test_tries_go_on_for_three_days_with_growing_waits() -> None:
    at, waits = NOW, []
    while due := next_try(done=len(waits) + 1, first=NOW, now=at, chance=0.0):
        waits.append((due - at) / MINUTE)
        at = due

    assert waits == [1, 5, 15, 30, 60, 120, 240, *[360] * 10, 249]
    assert at == NOW + timedelta(days=3)


@pytest.mark.parametrize(
    ("done", "chance", "asked", "minutes"), [(1, 1.0, 0, 1.2), (1, 0.5, 0, 1.1), (1, 0.0, 600, 10), (3, 0.0, 60, 15)]
)
def test_chance_spreads_a_wait_and_the_receiver_may_make_it_longer(
    done: int, chance: float, asked: int, minutes: float
) -> None:
    due = next_try(done=done, first=NOW, now=NOW, chance=chance, asked=timedelta(seconds=asked))

    assert due == NOW + minutes * MINUTE


def test_headers_of_the_standard_s_own_example() -> None:
    body = b'{"test": 2432232314}'
    keys = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]

    headers = signed(body, identity="msg_p5jXN8AQM9LWM0D4loKWxJek", seconds=1614265330, keys=keys)

    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == ("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330")


def test_a_secret_has_256_bits_and_is_new_each_time() -> None:
    one, other = new_secret(), new_secret()

    assert (one != other, len(one), one[:6]) == (True, 50, "whsec_")
