"""Reminders that fall due in one minute: how fast they drain, and what a claim costs, beside a long ledger.

The drain is the real delivery in two processes, as the worker has them, against a mail server in a process of its own.
It is measured for two minutes, or until nothing is due. The floor is what nobody can do without: one transaction per
message that takes and settles it, by plain psycopg, and its bytes sent by smtplib to the same server.

Alone: `make bench SIZE=100000 ONLY=outbox`: 100,000 are due, beside a ledger a hundred times as long. Filling that
ledger is most of what it takes, and tells how far it is.
"""

from __future__ import annotations

import multiprocessing
import smtplib
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from bench.figures import Figure

PROCESSES = 2
#: The floor is a rate; so many messages are enough to know it.
SAMPLE = 10_000
CLAIMS = 300
#: The ledger beside the claim has so many rows for each reminder: ten million at the usual size.
LEDGER = 100
#: The ledger is written in parts of so many rows.
PART = 1_000_000
MOST = 100_000
#: The drain is a rate as well; of 100,000 the last need not be waited for.
MEASURED = timedelta(minutes=2)
PLAIN = """
    UPDATE notifications_mensagem SET situacao = 'enviada', enviada_em = now() WHERE id = (
        SELECT id FROM notifications_mensagem WHERE situacao = 'pendente' AND canal = 'email'
        AND proxima_tentativa_em <= now() ORDER BY proxima_tentativa_em, id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING endereco, assunto, corpo
"""
FILL = """
    INSERT INTO notifications_mensagem
        (chave, tipo, canal, unidade_id, referencia, versao, parte, contato, vez, destinatario, endereco, assunto,
         corpo, convite, documento, devida_em, proxima_tentativa_em, vale_ate, fora_do_silencio, situacao, motivo,
         tentativas_feitas, remessa, enviada_em)
    SELECT key, 'lembrete_audiencia', 'email', %(unidade)s, 'audiencia:' || key, 0,
           'consumidor:' || n, '', '1d', 'Pessoa ' || n, 'pessoa' || n || '@example.org', 'Lembrete de audiência',
           'Audiência de conciliação amanhã.', '', '', due, due, due + interval '1 day', false, %(situacao)s, '', 0, 0,
           CASE WHEN %(situacao)s = 'enviada' THEN due END
    FROM generate_series(%(first)s, %(last)s) AS n,
         LATERAL (SELECT %(mark)s || to_char(n, 'FM00000000') AS key) AS named,
         LATERAL (SELECT now() - %(age)s::interval - random() * interval '1 minute' AS due) AS moment
"""
#: All but the primary key, on which the tries rest: constraints first, since their indexes go with them.
INDEXES = """
    SELECT format('ALTER TABLE notifications_mensagem DROP CONSTRAINT %I', conname),
           format('ALTER TABLE notifications_mensagem ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE conrelid = 'notifications_mensagem'::regclass AND contype = 'u'
    UNION ALL
    SELECT format('DROP INDEX %I', relname), pg_get_indexdef(indexrelid)
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indrelid = 'notifications_mensagem'::regclass
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))
"""


def measure(size: int) -> list[Figure]:
    """Drain rate beside its floor, and the claim's p95, beside ten million rows that are sent (at the usual size)."""
    from bench.office import empty
    from tests.conftest import make_cast

    empty()
    size = min(size, MOST)
    unidade = make_cast().unidade.pk
    _fill_ledger(unidade, size * LEDGER)
    with _mail_server() as port:
        _fill(unidade, "piso", "pendente", min(size, SAMPLE))
        plain = _rate(lambda: _plainly(port))
        _fill(unidade, "lembrete", "pendente", size)
        _settle()
        drained = _rate(lambda: _deliver(port))
    _fill(unidade, "fila", "pendente", 20 * CLAIMS * 2)
    _settle()
    claim, commit = _claims()
    return [
        Figure(
            f"{size:,} lembretes devidos num minuto, {PROCESSES} processos, em até {MEASURED // timedelta(minutes=1)} "
            f"minutos, {size * LEDGER:,} mensagens na razão",
            drained,
            "mensagens/s",
            plain,
            "psycopg e smtplib puros",
        ),
        Figure(
            f"reivindicação de 20, {size * LEDGER:,} mensagens na razão, p95",
            claim,
            "ms",
            commit,
            "um commit",
            "≤ 20 ms",
        ),
    ]


