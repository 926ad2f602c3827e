"""`backup`: the whole office in one file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from procon.backup.bars import Bars
from procon.backup.errors import CopyRefused
from procon.backup.making import Made, make_copy

#: Shorter passwords can be guessed by whoever finds the file.
SHORT = 16


class Command(BaseCommand):
    """`manage.py backup ARQUIVO`."""

    help = (
        "Guarda o escritório inteiro (banco, documentos, anexos e a chave da instalação) num só arquivo, cifrado "
        "quando "
        "BACKUP_KEY está definida, e o confere depois de gravar. O sistema pode continuar em uso."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and whether an older copy of the same name may go."""
        parser.add_argument("arquivo", metavar="ARQUIVO", help="o arquivo a gravar, como /srv/copias/procon.copia")
        parser.add_argument("--sobrescrever", action="store_true", help="substitui um arquivo que já existe")

    def handle(self, *args: Any, **options: Any) -> None:
        """Warn, copy, tell."""
        key = settings.ENVIRONMENT.text("BACKUP_KEY")
        self._warn(key)
        path = Path(options["arquivo"]).expanduser().absolute()
        try:
            made = make_copy(
                path,
                key=key,
                at=timezone.localtime(),
                bar=Bars(sys.stderr),
                overwrite=options["sobrescrever"],
            )
        except CopyRefused as refusal:
            raise CommandError(str(refusal)) from None
        self._tell(made, encrypted=bool(key))

    def _warn(self, key: str) -> None:
        if not key:
            self.stderr.write(
                "Atenção: BACKUP_KEY não está definida, e a cópia NÃO será cifrada. Quem a tiver lê os dados pessoais "
                "de todos "
                "os casos. Defina BACKUP_KEY com uma senha longa, guardada longe da cópia."
            )
        elif len(key) < SHORT:
            self.stderr.write(
                f"Atenção: BACKUP_KEY tem menos de {SHORT} caracteres, e uma senha curta se adivinha. Use uma longa."
            )

    def _tell(self, made: Made, *, encrypted: bool) -> None:
        manifest, files = made.manifest, made.manifest.arquivos
        for name in made.missing[:20]:
            self.stderr.write(f"Atenção: falta no escritório o arquivo {name}; a cópia ficou sem ele.")
        if made.missing:
            self.stderr.write(f"Faltam {len(made.missing)} arquivos no escritório. Rode «manage.py verificar».")
        self.stdout.write(
            f"Cópia gravada e conferida: {made.path} ({made.size} bytes, {'cifrada' if encrypted else 'sem cifra'}).\n"
            f"  {len(manifest.tabelas)} tabelas, {manifest.rows} linhas, {files['documentos']} documentos, "
            f"{files['anexos']} anexos.\n"
            "  Chave da instalação (SECRET_KEY): "
            f"{'vai na cópia' if manifest.leva_a_chave else 'não vai: guarde-a à parte'}."
        )
