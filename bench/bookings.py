"""Bookings a second through the service, beside the same rows by plain psycopg under the same constraint.

Sixteen connections, four in each of four processes; every booking a transaction of its own. The floor inserts what
the service wrote (hearing, reservations, parties, event), a statement for each table. Beside it what bounds the
service: the processor time that its Python takes for one booking. And the whole of what a request does, the notices of
the second transaction included, of which the two letters are the most.
"""

from __future__ import annotations

import json
import multiprocessing
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

from bench.figures import Figure

ROOT = Path(__file__).resolve().parent.parent
PROCESSES, THREADS, EACH = 4, 4, 10


def measure(size: int) -> list[Figure]:
    """Bookings a second of both, and letters a second as the service prints them."""
    from bench.office import empty

    empty()
    jobs = _office(PROCESSES * THREADS * EACH)
    service, python = _run("service", jobs)
    rows = _rows()
    _forget()
    floor, plain = _run("plain", rows)
    _forget()
    told, _ = _run("told", jobs)
    return [
        Figure(
            "marcações por segundo pelo serviço, 16 conexões", service, "por s", floor, "as mesmas linhas", "≥ 50 %"
        ),
        Figure("processador do Python por marcação", python, "ms", plain, "as mesmas linhas"),
        Figure("marcações com seus avisos, como a página as faz", told, "por s"),
        Figure("cartas de audiência por segundo, um processo (duas por marcação)", _letters(), "por s"),
    ]


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
    rooms = [Sala.objects.create(unidade=unidade, nome=f"S{number}") for number in range(PROCESSES * THREADS)]
    people = [User.objects.create_user(f"c{number}", nome=f"C{number}") for number in range(PROCESSES * THREADS)]
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


def _run(kind: str, jobs: list[Any]) -> tuple[float, float]:
    """All jobs by all connections, from the moment at which every process is warm: how many a second, and the
    processor time of the clients for each, in milliseconds.
    """
    lanes = PROCESSES * THREADS
    children = []
    for number in range(PROCESSES):
        share = [jobs[number * THREADS + thread :: lanes] for thread in range(THREADS)]
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
    done, cpu = sum(one[0] for one in told), sum(one[1] for one in told)
    for child in children:
        child.communicate()
    if done != len(jobs):
        raise RuntimeError(f"{done} of {len(jobs)} were booked")
    return round(done / took, 1), round(cpu / done * 1000, 2)


def _rows() -> list[list[list[str]]]:
    """What the service wrote, as one list of INSERTs for each hearing."""
    from django.db import connection

    found: dict[int, list[list[str]]] = {}
    sources = {
        "hearings_audiencia": ("id", "TRUE"),
        "hearings_reserva": ("audiencia_id", "TRUE"),
        "hearings_audiencia_reclamados": ("audiencia_id", "TRUE"),
        "workflow_evento": ("objeto_id", "objeto = 'hearings.audiencia'"),
    }
    with connection.cursor() as cursor:
        for table, (key, where) in sources.items():
            cursor.execute(f"SELECT {key}, to_jsonb(t)::text FROM {table} t WHERE {where}")  # noqa: S608  named above
            by_hearing: dict[int, list[str]] = {}
            for pk, row in cursor.fetchall():
                by_hearing.setdefault(pk, []).append(row)
            for pk, some in by_hearing.items():
                found.setdefault(pk, []).append([table, f"[{','.join(some)}]"])
    return list(found.values())


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
    gate, done = Barrier(THREADS + 1), multiprocessing.Value("i", 0)

    def work(jobs: list[Any]) -> None:
        book = _insert if kind == "plain" else _booker(jobs, tell=kind == "told")
        connection.ensure_connection()
        gate.wait()
        gate.wait()
        for job in jobs:
            book(job)
            with done.get_lock():
                done.value += 1
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
    sys.stdout.write(f"{json.dumps([done.value, time.process_time() - begun])}\n")
    sys.stdout.flush()


def _booker(jobs: list[Any], *, tell: bool) -> Any:
    from datetime import UTC, datetime

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

    return book


def _insert(job: list[list[str]]) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in job:
            cursor.execute(
                f"INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)",  # noqa: S608
                [rows],
            )


if __name__ == "__main__":
    _child(sys.argv[1])
