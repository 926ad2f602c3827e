"""Starts the office: `python -m procon.run` starts all of it, and with a part's name only that part.

python -m procon.run                the embedded servers where needed, preparation, web, worker and beat
python -m procon.run migrate        preparation only
python -m procon.run web|worker|beat    one part, in the foreground (for containers and service managers)
python -m procon.run alive worker|beat  0 when that part gives signs of life (for a container's health check)
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import tempfile
import time
import urllib.error
import urllib.request
from threading import Event

from procon import embedded
from procon.environment import BASE_DIR, Environment, WrongEnvironment, check_bucket, prepare_data_dir, read
from procon.holding import Held, hold, wanted_servers
from procon.processes import Child

DEMO_PASSWORD = "procon-demo-2023"  # noqa: S105  fictitious people, printed at every start
DEMO_PEOPLE = ("bruno", "carla", "dora", "edu", "auditor", "encarregado", "admin")
#: In the data folder of a demonstration: the credentials of the API's sandbox (procon/demo/sandbox.py).
SANDBOX_FILE = "sandbox.json"
PARTS = ("web", "worker", "beat")


class Stopped(BaseException):
    """Somebody asked the office to stop."""


#: Set beside the exception, which Python swallows when it is raised inside a fork's or a finaliser's callback.
_asked = Event()


def pause(seconds: float) -> None:
    """Sleep, unless somebody asked the office to stop."""
    if _asked.wait(seconds):
        raise Stopped


def command_of(part: str, environment: Environment) -> list[str]:
    """The words that start one part; the same here, in containers and under a service manager."""
    here = [sys.executable, "-m"]
    host, port = environment.text("HOST"), environment.number("PORT")
    workers = environment.number("PROCON_TRABALHADORES")
    return {
        "web": [
            *(
                *here,
                "gunicorn",
                "procon.wsgi:application",
                "--bind",
                f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
            ),
            *("--workers", str(workers), "--worker-class", "gthread", "--threads", "4", "--timeout", "60"),
            *("--graceful-timeout", "15", "--no-control-socket", "--config", "python:procon.serving", "--preload"),
        ],
        "worker": [
            *(*here, "celery", "--app", "procon", "worker", "--pool", "threads", "--concurrency", str(workers)),
            *("--loglevel", "warning", "--without-gossip", "--without-mingle"),
        ],
        "beat": [*here, "celery", "--app", "procon", "beat", "--loglevel", "warning", "--pidfile="],
        "migrate": [sys.executable, str(BASE_DIR / "manage.py"), "preparar"],
    }[part]


def place_to_count() -> dict[str, str]:
    """An empty folder in which the processes of the web part count their requests, as the variable that names it."""
    return {"PROMETHEUS_MULTIPROC_DIR": tempfile.mkdtemp(prefix="procon-metricas-")}


def check_address(host: str, port: int) -> None:
    """Refuse a port that somebody uses or that we may not have."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError:
        raise WrongEnvironment(
            f"O endereço HOST={host} não existe. Use HOST=127.0.0.1 (só esta máquina) ou HOST=0.0.0.0 (a rede)."
        ) from None
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen(1)
        except OSError as error:
            raise WrongEnvironment(
                f"A porta {port} em {host} não está livre ({error.strerror}): outro programa a usa ou ela é reservada. "
                f"Pare o outro programa ou escolha outra, como PORT={port + 1 if port < 65535 else 8000}."
            ) from None


