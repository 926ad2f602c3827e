"""Bookings a second through the service, beside the same rows by plain psycopg under the same constraint.

Sixteen connections, four in each of four processes; every booking a transaction of its own. The floor inserts what
the service wrote (hearing, reservations, parties, event), a prepared statement for each table, and the triggers do
theirs: afterwards every table of the database has as many rows as the service left in it, or this bench fails. Beside
it what bounds both: the processor time that one booking takes of Python and of PostgreSQL's backends. And the whole of
what a request does, the notices of the second transaction included, of which the two letters are the most.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

from bench.figures import Figure

ROOT = Path(__file__).resolve().parent.parent
PROCESSES, THREADS = 4, 4
LANES = PROCESSES * THREADS
#: Bookings of each connection before the clock runs, until the server has planned what it repeats; and while it runs.
WARM, EACH, TOLD = 8, 40, 10


def measure(size: int) -> list[Figure]:
    """Bookings a second of both, and letters a second as the service prints them."""
    from bench.office import empty

    empty()
    jobs = _office(LANES * (WARM + EACH))
    service = _run("service", jobs)
    rows, written = _rows(), _counted()
    _forget()
    floor = _run("plain", rows)
    if (again := _counted()) != written:
        raise RuntimeError(f"the floor wrote other rows: {sorted(set(again.items()) ^ set(written.items()))}")
    _forget()
    told = _run("told", jobs[: LANES * (WARM + TOLD)])
    same = "as mesmas linhas"
    return [
        Figure("marcações por segundo pelo serviço, 16 conexões", service.rate, "por s", floor.rate, same, "≥ 50 %"),
        Figure("processador do Python por marcação", service.python, "ms", floor.python, same),
        Figure("processador do PostgreSQL por marcação", service.backend, "ms", floor.backend, same),
        Figure("marcações com seus avisos, como a página as faz", told.rate, "por s"),
        Figure("cartas de audiência por segundo, um processo (duas por marcação)", _letters(), "por s"),
    ]


@dataclass(frozen=True, slots=True)
class Run:
    """So many a second, and the milliseconds of processor time that each took of the clients and of the server."""

    rate: float
    python: float
    backend: float


def _office(many: int) -> list[list[int]]:
    """So many cases of as many consumers, and a room, a conciliator and a time for each."""
    from accounts.models import Atribuicao, Papel, User
    from deadlines.services import office_calendar
    from hearings.models import Sala
    from parties.models import Consumidor
    from tests.conftest import make_cast
    from tests.hearings.conftest import DAY, make_case, make_stage, moment

    stage = make_stage(make_cast())
    unidade, jobs = stage.cast.unidade, []
    rooms = [Sala.objects.create(unidade=unidade, nome=f"S{number}") for number in range(LANES)]
    people = [User.objects.create_user(f"c{number}", nome=f"C{number}") for number in range(LANES)]
    for person in people:
        Atribuicao.objects.create(user=person, unidade=unidade, papel=Papel.CONCILIADOR)
    calendar, day = office_calendar(), DAY
    for number in range(many):
        lane, turn = number % len(rooms), number // len(rooms)
        if lane == 0 and turn % 16 == 0 and turn:
            day = calendar.next_working_day(day + timedelta(days=1))
        consumer = Consumidor.objects.create(nome=f"Pessoa {number}", email=f"p{number}@example.org")
        case = make_case(stage.cast, 1000 + number, consumidor=consumer)
        party = case.reclamados.create(fornecedor=stage.cast.loja)
        start = moment(f"{9 + turn % 16 // 2:02}:{30 * (turn % 2):02}", day)
        jobs.append([case.pk, party.pk, rooms[lane].pk, people[lane].pk, int(start.timestamp())])
    return jobs


def _run(kind: str, jobs: list[Any]) -> Run:
    """All jobs by all connections, from the moment at which every process is warm."""
    children = []
    for number in range(PROCESSES):
        share = [jobs[number * THREADS + thread :: LANES] for thread in range(THREADS)]
        command = [sys.executable, "-m", "bench.bookings", kind]
        child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
        assert child.stdin is not None
        child.stdin.write(json.dumps(share) + "\n")
        child.stdin.flush()
        children.append(child)
    for child in children:
        assert child.stdout is not None
        child.stdout.readline()
    begun = time.perf_counter()
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    told = [json.loads(child.stdout.readline()) for child in children if child.stdout]
    took = time.perf_counter() - begun
    done, python, backend = (sum(one[which] for one in told) for which in range(3))
    for child in children:
        child.communicate()
    if done != len(jobs) - LANES * WARM:
        raise RuntimeError(f"{done} of {len(jobs)} were booked")
    return Run(round(done / took, 1), round(python / done * 1000, 2), round(backend / done * 1000, 2))


def _rows() -> list[list[list[Any]]]:
    """What the service wrote, for each hearing a list of tables with their rows, every value as its text."""
    from django.db import connection

    found: dict[int, list[list[Any]]] = {}
    sources = {
        "hearings_audiencia": ("id", "TRUE"),
        "hearings_reserva": ("audiencia_id", "TRUE"),
        "hearings_audiencia_reclamados": ("audiencia_id", "TRUE"),
        "workflow_evento": ("objeto_id", "objeto = 'hearings.audiencia'"),
    }
    with connection.cursor() as cursor:
        for table, (key, where) in sources.items():
            cursor.execute(f"SELECT * FROM {table} LIMIT 0")  # noqa: S608  named above
            columns = ", ".join(f"{column.name}::text" for column in cursor.description)
            cursor.execute(f"SELECT {key}, ARRAY[{columns}] FROM {table} WHERE {where} ORDER BY id")  # noqa: S608
            by_hearing: dict[int, list[list[str | None]]] = {}
            for pk, row in cursor.fetchall():
                by_hearing.setdefault(pk, []).append(row)
            for pk, some in by_hearing.items():
                found.setdefault(pk, []).append([table, some])
    return list(found.values())


def _counted() -> dict[str, int]:
    """How many rows every table has: what was written, by whatever trigger."""
    from django.db import connection

    with connection.cursor() as cursor:
        return {
            table: cursor.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608  the database's own
            for table in connection.introspection.table_names(cursor)
        }


def _forget() -> None:
    """Take away what the service wrote, and wind the histories back: the same rows can be written again."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE notifications_mensagem, documents_documento, workflow_evento, hearings_audiencia CASCADE"
        )
        cursor.execute("UPDATE workflow_historico SET sequencia = 0, hash = ''")