def _fill_ledger(unidade: int, count: int) -> None:
    """The messages of years gone by: their rows first, then the table's own indexes over them; it tells how far it is.

    All are of one unidade, which is there, so triggers and foreign keys rest meanwhile. A claim meets the same table
    with the same indexes.
    """
    from django.db import connection

    begun = time.perf_counter()

    def say(what: str) -> None:
        sys.stdout.write(f"razão: {what}, {time.perf_counter() - begun:.0f} s\n")
        sys.stdout.flush()

    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute(INDEXES)
        indexes = cursor.fetchall()
        for drop, _ in indexes:
            cursor.execute(drop)
        cursor.execute("SET session_replication_role = replica")
        for first in range(1, count + 1, PART):
            last = min(first + PART - 1, count)
            _write(unidade, "razao", "enviada", first, last)
            say(f"{last:,} de {count:,} linhas")
        cursor.execute("RESET session_replication_role")
        for place, (_, build) in enumerate(indexes, 1):
            cursor.execute(build)
            say(f"{place} de {len(indexes)} índices")
        _settle()
        say("pronta")


def _fill(unidade: int, mark: str, situacao: str, count: int) -> None:
    """So many messages by one statement."""
    _write(unidade, mark, situacao, 1, count)


def _write(unidade: int, mark: str, situacao: str, first: int, last: int) -> None:
    from django.db import connection

    age = "400 days" if situacao == "enviada" else "1 minute"
    told: dict[str, Any] = {"unidade": unidade, "mark": f"{mark}:", "situacao": situacao, "age": age}
    with connection.cursor() as cursor:
        cursor.execute(FILL, {**told, "first": first, "last": last})


def _settle() -> None:
    """What filling left to do, to vacuum and to write, is nobody's afterwards."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE notifications_mensagem")
        cursor.execute("CHECKPOINT")


def _waiting() -> int:
    """How many are due; the partial index knows."""
    from notifications.models import Mensagem

    return Mensagem.objects.filter(situacao="pendente", canal="email").count()


def _rate(work: Callable[[], None]) -> float:
    """Messages a second, by several processes at once."""
    from django.db import connection

    before = _waiting()
    connection.close()
    fork = multiprocessing.get_context("fork")
    begun = time.perf_counter()
    workers = [fork.Process(target=work) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise RuntimeError("a worker failed")
    took = time.perf_counter() - begun
    return round((before - _waiting()) / took, 1)


def _deliver(port: int) -> None:
    from django.conf import settings
    from django.utils import timezone

    from notifications.services import deliver_due

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    deliver_due(at_clock=timezone.now, budget=MEASURED)  # noqa: TID251  a bench measures by the clock


def _plainly(port: int) -> None:
    from django.db import connection

    with smtplib.SMTP("127.0.0.1", port) as server, connection.cursor() as cursor:
        while True:
            cursor.execute(PLAIN)
            row = cursor.fetchone()
            if row is None:
                return
            server.sendmail("procon@example.org", [row[0]], f"Subject: {row[1]}\r\n\r\n{row[2]}".encode())


def _claims() -> tuple[float, float]:
    """The 95th percentile, in milliseconds, of claims of twenty, and of one row's INSERT and commit between them."""
    from django.db import connection
    from django.utils import timezone

    from notifications.models import Mensagem

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_nada (n int)")
    taken, commits = [], []
    for _ in range(CLAIMS):
        now = timezone.now()  # noqa: TID251  a bench measures by the clock
        begun = time.perf_counter()
        rows = Mensagem.objects.claim(canal="email", now=now, until=now + timedelta(hours=1), limit=20)
        taken.append((time.perf_counter() - begun) * 1000)
        if len(rows) != 20:
            raise RuntimeError("the claim found too little")
        begun = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO bench_nada VALUES (1)")
        commits.append((time.perf_counter() - begun) * 1000)
    return round(statistics.quantiles(taken, n=20)[-1], 2), round(statistics.quantiles(commits, n=20)[-1], 2)


@contextmanager
def _mail_server() -> Iterator[int]:
    """A mail server that takes everything and keeps nothing, in a process of its own; gives its port."""
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe()
    process = fork.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def _serve(pipe: Any) -> None:
    from tests.notifications.mailserver import MailServer

    with MailServer(delay=0) as server:
        pipe.send(server.server_address[1])
        server.serve_forever()
