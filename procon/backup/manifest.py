"""What a copy says of itself: when, by which version, with which migrations, how many rows of each table."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from procon.backup.envelope import damaged

NAME = "manifesto.json"
#: Ours in the database while a restore has not ended; no copy holds it.
UNFINISHED = "restauracao_em_andamento"

_TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> %s
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
     ORDER BY c.relname
"""


@dataclass
class Manifest:
    """The first file of a copy."""

    copia: str
    feita_em: str
    orgao: str
    postgres: int
    migracoes: list[list[str]]
    tabelas: dict[str, int]
    arquivos: dict[str, int]
    marca_da_chave: str
    leva_a_chave: bool
    outros: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """As it stands in the copy."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(self.tabelas.values())


def parse(content: bytes, name: str) -> Manifest:
    """Read a manifest. Raises CopyRefused when it is none."""
    try:
        return Manifest(**json.loads(content))
    except (ValueError, TypeError):
        raise damaged(name, "o manifesto não se lê") from None


def mark_of(secret: str) -> str:
    """By which a SECRET_KEY is known again without being told."""
    return hashlib.sha256(f"procon-copia:{secret}".encode()).hexdigest()[:16]


def tables(cursor: psycopg.Cursor[Any]) -> list[str]:
    """Every table of the office's database."""
    cursor.execute(_TABLES, [UNFINISHED])
    return [name for (name,) in cursor.fetchall()]


def count_rows(cursor: psycopg.Cursor[Any]) -> dict[str, int]:
    """How many rows each table has, as this transaction sees them."""
    found = {}
    for name in tables(cursor):
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
        row = cursor.fetchone()
        found[name] = row[0] if row else 0
    return found
