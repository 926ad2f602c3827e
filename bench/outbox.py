"""Reminders that fall due in one minute: how fast they drain, and what a claim costs beside a long ledger.

The drain is the real delivery in two processes, as the worker has them, against a mail server in a process of its own.
The floor is what nobody can do without: one transaction per message that takes and settles it, by plain psycopg, and
its bytes sent by smtplib to the same server.

Alone: `python -m bench --so outbox --tamanho 100000`: 100,000 are due, beside a ledger a hundred times as long.
"""

from __future__ import annotations

import multiprocessing
import smtplib
import statistics
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
#: From so many rows on it is faster to build the indexes anew than to keep them while the rows are written.
MANY = 100_000
MOST = 100_000
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
    SELECT %(mark)s || n, 'lembrete_audiencia', 'email', %(unidade)s, 'audiencia:' || %(mark)s || n, 0,
           'consumidor:' || n, '', '1d', 'Pessoa ' || n, 'pessoa' || n || '@example.org', 'Lembrete de audiência',
           'Audiência de conciliação amanhã.', '', '', due, due, due + interval '1 day', false, %(situacao)s, '', 0, 0,
           CASE WHEN %(situacao)s = 'enviada' THEN due END
    FROM generate_series(1, %(count)s) AS n,
         LATERAL (SELECT now() - %(age)s::interval - random() * interval '1 minute' AS due) AS moment
"""
OWN_INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'notifications_mensagem'
    AND indexname IN (SELECT relname FROM pg_class JOIN pg_index ON indexrelid = pg_class.oid WHERE NOT indisunique)
"""


def measure(size: int) -> list[Figure]:
    """Drain rate beside its floor, and the claim's p95 beside ten million rows that are sent (at the usual size)."""
    from bench.office import empty
    from tests.conftest import make_cast

    empty()
    size = min(size, MOST)
    unidade = make_cast().unidade.pk
    with _mail_server() as port:
        _fill(unidade, "piso", "pendente", min(size, SAMPLE))
        plain = _rate(min(size, SAMPLE), lambda: _plainly(port))
        _fill(unidade, "lembrete", "pendente", size)
        drained = _rate(size, lambda: _deliver(port))
    _fill(unidade, "razao", "enviada", size * LEDGER)
    _fill(unidade, "fila", "pendente", 20 * CLAIMS * 2)
    claim, commit = _claims()
    return [
        Figure(
            f"{size:,} lembretes devidos num minuto, {PROCESSES} processos",
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


def _fill(unidade: int, mark: str, situacao: str, count: int) -> None:
    """So many messages by one statement; of many, the table's own indexes are built afterwards."""
    from django.db import connection

    age = "400 days" if situacao == "enviada" else "1 minute"
    with connection.cursor() as cursor:
        cursor.execute(OWN_INDEXES)
        indexes = cursor.fetchall() if count >= MANY else []
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        values: dict[str, Any] = {
            "unidade": unidade,
            "mark": f"{mark}:",
            "situacao": situacao,
            "count": count,
            "age": age,
        }
        cursor.execute(FILL, values)
        for _, definition in indexes:
            cursor.execute(definition)
        cursor.execute("ANALYZE notifications_mensagem")


def _rate(count: int, work: Callable[[], None]) -> float:
    """Messages a second, by several processes at once."""
    from django.db import connection

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
    return round(count / (time.perf_counter() - begun), 1)


def _deliver(port: int) -> None:
    from django.conf import settings
    from django.utils import timezone

    from notifications.services import deliver_due

    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    deliver_due(at_clock=timezone.now, budget=timedelta(hours=2))  # noqa: TID251  a bench measures by the clock


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
        cursor.execute("CHECKPOINT")  # what filling the ledger left to write is not the claims'
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
