"""Two web machines, two workers, a primary and its replica, one Redis, one bucket: each dies, nothing told is lost.

Real processes on ports of their own. While a portal registers cases, one web and one worker are killed with -9, then
the primary; the replica is promoted and everybody finds it by the second name in DATABASE_URL. `pytest -s` prints the
table.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from notifications.services import enqueue_many, message
from portal.services import create_integration
from procon.belonging import claim
from procon.environment import BASE_DIR
from procon.processes import wait_until
from tests.conftest import NOW, Cast, make_cast
from tests.notifications.mailserver import MailServer, mail_server
from tests.notifications.test_chaos import LEASES_END, TIME_PASSES, move_into
from tests.portal.conftest import make_subject
from tests.procon.buckets import keys, new_bucket, s3, stored_in
from tests.procon.machines import Cluster, Machines, Portal, case, clean, surroundings

MESSAGES = 150
#: After so many acknowledged cases dies a web, a worker, the primary; then so many more.
POINTS = (12, 24, 36, 60)


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder with a short name, for sockets live in it."""
    folder = Path(tempfile.mkdtemp(prefix="maq-"))
    folder.chmod(0o711)
    yield folder
    clean(folder)


def prepare(cast: Cast) -> Any:
    """What the office knows before the machines start: a portal's program, and messages that fall due meanwhile."""
    make_subject()
    now = timezone.now()  # noqa: TID251  real processes read the real clock
    enqueue_many(
        message(
            chave=f"maquinas:{number}",
            tipo="lembrete_audiencia",
            unidade=cast.unidade,
            destinatario=f"Pessoa {number}",
            endereco=f"pessoa{number}@example.org",
            assunto="Lembrete",
            corpo="Olá.",
            devida_em=now + timedelta(seconds=number / 5),
            vale_ate=now + timedelta(days=1),
        )
        for number in range(MESSAGES)
    )
    return create_integration(
        nome="Portal", escopos=["atendimentos:escrever", "atendimentos:ler"], unidades=[cast.unidade], by=cast.sistema,
        at=NOW,
    )  # fmt: skip


class Person:
    """Dora in a browser: what one machine let in, the other knows."""

    def __init__(self, ports: list[int]) -> None:
        self._ports, self._jar = ports, ""
        page = self._ask(0, "/entrar/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        self._ask(0, "/entrar/", f"csrfmiddlewaretoken={token[1]}&username=dora&password=senha-de-teste-1")

    def page(self, machine: int, path: str) -> str:
        return self._ask(machine, path)

    def _ask(self, machine: int, path: str, form: str = "") -> str:
        headers = {"Cookie": self._jar} if self._jar else {}
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._ports[machine]}{path}", form.encode() or None, headers
        )
        opener = urllib.request.build_opener(_Stay())
        with opener.open(request, timeout=20) as answer:
            given = [cookie.split(";")[0] for cookie in answer.headers.get_all("Set-Cookie") or []]
            known = dict(one.split("=", 1) for one in [*filter(None, self._jar.split("; ")), *given])
            self._jar = "; ".join(f"{name}={value}" for name, value in known.items())
            return str(answer.read().decode())


class _Stay(urllib.request.HTTPRedirectHandler):
    def http_error_302(self, request: Any, answer: Any, *_: Any) -> Any:
        return answer


def told(page: str) -> str:
    """The paragraph of the balance."""
    found = re.search(r'id="texto-imprensa"[^>]*>([^<]*)<', page)
    return found[1] if found else ""


def reports_say_whose_they_are(replica: Cluster, person: Person, portal: Portal, ports: list[int]) -> None:
    """A page read from a replica that stands still says so, and leads to what was written since."""
    path = "/relatorios/balanco/2026/"
    portal.ask(ports[0], "/api/v1/atendimentos/", _body("primeiro"), {"Content-Type": "application/json"})
    replica.sql("SELECT pg_wal_replay_pause()")
    before = person.page(1, path)
    assert re.search(r"tem tudo o que foi gravado até \d\d/\d\d/\d{4} às \d\d:\d\d:\d\d\.", before)
    portal.ask(ports[1], "/api/v1/atendimentos/", _body("segundo"), {"Content-Type": "application/json"})
    again, exact = person.page(0, path), person.page(0, f"{path}?principal=1")
    replica.sql("SELECT pg_wal_replay_resume()")
    assert told(again) == told(before)
    assert told(exact) != told(before)
    assert "réplica" not in exact


def _body(key: str) -> bytes:
    return json.dumps(case(key)).encode()


def limits_are_common(ports: list[int]) -> list[int]:
    """The answers to one more try than a minute allows, by turns of both machines."""
    found = []
    for number in range(31):
        request = urllib.request.Request(
            f"http://127.0.0.1:{ports[number % 2]}/api/v1/acompanhamento/",
            b'{"protocolo": "35.001.001.26-0000001", "chave": "AAAA-AAAA-AAAA"}',
            {"Content-Type": "application/json"},
        )
        try:
            urllib.request.urlopen(request, timeout=20).close()
        except urllib.error.HTTPError as refused:
            found.append(refused.code)
            refused.close()
    return found