def _letters() -> float:
    from django.db import transaction

    from documents.models import Documento
    from documents.render import typeset

    rows = list(Documento.objects.order_by("pk")[:40])
    begun = time.perf_counter()
    with transaction.atomic():
        for row in rows:
            typeset(row.tipo, row.dados, at=row.emitido_em)
    return round(len(rows) / (time.perf_counter() - begun), 1)


def _child(kind: str) -> None:
    """One process: four threads, each with a connection of its own, that begin when told."""
    import django

    django.setup()
    from django.db import connection

    shares = json.loads(sys.stdin.readline())
    gate, done = Barrier(THREADS + 1), multiprocessing.Array("d", 2)  # how many, and the server's seconds

    def work(jobs: list[Any]) -> None:
        book, backend = _writer() if kind == "plain" else _booker(jobs, tell=kind == "told")
        for job in jobs[:WARM]:
            book(job)
        gate.wait()
        gate.wait()
        before = _busy(backend)
        for job in jobs[WARM:]:
            book(job)
        with done.get_lock():
            done[0] += len(jobs) - WARM
            done[1] += _busy(backend) - before
        connection.close()

    threads = [Thread(target=work, args=(share,)) for share in shares]
    for thread in threads:
        thread.start()
    gate.wait()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    begun = time.process_time()
    gate.wait()
    for thread in threads:
        thread.join()
    sys.stdout.write(f"{json.dumps([done[0], time.process_time() - begun, done[1]])}\n")
    sys.stdout.flush()


def _busy(backend: int) -> float:
    """The seconds that this process has had a processor so far; Linux counts them."""
    return int(Path(f"/proc/{backend}/schedstat").read_text().split()[0]) / 1e9


def _booker(jobs: list[Any], *, tell: bool) -> tuple[Callable[[list[int]], None], int]:
    """What books one job by the service, and the process that serves this thread's connection."""
    from datetime import UTC, datetime

    from django.db import connection

    from accounts.models import User
    from cases.models import Atendimento, Reclamado
    from documents.render import render
    from hearings.models import Sala
    from hearings.services import announce, schedule
    from tests.conftest import NOW

    for tipo in ("notificacao_consumidor", "notificacao_fornecedor"):
        render(tipo, {}, at=NOW)  # fonts and templates are read before the clock runs
    bruno = User.objects.get(usuario="bruno")
    people, rooms = User.objects.in_bulk(), Sala.objects.in_bulk()
    cases = Atendimento.objects.select_related("unidade__regras_da_agenda").in_bulk([job[0] for job in jobs])
    parties = Reclamado.objects.in_bulk([job[1] for job in jobs])

    def book(job: list[int]) -> None:
        case, party, room, person, start = job
        made = schedule(
            atendimento=cases[case],
            reclamados=[parties[party]],
            sala=rooms[room],
            conciliador=people[person],
            inicio=datetime.fromtimestamp(start, UTC),
            by=bruno,
            at=NOW,
        )
        if tell and not announce(audiencias=[made], by=bruno, at=NOW):
            raise RuntimeError("the notices were not made")

    connection.ensure_connection()
    return book, connection.connection.info.backend_pid


def _writer() -> tuple[Callable[[list[list[Any]]], None], int]:
    """What writes one hearing's rows by plain psycopg, and the process that serves its connection."""
    import psycopg

    link = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)

    def write(job: list[list[Any]]) -> None:
        with link.transaction():
            for table, rows in job:
                one = f"({', '.join(['%s'] * len(rows[0]))})"
                sql = f"INSERT INTO {table} VALUES {', '.join([one] * len(rows))}"  # noqa: S608  named in _rows
                link.execute(sql, [value for row in rows for value in row])

    return write, link.info.backend_pid


if __name__ == "__main__":
    _child(sys.argv[1])
