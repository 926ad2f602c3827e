"""Recounting the agenda and the hearing's day: reservations, results by supplier, what a termo's letter says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from hearings.models import Audiencia, Termo
from hearings.queries import PENDING
from hearings.rules import overall

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


#: A minute's task makes what a request could not; after so long somebody should look.
OWED = timedelta(minutes=10)


def missing_notices(*, at: datetime) -> Iterator[str]:
    """Every hearing to come that was booked a while ago and whose notices are still not made."""
    owed = Audiencia.objects.to_announce(at=at).filter(agendada_em__lt=at - OWED).order_by("pk")
    for pk, booked in owed.values_list("pk", "agendada_em"):
        when = f"{timezone.localtime(booked):%d/%m/%Y %H:%M}"
        yield f"Audiência {pk}, marcada em {when}: as notificações e os avisos não foram feitos."


def wrong_results() -> Iterator[str]:
    """Every hearing whose result does not follow from those with each supplier."""
    done = Audiencia.objects.filter(status__in=["realizada", "nao_realizada"]).prefetch_related("resultados")
    for audiencia in done.only("pk", "resultado", "status").order_by("pk").iterator(chunk_size=500):
        parts = [item.resultado for item in audiencia.resultados.all()]
        consumer = audiencia.resultado not in ("ausente_consumidor", "ausentes_ambos")
        expected = overall(parts, consumer_came=consumer) if parts else ""
        if expected != audiencia.resultado:
            told = f"o resultado é «{audiencia.resultado}», e dos fornecedores segue «{expected}»"
            yield f"Audiência {audiencia.pk}: {told}."


def wrong_termos() -> Iterator[str]:
    """Every closed termo whose letter does not say what was signed, or that another letter has replaced alone."""
    closed = Termo.objects.exclude(documento=None).select_related("documento", "seguinte")
    for termo in closed.order_by("pk").iterator(chunk_size=200):
        letter = termo.documento
        if letter is None or not letter.arquivo:
            continue  # told elsewhere, or gone at the end of its retention
        where = f"Termo {termo.pk} (audiência {termo.audiencia_id})"
        if letter.dados.get("dados", {}).get("conteudo_sha256") != termo.conteudo_sha256:
            yield f"{where}: o que foi assinado não é o que está no documento {letter.codigo}."
        if (termo.status == Termo.Status.FECHADO) != (letter.substituido_por_id is None):
            yield f"{where}: consta «{termo.get_status_display()}», e o documento {letter.codigo} diz outra coisa."
