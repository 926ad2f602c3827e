"""The start, with real processes: what it says, what it survives, and that nothing stays behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from procon.environment import BASE_DIR
from procon.processes import start_time, wait_until, working_in

pytestmark = pytest.mark.xdist_group("start")


def free_port() -> int:
    """A port that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def surroundings(data_dir: Path, **given: str) -> dict[str, str]:
    """The environment of a start of its own, with embedded servers."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return kept | {"DATA_DIR": str(data_dir), "DEMO": "0", "PYTHONUNBUFFERED": "1"} | given


class Start:
    """One `python -m procon.run` in a process of its own."""

    def __init__(self, data_dir: Path, port: int) -> None:
        self.data_dir, self.port = data_dir, port
        self.output = data_dir.parent / f"saida-{port}.txt"
        with self.output.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "procon.run"],
                cwd=BASE_DIR,
                env=surroundings(data_dir, PORT=str(port)),
                stdout=out,
                stderr=out,
            )

    def ready(self) -> bool:
        """Whether it has said that it is ready; fails the test when it ended instead."""
        assert self.process.poll() is None, self.output.read_text()
        return "Pronto:" in self.output.read_text()

    def wait_until_ready(self) -> None:
        """Wait for its word."""
        assert wait_until(self.ready, 90), self.output.read_text()

    def family(self) -> dict[int, int]:
        """Every process that descends from it, with its start time."""
        parents = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    text = (entry / "stat").read_text()
                except OSError:
                    continue
                parents[int(entry.name)] = int(text.rpartition(")")[2].split()[1])
        found, frontier = {}, {self.process.pid}
        while frontier:
            frontier = {pid for pid, parent in parents.items() if parent in frontier}
            found.update({pid: started for pid in frontier if (started := start_time(pid)) is not None})
        return found

    def end(self) -> None:
        """Leave nothing to the next test."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise


def alive(family: dict[int, int]) -> list[int]:
    """Those of the family who still run."""
    return [pid for pid, started in family.items() if start_time(pid) == started]


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all starts of this module: each finds what the one before left."""
    return tmp_path_factory.mktemp("inicio") / "dados"


@contextmanager
def started(data_dir: Path) -> Iterator[Start]:
    """An office that runs; whatever happens, nothing of it is left to the next test."""
    start = Start(data_dir, free_port())
    try:
        start.wait_until_ready()
        yield start
    finally:
        start.end()


def run(data_dir: Path, *words: str, **given: str) -> subprocess.CompletedProcess[str]:
    """One command beside the office or alone."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=BASE_DIR,
        env=surroundings(data_dir, **given),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_first_start_serves_mends_itself_refuses_a_second_one_and_leaves_nothing_behind(data_dir: Path) -> None:
    with started(data_dir) as office:
        with urllib.request.urlopen(f"http://127.0.0.1:{office.port}/readyz") as answer:
            assert answer.status == 200
        a_part_that_dies_is_started_again(office)

        second = run(data_dir, "-m", "procon.run", PORT=str(free_port()))
        beside = run(data_dir, "manage.py", "migrate", "--check")
        family = office.family()
        office.process.send_signal(signal.SIGTERM)
        ended = office.process.wait(60)

    assert second.returncode == 2
    assert second.stderr == (
        f"Esta pasta de dados ({data_dir}) já está em uso por um sistema já iniciado em 127.0.0.1:{office.port} "
        f"(processo {office.process.pid}). Use o que já está no ar, espere terminar, ou aponte DATA_DIR e PORT para "
        "outros.\n"
    )
    assert beside.returncode == 0, beside.stderr
    assert len(family) >= 8
    assert ended == 0
    assert alive(family) == []
    assert office.output.read_text().endswith("Encerrando…\nTudo parado.\n")


def a_part_that_dies_is_started_again(office: Start) -> None:
    """The worker's end is told, and another one works."""
    worker = next(iter(workers(office)))
    os.kill(worker, signal.SIGKILL)

    assert wait_until(lambda: "«worker» parou; começo de novo" in office.output.read_text(), 20)
    assert wait_until(lambda: workers(office) - {worker} != set(), 20)


def workers(office: Start) -> set[int]:
    """The office's processes that run the worker."""
    found = set()
    for pid in office.family():
        with suppress(OSError):  # it ended meanwhile
            found |= {pid} if b"\0worker\0" in Path(f"/proc/{pid}/cmdline").read_bytes() else set()
    return found


def test_survives_a_kill_of_everything_and_its_children_end_when_only_the_launcher_is_killed(data_dir: Path) -> None:
    with started(data_dir) as killed:
        family = killed.family()
        for pid in [killed.process.pid, *family]:
            os.kill(pid, signal.SIGKILL)
        killed.process.wait(10)
    assert (data_dir / "postgres" / "postmaster.pid").exists()

    with started(data_dir) as again:
        family = again.family()
        again.process.kill()
        again.process.wait(10)

        assert wait_until(lambda: alive(family) == [], 30), alive(family)


def test_a_command_alone_starts_servers_and_stops_them(data_dir: Path) -> None:
    done = run(data_dir, "manage.py", "migrate", "--check")

    assert done.returncode == 0, done.stderr
    assert working_in(data_dir / "postgres", "postgres") == []
    assert working_in(data_dir / "redis", "redis-server") == []


def test_a_port_in_use_is_told(data_dir: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(1)
        port = taken.getsockname()[1]
        done = run(data_dir, "-m", "procon.run", PORT=str(port))

    assert done.returncode == 2
    assert done.stderr == (
        f"A porta {port} em 127.0.0.1 não está livre (Address already in use): outro programa a usa ou ela é "
        f"reservada. Pare o outro programa ou escolha outra, como PORT={port + 1}.\n"
    )


@pytest.mark.parametrize("words", [("-m", "procon.run"), ("manage.py", "migrate")])
def test_a_wrong_value_is_one_sentence(data_dir: Path, words: tuple[str, ...]) -> None:
    done = run(data_dir, *words, PORT="oitenta")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "A variável PORT tem um valor que não serve: «oitenta». "
        "Escreva um número de porta de 1 a 65535, como PORT=8000.\n"
    )


def test_a_database_that_does_not_answer_is_told(data_dir: Path) -> None:
    done = run(data_dir, "manage.py", "preparar", DATABASE_URL="postgres://ninguem@127.0.0.1:1/procon")

    assert done.returncode == 2
    assert done.stderr.startswith("O banco de dados não responde: ")
    assert "Traceback" not in done.stderr


def test_an_unknown_part_is_told(data_dir: Path) -> None:
    done = run(data_dir, "-m", "procon.run", "tudo")

    assert (done.returncode, done.stderr) == (
        2,
        "Não conheço «tudo». Use web, worker, beat, migrate, alive PARTE, ou nada para tudo.\n",
    )
