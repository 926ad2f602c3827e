"""carregar_textos: the starter texts from cases/data/textos.toml."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cases.services.texts import load_texts


class Command(BaseCommand):
    """Loads the starter texts; may run any number of times."""

    help = "Carrega os textos-padrão iniciais; o que o escritório já mudou ou aposentou fica como está."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say how many came in."""
        self.stdout.write(f"Textos-padrão: {load_texts()} novos.")
