"""The API's clients at the terminal: listed, given another secret, limited, revoked, taken back."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.models import User
from portal.models import Integracao
from portal.services import (
    Credentials,
    change_integration,
    restore_integration,
    revoke_integration,
    rotate_secret,
)
from workflow.errors import Refusal


class Command(BaseCommand):
    """integracao listar | segredo NOME [--horas 24] | limite NOME [N] | revogar NOME --motivo "…" | reativar NOME."""

    help = "Lista as integrações com a API, troca o segredo de uma, muda o limite dela, revoga-a ou reativa-a."

    def add_arguments(self, parser: CommandParser) -> None:
        """One word says what to do; the rest depends on it."""
        parser.add_argument("--json", action="store_true", help="escreve JSON")
        acts = parser.add_subparsers(dest="acao", required=True, metavar="AÇÃO")
        acts.add_parser("listar", help="todas, com o último uso")
        rotated = acts.add_parser("segredo", help="dá um segredo novo, mostrado uma única vez")
        rotated.add_argument("nome")
        rotated.add_argument(
            "--horas", type=int, default=24, help="por quantas horas o antigo ainda vale (24; 0 agora)"
        )
        limited = acts.add_parser("limite", help="muda quantos pedidos por minuto")
        limited.add_argument("nome")
        limited.add_argument("limite", type=int, nargs="?", help="sem número, o limite comum")
        revoked = acts.add_parser("revogar", help="acaba com ela agora, com todos os tokens")
        revoked.add_argument("nome")
        revoked.add_argument("--motivo", required=True)
        acts.add_parser("reativar", help="desfaz a revogação, com um segredo novo").add_argument("nome")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say what came of it."""
        by, at = User.objects.system(), timezone.now()  # noqa: TID251  the edge reads the clock
        if options["acao"] == "listar":
            return self._list(options["json"])
        found = Integracao.objects.filter(name__iexact=options["nome"]).first()
        if found is None:
            raise CommandError(f"Não há integração chamada «{options['nome']}». Veja os nomes com: integracao listar")
        try:
            if options["acao"] == "segredo":
                overlap = timedelta(hours=options["horas"])
                self._show(rotate_secret(integracao=found, overlap=overlap, by=by, at=at), options["json"])
            elif options["acao"] == "reativar":
                self._show(restore_integration(integracao=found, by=by, at=at), options["json"])
            elif options["acao"] == "limite":
                limit = options["limite"]
                change_integration(integracao=found, escopos=found.escopos, limite=limit, by=by, at=at)
                self.stdout.write(f"Limite de «{found}»: {limit or 'o comum'} pedidos por minuto.")
            else:
                revoke_integration(integracao=found, motivo=options["motivo"], by=by, at=at)
                self.stdout.write(f"«{found}» foi revogada: nenhum token, segredo ou pedido dela vale mais.")
        except Refusal as refusal:
            raise CommandError(refusal.message) from refusal
        return None

    def _list(self, as_json: bool) -> None:
        rows = [
            {
                "nome": one.name,
                "client_id": one.client_id,
                "escopos": one.escopos,
                "limite_por_minuto": one.limite_por_minuto,
                "usada_em": _moment(one.usada_em),
                "segredo_anterior_ate": _moment(one.segredo_anterior_ate),
                "revogada_em": _moment(one.revogada_em),
            }
            for one in Integracao.objects.order_by("name")
        ]
        if as_json:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            state = f"revogada em {row['revogada_em']}" if row["revogada_em"] else "em uso"
            self.stdout.write(f"{row['nome']} ({row['client_id']}): {state}; usada em {row['usada_em'] or 'nunca'}")
            self.stdout.write(f"  {' '.join(row['escopos'])}")

    def _show(self, made: Credentials, as_json: bool) -> None:
        shown = {"client_id": made.integracao.client_id, "client_secret": made.client_secret}
        if as_json:
            self.stdout.write(json.dumps(shown))
            return
        self.stdout.write(f"client_id: {shown['client_id']}\nclient_secret: {shown['client_secret']}")
        self.stdout.write("Guarde o client_secret agora: ele não será mostrado outra vez.")


def _moment(value: Any) -> str | None:
    return timezone.localtime(value).isoformat(timespec="seconds") if value else None
