"""An API client: prints its id and its secret once."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import Unidade, User
from portal.services import create_integration
from workflow.errors import Refusal


class Command(BaseCommand):
    """criar_integracao NOME --escopos "atendimentos:ler atendimentos:escrever"."""

    help = "Cria uma integração com a API e mostra, uma única vez, seu client_id e seu client_secret."

    def add_arguments(self, parser: CommandParser) -> None:
        """The name, the scopes, the unidades and the output's form."""
        parser.add_argument("nome", metavar="NOME", help="de quem é a integração, como em «Portal da cidade»")
        parser.add_argument("--escopos", required=True, help="os escopos, separados por espaço ou vírgula")
        parser.add_argument(
            "--unidade",
            action="append",
            default=[],
            metavar="CODIGO",
            help="unidade onde ela registra; pode repetir. Sem isto, todas as ativas",
        )
        parser.add_argument("--limite", type=int, help="pedidos por minuto; sem isto, o limite comum")
        parser.add_argument("--json", action="store_true", help="escreve JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create it and show its credentials."""
        try:
            made = create_integration(
                nome=options["nome"],
                escopos=options["escopos"].replace(",", " ").split(),
                unidades=_unidades(options["unidade"]),
                limite=options["limite"],
                by=User.objects.system(),
                at=timezone.now(),  # noqa: TID251  the edge reads the clock
            )
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        shown = {
            "nome": made.integracao.name,
            "client_id": made.integracao.client_id,
            "client_secret": made.client_secret,
            "escopos": made.integracao.escopos,
        }
        if options["json"]:
            self.stdout.write(json.dumps(shown, ensure_ascii=False))
            return
        self.stdout.write(f"client_id: {shown['client_id']}\nclient_secret: {shown['client_secret']}")
        self.stdout.write("Guarde o client_secret agora: ele não será mostrado outra vez.")


def _unidades(codes: list[str]) -> list[Unidade]:
    if not codes:
        return list(Unidade.objects.filter(ativa=True))
    found = {unidade.codigo: unidade for unidade in Unidade.objects.filter(codigo__in=codes, ativa=True)}
    missing = [code for code in codes if code not in found]
    if missing:
        raise CommandError(f"Não há unidade ativa com o código {', '.join(missing)}. Veja os códigos em Cadastros.")
    return list(found.values())
