"""`restaurar`: a copy becomes an office again."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from notifications.models import Mensagem
from procon.backup.bars import Bars
from procon.backup.errors import CopyRefused
from procon.backup.examining import Examined, check_target, examine, finish
from procon.backup.manifest import mark_of
from procon.backup.restoring import check_counts, only_one, restore
from procon.database import check_database
from procon.environment import PASSING, WrongEnvironment, check_bucket
from procon.holding import servers_for
from reports.totals import fold


class Command(BaseCommand):
    """`manage.py restaurar ARQUIVO`."""

    help = (
        "Enche uma pasta de dados ou um banco vazios com o que há numa cópia, e recusa qualquer outro destino. A cópia "
        "é "
        "lida e conferida até o fim antes que algo seja gravado."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The copy."""
        parser.add_argument("arquivo", metavar="ARQUIVO", help="a cópia que «manage.py backup» gravou")

    def handle(self, *args: Any, **options: Any) -> None:
        """Examine, fill, bring up to date, prove."""
        key = settings.ENVIRONMENT.text("BACKUP_KEY")
        path = Path(options["arquivo"]).expanduser().absolute()
        try:
            check_target(Path(settings.DATA_DIR))
            check_bucket(settings.ENVIRONMENT)
            examined = examine(path, key=key, bar=Bars(sys.stderr))
            self._warn(examined)
            with servers_for(settings.ENVIRONMENT, "manage.py restaurar"):
                try:
                    self._restore(examined, key)
                finally:
                    connection.close()
        except (CopyRefused, WrongEnvironment) as refusal:
            raise CommandError(str(refusal)) from None

    def _restore(self, examined: Examined, key: str) -> None:
        check_database()
        with only_one():
            restore(examined, key=key, bar=Bars(sys.stderr), keeps_key=not self._given_key())
            self._tell(examined, check_counts(examined))
            call_command("migrate", interactive=False, verbosity=0)
            fold()
            finish(Path(settings.DATA_DIR))
            self._prove()

    def _given_key(self) -> str:
        given = settings.ENVIRONMENT.text("SECRET_KEY")
        return "" if given.startswith(PASSING) else given

    def _warn(self, examined: Examined) -> None:
        given, manifest = self._given_key(), examined.manifest
        if given and mark_of(given) == manifest.marca_da_chave:
            return
        if given or not manifest.leva_a_chave:
            self.stderr.write(
                "Atenção: a cópia é de uma instalação com outra SECRET_KEY. Os dados voltam todos; os links já "
                "enviados às "
                "partes e o que foi cifrado com aquela chave deixam de valer. Se a tiver, pare, defina SECRET_KEY com "
                "ela e "
                "restaure numa pasta e num banco vazios."
            )

    def _tell(self, examined: Examined, counts: dict[str, int]) -> None:
        files = examined.manifest.arquivos
        for name, rows in counts.items():
            if rows:
                self.stdout.write(f"  {name}: {rows}")
        self.stdout.write(
            f"Contagens iguais às da cópia de {examined.manifest.feita_em}: {len(counts)} tabelas, "
            f"{sum(counts.values())} "
            f"linhas; {files['documentos']} documentos, {files['anexos']} anexos."
        )

    def _prove(self) -> None:
        try:
            call_command("verificar", stdout=self.stdout)
        except CommandError as faults:
            raise CommandError(
                "A restauração terminou e as contagens são iguais às da cópia, mas o escritório já tinha defeitos: "
                f"{faults}"
            ) from None
        waiting = Mensagem.objects.filter(situacao=Mensagem.Situacao.PENDENTE).count()
        if waiting:
            self.stdout.write(
                f"Há {waiting} mensagens na caixa de saída: as vencidas saem quando o sistema começar, e algumas podem "
                "já ter "
                "saído depois da cópia. Para um ensaio, comece sem EMAIL_URL."
            )
        self.stdout.write("Escritório restaurado. Comece-o com «make run».")
