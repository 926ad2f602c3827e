"""pytest plugin: the database and the Redis that the tests run on.

Loaded with `-p` so that it runs before pytest-django reads the settings. Without DATABASE_URL or REDIS_URL it starts
the embedded ones in a temporary folder, once for the run; xdist's workers share them, each with a database of its own.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from procon import embedded
from procon.embedded import Servers
from procon.environment import redis_database, with_redis_database
from procon.processes import Ledger
from tests import databases

#: What a person's shell may hold and no test should see.
OURS = ("SECRET_KEY", "EMAIL_URL", "REPLICA_URL", "STORAGE_URL", "HOST", "PORT", "DEMO")
#: Without bytecode on disk each of the many processes that tests start compiles all of the office again.
OURS += ("PYTHONDONTWRITEBYTECODE",)

_running: list[tuple[Path, Servers]] = []


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Start the servers and name them before settings are read."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "procon.settings")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright's loop lives in the thread that asks the database
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        number = int(worker.removeprefix("gw"))
        address = os.environ["REDIS_URL"]
        os.environ["REDIS_URL"] = with_redis_database(address, redis_database(address) + 2 * (number + 1))
        return
    for name in [name for name in os.environ if name in OURS or name.startswith("PROCON_")]:
        del os.environ[name]
    sys.dont_write_bytecode = False
    folder = Path(tempfile.mkdtemp(prefix="procon-testes-"))
    os.environ["DATA_DIR"] = str(folder / "dados")
    (folder / "dados").mkdir(mode=0o700)
    home = folder / "servidores"
    home.mkdir(mode=0o700)
    servers = Servers(
        home, postgres=not os.environ.get("DATABASE_URL"), redis=not os.environ.get("REDIS_URL"), durable=False
    )
    _running.append((folder, servers))
    servers.start(Ledger(home / "processos.json"))
    if servers.postgres:
        os.environ["DATABASE_URL"] = embedded.database_url(home)
    if servers.redis:
        os.environ["REDIS_URL"] = embedded.redis_url(home)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop what was started."""
    while _running:
        folder, servers = _running.pop()
        if not servers.postgres:
            databases.drop()
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)
