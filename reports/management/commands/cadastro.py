"""`cadastro ANO`: the register of founded complaints, as published, else as the draft stands; or the national one."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.management.writing import write
from reports.register.exports import FORMATOS, Sheet, national_sheet, public_sheet, rows_of
from reports.register.queries.draft import draft
from reports.register.queries.national import national
from reports.register.services.published import latest, read_year
from workflow.errors import Refusal


class Command(BaseCommand):
    """Writes the register to the standard output."""

    help = "Cadastro de Reclamações Fundamentadas de um ano: o publicado ou, enquanto não há, o rascunho."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`cadastro ANO [--formato F] [--nacional]`."""
        parser.add_argument("ano", help="o ano, como em 2023")
        parser.add_argument("--formato", default="texto", help=f"um destes: {', '.join(FORMATOS)}")
        parser.add_argument("--nacional", action="store_true", help="o registro nacional importado deste ano")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read and write."""
        formato = options["formato"]
        if formato not in FORMATOS:
            raise CommandError(f"Não há cadastro em «{formato}». Peça um destes formatos: {', '.join(FORMATOS)}.")
        today = timezone.localdate()
        try:
            ano = read_year(options["ano"], today=today)
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        sheet = national_sheet(ano) if options["nacional"] else _sheet(ano, today)
        if formato == "json":
            told = {**sheet.as_json(), "nacional": asdict(national([ano]))}
            content = (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
        else:
            now = timezone.now()  # noqa: TID251  the edge reads the clock
            content = FORMATOS[formato].make(sheet, now)
        write(self, content, nome="cadastro", formato=formato)


def _sheet(ano: int, today: date) -> Sheet:
    version = latest(ano)
    return public_sheet(version, today=today) if version else Sheet(ano, rows_of(draft(ano)))
