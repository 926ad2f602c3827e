"""Restoring a copy: the database in one transaction that is committed last, the files before it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.db import connection

from documents.storage import synced_together
from procon.backup.archive import Summed, members
from procon.backup.errors import CopyRefused
from procon.backup.examining import MARK, Examined, check_database_empty, places, unfinished_copy
from procon.backup.making import FILES, Bar
from procon.backup.manifest import UNFINISHED, count_rows
from procon.backup.programs import database, last_lines, program
from procon.backup.streams import reading
from procon.belonging import forget
from procon.environment import prepare_data_dir
from workflow.errors import StorageAway

_PSQL = ("--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1", "--file=-")
#: Newer clients write this also for older servers, which do not know it.
_ONLY_SINCE_17 = b"SET transaction_timeout = 0;\n"

#: A stored file up to this size is held in memory on its way.
_IN_MEMORY = 16 << 20


def restore(examined: Examined, *, key: str, bar: Bar, keeps_key: bool) -> None:
    """Fill the empty database and folders from a copy that was examined. Raises CopyRefused.

    Killed at any moment, it leaves a mark in the data folder by which nothing starts, and can be run again: until the
    commit the database is empty, after it everything is in place.
    """
    data_dir = Path(settings.DATA_DIR)
    done = unfinished_copy()
    if done and done != examined.manifest.copia:
        raise CopyRefused(
            "Há neste banco uma restauração inacabada de outra cópia. Nada foi gravado. Termine-a com aquela cópia, ou "
            "use uma pasta de dados e um banco vazios."
        )
    if done:
        return
    check_database_empty(examined.manifest)
    _mark(data_dir, examined)
    _clear()
    try:
        _fill(examined, key, bar, data_dir if keeps_key else None)
    except StorageAway as failure:
        raise CopyRefused(f"{failure} O banco continua vazio. Rode o mesmo comando quando ele voltar.") from failure
    except OSError as failure:
        raise CopyRefused(
            f"A restauração parou ({failure.strerror or failure}): falta espaço ou permissão em «{data_dir}». O banco "
            "continua vazio. Resolva isso e rode o mesmo comando de novo."
        ) from failure


@contextmanager
def only_one() -> Iterator[None]:
    """One restore into a database at a time; the lock goes with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [UNFINISHED])
        if not cursor.fetchone()[0]:
            raise CopyRefused("Outra restauração está em andamento neste banco. Espere terminar.")
        yield
        cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [UNFINISHED])


def check_counts(examined: Examined) -> dict[str, int]:
    """Count every table; raises CopyRefused unless all are as in the copy."""
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        found = count_rows(cursor)
    wanted = examined.manifest.tabelas
    for name in sorted(wanted.keys() | found.keys()):
        if wanted.get(name) != found.get(name):
            raise CopyRefused(
                f"A tabela {name} tem {found.get(name)} linhas, e na cópia tem {wanted.get(name)}. Esta restauração "
                "não "
                "serve; use uma pasta de dados e um banco vazios, e avise quem cuida do sistema."
            )
    return found


def _mark(data_dir: Path, examined: Examined) -> None:
    prepare_data_dir(data_dir)
    (data_dir / MARK).write_text(json.dumps({"copia": examined.manifest.copia, "lugares": places()}))


def _clear() -> None:
    """Take away what a killed run left; the places were empty before it."""
    for folder, _ in FILES:
        store: Any = storages[folder]
        for name in list(store.names()):
            store.delete(name)
    forget()


def _fill(examined: Examined, key: str, bar: Bar, key_folder: Path | None) -> None:
    manifest = examined.manifest
    stores = {folder: storages[folder] for folder, _ in FILES}
    total = sum(manifest.arquivos.values())
    with (
        synced_together(),
        _psql() as process,
        bar("Restauração", total, " arquivos") as step,
        reading(examined.path, key) as content,
    ):
        dump = _Dump(process)
        for name, source in members(content, examined.path.name):
            folder, _, rest = name.partition("/")
            if folder == "banco":
                dump.feed(source)
            elif folder in stores:
                _keep(source, stores[folder], rest)
                step(1)
            elif folder == "segredos" and key_folder:
                _put(source, key_folder / rest)
        if content.finish() != examined.seal:
            raise CopyRefused("O arquivo da cópia mudou enquanto era restaurado. O banco continua vazio; rode de novo.")
        os.sync()
        dump.commit(manifest.copia)


def _keep(source: Summed, store: Storage, name: str) -> None:
    """One stored file; a large one waits for its end on the disk, not in memory."""
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as draft:
        shutil.copyfileobj(source, draft, 1 << 18)
        draft.seek(0)
        store.save(name, File(draft))


def _put(source: Summed, path: Path) -> None:
    """One file, whole or not at all; they are synced together before the database is committed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".novo-{path.name}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        shutil.copyfileobj(source, out, 1 << 18)
    draft.replace(path)


class _Dump:
    """The SQL of a copy on its way into `psql`, inside one transaction that only commit() ends well."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._pipe: IO[bytes] = process.stdin  # type: ignore[assignment]  # it has one: PIPE
        self._gunzip = zlib.decompressobj(wbits=31)
        self._pipe.write(b"BEGIN;\n")
        self._older = _server() < 170_000
        self._begun = False

    def feed(self, source: Summed) -> None:
        """One piece."""
        while packed := source.read(1 << 18):
            plain = self._gunzip.decompress(packed)
            if self._older and not self._begun:
                plain = plain.replace(_ONLY_SINCE_17, b"", 1)
            self._begun = True
            self._pipe.write(plain)

    def commit(self, copy: str) -> None:
        """Everything is in place and on the disk: the database follows."""
        self._pipe.write(self._gunzip.flush())
        self._pipe.write(
            f"\nCREATE TABLE public.{UNFINISHED} (copia text NOT NULL);\n"
            f"INSERT INTO public.{UNFINISHED} VALUES ('{copy}');\nCOMMIT;\n".encode()
        )
        self._pipe.close()


def _server() -> int:
    connection.ensure_connection()
    return int(connection.connection.info.server_version)


@contextmanager
def _psql() -> Iterator[subprocess.Popen[bytes]]:
    """`psql`, reading from us. When it is not told COMMIT, the server undoes all of it."""
    address, surroundings = database()
    command = [program("psql", _server()), *_PSQL, f"--dbname={address}"]
    with tempfile.TemporaryDirectory(prefix="procon-restaurar-") as folder:
        said = Path(folder) / "psql.txt"
        with said.open("wb") as errors:
            process = subprocess.Popen(command, env=surroundings, stdin=subprocess.PIPE, stderr=errors)  # noqa: S603  our own words
            try:
                yield process
            except BrokenPipeError:
                pass  # it stopped, and says below why
            except BaseException:
                process.kill()
                raise
            finally:
                with suppress(OSError):
                    process.stdin.close()  # type: ignore[union-attr]
                process.wait()
        if process.returncode:
            raise CopyRefused(
                f"O PostgreSQL recusou a cópia, e o banco continua vazio: {last_lines(said)} Corrija a causa e rode o "
                "mesmo "
                "comando de novo."
            )
