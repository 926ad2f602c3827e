"""`exportar_dados_abertos PASTA`: open data of every year, or of one, with their descriptor."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from opendata.exports import DESCRIPTOR, all_files, write_folder
from workflow.errors import Refusal


class Command(BaseCommand):
    """Writes the files, and says what is in each."""

    help = (
        "Dados abertos numa pasta: as reclamações fundamentadas do Procon e o que se importou do cadastro nacional, "
        "em tabela simples, em Parquet e nas 23 colunas do Sindec, com datapackage.json."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`exportar_dados_abertos PASTA [--ano ANO]`."""
        parser.add_argument("pasta", type=Path, metavar="PASTA", help="onde gravar; é criada se não existir")
        parser.add_argument("--ano", help="só este ano, como em 2023; sem ele, todos os anos que há")

    def handle(self, *args: Any, **options: Any) -> None:
        """Choose the files and write them."""
        folder: Path = options["pasta"]
        now = timezone.localtime()  # the edge reads the clock
        try:
            written = write_folder(folder, all_files(options["ano"], today=now.date()), at=now)
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        except OSError as error:
            raise CommandError(
                f"Não foi possível gravar em {folder}: {os.strerror(error.errno or 5)}. Indique uma pasta em que se "
                "possa escrever, com espaço livre."
            ) from None
        for one, size in written:
            self.stdout.write(f"{folder / one.nome}: {one.titulo}, {size} bytes")
        self.stdout.write(f"{folder / DESCRIPTOR}: a descrição dos arquivos (Frictionless Data)")
