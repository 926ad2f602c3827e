"""`criar_administrador USUARIO --nome N --email E --unidade CODIGO`: the first person of an office that begins."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from access.services.people import install_administrador
from accounts.models import Unidade
from workflow.errors import Refusal


class Command(BaseCommand):
    """Registers an administrador, and the unidade where the code is new; prints the link to choose a password."""

    help = (
        "Cadastra um administrador (e a unidade, se o código for novo) e mostra o link, válido por uma hora, em que "
        "ele define a senha. É como um escritório vazio (DEMO=0) começa; as outras pessoas ele cadastra em Usuários."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`criar_administrador USUARIO --nome N --email E --unidade CODIGO [--nome-da-unidade N]`."""
        parser.add_argument("usuario", help="uma palavra, como ana.souza")
        parser.add_argument("--nome", required=True, help="o nome da pessoa")
        parser.add_argument("--email", required=True, help="o e-mail da pessoa")
        parser.add_argument("--unidade", required=True, metavar="CODIGO", help="UF, Procon e unidade, como 35.001.001")
        parser.add_argument("--nome-da-unidade", default="", help="para uma unidade nova; sem ele, o nome do Procon")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and print the link."""
        code = options["unidade"]
        found = Unidade.objects.filter(codigo=code).first()
        place = found or Unidade(
            codigo=code,
            nome=options["nome_da_unidade"] or settings.PROCON["NOME"],
            municipio=settings.PROCON["MUNICIPIO"],
        )
        told = {name: options[name] for name in ("usuario", "nome", "email")}
        try:
            now = timezone.now()  # noqa: TID251  the edge reads the clock
            person, link = install_administrador(**told, unidade=place, at=now)
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        except ValidationError as wrong:
            raise CommandError(" ".join(wrong.messages)) from None
        if found is None:
            self.stdout.write(f"Unidade {place.codigo} cadastrada: {place.nome}.")
        self.stdout.write(f"{person.nome} é administrador. Em até uma hora, ele define a senha aqui:\n{link}")
