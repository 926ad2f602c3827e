"""Many at once for one slot: one gets it, the others are told, nobody gets an error. Real connections."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import urlencode

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from deadlines.services import load_calendar, office_calendar
from hearings.models import Audiencia, Reserva
from hearings.services import reschedule, schedule
from notifications.models import Mensagem
from procon.embedded import DATABASE as MAIN
from tests.browsing import logged_in
from tests.conftest import NOW, make_cast
from tests.hearings.conftest import Stage, make_case, make_stage, moment
from workflow.errors import ActNotAllowed
from workflow.models import Evento

MANY = 200
#: So many at the same moment, below the server's limit of connections; bench/hearings.py takes all 200 at once.
CONNECTIONS = 40

PLAIN = "INSERT INTO hearings_reserva (audiencia_id, recurso, durante) VALUES (%s, %s, tstzrange(%s, %s))"


@contextmanager
def web_server() -> Iterator[int]:
    """Gunicorn, as the office runs it, over the tests' database; gives its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    database = os.environ["DATABASE_URL"].replace(f"/{MAIN}?", f"/{connection.settings_dict['NAME']}?")
    command = [sys.executable, "-m", "gunicorn", "procon.wsgi", "--workers", "2", "--threads", "8"]
    with subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}"],
        env={**os.environ, "DATABASE_URL": database},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            await_port(port)
            yield port
        finally:
            server.terminate()


def await_port(port: int) -> None:
    """Until the server answers, or a minute is over."""
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the web server did not answer")


@pytest.fixture
def committed(transactional_db: None, settings: Any, tmp_path: Path) -> Iterator[Stage]:
    """The stage, committed, so that other connections see it."""
    settings.MEDIA_ROOT = tmp_path
    return make_stage(make_cast())


def at_once(work: Callable[[int], str], many: int = MANY) -> Counter[str]:
    """Run `work` so many times in threads that start together, each with its own connection; count what they say."""
    gate = Barrier(CONNECTIONS)

    def run(first: int) -> list[str]:
        try:
            connection.ensure_connection()
            gate.wait(timeout=120)
            return [work(number) for number in range(first, many, CONNECTIONS)]
        finally:
            connection.close()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return Counter(said for some in pool.map(run, range(CONNECTIONS)) for said in some)


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
    assert list(Evento.objects.values_list("ato", flat=True)) == ["AGENDAR"]


def test_one_of_many_browsers_gets_the_slot(committed: Stage) -> None:
    """Through the real web server: one is booked, all others are told who has it, nobody sees an error page."""
    cast = committed.cast
    cases = [make_case(cast, 100 + number, consumidor=None) for number in range(MANY)]
    parties = [case.reclamados.create(fornecedor=cast.loja) for case in cases]
    client = logged_in(cast.bruno)
    cookie = f"sessionid={client.cookies['sessionid'].value}; csrftoken={'a' * 32}"
    start = time_after(timezone.now(), days=40)  # noqa: TID251  the web server reads the real clock
    load_calendar([start.year])

    def book(port: int, number: int) -> str:
        fields = {
            "reclamados": parties[number].pk,
            "modalidade": "presencial",
            "horario": f"{start:%Y-%m-%dT%H:%M}|{committed.sala.pk}|{cast.carla.pk}",
        }
        link = HTTPConnection("127.0.0.1", port, timeout=120)
        headers = {"Cookie": cookie, "X-CSRFToken": "a" * 32, "Content-Type": "application/x-www-form-urlencoded"}
        link.request("POST", f"/audiencias/nova/{cases[number].protocolo}/", urlencode(fields), headers)
        answer = link.getresponse()
        text = answer.read().decode()
        link.close()
        if answer.status == 409:
            return "refused" if "Sala 1 está ocupada" in text and "Próximos horários livres" in text else text
        return f"{answer.status}"

    with web_server() as port, ThreadPoolExecutor(CONNECTIONS) as pool:
        said = Counter(pool.map(lambda number: book(port, number), range(MANY)))

    assert said == {"302": 1, "refused": MANY - 1}
    assert (Audiencia.objects.count(), Reserva.objects.count()) == (1, 2)
    assert set(Mensagem.objects.values_list("referencia", flat=True)) == {Audiencia.objects.get().referencia}


def time_after(now: datetime, *, days: int) -> datetime:
    """Ten o'clock of a working day so many days ahead."""
    day = office_calendar().next_working_day(timezone.localdate(now) + timedelta(days=days))
    return moment("10:00", day)


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

    assert at_once(move, CONNECTIONS) == {"moved": 1, "refused": CONNECTIONS - 1}
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

    counts = at_once(swap, CONNECTIONS)
    assert counts["refused"] + counts["moved"] == CONNECTIONS
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


def test_transactions_that_book_much_do_not_wait_for_what_both_can_have(committed: Stage) -> None:
    """Two that book the same rooms at other times, in opposite orders: neither waits, let alone in a circle."""
    rows = [
        Audiencia.objects.create(
            atendimento=committed.caso,
            sala=committed.sala,
            conciliador=committed.cast.carla,
            inicio=moment("10:00"),
            fim=moment("10:30"),
            agendada_em=NOW,
        )
        for _ in range(2)
    ]
    one, other = (psycopg.connect(**connection.get_connection_params()) for _ in range(2))
    with one, other:
        for link, row, room, start, end in (
            (one, rows[0], "sala:77", "10:00", "10:30"),
            (other, rows[1], "sala:78", "10:00", "10:30"),
            (one, rows[0], "sala:78", "10:30", "11:00"),
            (other, rows[1], "sala:77", "10:30", "11:00"),
        ):
            link.execute("SET LOCAL lock_timeout = '10s'")
            link.execute(PLAIN, (row.pk, room, moment(start), moment(end)))

    assert Reserva.objects.count() == 4


def test_who_reserves_much_at_once_leaves_the_servers_locks_to_others(stage: Stage) -> None:
    """The server keeps the locks of all transactions in one table; an import of thousands must not fill it."""
    rows = "SELECT %s, 'sala:' || n, tstzrange(%s, %s, '[)') FROM generate_series(1000, 1999) AS n"
    row = Audiencia.objects.create(
        atendimento=stage.caso,
        sala=stage.sala,
        conciliador=stage.cast.carla,
        inicio=moment("10:00"),
        fim=moment("10:30"),
        agendada_em=NOW,
    )

    def locks() -> int:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        return int(cursor.fetchone()[0])

    with connection.cursor() as cursor:
        before = locks()
        cursor.execute(
            f"INSERT INTO hearings_reserva (audiencia_id, recurso, durante) {rows}",
            [row.pk, moment("10:00"), moment("10:30")],
        )
        after = locks()

    assert (Reserva.objects.filter(audiencia=row).count(), after - before) == (1000, 256)
