"""Databases and folders apart from the tests' own, for an office that is copied and the one it is restored to."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings

from procon.environment import read
from tests.databases import administer


@contextmanager
def database(name: str, *, like: str | None = None) -> Iterator[str]:
    """A database of this name: empty, or a copy of another. Gone afterwards."""
    name = f"{connection.settings_dict['NAME']}_{name}"
    drop = f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'
    administer(drop, f'CREATE DATABASE "{name}" TEMPLATE "{like or "template0"}"')
    try:
        yield name
    finally:
        administer(drop)


@contextmanager
def office_in(name: str, data_dir: Path, **given: Any) -> Iterator[None]:
    """Django works in this database and this data folder; `given` are variables of the environment.

    The test's own connection, with its open transaction, waits aside.
    """
    own = connections["default"]
    there = own.copy()
    there.settings_dict["NAME"] = name
    connections["default"] = there
    environment = read({"DATABASE_URL": "postgres://x/y", "REDIS_URL": "redis://x", "DATA_DIR": str(data_dir), **given})
    folders = {"MEDIA_ROOT": data_dir / "documentos", "ANEXOS_ROOT": data_dir / "anexos"}
    try:
        with override_settings(DATA_DIR=data_dir, ENVIRONMENT=environment, **folders):
            yield
    finally:
        there.close()
        connections["default"] = own


def restored(copy: Path, name: str, data_dir: Path, **given: str) -> str:
    """What `restaurar` says. Raises CommandError."""
    out = io.StringIO()
    with office_in(name, data_dir, **given):
        call_command("restaurar", str(copy), stdout=out, stderr=io.StringIO())
    return out.getvalue()
