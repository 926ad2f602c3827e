"""One migrated database for a run: each worker's, and those of offices that tests start, are copies of it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import psycopg


def address(name: str) -> str:
    """The address of another database on the tests' server."""
    return _server()._replace(path=f"/{name}").geturl()


def administer(*statements: str) -> None:
    """Statements on the server itself, by a connection that stands in none of its offices."""
    with psycopg.connect(address("postgres"), autocommit=True) as server:
        for statement in statements:
            server.execute(statement)


def exists(name: str) -> bool:
    """Whether the server has this database."""
    with psycopg.connect(address("postgres")) as server:
        return server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def template() -> str:
    """The name of the migrated database; whoever asks first in this run makes it, and the others wait.

    What an earlier run left on a server that was given is made anew. Nobody can connect to it, so it stays as it is.
    """
    name = f"test_{_server().path[1:]}_modelo"
    with (Path(os.environ["DATA_DIR"]) / "modelo.lock").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        if file.read() != name:
            drop()
            administer(f'CREATE DATABASE "{name}" TEMPLATE template0')
            _migrate(name)
            administer(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            file.write(name)
    return name


def drop() -> None:
    """Leave no template on a server that was given."""
    administer(f'DROP DATABASE IF EXISTS "test_{_server().path[1:]}_modelo" WITH (FORCE)')


def _server() -> SplitResult:
    return urlsplit(os.environ["DATABASE_URL"])


def _migrate(name: str) -> None:
    from django.core.management import call_command
    from django.db import connections

    own = connections["default"]
    there = own.copy()
    there.settings_dict["NAME"] = name
    connections["default"] = there
    try:
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        there.close()
        connections["default"] = own
