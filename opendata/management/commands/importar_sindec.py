"""importar_sindec: files of the national register of founded complaints, into this office's database."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from opendata.services import Result, import_file, one_import_at_a_time
from opendata.sources import FileRefused


class Command(BaseCommand):
    """Imports the files in the order given; what is refused of one does not stop the next."""

    help = (
        "Importa arquivos do Cadastro Nacional de Reclamações Fundamentadas (SINDEC): csv, gz ou zip. "
        "O mesmo arquivo outra vez não traz nada de novo."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files, and how to tell what came of them."""
        parser.add_argument("arquivos", nargs="+", metavar="ARQUIVO")
        parser.add_argument("--simular", action="store_true", help="só conta; nada é gravado")
        parser.add_argument("--json", action="store_true", help="escreve o resultado como JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import every file, say what came of each, and fail if any was refused."""
        results: list[Result] = []
        refusals: list[str] = []
        try:
            with one_import_at_a_time():
                for name in options["arquivos"]:
                    results.append(self._import(name, options["simular"], refusals))
        except FileRefused as refusal:
            raise CommandError(str(refusal)) from None
        if options["json"]:
            self.stdout.write(json.dumps([result.as_json() for result in results], ensure_ascii=False))
        else:
            self._tell(results, options["simular"])
        for result in results:
            if result.lista:
                self.stderr.write(f"Linhas recusadas de {result.arquivo}, com o motivo de cada uma: {result.lista}")
        if refusals:
            raise CommandError("\n".join(refusals))

    def _import(self, name: str, simulated: bool, refusals: list[str]) -> Result:
        """One file's result; of a refused file, nothing but its sentence."""
        with tqdm(desc=name, unit=" linhas", unit_scale=True, file=self.stderr._out) as bar:
            try:
                return import_file(
                    name,
                    at=timezone.localtime(),
                    lists=settings.DATA_DIR / "importacoes",
                    simulated=simulated,
                    progress=_advance(bar),
                )
            except FileRefused as refusal:
                refusals.append(f"{refusal} Nada deste arquivo foi importado.")
                return Result(name)

    def _tell(self, results: list[Result], simulated: bool) -> None:
        for result in results:
            self.stdout.write(
                f"{result.arquivo}: {result.linhas} linhas, {result.novos} novos, {result.repetidos} repetidos, "
                f"{result.recusados} recusados"
            )
        if simulated:
            self.stdout.write("Simulação: nada foi gravado.")


def _advance(bar: tqdm[Any]) -> Callable[[int, int], None]:
    """Move the bar by lines read; the first report tells it how many there are."""

    def told(lines: int, total: int) -> None:
        bar.total = total
        bar.update(lines)

    return told
