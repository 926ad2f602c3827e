"""Load the days without work and the rules of terms."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from deadlines import lawdata
from deadlines.services import load_calendar
from workflow.errors import Refusal


class Command(BaseCommand):
    """Idempotent: what is there already stays as it is."""

    help = "Carrega feriados, pontos facultativos e regras de prazo; pode ser repetido sem dano."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the years, if other than the usual ones."""
        parser.add_argument("--de", type=int, default=lawdata.YEARS.start, help="primeiro ano")
        parser.add_argument("--ate", type=int, default=lawdata.YEARS.stop - 1, help="último ano")

    def handle(self, *args: Any, de: int, ate: int, **options: Any) -> None:
        """Load, and say what was new."""
        if not 1900 <= de <= ate <= 2199:
            raise CommandError(f"De {de} a {ate} não é um período: escreva dois anos de quatro algarismos, em ordem.")
        try:
            loaded = load_calendar(range(de, ate + 1))
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{loaded.days} dias e {loaded.rules} regras novos; o que já havia ficou como estava.")
