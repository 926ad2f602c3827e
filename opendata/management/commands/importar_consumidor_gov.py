"""importar_consumidor_gov: the open data of consumidor.gov.br, summed for comparison."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from opendata.management.importing import ImportCommand, Progress
from opendata.services import ConductResult, Result, import_conduct


class Command(ImportCommand):
    """Imports files of consumidor.gov.br."""

    help = (
        "Soma arquivos dos dados abertos de consumidor.gov.br (csv, gz ou zip), por empresa, mês e lugar: a cidade, o "
        "estado e o país. O mesmo arquivo outra vez não traz nada de novo; um mais novo do mesmo mês toma o lugar dele."
    )

    def load(self, name: str, *, at: datetime, simulated: bool, progress: Progress) -> Result:
        """Count one file."""
        return import_conduct(name, at=at, lists=settings.DATA_DIR / "importacoes", progress=progress)

    def refused(self, name: str) -> Result:
        """The result of a file of which nothing came."""
        return ConductResult(name)
