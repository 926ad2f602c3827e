"""`verificar`: the office recounts itself, and says so when anything is off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cases.selfcheck import gaps_in_numbers, wrong_attachments
from documents.services import unreadable
from hearings.selfcheck import missing_notices, wrong_reservations, wrong_results, wrong_termos
from notifications.selfcheck import wrong_messages
from parties.selfcheck import wrong_merges
from portal.selfcheck import wrong_deliveries
from reports.register.selfcheck import wrong_registers
from reports.selfcheck import wrong_closings, wrong_totals
from workflow.selfcheck import broken_links, statuses_without_event

#: How many faults of one kind are told in full.
SHOWN = 20


def _letters() -> Iterator[str]:
    return (sentence for _, sentence in unreadable())


def _notices() -> Iterator[str]:
    return missing_notices(at=timezone.now())  # noqa: TID251  the edge reads the clock


def _deliveries() -> Iterator[str]:
    return wrong_deliveries(at=timezone.now())  # noqa: TID251  the edge reads the clock


CHECKS: tuple[tuple[str, Callable[[], Iterable[str]]], ...] = (
    ("Cadeia do histórico", broken_links),
    ("Status conforme o histórico", statuses_without_event),
    ("Protocolos sem lacuna", gaps_in_numbers),
    ("Reservas das audiências", wrong_reservations),
    ("Avisos das audiências", _notices),
    ("Resultados das audiências", wrong_results),
    ("Termos de audiência", wrong_termos),
    ("Arquivos dos documentos", _letters),
    ("Arquivos dos anexos", wrong_attachments),
    ("Caixa de saída", wrong_messages),
    ("Entregas a webhooks", _deliveries),
    ("Fusões de cadastros", wrong_merges),
    ("Totais dos relatórios", wrong_totals),
    ("Anos fechados", wrong_closings),
    ("Cadastros publicados", wrong_registers),
)


class Command(BaseCommand):
    """`manage.py verificar`."""

    help = (
        "Confere o histórico, os protocolos, as reservas, os documentos, os anexos, a caixa de saída, os webhooks, "
        "as fusões e os totais; sai com erro se algo falta."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every check, tell each result, and fail if one found something."""
        total = 0
        for name, check in CHECKS:
            faults = iter(check())
            shown = list(islice(faults, SHOWN))
            more = sum(1 for _ in faults)
            total += len(shown) + more
            self.stdout.write(f"{name}: {'em ordem' if not shown else f'{len(shown) + more} com defeito'}")
            for sentence in shown:
                self.stdout.write(f"  {sentence}")
            if more:
                self.stdout.write(f"  … e mais {more}.")
        if total:
            raise CommandError(
                f"A verificação encontrou {total} defeito{'s' if total > 1 else ''}, listado"
                f"{'s' if total > 1 else ''} acima. Não apague nada: guarde uma cópia e avise quem cuida do sistema."
            )
        self.stdout.write("Tudo em ordem.")
