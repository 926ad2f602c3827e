"""importar_sindec: files of the national register of founded complaints, into this office's database."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from opendata.management.importing import ImportCommand, Progress
from opendata.services import Result, import_file


class Command(ImportCommand):
    """Imports files of the national register."""

    help = (
        "Importa arquivos do Cadastro Nacional de Reclamações Fundamentadas (SINDEC): csv, gz ou zip. "
        "O mesmo arquivo outra vez não traz nada de novo."
    )
    #: A simulation has its own way, which writes no record.
    rehearses = False

    def load(self, name: str, *, at: datetime, simulated: bool, progress: Progress) -> Result:
        """Import one file."""
        lists = settings.DATA_DIR / "importacoes"
        return import_file(name, at=at, lists=lists, simulated=simulated, progress=progress)
