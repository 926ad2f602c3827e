"""The parts one by one, on given servers: what containers and service managers start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from procon.environment import BASE_DIR, redis_database, with_redis_database
from procon.processes import wait_until
from tests.databases import address
from tests.procon.scratch import database
from tests.procon.test_start import free_port

pytestmark = pytest.mark.xdist_group("start")


@pytest.fixture
def given(django_db_setup: None, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The variables that a container gets: an empty database and a Redis of their own."""
    with database("partes") as name:
        yield os.environ | {
            "DATABASE_URL": address(name),
            "REDIS_URL": with_redis_database(os.environ["REDIS_URL"], redis_database(os.environ["REDIS_URL"]) + 8),
            "SECRET_KEY": "segredo-de-teste-com-mais-de-32-letras",
            "DATA_DIR": str(tmp_path / "dados"),
            "PORT": str(free_port()),
            "DEMO": "0",
        }


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

    def ready() -> bool:
        try:
            return bool(urllib.request.urlopen(f"http://127.0.0.1:{given['PORT']}/readyz").status == 200)
        except (urllib.error.URLError, ConnectionError):
            return False

    with ExitStack() as whatever_happens:
        parts = []
        for part in ("web", "worker", "beat"):
            parts.append(subprocess.Popen([*here, part], cwd=BASE_DIR, env=given))
            whatever_happens.callback(parts[-1].kill)
        assert migrated.returncode == 0, migrated.stderr
        assert wait_until(ready, 240)
        assert counted_by_all(f"http://127.0.0.1:{given['PORT']}")
        for part in ("worker", "beat"):
            assert subprocess.run([*here, "alive", part], cwd=BASE_DIR, env=given, check=False).returncode == 0
        for process in parts:
            process.send_signal(signal.SIGTERM)
        assert [process.wait(120) for process in parts] == [0, 0, 0]
    assert subprocess.run([*here, "alive", "beat"], cwd=BASE_DIR, env=given, check=False).returncode == 1