def rage(machines: Machines, one: Cluster, other: Cluster, portal: Portal) -> None:
    """The kills, each at its point of the portal's progress."""
    web, worker, primary, end = POINTS
    assert portal.has(web), machines.logs()
    machines.kill("web0")
    assert portal.has(worker), machines.logs()
    machines.kill("worker0")
    assert portal.has(primary), machines.logs()
    one.kill()
    other.sql("SELECT pg_promote()")
    assert portal.has(end), machines.logs()


def settle(other: Cluster) -> None:
    """All messages come to their end; what the dead worker had taken is given back."""
    other.sql(LEASES_END)

    def over() -> bool:
        other.sql(TIME_PASSES)
        return not other.sql("SELECT 1 FROM notifications_mensagem WHERE situacao IN ('pendente', 'em_envio') LIMIT 1")

    assert wait_until(over, 120)


@pytest.mark.xdist_group("machines")
@pytest.mark.django_db(transaction=True)
def test_nothing_that_was_acknowledged_is_lost(home: Path, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]  # as the machines have it
    made = prepare(make_cast())
    one = Cluster(home / "a")
    with mail_server() as mail, s3() as server:
        bucket = new_bucket(server)
        with stored_in(bucket):
            claim()
        machines = other = None
        try:
            one.start()
            move_into(one)  # type: ignore[arg-type]  # it asks for the home alone
            other = one.standby(home / "b")
            machines = Machines(home, surroundings(one, other, bucket, mail.url))
            machines.start()
            portal = Portal(machines.ports, made.integracao.client_id, made.client_secret)
            person = Person(machines.ports)
            reports_say_whose_they_are(other, person, portal, machines.ports)
            assert limits_are_common(machines.ports) == [404] * 30 + [429]
            portal.start()
            rage(machines, one, other, portal)
            portal.stop()
            settle(other)
            assert "réplica" not in person.page(1, "/relatorios/balanco/2026/")
            check(other, portal, mail, bucket)
            assert verify(machines) == (0, "")
        finally:
            if machines:
                machines.stop()
            for cluster in (other, one):
                if cluster:
                    cluster.stop()


def verify(machines: Machines) -> tuple[int, str]:
    """The office's own check of itself: its end, and what it had to say."""
    command, env = [sys.executable, "manage.py", "verificar"], machines.env | {"DATA_DIR": str(machines.home / "v")}
    done = subprocess.run(command, cwd=BASE_DIR, env=env, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def check(cluster: Cluster, portal: Portal, mail: MailServer, bucket: str) -> None:
    """What was acknowledged is there, once; numbers have no gap; every message went out; every file is there."""
    rows = cluster.sql("SELECT protocolo_externo, protocolo FROM cases_atendimento ORDER BY protocolo")
    kept = {key: protocolo for key, protocolo in rows if key.startswith("cliente-")}
    numbers = [int(protocolo[-7:]) for _, protocolo in rows]
    sent = cluster.sql("SELECT situacao, count(*) FROM notifications_mensagem WHERE chave ~ '^maquinas:' GROUP BY 1")
    files = cluster.sql("SELECT count(*), count(DISTINCT arquivo) FROM cases_anexo WHERE arquivo <> ''")
    arrived = len(set(mail.taken))
    stored = sum("/anexos/" in key for key in keys(bucket))
    table = {
        "casos confirmados": len(portal.acknowledged),
        "confirmados e perdidos": len(portal.acknowledged.items() - kept.items()),
        "gravados em dobro": len(rows) - len({key for key, _ in rows}),
        "gravados sem resposta": len(kept) - len(portal.acknowledged),
        "buracos nos números": max(numbers) - len(numbers),
        "pedidos feitos": portal.tries,
        "mensagens enviadas": dict(sent).get("enviada", 0),
        "e-mails diferentes que chegaram": arrived,
        "anexos confirmados": len(portal.attached),
        "anexos gravados": files[0][0],
        "arquivos no balde": stored,
    }
    print("\n".join(f"{name:<34}{count:>6}" for name, count in table.items()))  # noqa: T201  the figures
    assert (portal.wrong, len(portal.acknowledged) >= POINTS[-1]) == ([], True)
    assert (table["confirmados e perdidos"], table["gravados em dobro"], table["buracos nos números"]) == (0, 0, 0)
    assert sent == [("enviada", MESSAGES)]
    assert arrived >= MESSAGES
    assert set(portal.attached) <= {p for (p,) in cluster.sql(
        "SELECT a.protocolo FROM cases_anexo x JOIN cases_atendimento a ON a.id = x.atendimento_id"
    )}  # fmt: skip
    assert stored >= files[0][1]
