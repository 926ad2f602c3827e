"""Recounting the history: every link of every chain, and what the chain says against what the row says."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import connection

from workflow.acts import ActTable

# One pass over the table: the number, the link to the one before, the hash and the digest of the text are computed
# again. A text that is gone has no digest to compute; its chain must say, further on, that it was taken out.
_LINKS = """
SELECT historico_id, sequencia FROM (
    SELECT e.historico_id, e.sequencia, e.hash, e.hash_anterior,
        sha256(convert_to(workflow_evento_texto(e), 'UTF8')) AS counted,
        coalesce(lag(e.hash) OVER w, ''::bytea) AS before,
        row_number() OVER w AS place,
        CASE WHEN e.anonimizado
            THEN e.sequencia < max(e.sequencia) FILTER (WHERE e.ato = 'ANONIMIZAR') OVER (PARTITION BY e.historico_id)
            ELSE e.resumo = workflow_evento_resumo(e.sal, e.motivo, e.dados) END AS told
    FROM workflow_evento e WINDOW w AS (PARTITION BY e.historico_id ORDER BY e.sequencia)
) link
WHERE hash <> counted OR hash_anterior <> before OR sequencia <> place OR told IS NOT TRUE
ORDER BY historico_id, sequencia
"""

_HEADS = """
SELECT h.id FROM workflow_historico h
LEFT JOIN LATERAL (
    SELECT e.sequencia, e.hash FROM workflow_evento e WHERE e.historico_id = h.id ORDER BY e.sequencia DESC LIMIT 1
) last ON true
WHERE h.sequencia <> coalesce(last.sequencia, 0) OR h.hash <> coalesce(last.hash, ''::bytea)
ORDER BY h.id
"""

_STATUS = """
SELECT row.id, row.status, last.para FROM {table} row
LEFT JOIN LATERAL (
    SELECT e.para FROM workflow_evento e
    WHERE e.objeto = %s AND e.objeto_id = row.id AND e.para <> '' ORDER BY e.sequencia DESC LIMIT 1
) last ON true
WHERE last.para IS DISTINCT FROM row.status ORDER BY row.id
"""


def broken_links() -> Iterator[str]:
    """Every event whose hash, number or link is not what its content says, and every head that is not its last."""
    with connection.cursor() as cursor:
        cursor.execute(_LINKS)
        for historico, sequencia in cursor.fetchall():
            yield f"Histórico {historico}: o evento {sequencia} não confere com o seu hash ou com o anterior."
        cursor.execute(_HEADS)
        for (historico,) in cursor.fetchall():
            yield f"Histórico {historico}: a cabeça não confere com o último evento; pode faltar evento no fim."


def statuses_without_event() -> Iterator[str]:
    """Every row whose status is not the one to which its last recorded act moved it."""
    for label in sorted(ActTable.registry):
        model = apps.get_model(label)
        with connection.cursor() as cursor:
            cursor.execute(_STATUS.format(table=connection.ops.quote_name(model._meta.db_table)), [label.lower()])
            for pk, status, para in cursor.fetchall():
                told = f"«{para}»" if para else "nenhum status"
                yield f"{model._meta.verbose_name} {pk}: o status é «{status}», mas o histórico registra {told}."
