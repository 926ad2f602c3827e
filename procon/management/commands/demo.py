"""`demo`: builds the fictitious office and a year of its work."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from procon.demo.build import build, unfinished
from procon.demo.cast import PASSWORD, logins
from procon.demo.crew import CrewError
from procon.demo.plan import Totals
from workflow.errors import Refusal

SMALLEST, LARGEST = 0.01, 5.0
FIRST_YEAR = 2016


class Command(BaseCommand):
    """`manage.py demo [--ano 2023] [--escala 1.0]`."""

    help = "Constrói o escritório de demonstração: pessoas e fornecedores fictícios, e um ano de atendimentos."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The year and the scale; without them, those of a build that was interrupted, or 2023 at scale 1."""
        parser.add_argument("--ano", help="um ano já encerrado (2023)")
        parser.add_argument("--escala", help="1 é o ano da cidade: 4.400 atendimentos (1)")
        parser.add_argument("--processos", choices=("1", "2"), default="2", help="quantos processos constroem (2)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, and say who can log in."""
        begun = unfinished()
        ano = _year(options["ano"] or (begun.ano if begun else 2023))
        escala = _scale(options["escala"] or (begun.escala if begun else 1.0))
        try:
            with self._bar(Totals.at(escala)) as bar:
                totals = build(ano=ano, escala=escala, tick=bar.update, apart=options["processos"] == "2")
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        except CrewError as failure:
            raise CommandError(
                f"A construção parou: {failure}. O que já estava pronto fica; rode demo de novo."
            ) from None
        self.stdout.write(
            f"Demonstração de {ano} pronta: {totals.atendimentos} atendimentos, {totals.aps} APs, {totals.cips} CIPs, "
            f"{totals.realizadas} audiências realizadas."
        )
        self.stdout.write(f"Para entrar, a senha de todos é {PASSWORD}:")
        for login, who in logins():
            self.stdout.write(f"  {login:<12} {who}")

    def _bar(self, totals: Totals) -> Any:
        """Two steps for each case: registered, and followed to its end."""
        steps = 2 * totals.atendimentos
        return tqdm(
            total=steps, desc="Demonstração", unit=" passos", file=sys.stderr, mininterval=0.5, dynamic_ncols=True
        )


def _year(text: Any) -> int:
    last = timezone.localdate().year - 1
    word = str(text).strip()
    if not (word.isascii() and word.isdigit() and len(word) == 4 and FIRST_YEAR <= int(word) <= last):
        raise CommandError(
            f"Não há demonstração do ano «{text}»: é preciso um ano já encerrado, de {FIRST_YEAR} a {last}. "
            "Escreva, por exemplo, --ano 2023."
        )
    return int(word)


def _scale(text: Any) -> float:
    try:
        scale = float(str(text).replace(",", "."))
    except ValueError:
        scale = 0.0
    if not SMALLEST <= scale <= LARGEST:
        raise CommandError(
            f"A escala «{text}» não serve: é preciso um número de 0,01 a 5. Em 1 são 4.400 atendimentos; em 0,05, 220."
        )
    return scale
