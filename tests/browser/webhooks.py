"""Webhooks in every state, so that their pages have something to show."""

from __future__ import annotations

from datetime import datetime, timedelta

from portal.models import Entrega
from portal.services import create_webhook, send_test
from portal.services.deliveries import SWITCHED_OFF
from tests.conftest import Cast
from tests.portal.conftest import make_program
from tests.portal.receiver import register_for


def webhook_paths(office: Cast, now: datetime) -> list[str]:
    """The list of two webhooks, and the one with something delivered, something failed and something waiting."""
    integracao = make_program(office, "Portal avisado").integracao
    url = "https://portal.cidade.example.org/integracoes/procon/avisos"
    webhook = create_webhook(integracao=integracao, url=url, eventos=[], at=now).webhook
    off = create_webhook(integracao=integracao, url=f"{url}-antigos", eventos=["cip.respondida"], at=now).webhook
    off.situacao, off.motivo = "desativado", SWITCHED_OFF
    off.save()
    for _ in range(3):
        register_for(integracao, office)
    send_test(webhook=webhook, at=now)
    done, failed, late = Entrega.objects.order_by("id")[:3]
    states = {
        done: {"situacao": "entregue", "resposta": "HTTP 204", "concluida_em": now},
        failed: {"situacao": "falhou", "resposta": "HTTP 500", "motivo": "HTTP 500", "concluida_em": now},
        late: {
            "resposta": "O servidor não respondeu em 3 segundos.",
            "proxima_tentativa_em": now + timedelta(minutes=15),
        },
    }
    for row, state in states.items():
        Entrega.objects.filter(pk=row.pk).update(tentativas=3, **state)
    base = "/cadastros/integracoes/webhooks/"
    return [base, f"{base}{webhook.pk}/"]
