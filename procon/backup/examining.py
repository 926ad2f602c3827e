"""Before anything is written: whether a copy is whole, ours and for this version, and whether its target is empty."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.storage import storages
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from procon.backup.archive import members
from procon.backup.envelope import damaged
from procon.backup.errors import CopyRefused
from procon.backup.making import FILES, Bar
from procon.backup.manifest import NAME, UNFINISHED, Manifest, parse
from procon.backup.streams import reading

#: In the data folder while a restore has not ended.
MARK = "restauracao-em-andamento.json"
#: By these a folder is known as one of ours that some command or start has used.
OURS = ("servidores.lock", "uso.lock", "chave-secreta", MARK)


@dataclass(frozen=True)
class Examined:
    """A copy that was read to its end and is what it should be."""

    path: Path
    seal: str
    manifest: Manifest


def examine(path: Path, *, key: str, bar: Bar) -> Examined:
    """Read a copy to its end. Raises CopyRefused; writes nothing anywhere."""
    if not path.is_file():
        raise CopyRefused(f"«{path}» não existe ou não é um arquivo. Nada foi gravado. Confira o nome e a pasta.")
    manifest = None
    found = 0
    try:
        size = path.stat().st_size
        with reading(path, key) as content, bar("Conferência da cópia", size, "B") as step:
            for name, source in members(content, path.name):
                if manifest is None:
                    manifest = _first(name, source, path.name)
                    check_version(manifest, path.name)
                found += name.startswith("banco/")
                while piece := source.read(1 << 20):
                    step(len(piece))
            seal = content.finish()
    except OSError as failure:
        raise CopyRefused(
            f"Não foi possível ler «{path}» ({failure.strerror or failure}). Confira o nome, e se este usuário pode "
            "lê-la."
        ) from failure
    if manifest is None or not found:
        raise damaged(path.name, "não há nela um banco")
    return Examined(path, seal, manifest)


def _first(name: str, source: Any, copy: str) -> Manifest:
    if name != NAME:
        raise damaged(copy, "não começa pelo manifesto")
    return parse(source.read(), copy)


def check_version(manifest: Manifest, name: str) -> None:
    """Refuse a copy with migrations that this version of the system does not have."""
    loader = MigrationLoader(None)
    known = set(loader.disk_migrations) | {old for each in loader.disk_migrations.values() for old in each.replaces}
    unknown = [f"{app}.{migration}" for app, migration in manifest.migracoes if (app, migration) not in known]
    if unknown:
        raise CopyRefused(
            f"«{name}» foi feita por uma versão mais nova do sistema: esta não conhece a migração {unknown[-1]}"
            f"{f' e mais {len(unknown) - 1}' if len(unknown) > 1 else ''}. Nada foi gravado. Atualize o sistema e "
            "restaure "
            "de novo."
        )


# The target ---------------------------------------------------------------------------------------------------------


def check_target(data_dir: Path) -> None:
    """Refuse a data folder or a bucket that holds an office's files, or a folder that is not a data folder at all."""
    if data_dir.exists() and not data_dir.is_dir():
        raise CopyRefused(f"DATA_DIR aponta para «{data_dir}», que não é uma pasta. Aponte-a para uma pasta vazia.")
    if begun_in(data_dir):
        return
    strange = [entry.name for entry in data_dir.iterdir() if entry.name != "lost+found"] if data_dir.exists() else []
    if strange and not any(name in strange for name in OURS):
        raise CopyRefused(
            f"A pasta de dados «{data_dir}» não está vazia: há nela «{sorted(strange)[0]}». Nada foi gravado. Aponte "
            "DATA_DIR para uma pasta vazia."
        )
    for folder, _ in FILES:
        store: Any = storages[folder]
        if next(store.names(), None) is not None:
            raise CopyRefused(
                f"«{store.place}» já tem arquivos de um escritório. Nada foi gravado: restaurar só enche o que está "
                "vazio. Aponte DATA_DIR para uma pasta vazia, ou STORAGE_URL para um balde ou prefixo vazio."
            )


def check_database_empty(manifest: Manifest) -> None:
    """Refuse a database that holds anything, or that is older than the one that was copied."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'
                  AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
                  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"""
        )
        (found,) = cursor.fetchone()
        if found:
            raise CopyRefused(
                f"O banco não está vazio: há nele {found} tabelas e sequências. Nada foi gravado: restaurar só enche "
                "um banco "
                "vazio. Aponte DATA_DIR para uma pasta vazia ou DATABASE_URL para um banco novo. O que existe continua "
                "como estava."
            )
        cursor.execute("SHOW server_version_num")
        server = int(cursor.fetchone()[0])
    if server // 10_000 < manifest.postgres // 10_000:
        raise CopyRefused(
            f"A cópia é de um PostgreSQL {manifest.postgres // 10_000}, e este banco é da versão {server // 10_000}, "
            "mais "
            f"antiga. Nada foi gravado. Use um PostgreSQL {manifest.postgres // 10_000} ou mais novo, ou o embutido."
        )


def unfinished_copy() -> str:
    """Which copy this database holds whose restore has not ended; empty when none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [UNFINISHED])
        if not cursor.fetchone()[0]:
            return ""
        cursor.execute(f"SELECT copia FROM {UNFINISHED}")  # noqa: S608  a constant
        row = cursor.fetchone()
        return str(row[0]) if row else ""


def finish(data_dir: Path) -> None:
    """Take the marks away: from here on it is an office. Killed in between, the next start does the rest."""
    draft = data_dir / f"{MARK}.novo"
    draft.write_text(json.dumps({"pronta": True}))
    draft.replace(data_dir / MARK)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {UNFINISHED}")
    (data_dir / MARK).unlink()


def unfinished_restore(data_dir: Path) -> str:
    """The sentence for whoever starts an office whose restore has not ended; empty when there is none."""
    mark = data_dir / MARK
    if mark.exists() and mark.read_text() == json.dumps({"pronta": True}):
        finish(data_dir)
    if not (mark.exists() or unfinished_copy()):
        return ""
    return (
        "Uma restauração começou aqui e não terminou. Rode de novo «manage.py restaurar ARQUIVO» com a mesma cópia: "
        "ela "
        "continua de onde dá. Para desistir, use uma pasta de dados e um banco vazios."
    )


def places() -> list[str]:
    """Where stored files lie."""
    return [storages[folder].place for folder, _ in FILES]  # type: ignore[attr-defined]  # ours have it


def begun_in(data_dir: Path) -> bool:
    """Whether a restore into these very places began and did not end: what lies there came from it."""
    mark = data_dir / MARK
    return mark.exists() and json.loads(mark.read_text()).get("lugares", places()) == places()
