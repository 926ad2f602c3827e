"""Free times, and the pure rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest

from hearings.rules import Reminder, busy_bits, growing, ones, parse_reminders, slots_of_day
from hearings.services import Slot, block, free_slots
from tests.conftest import NOW, SAO_PAULO
from tests.hearings.conftest import DAY, Stage, moment


def told(slots: list[Slot]) -> list[str]:
    return [str(slot) for slot in slots]


def test_a_free_day_offers_every_half_hour(stage: Stage) -> None:
    slots = free_slots(unidade=stage.cast.unidade, start=DAY, days=1)

    assert len(slots) == 16
    assert (slots[0].inicio, slots[-1].fim) == (moment("09:00"), moment("17:00"))
    assert {str(slot.sala) for slot in slots} == {"Sala 1"}


def test_days_without_work_offer_nothing(stage: Stage) -> None:
    # Thursday 2 April to Monday 6: Paixão de Cristo, Saturday and Sunday (Easter) between
    slots = free_slots(unidade=stage.cast.unidade, start=date(2026, 4, 2), days=5)

    assert sorted({slot.inicio.date() for slot in slots}) == [date(2026, 4, 2), date(2026, 4, 6)]


def test_the_least_loaded_pair_is_offered(stage: Stage) -> None:
    stage.schedule()

    assert told(free_slots(unidade=stage.cast.unidade, start=DAY, days=1, limit=3)) == [
        "16/03/2026 às 09:00 (Sala 2, Caio Conciliador)",
        "16/03/2026 às 09:30 (Sala 2, Caio Conciliador)",
        "16/03/2026 às 10:00 (Sala 2, Caio Conciliador)",
    ]


def test_when_the_last_room_is_taken_the_time_is_gone(stage: Stage, another_case: Callable[..., Any]) -> None:
    stage.schedule()
    case, shop = another_case()
    stage.schedule(atendimento=case, reclamados=[shop], sala=stage.outra_sala, conciliador=stage.caio)

    times = [slot.inicio for slot in free_slots(unidade=stage.cast.unidade, start=DAY, days=1, limit=3)]
    assert times == [moment("09:00"), moment("09:30"), moment("10:30")]


def test_times_of_the_consumer_s_other_hearing_are_left_out(stage: Stage) -> None:
    stage.schedule()
    slots = free_slots(unidade=stage.cast.unidade, start=DAY, days=1, consumidor=stage.cast.ana, after=moment("09:00"))

    assert [slot.inicio for slot in slots][:2] == [moment("09:30"), moment("10:30")]


def test_a_longer_hearing_needs_a_longer_gap(stage: Stage) -> None:
    stage.schedule("10:00")
    slots = free_slots(
        unidade=stage.cast.unidade, start=DAY, days=1, consumidor=stage.cast.ana, length=timedelta(hours=1)
    )

    assert [f"{slot.inicio:%H:%M}" for slot in slots][:3] == ["09:00", "10:30", "11:00"]
    assert slots[-1].inicio == moment("16:00")


def test_from_afar_only_rooms_with_a_link(stage: Stage) -> None:
    slots = free_slots(unidade=stage.cast.unidade, start=DAY, days=1, modalidade="virtual")

    assert {str(slot.sala) for slot in slots} == {"Sala 2"}


def test_without_a_conciliator_nothing_is_offered(stage: Stage) -> None:
    assert free_slots(unidade=stage.cast.outra, start=DAY) == []


def test_beyond_the_calendar_nothing_is_offered(stage: Stage) -> None:
    assert free_slots(unidade=stage.cast.unidade, start=date(2126, 3, 14)) == []


@pytest.mark.parametrize(("days", "expected"), [(1, 9), (60, 9)])
def test_cost_in_queries(stage: Stage, django_assert_num_queries: Any, days: int, expected: int) -> None:
    stage.schedule()
    with django_assert_num_queries(expected):
        free_slots(unidade=stage.cast.unidade, start=DAY, days=days)


def test_times_behind_full_weeks_are_found_by_few_questions(stage: Stage, django_assert_num_queries: Any) -> None:
    """Full for days, for three weeks, for two months: 7, 14 and 42 full days are one question each."""
    who: dict[str, Any] = {"unidade": stage.cast.unidade, "motivo": "Reforma.", "by": stage.cast.dora, "at": NOW}
    begin, free = moment("09:00"), []
    for days, questions in ((4, 10), (21, 11), (60, 11)):
        until = moment("09:00", DAY + timedelta(days=days))
        for room in (stage.sala, stage.outra_sala):
            block(sala=room, inicio=begin, fim=until, **who)
        begin = until
        with django_assert_num_queries(questions):
            free += free_slots(unidade=stage.cast.unidade, start=DAY, limit=1)

    assert told(free) == [
        "20/03/2026 às 09:00 (Sala 1, Caio Conciliador)",
        "06/04/2026 às 09:00 (Sala 1, Caio Conciliador)",
        "15/05/2026 às 09:00 (Sala 1, Caio Conciliador)",
    ]


def test_reminders_are_read() -> None:
    assert parse_reminders(["7d", " 1d", "2h", ""]) == (
        Reminder("7d", timedelta(days=7), "7 dias"),
        Reminder("1d", timedelta(days=1), "1 dia"),
        Reminder("2h", timedelta(hours=2), "2 horas"),
    )


@pytest.mark.parametrize("wrong", ["7", "d", "7x", "0d", "-1d", "1.5h", "9999h", "٣d"])
def test_refuses_reminders_that_cannot_be_read(wrong: str) -> None:
    with pytest.raises(ValueError, match="que não é uma antecedência"):
        parse_reminders([wrong])


@pytest.mark.parametrize(
    ("start", "end", "meets"),
    [("09:30", "10:00", False), ("10:30", "11:00", False), ("09:59", "10:01", True), ("10:10", "10:20", True)],
)
def test_half_open(start: str, end: str, meets: bool) -> None:
    begin, until, *held = (int(moment(clock).timestamp()) for clock in (start, end, "08:00", "09:00", "10:00", "10:30"))

    assert any(busy_bits([begin], until - begin, *pair) for pair in (held[:2], held[2:])) == meets


def test_bits_stand_for_starts() -> None:
    begins = [int(moment(f"{hour:02}:00").timestamp()) for hour in range(8, 13)]  # 8, 9, 10, 11, 12
    taken = busy_bits(begins, 3600, begins[1] + 60, begins[2])  # from 9:01 to 10:00

    assert list(ones(taken)) == [1]
    assert list(ones(busy_bits(begins, 5400, begins[2], begins[3]))) == [1, 2]


def test_the_last_start_still_ends_by_the_closing() -> None:
    starts = list(slots_of_day(DAY, time(9), time(10, 45), SAO_PAULO))

    assert [f"{start:%H:%M}" for start in starts] == ["09:00", "09:30", "10:00"]


def test_groups_grow() -> None:
    bits = 0b1110_1101_1011

    assert [list(ones(some)) for some in growing(bits, 2)] == [[0, 1], [3, 4, 6, 7, 9, 10, 11]]
    assert list(growing(0, 2)) == []


@pytest.mark.parametrize("limit", [1, 2, 10])
def test_where_rooms_are_free_and_conciliators_are_not_the_search_goes_on(stage: Stage, limit: int) -> None:
    for person in (stage.cast.carla, stage.caio):  # away until the afternoon of the second day, Tuesday 17
        until = moment("14:00", DAY + timedelta(days=1))
        away = {"conciliador": person, "inicio": moment("09:00"), "fim": until, "motivo": "Curso"}
        block(unidade=stage.cast.unidade, **away, by=stage.cast.dora, at=NOW)
    found = free_slots(unidade=stage.cast.unidade, start=DAY, limit=limit)

    assert found == free_slots(unidade=stage.cast.unidade, start=DAY, days=4)[:limit]
    assert (found[0].inicio, len(found)) == (moment("14:00", DAY + timedelta(days=1)), limit)
