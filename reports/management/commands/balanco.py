"""`balanco ANO`: the balance of the whole office, for the terminal, for a file, or for another program."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports.balance import compared
from reports.exports import FORMATOS
from reports.management.writing import write
from reports.period import read_period
from workflow.errors import Refusal


class Command(BaseCommand):
    """Writes the balance to the standard output."""

    help = "Balanço de um ano ou mês: atendimentos, APs, CIPs, audiências e o parágrafo para a imprensa."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`balanco ANO [--mes M] [--formato F]`."""
        parser.add_argument("ano", help="o ano, como em 2023")
        parser.add_argument("--mes", help="um mês do ano, de 1 a 12")
        parser.add_argument("--formato", default="texto", help=f"um destes: {', '.join(FORMATOS)}")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count and write."""
        if options["formato"] not in FORMATOS:
            raise CommandError(
                f"Não há balanço em «{options['formato']}». Peça um destes formatos: {', '.join(FORMATOS)}."
            )
        today = timezone.localdate()
        try:
            periodo = read_period(options["ano"], options["mes"], today=today)
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        now = timezone.now()  # noqa: TID251  the edge reads the clock
        content = FORMATOS[options["formato"]].make(compared(periodo, today=today), now)
        write(self, content, nome="balanco", formato=options["formato"])
