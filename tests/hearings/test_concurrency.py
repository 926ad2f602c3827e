"""Many at once for one slot: one gets it, the others are told, nobody gets an error. Real connections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import psycopg
import pytest
from django.db import connection

from hearings.models import Audiencia, Reserva
from hearings.services import reschedule, schedule
from notifications.models import Mensagem
from tests.conftest import NOW, make_cast
from tests.hearings.conftest import Stage, make_case, make_stage, moment
from workflow.errors import ActNotAllowed

#: Below the server's limit of connections; bench/hearings.py takes 200.
MANY = 40

PLAIN = "INSERT INTO hearings_reserva (audiencia_id, recurso, durante) VALUES (%s, %s, tstzrange(%s, %s))"


@pytest.fixture
def committed(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[Stage]:
    """The stage, committed, so that other connections see it."""
    settings.MEDIA_ROOT = tmp_path
    return make_stage(make_cast())


def at_once(work: Callable[[int], str]) -> Counter[str]:
    """Run `work` in many threads that start together, each with its own connection; count what they say."""
    gate = Barrier(MANY)

    def run(number: int) -> str:
        try:
            connection.ensure_connection()
            gate.wait(timeout=30)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(MANY) as pool:
        return Counter(pool.map(run, range(MANY)))


def test_one_of_many_gets_the_slot(committed: Stage) -> None:
    cast = committed.cast
    cases = [make_case(cast, 100 + number, consumidor=None) for number in range(MANY)]
    parties = [case.reclamados.create(fornecedor=cast.loja) for case in cases]

    def book(number: int) -> str:
        try:
            schedule(
                atendimento=cases[number],
                reclamados=[parties[number]],
                sala=committed.sala,
                conciliador=cast.carla,
                inicio=moment("10:00"),
                modalidade="presencial",
                by=cast.bruno,
                at=NOW,
            )
        except ActNotAllowed as refusal:
            return "refused" if "a sala Sala 1 está ocupada" in refusal.message else refusal.message
        return "booked"

    assert at_once(book) == {"booked": 1, "refused": MANY - 1}
    assert (Audiencia.objects.count(), Reserva.objects.count()) == (1, 2)
    assert set(Mensagem.objects.values_list("referencia", flat=True)) == {Audiencia.objects.get().referencia}


def test_many_new_dates_at_once_for_one_hearing(committed: Stage) -> None:
    old = committed.schedule()

    def move(number: int) -> str:
        try:
            reschedule(
                audiencia=Audiencia.objects.get(pk=old.pk),
                sala=committed.outra_sala,
                conciliador=committed.caio,
                inicio=moment(f"{11 + number % 4}:00"),
                motivo="Pedido.",
                by=committed.cast.bruno,
                at=NOW,
            )
        except ActNotAllowed:
            return "refused"
        return "moved"

    assert at_once(move) == {"moved": 1, "refused": MANY - 1}
    assert (Audiencia.objects.count(), Reserva.objects.count()) == (2, 3)


def test_two_hearings_that_change_places_do_not_wait_in_a_circle(committed: Stage) -> None:
    """Each wants what the other holds: all are answered, and nobody is in two places."""
    cast = committed.cast
    cases = [make_case(cast, 200 + number, consumidor=None) for number in range(2)]
    parties = [case.reclamados.create(fornecedor=cast.loja) for case in cases]
    rooms, people = [committed.sala, committed.outra_sala], [cast.carla, committed.caio]
    first = [
        committed.schedule(atendimento=cases[n], reclamados=[parties[n]], sala=rooms[n], conciliador=people[n])
        for n in range(2)
    ]

    def swap(number: int) -> str:
        mine, other = number % 2, 1 - number % 2
        try:
            reschedule(
                audiencia=Audiencia.objects.get(pk=first[mine].pk),
                sala=rooms[other],
                conciliador=people[mine],
                inicio=moment("10:00"),
                motivo="Troca.",
                by=cast.bruno,
                at=NOW,
            )
        except ActNotAllowed:
            return "refused"
        return "moved"

    counts = at_once(swap)
    assert counts["refused"] + counts["moved"] == MANY
    pending = Audiencia.objects.pending()
    assert len({row.sala_id for row in pending}) == pending.count() == 2


def test_the_database_refuses_by_any_path(committed: Stage) -> None:
    """Plain INSERTs past the services: the exclusion constraint lets one through."""
    audiencia = Audiencia.objects.create(
        atendimento=committed.caso,
        sala=committed.sala,
        conciliador=committed.cast.carla,
        inicio=moment("10:00"),
        fim=moment("10:30"),
        agendada_em=NOW,
    )
    values = (audiencia.pk, "sala:77", moment("10:00"), moment("10:30"))

    def insert(number: int) -> str:
        try:
            with connection.cursor() as cursor:
                cursor.execute(PLAIN, values)
        except Exception as error:
            cause = error.__cause__
            return type(cause).__name__ if isinstance(cause, psycopg.Error) else repr(error)
        return "inserted"

    assert at_once(insert) == {"inserted": 1, "ExclusionViolation": MANY - 1}
