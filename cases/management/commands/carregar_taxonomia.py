"""carregar_taxonomia: subjects, problems and bodies from cases/data."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cases.services.taxonomy import load_taxonomy


class Command(BaseCommand):
    """Loads the taxonomy; may run any number of times."""

    help = "Carrega os assuntos, problemas e órgãos; o que saiu das listas é aposentado, nunca apagado."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say how many terms are in use."""
        counts = load_taxonomy()
        self.stdout.write("Em uso: " + ", ".join(f"{total} {name}" for name, total in counts.items()) + ".")