class Office:
    """The whole office on one machine: its servers and its parts, and their end."""

    def __init__(self, environment: Environment, held: Held) -> None:
        self.environment = environment
        self.held = held
        self.servers = wanted_servers(environment)
        self.parts: list[Child] = []
        self._restart_after: dict[str, float] = {}

    def start(self) -> None:
        """Bring everything up, in order."""
        data_dir = self.environment.data_dir
        if self.held.leftovers:
            say(f"Encerrei {self.held.leftovers} processos que um início anterior deixou.")
        if self.servers.postgres or self.servers.redis:
            say("Iniciando os servidores embutidos (PostgreSQL e Redis)…")
            self.servers.start(self.held.ledger)
        if self.servers.postgres:
            os.environ["DATABASE_URL"] = embedded.database_url(data_dir, user=embedded.APPLICATION)
            os.environ["DATABASE_OWNER_URL"] = embedded.database_url(data_dir, user=embedded.OWNER)
        if self.servers.redis:
            os.environ["REDIS_URL"] = embedded.redis_url(data_dir)
        say("Preparando o banco e os arquivos…")
        self._prepare()
        self.parts = [
            Child(part, command_of(part, self.environment), log=data_dir / "registros" / f"{part}.log", cwd=BASE_DIR)
            for part in PARTS
        ]
        self.parts[0].extra = place_to_count()
        for child in self.parts:
            child.start(self.held.ledger)
        self._wait_until_ready()

    def _prepare(self) -> None:
        child = Child("preparar", command_of("migrate", self.environment), cwd=BASE_DIR)
        child.start(self.held.ledger)
        self.parts = [child]
        while child.alive:
            pause(0.05)
        if child.process is not None and child.process.returncode:
            raise WrongEnvironment("A preparação parou; o motivo está acima. Corrija-o e comece de novo.")

    def _wait_until_ready(self) -> None:
        """Wait for /readyz. Whoever dies while starting is shown with the end of its log."""
        end = time.monotonic() + 120
        while True:
            answer = self._readiness()
            if answer is None:
                return
            for child in self.parts:
                if not child.alive:
                    raise WrongEnvironment(
                        f"«{child.name}» parou ao começar. Seu registro ({child.log}):\n{child.last_lines()}"
                    )
            if time.monotonic() > end:
                raise WrongEnvironment(
                    f"O sistema não ficou pronto em 2 minutos: {answer}. Veja os registros na pasta de dados."
                )
            pause(0.1)

    def _readiness(self) -> str | None:
        try:
            with urllib.request.urlopen(f"{self.address(local=True)}/readyz", timeout=10):  # noqa: S310  our own address
                return None
        except urllib.error.HTTPError as error:
            parts = json.loads(error.read()).get("partes", {}) if error.code == 503 else {}
            return "; ".join(f"{name}: {state}" for name, state in parts.items() if state != "ok") or str(error)
        except OSError as error:
            return str(error)

    def address(self, *, local: bool = False) -> str:
        """The address to open; `local` is one that this machine can always reach."""
        host = self.environment.text("HOST")
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host) if local or host in {"0.0.0.0", "::"} else host  # noqa: S104  compared, not bound
        return (
            f"http://[{host}]:{self.environment.number('PORT')}"
            if ":" in host
            else f"http://{host}:{self.environment.number('PORT')}"
        )

    def watch(self) -> None:
        """Keep it all running until somebody asks to stop; what dies is started again a little later."""
        while True:
            for child in [*self.servers.children, *self.parts]:
                if child.alive:
                    continue
                due = self._restart_after.setdefault(child.name, time.monotonic() + 1)
                if time.monotonic() >= due:
                    say(f"«{child.name}» parou; começo de novo (registro: {child.log}).")
                    child.stop()
                    child.start(self.held.ledger)
                    self._restart_after[child.name] = time.monotonic() + 5
            pause(0.2)

    def stop(self) -> None:
        """Stop the parts first, then the servers."""
        for child in self.parts:
            child.ask_to_stop()
        for child in self.parts:
            child.stop()
        self.servers.stop()


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, flush=True)  # noqa: T201  this is the launcher's voice


def run_all(environment: Environment) -> None:
    """Start everything and stay until told to stop."""
    host, port = environment.text("HOST"), environment.number("PORT")
    held = hold(environment, f"um sistema já iniciado em {host}:{port}")
    check_address(host, port)
    office = Office(environment, held)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        office.start()
        welcome(environment, office.address())
        office.watch()
    except Stopped:
        say("Encerrando…")
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        office.stop()
        held.lock.release()
    say("Tudo parado.")


def welcome(environment: Environment, address: str) -> None:
    """Print where the office is and, for the demonstration, who may log in."""
    say(f"\nPronto: {address}/")
    if environment.flag("DEMO"):
        say(f"Pessoas da demonstração: {', '.join(DEMO_PEOPLE)}; senha de todas: {DEMO_PASSWORD}")
        sandbox = environment.data_dir / SANDBOX_FILE
        if sandbox.exists():
            known = json.loads(sandbox.read_text())
            say(
                f"Sandbox da API (docs/portal.md): client_id {known['client_id']}, client_secret "
                + known["client_secret"]
            )
    say(f"Dados e registros: {environment.data_dir}. Para parar: Ctrl-C.\n")


def tell_alive(part: str) -> int:
    """Print what the part's sign of life says; 0 when there is one."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "procon.settings")
    django.setup()
    from procon.health import CHECKS, OK

    answer = CHECKS[part]()
    say(answer)
    return int(answer != OK)


def _stop(*_: object) -> None:
    _asked.set()
    raise Stopped


def main(arguments: list[str]) -> int:
    """Read the environment and start what was asked; 2 when something must be mended first."""
    try:
        environment = read()
        if arguments and arguments[0] in (*PARTS, "migrate") and len(arguments) == 1:
            prepare_data_dir(environment.data_dir)
            if arguments[0] != "migrate":  # which checks it itself, after the database
                check_bucket(environment)
            words = command_of(arguments[0], environment)
            if arguments[0] == "web":
                os.environ |= place_to_count()
            os.chdir(BASE_DIR)
            os.execv(words[0], words)  # noqa: S606  words written above
        if len(arguments) == 2 and arguments[0] == "alive" and arguments[1] in PARTS[1:]:
            return tell_alive(arguments[1])
        if arguments:
            raise WrongEnvironment(
                f"Não conheço «{' '.join(arguments)}». Use web, worker, beat, migrate, alive PARTE, ou nada para tudo."
            )
        run_all(environment)
    except WrongEnvironment as error:
        print(error, file=sys.stderr)  # noqa: T201  the launcher's voice
        return 2
    except Stopped:  # asked twice, while stopping
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
