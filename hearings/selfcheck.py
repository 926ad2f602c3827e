"""Recounting the agenda: what a pending hearing holds, and that one which was moved or cancelled holds nothing."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from hearings.queries import PENDING

_RESERVATIONS = """
SELECT a.id, a.status, x.wanted, coalesce(held.recursos, '{}') FROM hearings_audiencia a
JOIN cases_atendimento c ON c.id = a.atendimento_id
LEFT JOIN parties_consumidor p ON p.id = c.consumidor_id
CROSS JOIN LATERAL (
    SELECT array_remove(ARRAY[
        'conciliador:' || a.conciliador_id, 'consumidor:' || coalesce(p.fundido_em_id, p.id), 'sala:' || a.sala_id
    ], NULL) AS wanted
) x
LEFT JOIN LATERAL (
    SELECT array_agg(r.recurso::text ORDER BY r.recurso) AS recursos,
        bool_and(r.durante = tstzrange(a.inicio, a.fim, '[)')) AS exact
    FROM hearings_reserva r WHERE r.audiencia_id = a.id
) held ON true
WHERE CASE
    WHEN a.status = ANY(%s) THEN held.recursos IS DISTINCT FROM x.wanted OR NOT held.exact
    WHEN a.status IN ('redesignada', 'cancelada') THEN held.recursos IS NOT NULL
    ELSE false
END
ORDER BY a.id
"""


def wrong_reservations() -> Iterator[str]:
    """Every hearing whose reservations are not those of its status, room, conciliator, consumer and time."""
    with connection.cursor() as cursor:
        cursor.execute(_RESERVATIONS, [list(PENDING)])
        for pk, status, wanted, held in cursor.fetchall():
            expected = ", ".join(wanted) if status in PENDING else "nenhuma reserva"
            yield f"Audiência {pk} ({status}): reserva {', '.join(held) or 'nada'}; o esperado é {expected}."
