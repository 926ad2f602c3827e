"""When to try again: as a table."""

from __future__ import annotations

from datetime import timedelta

import pytest

from notifications.rules import MAX_TRIES, masked, next_try
from tests.conftest import NOW


@pytest.mark.parametrize(
    ("done", "minutes"), [(1, 1), (2, 2), (3, 5), (4, 10), (5, 20), (6, 40), (7, 60), (MAX_TRIES - 1, 60)]
)
def test_waits_grow_to_an_hour(done: int, minutes: int) -> None:
    assert next_try(done=done, now=NOW, cut_off=None) == NOW + timedelta(minutes=minutes)


def test_the_last_try_is_the_last() -> None:
    assert next_try(done=MAX_TRIES, now=NOW, cut_off=None) is None


def test_all_waits_together_outlive_an_outage_of_two_days() -> None:
    moment, done = NOW, 1
    while (due := next_try(done=done, now=moment, cut_off=None)) is not None:
        moment, done = due, done + 1

    assert moment - NOW == timedelta(hours=48, minutes=18)


@pytest.mark.parametrize(
    ("left", "wait"),
    [(timedelta(hours=8), 60), (timedelta(hours=2), 30), (timedelta(minutes=8), 2), (timedelta(minutes=2), 1)],
)
def test_near_the_cut_off_the_waits_shrink(left: timedelta, wait: int) -> None:
    assert next_try(done=20, now=NOW, cut_off=NOW + left) == NOW + timedelta(minutes=wait)


def test_nothing_is_planned_at_or_past_the_cut_off() -> None:
    assert next_try(done=1, now=NOW, cut_off=NOW + timedelta(minutes=1)) is None


@pytest.mark.parametrize(
    ("address", "shown"), [("ana@example.org", "a•••@example.org"), ("@x", "•••@x"), ("", "•••"), ("11999", "1•••")]
)
def test_addresses_are_masked(address: str, shown: str) -> None:
    assert masked(address) == shown
