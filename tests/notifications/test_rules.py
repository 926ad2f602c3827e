"""When to try again: as a table."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from notifications.rules import MAX_TRIES, Quiet, considerate, masked, next_try, parse_quiet
from tests.conftest import NOW, SAO_PAULO

NIGHT = Quiet(time(20), time(8), SAO_PAULO)


def local(day: int, clock: str) -> datetime:
    """A moment of March 2026, a month without any change of clocks."""
    return datetime.combine(date(2026, 3, day), time.fromisoformat(clock), SAO_PAULO)


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
    ("address", "shown"),
    [
        ("ana@example.org", "a•••@example.org"),
        ("@x", "•••@x"),
        ("", "•••"),
        ("11999", "1•••"),
        ("+5511912345678", "•••5678"),
    ],
)
def test_addresses_are_masked(address: str, shown: str) -> None:
    assert masked(address) == shown


def test_a_server_that_asks_for_time_gets_it() -> None:
    asked = timedelta(minutes=30)

    assert next_try(done=1, now=NOW, cut_off=None, asked=asked) == NOW + asked
    assert next_try(done=1, now=NOW, cut_off=NOW + timedelta(minutes=20), asked=asked) is None


@pytest.mark.parametrize(
    ("clock", "end"),
    [
        ("19:59", None),
        ("20:00", local(5, "08:00")),
        ("23:59", local(5, "08:00")),
        ("00:00", local(4, "08:00")),
        ("07:59", local(4, "08:00")),
        ("08:00", None),
    ],
)
def test_the_night_is_quiet_until_the_morning(clock: str, end: datetime | None) -> None:
    assert NIGHT.end(local(4, clock)) == end


@pytest.mark.parametrize(("clock", "quiet"), [("11:59", False), ("12:00", True), ("13:00", False)])
def test_quiet_hours_may_lie_within_a_day(clock: str, quiet: bool) -> None:
    noon = Quiet(time(12), time(13), SAO_PAULO)

    assert (noon.end(local(4, clock)) is not None) is quiet


def test_the_quiet_is_the_office_s_clock_whatever_the_year_s_change_of_clocks() -> None:
    """Until 2019 clocks went forward in November: 4/11/2018 began at 01:00 (UTC−2), the day before was UTC−3."""
    before, after = datetime(2018, 11, 3, 22, tzinfo=SAO_PAULO), datetime(2018, 11, 4, 22, tzinfo=SAO_PAULO)

    assert [str(NIGHT.end(moment)) for moment in (before, after)] == [
        "2018-11-04 10:00:00+00:00",
        "2018-11-05 10:00:00+00:00",
    ]
    assert str(NIGHT.begin(before)) == "2018-11-03 23:00:00+00:00"


@pytest.mark.parametrize(
    ("event", "due", "out"),
    [
        # The hearing at 8:30: two hours before is night, and the morning leaves half an hour. The evening before.
        (local(5, "08:30"), local(5, "06:30"), local(4, "19:00")),
        # At 9:00 the morning leaves an hour of the two.
        (local(5, "09:00"), local(5, "07:00"), local(5, "08:00")),
        (local(5, "10:00"), local(5, "08:00"), local(5, "08:00")),
        # A day before a hearing in the evening.
        (local(5, "20:30"), local(4, "20:30"), local(5, "08:00")),
        (local(5, "08:30"), local(4, "08:30"), local(4, "08:30")),
    ],
)
def test_a_reminder_wakes_nobody(event: datetime, due: datetime, out: datetime) -> None:
    assert considerate(due, event=event, quiet=NIGHT) == out
    assert considerate(due, event=event, quiet=None) == due


@pytest.mark.parametrize(
    ("text", "quiet"), [("20:00-08:00", NIGHT), ("12:00-13:00", Quiet(time(12), time(13), SAO_PAULO)), ("nenhum", None)]
)
def test_quiet_hours_are_read(text: str, quiet: Quiet | None) -> None:
    assert parse_quiet(text, SAO_PAULO) == quiet


@pytest.mark.parametrize("text", ["", "20-08", "20:00-20:00", "25:00-08:00"])
def test_quiet_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_quiet(text, SAO_PAULO)
