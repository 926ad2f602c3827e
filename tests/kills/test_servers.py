"""PostgreSQL and Redis go away under a working office: what was acknowledged is there, and nobody restarts the web.

The web and the worker keep their processes all the time; the ones that go are the servers.
"""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from http.client import HTTPException
from typing import Any

import pytest
from django.utils import timezone

from notifications.models import Mensagem
from notifications.transport import message_id
from procon.processes import wait_until
from tests.conftest import Cast
from tests.kills.office import Answer, Office
from tests.notifications.scripted import put

pytestmark = [pytest.mark.xdist_group("kills"), pytest.mark.django_db]
CLERKS = 3


class Clerk(threading.Thread):
    """Somebody who registers one case after another; `done` holds what the office acknowledged."""

    def __init__(self, office: Office, unidade: int, name: str) -> None:
        super().__init__(daemon=True)
        self.office, self.session, self.words = office, office.log_in("bruno"), name
        self.told = {"unidade": unidade, "tipo": "simples_consulta", "canal": "pessoal"}
        self.done: list[str] = []
        self.said: Counter[int] = Counter()
        self.pages: list[str] = []
        self.enough = threading.Event()

    def run(self) -> None:
        """Until it is enough."""
        for number in range(10_000):
            if self.enough.is_set():
                return
            words = f"{self.words} {number:04}"
            with suppress(OSError, HTTPException):
                self._keep(words, self.office.ask("/atendimentos/novo/", self.session, self.told | {"relato": words}))

    def _keep(self, words: str, answer: Answer) -> None:
        self.said[answer.status] += 1
        if answer.status == 302:
            self.done.append(words)
        else:
            self.pages.append(answer.text)
            time.sleep(0.05)


def clerks_at_work(office: Office, name: str, trouble: Callable[[], None]) -> list[Clerk]:
    """Some clerks register; the trouble comes; they register on, and stop."""
    with office.inside() as cast:
        unidade = cast.unidade.pk
    clerks = [Clerk(office, unidade, f"{name} {place}") for place in range(CLERKS)]
    for clerk in clerks:
        clerk.start()

    def each_did(many: int) -> bool:
        return all(len(clerk.done) >= many for clerk in clerks)

    try:
        assert wait_until(lambda: each_did(3), 60)
        trouble()
        before = [len(clerk.done) for clerk in clerks]
        grown = wait_until(lambda: all(len(c.done) >= was + 3 for c, was in zip(clerks, before, strict=True)), 60)
    finally:  # who goes on asking disturbs every later test
        for clerk in clerks:
            clerk.enough.set()
        for clerk in clerks:
            clerk.join(40)
    assert grown, [clerk.said for clerk in clerks]
    return clerks


def kept(office: Office, name: str) -> Counter[str]:
    """What the database holds of those cases' texts, and how often."""
    return Counter(
        text for (text,) in office.sql("SELECT relato FROM cases_atendimento WHERE relato LIKE %s", [f"{name}%"])
    )


def message_due(cast: Cast, key: str) -> Mensagem:
    """One message that is due now."""
    due = timezone.now() - timedelta(minutes=1)  # noqa: TID251  real processes read the real clock
    return put(cast, key, devida_em=due)


def delivered(office: Office, mensagem: Mensagem) -> bool:
    """Whether the worker wrote down that it was sent; asks for it as the beat does."""
    with suppress(OSError):
        office.send("notifications.tasks.deliver_due")
    time.sleep(0.3)
    return bool(
        office.sql("SELECT 1 FROM notifications_mensagem WHERE id = %s AND situacao = 'enviada'", [mensagem.pk])
    )


@pytest.mark.parametrize("how", ["parada rápida", "kill -9"])
def test_postgresql_restarted_under_work(office: Office, outside: dict[str, Any], how: str) -> None:
    with office.inside() as cast:
        mensagem = message_due(cast, f"postgres:{how}")
    processes = [*office.web_pids(), office.running["worker"].pid]
    away: list[Answer] = []
    bruno = office.log_in("bruno")

    def trouble() -> None:
        server = office.servers["postgres"].children[0].process
        assert server is not None
        server.send_signal(signal.SIGINT if how == "parada rápida" else signal.SIGKILL)
        server.wait(30)
        away.extend(office.ask(path, bruno) for path in ("/", "/api/v1/assuntos/", "/readyz"))
        office.start("postgres")

    clerks = clerks_at_work(office, how, trouble)
    said = sum((clerk.said for clerk in clerks), Counter[int]())
    registered = kept(office, how)
    acknowledged = [words for clerk in clerks for words in clerk.done]
    assert set(acknowledged) <= set(registered)
    assert (len(acknowledged), set(registered.values())) == (len(set(acknowledged)), {1})
    assert set(said) <= {302, 503}
    for page in (text for clerk in clerks for text in clerk.pages):
        assert ("<h1>O sistema está fora do ar</h1>" in page, "Traceback" in page) == (True, False)
    start, program, machine = away
    assert (start.status, program.status, machine.status) == (503, 503, 503)
    assert (program.kind, "Traceback" in start.text) == ("application/problem+json", False)
    assert wait_until(lambda: delivered(office, mensagem), 60), (office.home / "worker.log").read_text()[-2000:]
    assert outside["mail"].taken.count(message_id(mensagem)) == 1
    assert [*office.web_pids(), office.running["worker"].pid] == processes


def test_redis_killed_and_emptied_under_work(office: Office, outside: dict[str, Any]) -> None:
    with office.inside() as cast:
        first, second = message_due(cast, "redis:antes"), message_due(cast, "redis:depois")
        Mensagem.objects.filter(pk=second.pk).update(situacao="pulada")
    assert wait_until(lambda: delivered(office, first), 60)
    processes = [*office.web_pids(), office.running["worker"].pid]
    wrong = {"username": "dora", "password": "errada"}
    for _ in range(5):
        office.ask("/entrar/", form=wrong)
    bruno = office.log_in("bruno")

    def trouble() -> None:
        office.kill("redis")
        assert office.ask("/", bruno).status == 200
        assert office.ask("/readyz").status == 503
        office.start("redis")

    clerks = clerks_at_work(office, "redis", trouble)
    assert sum((clerk.said for clerk in clerks), Counter[int]()).keys() == {302}
    assert set(kept(office, "redis").values()) == {1}
    assert office.ask("/", bruno).status == 200
    locked = office.ask("/entrar/", form=wrong)
    assert (locked.status, "tentativas" in locked.text) == (429, True)
    office.sql("UPDATE notifications_mensagem SET situacao = 'pendente' WHERE id = %s", [second.pk])
    assert wait_until(lambda: delivered(office, second), 90), (office.home / "worker.log").read_text()[-2000:]
    taken = Counter(outside["mail"].taken)
    assert (taken[message_id(first)], taken[message_id(second)]) == (1, 1)
    assert [*office.web_pids(), office.running["worker"].pid] == processes
