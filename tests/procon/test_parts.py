"""The parts one by one, on given servers: what containers and service managers start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from procon.environment import BASE_DIR, redis_database, with_redis_database
from procon.processes import wait_until
from tests.procon.test_start import free_port

pytestmark = pytest.mark.xdist_group("start")
DATABASE = "procon_partes"


@pytest.fixture
def given(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The variables that a container gets: an empty database and a Redis of their own."""
    address = os.environ["DATABASE_URL"]
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        connection.execute(f"CREATE DATABASE {DATABASE}")
    head, _, tail = address.partition("?")
    yield os.environ | {
        "DATABASE_URL": f"{head.rpartition('/')[0]}/{DATABASE}{'?' if tail else ''}{tail}",
        "REDIS_URL": with_redis_database(os.environ["REDIS_URL"], redis_database(os.environ["REDIS_URL"]) + 8),
        "SECRET_KEY": "segredo-de-teste-com-mais-de-32-letras",
        "DATA_DIR": str(tmp_path / "dados"),
        "PORT": str(free_port()),
        "DEMO": "0",
    }
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


def counted_by_all(address: str) -> bool:
    """Whether the requests that several processes answered are counted together, whichever of them is asked."""
    for _ in range(20):
        urllib.request.urlopen(f"{address}/livez")
    line = 'procon_pedidos_total{metodo="GET",rota="/livez",status="200"} 20.0'
    return all(line in urllib.request.urlopen(f"{address}/metrics").read().decode() for _ in range(4))


def test_the_parts_make_an_office(given: dict[str, str]) -> None:
    here = [sys.executable, "-m", "procon.run"]
    migrated = subprocess.run(
        [*here, "migrate"], cwd=BASE_DIR, env=given, timeout=600, check=False, capture_output=True, text=True
    )
    parts = [subprocess.Popen([*here, part], cwd=BASE_DIR, env=given) for part in ("web", "worker", "beat")]

    def ready() -> bool:
        try:
            return bool(urllib.request.urlopen(f"http://127.0.0.1:{given['PORT']}/readyz").status == 200)
        except (urllib.error.URLError, ConnectionError):
            return False

    try:
        assert migrated.returncode == 0, migrated.stderr
        assert wait_until(ready, 240)
        assert counted_by_all(f"http://127.0.0.1:{given['PORT']}")
        for part in ("worker", "beat"):
            assert subprocess.run([*here, "alive", part], cwd=BASE_DIR, env=given, check=False).returncode == 0
    finally:
        for process in parts:
            process.send_signal(signal.SIGTERM)
        ended = [process.wait(120) for process in parts]
    assert ended == [0, 0, 0]
    assert subprocess.run([*here, "alive", "beat"], cwd=BASE_DIR, env=given, check=False).returncode == 1
