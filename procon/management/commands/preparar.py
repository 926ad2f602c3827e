"""Brings database and files to the state of this version; what every start runs first."""

from __future__ import annotations

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command, get_commands
from django.utils import timezone

from procon.backup.examining import unfinished_restore
from procon.belonging import claim
from procon.database import check_database
from procon.demo.sandbox import close_sandbox, open_sandbox
from procon.environment import check_bucket
from reports.totals import fold

#: Given by the packages; each may run twice and then changes nothing.
LOADERS = ("carregar_taxonomia", "carregar_calendario", "carregar_textos")


class Command(BaseCommand):
    """`manage.py preparar`."""

    help = (
        "Prepara o banco e os arquivos: migrações, taxonomia, calendário e, num banco vazio com DEMO=1, a demonstração."
    )
    requires_migrations_checks = False
    requires_system_checks = ()  # they are of the code, and `make check` makes them: they would load every page here

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The one choice: without the demonstration."""
        parser.add_argument("--sem-demo", action="store_true", help="não constrói o escritório de demonstração")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, migrate, load, demonstrate, collect."""
        check_database()
        check_bucket(settings.ENVIRONMENT)
        if sentence := unfinished_restore(Path(settings.DATA_DIR)):
            raise CommandError(sentence)
        call_command("migrate", interactive=False, verbosity=options["verbosity"] - 1)
        claim()
        for name in LOADERS:
            if name in get_commands():
                call_command(name, stdout=self.stdout, verbosity=options["verbosity"])
        fold()  # what a migration counted anew, before anybody reads it
        if settings.ENVIRONMENT.flag("DEMO") and not options["sem_demo"]:
            self._demonstrate()
        self._sandbox()
        self._collect()

    def _demonstrate(self) -> None:
        used = apps.get_model("cases", "Atendimento").objects.exists()
        if used and not apps.get_model("procon", "Demonstracao").objects.filter(concluida=False).exists():
            return
        if "demo" not in get_commands():
            self.stdout.write("Ainda não há comando «demo»: o banco fica sem dados de demonstração.")
            return
        said = "Banco vazio: construindo o escritório de demonstração de 2023 (DEMO=0 começa vazio)."
        self.stdout.write("Terminando a demonstração que foi interrompida." if used else said)
        call_command("demo", stdout=self.stdout)

    def _sandbox(self) -> None:
        """The API's sandbox belongs to a demonstration; any other office has none."""
        built = apps.get_model("procon", "Demonstracao").objects.filter(concluida=True).exists()
        settle = open_sandbox if built and settings.ENVIRONMENT.flag("DEMO") else close_sandbox
        settle(settings.DATA_DIR, at=timezone.now())  # noqa: TID251  the edge reads the clock

    def _collect(self) -> None:
        """Collect the static files when they differ from what was collected last."""
        stamp = Path(settings.STATIC_ROOT) / ".origem"
        mark = static_mark()
        if stamp.exists() and stamp.read_text() == mark:
            return
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(mark)


def static_mark() -> str:
    """A digest of every static file's name, size and time."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{getattr(storage, 'prefix', '')}/{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
