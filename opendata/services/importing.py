"""What the importers share: one at a time, what came of a file, the list of its refused lines."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.db import OperationalError, connection, transaction

from opendata.sources import FileRefused

#: Any number that no other lock of this project uses; one import at a time.
LOCK = 3_523_107_001
#: How long a second import waits for the first; enough for the server to notice that a killed one is gone.
PATIENCE = "20s"


@dataclass
class Result:
    """What came of one file."""

    arquivo: str
    linhas: int = 0
    novos: int = 0
    repetidos: int = 0
    recusados: int = 0
    #: Where the refused lines are listed, if any.
    lista: Path | None = None

    def as_json(self) -> dict[str, object]:
        """The object that the contract shows."""
        return {
            "arquivo": self.arquivo,
            "linhas": self.linhas,
            "novos": self.novos,
            "repetidos": self.repetidos,
            "recusados": self.recusados,
        }

    def sentence(self) -> str:
        """The result in words."""
        return (
            f"{self.arquivo}: {self.linhas} linhas, {self.novos} novos, {self.repetidos} repetidos, "
            f"{self.recusados} recusados"
        )


@contextmanager
def one_import_at_a_time() -> Iterator[None]:
    """Hold the importers' lock; a second import waits a little, then is refused with FileRefused."""
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
                cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        except OperationalError:
            raise FileRefused(
                "Outra importação está em andamento. Espere que ela termine e rode este comando de novo."
            ) from None
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@contextmanager
def rehearsal(simulated: bool) -> Iterator[None]:
    """What is written inside is taken back at the end, if it is only simulated."""
    if not simulated:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class RefusedLines:
    """The CSV of refused lines of one file, made when there is a first."""

    def __init__(self, folder: Path, source: Path, at: datetime) -> None:
        stem = re.sub(r"[^0-9A-Za-z._-]+", "_", source.name)
        self._planned = folder / f"recusados-{stem}-{at:%Y%m%d-%H%M%S}.csv"
        self._source = source.name
        self._file: IO[str] | None = None
        self.path: Path | None = None

    def add(self, member: str, number: int, reason: str) -> None:
        """Write one refused line's number and reason; not its text, which may tell of a person."""
        if self._file is None:
            self._file = self._open()
        csv.writer(self._file, delimiter=";").writerow([member or self._source, number, reason])

    def _open(self) -> IO[str]:
        self._planned.parent.mkdir(parents=True, exist_ok=True)
        path, count = self._planned, 1
        while True:
            try:
                file = path.open("x", encoding="utf-8", newline="")
            except FileExistsError:
                count += 1
                path = self._planned.with_stem(f"{self._planned.stem}-{count}")
            else:
                break
        self.path = path
        csv.writer(file, delimiter=";").writerow(["arquivo", "linha", "motivo"])
        return file

    def __enter__(self) -> RefusedLines:
        return self

    def __exit__(self, *error: object) -> None:
        if self._file:
            self._file.close()
