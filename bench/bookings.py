"""Bookings a second through the service, beside the same rows by plain psycopg under the same constraint.

Sixteen connections, four in each of four processes; every booking a transaction of its own. The floor inserts what
the service wrote (hearing, reservations, parties, event, letters' rows, messages), a statement for each table, and
typesets nothing; what the two letters alone cost is measured beside it.
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
TABLES = (
    "hearings_audiencia", "hearings_reserva", "hearings_audiencia_reclamados", "workflow_evento",
    "documents_documento", "notifications_mensagem",
)  # fmt: skip


def measure(size: int) -> list[Figure]:
    """Bookings a second of both, and letters a second as the service prints them."""
    from bench.office import empty

    empty()
    jobs = _office(PROCESSES * THREADS * EACH)
    service = _run("service", jobs)
    rows = _rows()
    _forget()
    floor = _run("plain", rows)
    letters = _letters()  # of what the floor wrote again
    return [
        Figure(
            "marcações por segundo pelo serviço, 16 conexões", service, "por s", floor, "as mesmas linhas", "≥ 50 %"
        ),
        Figure("cartas de audiência por segundo, um processo (duas por marcação)", letters, "por s"),
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


def _run(kind: str, jobs: list[Any]) -> float:
    """All jobs by all connections; how many a second, from the moment at which every process is warm."""
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
    done = sum(int(child.stdout.readline()) for child in children if child.stdout)
    took = time.perf_counter() - begun
    for child in children:
        child.communicate()
    if done != len(jobs):
        raise RuntimeError(f"{done} of {len(jobs)} were booked")
    return round(done / took, 1)


def _rows() -> list[list[list[str]]]:
    """What the service wrote, as one list of INSERTs for each hearing."""
    from django.db import connection

    found: dict[int, list[list[str]]] = {}
    sources = {
        "hearings_audiencia": ("id", "TRUE"),
        "hearings_reserva": ("audiencia_id", "TRUE"),
        "hearings_audiencia_reclamados": ("audiencia_id", "TRUE"),
        "documents_documento": ("(dados->'dados'->'audiencia'->>'id')::bigint", "TRUE"),
        "notifications_mensagem": ("substr(referencia, 11)::bigint", "referencia LIKE 'audiencia:%%'"),
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
        book = _booker() if kind == "service" else _insert
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
    gate.wait()
    for thread in threads:
        thread.join()
    sys.stdout.write(f"{done.value}\n")
    sys.stdout.flush()


def _booker() -> Any:
    from datetime import UTC, datetime

    from accounts.models import User
    from cases.models import Atendimento, Reclamado
    from documents.render import render
    from hearings.models import Sala
    from hearings.services import schedule
    from tests.conftest import NOW

    for tipo in ("notificacao_consumidor", "notificacao_fornecedor"):
        render(tipo, {}, at=NOW)  # fonts and templates are read before the clock runs
    bruno = User.objects.get(usuario="bruno")
    people, rooms = User.objects.in_bulk(), Sala.objects.in_bulk()

    def book(job: list[int]) -> None:
        case, party, room, person, start = job
        schedule(
            atendimento=Atendimento.objects.select_related("unidade__regras_da_agenda").get(pk=case),
            reclamados=[Reclamado.objects.get(pk=party)],
            sala=rooms[room],
            conciliador=people[person],
            inicio=datetime.fromtimestamp(start, UTC),
            by=bruno,
            at=NOW,
        )

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
