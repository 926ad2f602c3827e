"""`verificar` knows what webhooks are owed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from portal.models import Entrega, Webhook
from portal.selfcheck import wrong_deliveries
from tests.conftest import NOW, Cast
from tests.portal.receiver import Listener, deliver, register_for


def faults() -> list[str]:
    return list(wrong_deliveries(at=timezone.now()))  # noqa: TID251  the database stamps events with the real clock


def test_what_was_told_is_in_order(cast: Cast, ouvinte: Listener) -> None:
    register_for(ouvinte.webhook.integracao, cast)
    assert faults() == []
    deliver()
    assert faults() == []


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"situacao": "em_envio"}, "está em envio sem reserva"),
        ({"reservada_ate": NOW}, "tem reserva sem estar em envio"),
        ({"situacao": "entregue", "tentativas": 1}, "terminou sem hora"),
        ({"concluida_em": NOW}, "tem hora de término sem ter terminado"),
        ({"situacao": "entregue", "concluida_em": NOW}, "está entregue sem tentativa"),
        ({"situacao": "falhou", "concluida_em": NOW}, "falhou ou foi cancelada sem motivo"),
    ],
)
def test_a_delivery_that_contradicts_itself_is_told(
    cast: Cast, ouvinte: Listener, changes: dict[str, Any], what: str
) -> None:
    register_for(ouvinte.webhook.integracao, cast)
    Entrega.objects.update(**changes)

    assert faults() == [f"Entrega {ouvinte.entregas()[0].pk} a webhook: {what}."]


def test_an_event_without_its_delivery_is_told_when_the_webhook_was_there(cast: Cast, ouvinte: Listener) -> None:
    case = register_for(ouvinte.webhook.integracao, cast)
    Entrega.objects.all().delete()
    told = f"Webhook {ouvinte.webhook.pk}: falta a entrega de «atendimento.registrado», evento 1 de {case.protocolo}."

    assert faults() == [told]
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(registrado_em) FROM workflow_evento")
        (written,) = cursor.fetchone()
    Webhook.objects.update(ativo_desde=written - timedelta(minutes=59))
    assert faults() == []
