"""Recounting the protocol numbers: gapless in each unidade and year, and as many as were given."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

_NUMBERS = """
WITH given AS (
    SELECT a.unidade_id, 2000 + substring(a.protocolo, 12, 2)::int AS ano, right(a.protocolo, 7)::int AS numero,
        left(a.protocolo, 10) = u.codigo AS ours
    FROM cases_atendimento a JOIN accounts_unidade u ON u.id = a.unidade_id
), counted AS (
    SELECT unidade_id, ano, count(*) AS n, min(numero) AS first, max(numero) AS last, bool_and(ours) AS ours
    FROM given GROUP BY unidade_id, ano
)
SELECT u.codigo, coalesce(c.ano, s.ano), coalesce(c.n, 0), coalesce(c.last, 0), coalesce(s.ultimo, 0)
FROM counted c FULL JOIN cases_sequencia s ON s.unidade_id = c.unidade_id AND s.ano = c.ano
JOIN accounts_unidade u ON u.id = coalesce(c.unidade_id, s.unidade_id)
WHERE c.n IS DISTINCT FROM s.ultimo OR c.last IS DISTINCT FROM s.ultimo OR c.first <> 1 OR NOT c.ours
ORDER BY 1, 2
"""


def gaps_in_numbers() -> Iterator[str]:
    """Every unidade and year in which the protocols are not exactly 1 to the last number given."""
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS)
        for codigo, ano, n, last, given in cursor.fetchall():
            yield (
                f"Protocolos de {codigo} em {ano}: há {n} atendimentos, o maior número é {last} e o último dado foi "
                f"{given}; deveriam ser iguais."
            )
