"""`selar_de_novo`: after a new SECRET_KEY, what the earlier one sealed is sealed by the new one."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction

from access.models import Fator, FormularioGuardado
from access.sealing import DOOR, seal, unseal
from portal.models import Webhook
from portal.services.webhooks import PURPOSE

#: What lies sealed for longer than a day, and for what purpose.
SEALED: tuple[tuple[type[models.Model], str, str], ...] = (
    (Fator, "segredo", DOOR),
    (FormularioGuardado, "campos", DOOR),
    (Webhook, "segredo", PURPOSE),
    (Webhook, "segredo_anterior", PURPOSE),
)


class Command(BaseCommand):
    """`manage.py selar_de_novo`."""

    help = (
        "Depois de trocar a SECRET_KEY, com a anterior em SECRET_KEY_FALLBACKS: sela com a nova o que a anterior selou "
        "(segundos fatores, segredos de webhooks). Terminado sem falta, retire SECRET_KEY_FALLBACKS."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal everything anew; fail, naming how much, where something could not be opened."""
        lost = 0
        for model, column, purpose in SEALED:
            done, closed = self._reseal(model, column, purpose)
            lost += closed
            said = f"{model._meta.verbose_name}, {column}: {done} selados de novo"
            self.stdout.write(said + (f", {closed} que nenhuma chave abre" if closed else ""))
        if lost:
            raise CommandError(
                f"{lost} valores não se abrem com a SECRET_KEY nem com SECRET_KEY_FALLBACKS. Acrescente a chave que "
                "falta; se ela se perdeu, essas pessoas cadastram o segundo fator de novo e as integrações pedem outro "
                "segredo."
            )

    @transaction.atomic
    def _reseal(self, model: type[models.Model], column: str, purpose: str) -> tuple[int, int]:
        done = closed = 0
        for row in model._base_manager.select_for_update().exclude(**{column: None}).order_by("pk"):
            held = getattr(row, column)
            if not held:
                continue
            text = unseal(held if isinstance(held, str) else bytes(held).decode(), purpose)
            if text is None:
                closed += 1
                continue
            sealed = seal(text, purpose)
            value = sealed if isinstance(held, str) else sealed.encode()
            model._base_manager.filter(pk=row.pk).update(**{column: value})
            done += 1
        return done, closed
