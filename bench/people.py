"""Two hundred people at work at once: each walks through the office's pages, with a breath between two of them.

`make bench ONLY=people SIZE=1000000 DURATION=300 PEOPLE=200`. Clerks, mediators and managers, each with a session of
their own: lists, search, the page of a case, registering, letters, the agenda, the balance. Two web workers, as an
office is started. Any answer that the page does not promise ends the benchmark with an error.
"""

from __future__ import annotations

import os
import random
import re
import statistics
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode

from bench.clients import TOKEN, served
from bench.figures import Figure
from bench.load import memory, workers_of

PEOPLE, SECONDS = int(os.environ.get("PEOPLE") or 200), float(os.environ.get("DURATION") or 300)
#: The rows were written with numbers of their own: whoever registers goes on behind them.
IN_STEP = """
    INSERT INTO cases_sequencia (unidade_id, ano, ultimo)
    SELECT unidade_id, 2000 + substr(protocolo, 12, 2)::int, max(right(protocolo, 7)::int)
    FROM cases_atendimento GROUP BY 1, 2
    ON CONFLICT (unidade_id, ano) DO UPDATE SET ultimo = greatest(cases_sequencia.ultimo, excluded.ultimo)
"""
#: The memory is looked at so often, and at the start.
PARTS = 10
#: Seconds between what one gets and what one asks for next: people read.
BREATH = (2.0, 8.0)
ROLES = ("atendente", "atendente", "conciliador", "coordenador")
NAMES = ("Maria Silva", "João Souza", "Ana", "Pereira", "Telefonia")


@dataclass
class Found:
    """What all of them saw."""

    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, name: str, milliseconds: float, wrong: str) -> None:
        """One answer; `wrong` says what is wrong with it."""
        with self.lock:
            self.taken[name].append(milliseconds)
            if wrong:
                self.wrong[f"{name}: {wrong}"] += 1


