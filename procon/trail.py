"""The trail of who did, read and entered what, as JSON lines for an archive outside, which proves itself without us.

Each run is a stretch of time: a line «inicio», the rows, a line «fim». Each line's `elo` hashes the line and the elo
of the one before, from run to run, so that nothing is taken out of the archive unseen; and the events bring what their
own chain hashes, so that the archive is held against the chain of every case. Texts that people wrote are not in it,
only their digests: what retention takes out here must not stay elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connection

#: By kind of line: the columns, and the table with the moment at which each row was written.
_KINDS = {
    "evento": (
        ("id", "historico_id", "sequencia", "objeto", "objeto_id", "ato", "de", "para", "autor_id",
         "extract(epoch FROM quando)::text AS quando", "registrado_em", "encode(resumo, 'hex') AS resumo",
         "anonimizado", "encode(hash_anterior, 'hex') AS hash_anterior", "encode(hash, 'hex') AS hash"),
        "workflow_evento", "registrado_em", "historico_id, sequencia",
    ),
    "leitura": (
        ("id", "leitor_id", "quando", "pagina", "historico_id", "objeto", "objeto_id", "filtro", "linhas"),
        "workflow_leitura", "quando", "id",
    ),
    "acesso": (
        ("id", "usuario_id", "fato", "quando", "por_id", "navegador", "host(endereco) AS endereco", "criado_em"),
        "access_registrodeacesso", "criado_em", "id",
    ),
    "esquecimento": (
        ("id", "quando", "tabela", "linhas", "autor_id"), "workflow_esquecimento", "quando", "id",
    ),
}  # fmt: skip
#: What the hash of an event is made of, in this order (workflow_evento_texto in the database).
_HASHED = (
    "hash_anterior", "historico_id", "sequencia", "objeto", "objeto_id", "ato", "de", "para", "autor_id", "quando",
    "resumo",
)  # fmt: skip


def horizon() -> datetime:
    """Until when everything is there: nothing that is still being written is older than this moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT least(clock_timestamp(), min(xact_start)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        moment: datetime = cursor.fetchone()[0]
    return moment


def lines(since: datetime | None, until: datetime, link: str) -> Iterator[str]:
    """The lines of one run: what was written from `since` until before `until`, after a line whose elo is `link`."""
    begin = {"tipo": "inicio", "desde": _plain(since), "ate": _plain(until), "elo_anterior": link}
    written = dict.fromkeys(_KINDS, 0)
    link, line = _linked(link, begin)
    yield line
    for kind in _KINDS:
        for row in _rows(kind, since, until):
            link, line = _linked(link, {"tipo": kind, **row})
            written[kind] += 1
            yield line
    yield _linked(link, {"tipo": "fim", "ate": _plain(until), "linhas": written})[1]


def _rows(kind: str, since: datetime | None, until: datetime) -> Iterator[dict[str, Any]]:
    columns, table, moment, order = _KINDS[kind]
    words = f"SELECT {', '.join(columns)} FROM {table} WHERE {moment} < %(until)s"  # noqa: S608  words written above
    words += f" AND {moment} >= %(since)s" if since else ""
    with connection.chunked_cursor() as cursor:  # a cursor of the server's: never the whole table in memory
        cursor.execute(f"{words} ORDER BY {order}", {"since": since, "until": until})
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield {name: _plain(value) for name, value in zip(names, row, strict=True)}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _linked(link: str, content: dict[str, Any]) -> tuple[str, str]:
    """(this line's elo, the line)."""
    elo = _elo(link, content)
    return elo, json.dumps({**content, "elo": elo}, ensure_ascii=False, separators=(",", ":"))


def _elo(link: str, content: dict[str, Any]) -> str:
    words = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return sha256(f"{link}\n{words}".encode()).hexdigest()


# Holding an archive against itself ----------------------------------------------------------------------------------


@dataclass
class Archive:
    """What was read of an archive so far: its last whole run, and where each case's chain stands."""

    link: str = ""
    whole: str = ""
    until: str | None = None
    running: bool = False
    torn: bool = False
    begun: bool = False
    from_the_start: bool = True
    read: int = 0
    heads: dict[int, tuple[int, str]] = field(default_factory=dict)
    #: Events that were written before an earlier one of their case: they wait for it.
    ahead: dict[int, dict[int, dict[str, Any]]] = field(default_factory=dict)

    def check(self, text: Iterable[str]) -> Iterator[str]:
        """Every fault of one file, by the number of its line, the first broken link first."""
        for number, line in enumerate(text, 1):
            fault = self._take(line)
            self.read += 1
            if fault:
                yield f"linha {number}: {fault}"

    def finish(self) -> Iterator[str]:
        """What is missing at the end of the last file."""
        if self.running:
            yield "o fim do último trecho falta: foi interrompido; o próximo o repete"
        for case, waiting in sorted(self.ahead.items()):
            yield f"histórico {case}: falta o evento anterior ao {min(waiting)}"

    def _take(self, line: str) -> str:
        try:
            content: dict[str, Any] = json.loads(line)
            elo, kind = content.pop("elo"), content["tipo"]
        except (ValueError, KeyError, AttributeError, TypeError):
            forgiven = self.running and not self.torn
            self.torn = True
            return "" if forgiven else "não é uma linha desta trilha"
        found = self._begin(content) if kind == "inicio" else ("a linha anterior não é desta trilha" * self.torn)
        self.torn = False
        found = found or ("" if elo == _elo(self.link, content) else "o elo não confere com a linha ou com a anterior")
        self.link = elo
        if kind == "fim":
            self.whole, self.until, self.running = elo, content["ate"], False
        return found or (self._event(content) if kind == "evento" else "")

    def _begin(self, content: dict[str, Any]) -> str:
        """A run goes on after the last whole one; what was torn before it is repeated by it."""
        before, self.link, self.running = self.whole, content["elo_anterior"], True
        if not self.begun:
            self.begun, self.from_the_start = True, content["desde"] is None
            return ""
        return "" if self.link == before else "o trecho não continua o anterior: falta algum entre eles"

    def _event(self, content: dict[str, Any]) -> str:
        case, number = content["historico_id"], content["sequencia"]
        last, digest = self.heads.get(case, (0, "") if self.from_the_start else (number - 1, content["hash_anterior"]))
        if number <= last:
            return ""  # repeated after a torn run
        if number > last + 1:
            self.ahead.setdefault(case, {})[number] = content
            return ""
        self.heads[case] = (number, content["hash"])
        waiting = self.ahead.get(case, {}).pop(number + 1, None)
        if not self.ahead.get(case, True):
            del self.ahead[case]
        return _wrong(content, digest) or (self._event(waiting) if waiting else "")


def _wrong(content: dict[str, Any], before: str) -> str:
    """What is wrong with one event, whose case's chain stood at the hash `before`."""
    counted = sha256("\x1f".join(str(content[name]) for name in _HASHED).encode()).hexdigest()
    which = f"histórico {content['historico_id']}: o evento {content['sequencia']}"
    if counted != content["hash"]:
        return f"{which} não confere com o seu hash"
    return "" if content["hash_anterior"] == before else f"{which} não continua o anterior"
