"""Making a copy: one snapshot of the database, the files that its rows name, written, read back, then named."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import psycopg
from django.conf import settings
from django.core.files.storage import storages

from procon.backup.archive import Archive, members
from procon.backup.envelope import Sealing, sealing_with
from procon.backup.errors import CopyRefused
from procon.backup.manifest import NAME, UNFINISHED, Manifest, count_rows, mark_of
from procon.backup.programs import database, last_lines, own_extensions_only, program
from procon.backup.streams import reading, writing
from procon.database import EXTENSIONS
from workflow.errors import StorageAway

#: The dump travels in pieces of this size, so that no more of it is in memory.
PIECE = 4 << 20
#: How often a copy is begun again because a file was lawfully eliminated while it was being made.
TRIES = 3
#: The stored files: the folder in the copy, which is also their name in settings.STORAGES; the rows that name them.
FILES = (
    ("documentos", "SELECT DISTINCT arquivo FROM documents_documento WHERE arquivo <> '' ORDER BY 1"),
    ("anexos", "SELECT DISTINCT arquivo FROM cases_anexo WHERE arquivo <> '' ORDER BY 1"),
)

#: A bar for one part of the work: its name, its total when known, its unit; it is given each step's size.
Bar = Callable[[str, int | None, str], AbstractContextManager[Callable[[int], object]]]


class _Eliminated(Exception):  # noqa: N818  it names what happened
    """A file of the snapshot was eliminated meanwhile: the snapshot is no longer whole."""


@dataclass
class Made:
    """A copy that was made and read back."""

    path: Path
    size: int
    seal: str
    manifest: Manifest
    missing: list[str] = field(default_factory=list)


def make_copy(path: Path, *, key: str, at: datetime, bar: Bar, overwrite: bool = False) -> Made:
    """Copy the whole office into one file, which takes its name only after it was read back and found whole.

    `key` is BACKUP_KEY or empty. Raises CopyRefused, and leaves nothing behind.
    """
    _check_target(path, overwrite=overwrite)
    sealing = sealing_with(key)
    with _draft(path) as draft:
        for attempt in range(1, TRIES + 1):
            try:
                made = _written(draft, path, sealing, at, bar)
                break
            except _Eliminated as gone:
                if attempt == TRIES:
                    raise CopyRefused(
                        f"O arquivo «{gone}» foi eliminado enquanto a cópia era feita, e isso já pela {TRIES}ª vez. "
                        "Espere "
                        "terminar a eliminação de dados e rode de novo."
                    ) from None
        _read_back(Path(draft.name), path.name, sealing, made, bar)
        os.fsync(draft.fileno())
        _name(Path(draft.name), path, overwrite=overwrite)
    return made


def _check_target(path: Path, *, overwrite: bool) -> None:
    if path.is_dir():
        raise CopyRefused(f"«{path}» é uma pasta. Escreva o nome do arquivo, como {path / 'procon.copia'}.")
    if path.exists() and not overwrite:
        raise CopyRefused(
            f"Já existe «{path}», e uma cópia boa não se apaga por engano. Escolha outro nome, ou rode com "
            "--sobrescrever."
        )
    if not path.parent.is_dir():
        raise CopyRefused(f"A pasta «{path.parent}» não existe. Crie-a, ou escolha outra.")


@contextmanager
def _draft(path: Path) -> Iterator[IO[bytes]]:
    """The file that the copy is written to: beside its place, ours alone, gone when anything fails.

    One that a killed run left is taken over.
    """
    draft = path.with_name(f".{path.name}.parcial")
    try:
        file = open(draft, "r+b", opener=_ours)  # noqa: SIM115  closed right below
    except OSError as failure:
        raise _disk(failure, path) from failure
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CopyRefused(f"Outra cópia está sendo gravada em «{path}» agora. Espere terminar.") from None
        try:
            yield file
        except StorageAway as failure:
            draft.unlink(missing_ok=True)
            raise CopyRefused(f"{failure} A cópia foi apagada. Espere que ele volte, e rode de novo.") from None
        except OSError as failure:
            draft.unlink(missing_ok=True)
            raise _disk(failure, path) from failure
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


def _ours(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_CREAT, 0o600)


def _disk(failure: OSError, path: Path) -> CopyRefused:
    cause = failure.strerror or str(failure)
    if failure.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        cure = "Falta espaço: libere-o, ou grave em outro disco. O que já havia sido gravado desta cópia foi apagado."
    elif failure.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        cure = "Dê a este usuário a permissão de gravar na pasta, ou escolha outra."
    else:
        cure = "Confira o disco e os registros da máquina, e rode de novo."
    return CopyRefused(f"Não foi possível gravar a cópia em «{path}» ({cause}). {cure}")


def _name(draft: Path, path: Path, *, overwrite: bool) -> None:
    """Give the finished file its name, all at once; never over one that came meanwhile."""
    if overwrite:
        draft.replace(path)
    else:
        try:
            os.link(draft, path)
        except FileExistsError:
            raise CopyRefused(f"«{path}» apareceu enquanto a cópia era feita. Escolha outro nome.") from None
        except OSError:  # a file system without links, as on many USB sticks
            draft.rename(path)
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems sync no folder
            os.fsync(folder)
    finally:
        os.close(folder)


# Writing ------------------------------------------------------------------------------------------------------------


@contextmanager
def _snapshot() -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """One unchanging view of the database, that `pg_dump` shares by its name."""
    address, surroundings = database()
    with psycopg.connect(address, password=surroundings.get("PGPASSWORD"), autocommit=True) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        with connection.transaction():
            row = connection.execute("SELECT pg_export_snapshot()").fetchone()
            yield connection, str(row[0] if row else "")


def _written(draft: IO[bytes], path: Path, sealing: Sealing, at: datetime, bar: Bar) -> Made:
    draft.seek(0)
    draft.truncate()
    with _snapshot() as (connection, name), writing(draft, sealing) as target:
        manifest = _manifest(connection, at)
        made = Made(path, 0, "", manifest)
        with Archive(target) as archive:
            archive.add(NAME, manifest.to_json())
            if manifest.leva_a_chave:
                archive.add("segredos/chave-secreta", settings.SECRET_KEY.encode())
            _dump(connection, name, archive, bar)
            for folder, query in FILES:
                with bar(folder.capitalize(), manifest.arquivos[folder], " arquivos") as step:
                    _add_files(connection, archive, folder, query, made.missing, step)
    draft.flush()
    made.size = draft.tell()
    return made


def _manifest(connection: psycopg.Connection[Any], at: datetime) -> Manifest:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL, to_regclass(%s) IS NOT NULL", [UNFINISHED])
        prepared, unfinished = cursor.fetchone() or (False, False)
        if not prepared:
            raise CopyRefused(
                "Não há escritório neste banco: ele está vazio. Confira DATA_DIR e DATABASE_URL, que devem ser os do "
                "sistema."
            )
        if unfinished:
            raise CopyRefused(
                "Há neste banco uma restauração que não terminou. Rode «manage.py restaurar» de novo antes."
            )
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        migrations = [list(row) for row in cursor.fetchall()]
        counts = {}
        for folder, query in FILES:
            cursor.execute(f"SELECT count(*) FROM ({query}) found")  # noqa: S608  a constant above
            counts[folder] = (cursor.fetchone() or (0,))[0]
        return Manifest(
            copia=str(uuid.uuid4()),
            feita_em=at.isoformat(timespec="seconds"),
            orgao=settings.PROCON["NOME"],
            postgres=connection.info.server_version,
            migracoes=migrations,
            tabelas=count_rows(cursor),
            arquivos=counts,
            marca_da_chave=mark_of(settings.SECRET_KEY),
            leva_a_chave=not settings.ENVIRONMENT["SECRET_KEY"],
        )


def _dump(connection: psycopg.Connection[Any], snapshot: str, archive: Archive, bar: Bar) -> None:
    """Put the database in, as SQL that `psql` reads, in pieces of one gzip stream."""
    address, surroundings = database()
    words = [
        *("--format=plain", "--compress=gzip:1", "--no-owner", "--no-privileges", "--no-comments", "--no-tablespaces"),
        *("--no-publications", "--no-subscriptions", "--no-security-labels", "--encoding=UTF8"),
        f"--snapshot={snapshot}",
    ]
    with connection.cursor() as cursor:
        words += own_extensions_only(cursor, EXTENSIONS)
    command = [program("pg_dump", connection.info.server_version), *words, f"--dbname={address}"]
    with tempfile.TemporaryDirectory(prefix="procon-copia-") as folder, bar("Banco", None, "B") as step:
        said = Path(folder) / "pg_dump.txt"
        with (
            said.open("wb") as errors,
            subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE, stderr=errors) as process,  # noqa: S603  our own words
        ):
            try:
                _add_pieces(process.stdout, archive, step)  # type: ignore[arg-type]  # it has one: PIPE
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            raise CopyRefused(f"O banco não pôde ser copiado (pg_dump): {last_lines(said)}")


def _add_pieces(source: IO[bytes], archive: Archive, step: Callable[[int], object]) -> None:
    number = 0
    while piece := source.read(PIECE):
        number += 1
        archive.add(f"banco/{number:06}.sql.gz", piece)
        step(len(piece))


def _add_files(
    connection: psycopg.Connection[Any],
    archive: Archive,
    folder: str,
    query: str,
    missing: list[str],
    step: Callable[[int], object],
) -> None:
    """Put in every file that a row of the snapshot names; those that the office itself misses are told."""
    store = storages[folder]
    with connection.cursor(name=f"copia_{folder}") as cursor:
        cursor.execute(query)
        for (name,) in cursor:
            try:
                with store.open(name) as file:
                    archive.add_stream(f"{folder}/{name}", file.size, file)
            except FileNotFoundError:
                _check_still_named(folder, query, name)
                missing.append(f"{folder}/{name}")
            step(1)


def _check_still_named(folder: str, query: str, name: str) -> None:
    """A file that is gone because its row has let it go meanwhile makes the snapshot worthless."""
    address, surroundings = database()
    with psycopg.connect(address, password=surroundings.get("PGPASSWORD"), autocommit=True) as now:
        found = now.execute(f"SELECT 1 FROM ({query}) named WHERE arquivo = %s", [name]).fetchone()  # noqa: S608  a constant above
    if not found:
        raise _Eliminated(f"{folder}/{name}")


# Reading back -------------------------------------------------------------------------------------------------------


def _read_back(draft: Path, name: str, sealing: Sealing, made: Made, bar: Bar) -> None:
    """Read what stands on the disk to its end, and count its files."""
    expected = sum(made.manifest.arquivos.values()) - len(made.missing)
    found = 0
    with reading(draft, sealing.identity or "") as content, bar("Conferência", expected, " arquivos") as step:
        for member, _ in members(content, name):
            if member.startswith(("documentos/", "anexos/")):
                found += 1
                step(1)
        made.seal = content.finish()
    if found != expected:
        raise CopyRefused(
            f"A cópia foi gravada com {found} arquivos, e deveria ter {expected}: não serve e foi apagada. Rode de "
            "novo."
        )
