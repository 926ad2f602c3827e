"""What the importing commands share: the files in the order given, a bar, the result as words or JSON."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from opendata.services import Result, one_import_at_a_time, rehearsal
from opendata.sources import FileRefused

#: Told (lines read since the last time, all lines).
Progress = Callable[[int, int], None]


class ImportCommand(BaseCommand, ABC):
    """Imports the files in the order given; what is refused of one does not stop the next."""

    #: Whether a simulation is a run that is taken back at the end.
    rehearses = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files, and how to tell what came of them."""
        parser.add_argument("arquivos", nargs="+", metavar="ARQUIVO")
        parser.add_argument("--simular", action="store_true", help="só conta; nada é gravado")
        parser.add_argument("--json", action="store_true", help="escreve o resultado como JSON")

    @abstractmethod
    def load(self, name: str, *, at: datetime, simulated: bool, progress: Progress) -> Result:
        """Import one file. Raises FileRefused."""

    def refused(self, name: str) -> Result:
        """The result of a file of which nothing came."""
        return Result(name)

    def handle(self, *args: Any, **options: Any) -> None:
        """Import every file, say what came of each, and fail if any was refused."""
        results: list[Result] = []
        refusals: list[str] = []
        try:
            with one_import_at_a_time(), rehearsal(options["simular"] and self.rehearses):
                for name in options["arquivos"]:
                    results.append(self._import(name, options["simular"], refusals))
        except FileRefused as refusal:
            raise CommandError(str(refusal)) from None
        if options["json"]:
            self.stdout.write(json.dumps([result.as_json() for result in results], ensure_ascii=False))
        else:
            for result in results:
                self.stdout.write(result.sentence())
            if options["simular"]:
                self.stdout.write("Simulação: nada foi gravado.")
        self._close(results, refusals)

    def _close(self, results: list[Result], refusals: list[str]) -> None:
        """Where the refused lines are, and which files were refused."""
        for result in results:
            if result.lista:
                self.stderr.write(f"Linhas recusadas de {result.arquivo}, com o motivo de cada uma: {result.lista}")
        if refusals:
            raise CommandError("\n".join(refusals))

    def _import(self, name: str, simulated: bool, refusals: list[str]) -> Result:
        """One file's result; of a refused file, nothing but its sentence."""
        with tqdm(desc=name, unit=" linhas", unit_scale=True, file=self.stderr._out) as bar:
            try:
                return self.load(name, at=timezone.localtime(), simulated=simulated, progress=_advance(bar))
            except FileRefused as refusal:
                refusals.append(f"{refusal} Nada deste arquivo foi importado.")
                return self.refused(name)


def _advance(bar: tqdm[Any]) -> Progress:
    """Move the bar by lines read; the first report tells it how many there are."""

    def told(lines: int, total: int) -> None:
        bar.total = total
        bar.update(min(lines, total - bar.n))

    return told
