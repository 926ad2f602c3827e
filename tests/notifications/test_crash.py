"""The worker is killed while it sends, the broker loses everything, and still every message goes out.

Real processes: Celery's worker with two children, Redis, PostgreSQL, and a mail server that counts.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.utils import timezone

from notifications.models import Mensagem, Tentativa
from notifications.services import INTERRUPTED
from notifications.transport import message_id
from tests.conftest import make_cast
from tests.notifications.mailserver import MailServer, mail_server
from tests.notifications.scripted import put

MESSAGES, CHILDREN = 500, 2
ROOT = Path(__file__).resolve().parent.parent.parent


@contextmanager
def worker(server: MailServer, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Celery's worker in a process group of its own, over this test's database and Redis."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    env = os.environ | {
        "DATABASE_URL": urlunsplit(database),
        "EMAIL_URL": server.url,
        "DJANGO_SETTINGS_MODULE": "procon.settings",
    }
    command = [sys.executable, "-m", "celery", "-A", "procon", "worker", "--concurrency", str(CHILDREN), "-l", "info"]
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out, start_new_session=True)
        try:
            yield process
        finally:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9 of the worker and of its children, at once."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=120)


def beat_until(done: Callable[[], bool], seconds: float = 240) -> None:
    """What beat does each minute, faster: put the task into the broker until `done`."""
    from notifications.tasks import deliver_due

    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "the worker did not get there"
        deliver_due.delay()
        time.sleep(0.2)


@pytest.mark.django_db(transaction=True)
def test_every_message_goes_out_and_none_twice_but_the_one_in_flight(tmp_path: Path) -> None:
    cast = make_cast()
    due = timezone.now() - timedelta(minutes=1)  # noqa: TID251  real processes read the real clock
    for number in range(MESSAGES):
        put(cast, f"aviso:{number}", devida_em=due)
    broker = redis.Redis.from_url(settings.REDIS_URL)
    log = tmp_path / "worker.log"

    with mail_server() as server:
        with worker(server, log) as first:
            beat_until(lambda: len(server.taken) >= MESSAGES // 3)
            kill(first)
        before = len(server.taken)
        sent = Mensagem.objects.filter(situacao="enviada").count()
        broker.flushall()
        # The dead children's leases run on for minutes; the test does not wait for them.
        Mensagem.objects.filter(situacao="em_envio").update(reservada_ate=due)
        with worker(server, log):
            beat_until(lambda: Mensagem.objects.filter(situacao="enviada").count() == MESSAGES)

    doubled = {identity: times for identity, times in Counter(server.taken).items() if times > 1}
    print(f"killed at {before} taken, {sent} committed; doubled: {len(doubled)}")  # noqa: T201  the figures
    assert set(server.taken) == {message_id(mensagem) for mensagem in Mensagem.objects.all()}
    assert before - sent <= CHILDREN
    assert len(doubled) <= CHILDREN
    assert set(doubled.values()) <= {2}
    assert Tentativa.objects.filter(enviada=True).count() == MESSAGES
    assert Tentativa.objects.filter(resposta=INTERRUPTED).count() <= CHILDREN
    assert set(Tentativa.objects.filter(enviada=True).values_list("resposta", flat=True)) == {"250 2.0.0 guardada"}