@dataclass
class Person:
    """One session, and what its owner does."""

    port: int
    session: str
    papel: str
    cases: list[str]
    unidade: int
    found: Found
    draw: random.Random
    until: float

    def work(self) -> None:
        """One page after another until the end."""
        time.sleep(self.draw.uniform(0, min(BREATH[1], SECONDS / 3)))
        while time.monotonic() < self.until:
            self._walk()[1](self)
            time.sleep(max(0, min(self.draw.uniform(*BREATH), self.until - time.monotonic())))

    def _walk(self) -> tuple[int, Callable[[Person], None]]:
        known = WALKS[self.papel]
        return self.draw.choices(known, [weight for weight, _ in known])[0]

    def get(self, name: str, path: str, status: int = 200) -> bytes:
        """A page that must be there."""
        return self._ask(name, "GET", path, None, status)[0]

    def post(self, name: str, path: str, form: dict[str, Any], status: int = 302) -> str:
        """A form that is sent; where it leads."""
        return self._ask(name, "POST", path, urlencode(form), status)[1]

    def _ask(self, name: str, method: str, path: str, form: str | None, status: int) -> tuple[bytes, str]:
        headers = {"Cookie": f"sessionid={self.session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun, body, leads, wrong = time.monotonic(), b"", "", ""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, form, headers)
            answer = connection.getresponse()
            body, leads = answer.read(), answer.headers.get("Location", "")
            wrong = "" if answer.status == status else f"{answer.status} em vez de {status}"
        except (OSError, HTTPException) as error:
            wrong = type(error).__name__
        finally:
            connection.close()
        self.found.keep(name, (time.monotonic() - begun) * 1000, wrong)
        return body, leads


def _home(person: Person) -> None:
    person.get("início", "/")


def _list(person: Person) -> None:
    page = person.get("lista de casos", "/atendimentos/" + person.draw.choice(["", "?status=aberto", "?ordem=antigos"]))
    if further := re.search(rb'href="(\?[^"]*cursor=[^"]+)"', page):
        person.get("lista, página seguinte", "/atendimentos/" + further.group(1).decode().replace("&amp;", "&"))


def _search(person: Person) -> None:
    leads = person.post("busca, o pedido", "/busca/", {"texto": person.draw.choice(NAMES)})
    if leads:
        person.get("busca, o resultado", leads)


def _case(person: Person) -> None:
    person.get("página do caso", f"/atendimentos/{person.draw.choice(person.cases)}/")


def _register(person: Person) -> None:
    person.get("registro, a página", "/atendimentos/novo/")
    told = {"unidade": person.unidade, "tipo": "simples_consulta", "canal": "pessoal", "relato": "Perguntou da troca."}
    leads = person.post("registro, o envio", "/atendimentos/novo/", told)
    if leads:
        person.get("página do caso", leads)


def _letter(person: Person) -> None:
    leads = person.post("documento, a emissão", f"/atendimentos/{person.draw.choice(person.cases)}/espelho/", {})
    if leads:
        person.get("documento, o PDF", leads)


def _agenda(person: Person) -> None:
    person.get("agenda", "/audiencias/")


def _terms(person: Person) -> None:
    person.get("prazos em curso", "/atendimentos/prazos/")


def _balance(person: Person) -> None:
    person.get("balanço do ano", "/relatorios/balanco/2023/")


def _oversight(person: Person) -> None:
    person.get("gestão", "/relatorios/gestao/")


#: How often each does what.
WALKS: dict[str, list[tuple[int, Callable[[Person], None]]]] = {
    "atendente": [(1, _home), (4, _list), (3, _search), (5, _case), (3, _register), (1, _letter), (1, _agenda)],
    "conciliador": [(1, _home), (5, _agenda), (2, _list), (3, _case), (1, _search)],
    "coordenador": [
        (1, _home),
        (3, _list),
        (2, _terms),
        (1, _balance),
        (1, _oversight),
        (3, _case),
        (1, _search),
        (1, _agenda),
    ],
}


def measure(size: int) -> list[Figure]:
    """Errors, median and 95th percentile of each page, and what the workers hold in memory at start and end."""
    found = Found()
    sessions, cases, unidade = _office(size)
    with served("procon.wsgi", "--worker-class", "gthread", "--threads", "4") as (port, server):
        workers = workers_of(server)
        draw = random.Random(5)  # noqa: S311  meant to be repeatable
        for session, papel in sessions[: 4 * len(workers)]:  # each process has read its code
            Person(port, session, papel, cases, unidade, found, draw, 0)._ask("início", "GET", "/", None, 200)
        found.taken.clear()
        before, begun = memory(workers), time.monotonic()
        people = [
            Person(port, session, papel, cases, unidade, found, random.Random(place), begun + SECONDS)  # noqa: S311
            for place, (session, papel) in enumerate(sessions)
        ]
        held = [before]
        with _threads([person.work for person in people]):
            for part in range(1, PARTS):
                time.sleep(max(0, begun + SECONDS * part / PARTS - time.monotonic()))
                held.append(memory(workers))
        seconds = time.monotonic() - begun
        held.append(memory(workers))
        same = workers == workers_of(server)
    if found.wrong or not same:
        raise RuntimeError(f"answers that nobody promised: {dict(found.wrong)}; the same processes: {same}")
    return list(_figures(found, seconds, held, size))


def _figures(found: Found, seconds: float, held: list[list[float]], size: int) -> Iterator[Figure]:
    every = [each for taken in found.taken.values() for each in taken]
    called = f"{PEOPLE} pessoas, {size:,} casos, {seconds:.0f} s"
    yield Figure(f"{called}: pedidos, todos com a resposta prometida", len(every), "pedidos", goal="0 erros")
    for name, taken in [("todas as páginas", every), *sorted(found.taken.items())]:
        late = statistics.quantiles(taken, n=20)[-1] if len(taken) > 1 else taken[0]
        yield Figure(f"{called}: {name}, {len(taken)} vezes: mediana", round(statistics.median(taken), 1), "ms")
        yield Figure(f"{called}: {name}: p95", round(late, 1), "ms")
    for place, steps in enumerate(zip(*held, strict=True), start=1):
        told = " ".join(f"{step:.0f}" for step in steps)
        yield Figure(f"{called}: memória do processo {place}, a cada décimo do tempo: {told}; no fim", steps[-1], "MiB")
        grown = steps[-1] - steps[PARTS // 2]
        yield Figure(f"{called}: memória do processo {place}, ganho na segunda metade", round(grown, 1), "MiB")


def _office(size: int) -> tuple[list[tuple[str, str]], list[str], int]:
    """An office of `size` cases, so many people with a session each, and the numbers of some open cases."""
    from django.db import connection

    from accounts.models import Atribuicao, User
    from bench.population import TABLES, large_office
    from cases.models import Atendimento
    from tests.browsing import logged_in

    cast = large_office(size)
    with connection.cursor() as cursor:
        cursor.execute(IN_STEP)
        for table in set(TABLES) - {"cases_textodoatendimento"}:  # its key is the case's
            cursor.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
            )
    sessions = []
    for number in range(PEOPLE):
        papel = ROLES[number % len(ROLES)]
        person = User.objects.create_user(f"pessoa{number}", nome=f"Pessoa {number:03}")
        Atribuicao.objects.create(user=person, unidade=cast.unidade, papel=papel)
        sessions.append((str(logged_in(person).cookies["sessionid"].value), papel))
    newest = Atendimento.objects.filter(unidade=cast.unidade).order_by("-pk").values_list("protocolo", flat=True)
    return sessions, list(newest[:500]), cast.unidade.pk


@contextmanager
def _threads(work: list[Callable[[], None]]) -> Iterator[None]:
    threads = [threading.Thread(target=each, daemon=True) for each in work]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join()
