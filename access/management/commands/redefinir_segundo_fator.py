"""`redefinir_segundo_fator USUARIO --motivo "…"`: for who lost telephone, key and codes."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from access.services.factors import reset_second_factor
from accounts.models import User
from workflow.errors import Refusal


class Command(BaseCommand):
    """Takes every second factor of one person away and ends their sessions; written down with the reason."""

    help = "Retira o segundo fator de uma pessoa, encerra as sessões dela e registra quem, quando e por quê."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`redefinir_segundo_fator USUARIO --motivo M [--por ADMINISTRADOR]`."""
        parser.add_argument("usuario", help="o usuário de quem perdeu o segundo fator")
        parser.add_argument("--motivo", required=True, help="por quê, em palavras; fica registrado")
        parser.add_argument("--por", help="o usuário do administrador que decide; sem ele, o próprio sistema")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find both people and do it."""
        person = self._person(options["usuario"])
        by = self._person(options["por"]) if options["por"] else User.objects.system()
        now = timezone.now()  # noqa: TID251  the edge reads the clock
        try:
            reset_second_factor(usuario=person, motivo=options["motivo"], by=by, at=now)
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(f"O segundo fator de {person.nome} foi retirado, e as sessões dessa pessoa, encerradas.")

    @staticmethod
    def _person(usuario: str) -> User:
        person = User.objects.filter(usuario=usuario).first()
        if person is None:
            raise CommandError(f"Não há usuário «{usuario}». Confira como ele se escreve na página de entrada.")
        return person
