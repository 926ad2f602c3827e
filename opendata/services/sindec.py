"""Importing files of the national register, each whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from opendata.layout.sindec import SEPARATOR, Dialect, LineRefused, checked, split
from opendata.services.importing import RefusedLines, Result
from opendata.sources import Source, open_sources, register_dialect
from opendata.staging import Record, Writer, open_stages, simulate

BATCH = 5_000


def import_file(
    name: str, *, at: datetime, lists: Path, simulated: bool = False, progress: Callable[[int, int], None] | None = None
) -> Result:
    """Import one file (csv, gz or zip) in one transaction; the same file again brings nothing new.

    Lines that are no records are refused one by one, listed with number and reason in a CSV under `lists`.
    `progress` is told (lines read since the last time, all lines). Raises FileRefused, and then nothing was imported.
    """
    result = Result(name)
    sources = open_sources(Path(name), register_dialect)
    total = sum(source.lines for source in sources)
    refused = RefusedLines(lists, Path(name), at)
    with refused, transaction.atomic():
        open_stages()
        writer = None if simulated else Writer()
        for source in sources:
            for records, lines in _batches(source, result, refused):
                new = writer.write(records) if writer else simulate(records)
                result.novos += new
                result.repetidos += len(records) - new
                if progress:
                    progress(lines, total)
        if writer:
            writer.close()
    if result.novos and not simulated:
        _count_anew()
    result.lista = refused.path
    return result


def _count_anew() -> None:
    """Tell the planner of the new rows: until autovacuum comes, it plans for as many as there were before.

    A role that may not do so is warned by the server, and waits for autovacuum.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_registronacional, parties_fornecedor, parties_grafia")


def _batches(source: Source[Dialect], result: Result, refused: RefusedLines) -> Iterator[tuple[list[Record], int]]:
    """Batches of good records, with how many lines each took."""
    batch: list[Record] = []
    lines = 0
    for number, line in source.records():
        lines += 1
        try:
            if SEPARATOR in line:
                raise LineRefused("tem um caractere de controle (U+001F)")
            batch.append(checked(split(line, source.dialect)))
        except LineRefused as refusal:
            result.recusados += 1
            refused.add(source.member, number, str(refusal))
        if lines == BATCH:
            result.linhas += lines
            yield batch, lines
            batch, lines = [], 0
    result.linhas += lines
    if lines:
        yield batch, lines
