"""Recounting what webhooks are owed: each delivery against itself, and against the events that should have one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q

from portal.models import Entrega
from portal.rules.retries import KEPT_FOR

# A transaction that began before the webhook did not see it, and deliveries that were settled are forgotten: an hour is
# left at one end, a day at the other.
_MISSING = """
SELECT w.id, a.protocolo, e.sequencia, t.tipo
FROM portal_webhook w
JOIN portal_integracao i ON i.id = w.integracao_id
JOIN accounts_user u ON u.id = i.user_id AND u.is_active
JOIN workflow_evento p ON p.autor_id = i.user_id AND p.sequencia = 1
JOIN cases_atendimento a ON a.historico_id = p.historico_id
JOIN workflow_evento e ON e.historico_id = p.historico_id
CROSS JOIN LATERAL (SELECT portal_tipo_de_evento(e.objeto, e.ato, e.de, e.para) AS tipo) t
WHERE w.situacao = 'ativo' AND t.tipo = ANY(w.eventos)
    AND e.registrado_em > w.ativo_desde + interval '1 hour' AND e.registrado_em > %(since)s
    AND NOT EXISTS (SELECT FROM portal_entrega d WHERE d.webhook_id = w.id AND d.evento_id = e.id)
ORDER BY w.id, a.protocolo, e.sequencia
"""


def wrong_deliveries(*, at: datetime) -> Iterator[str]:
    """Every delivery whose situation contradicts its times, and every event that no delivery tells."""
    state = Entrega.Situacao
    open_ones = [state.PENDENTE, state.EM_ENVIO]
    faults = {
        "está em envio sem reserva": Q(situacao=state.EM_ENVIO, reservada_ate=None),
        "tem reserva sem estar em envio": ~Q(situacao=state.EM_ENVIO) & Q(reservada_ate__isnull=False),
        "terminou sem hora": ~Q(situacao__in=open_ones) & Q(concluida_em=None),
        "tem hora de término sem ter terminado": Q(situacao__in=open_ones, concluida_em__isnull=False),
        "está entregue sem tentativa": Q(situacao=state.ENTREGUE, tentativas=0),
        "falhou ou foi cancelada sem motivo": Q(situacao__in=[state.FALHOU, state.CANCELADA], motivo=""),
    }
    for what, fault in faults.items():
        for pk in Entrega.objects.filter(fault).order_by("pk").values_list("pk", flat=True):
            yield f"Entrega {pk} a webhook: {what}."
    with connection.cursor() as cursor:
        cursor.execute(_MISSING, {"since": at - KEPT_FOR + timedelta(days=1)})
        for webhook, protocolo, sequencia, tipo in cursor.fetchall():
            yield f"Webhook {webhook}: falta a entrega de «{tipo}», evento {sequencia} de {protocolo}."
