"""Recounting the protocol numbers, gapless in each unidade and year, and the files that are attached."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from cases import storage
from cases.models import Anexo
from cases.services.attachments import fault_of

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


def wrong_attachments() -> Iterator[str]:
    """Every attachment whose file is missing or altered, and every file that no attachment names."""
    named = set()
    for anexo in Anexo.objects.exclude(arquivo="").order_by("pk").iterator(chunk_size=500):
        named.add(anexo.arquivo)
        if fault := fault_of(anexo):
            yield fault
    for name in storage.names():
        if name not in named and not Anexo.objects.filter(arquivo=name).exists():
            yield (
                f"O arquivo anexos/{name} não pertence a nenhum anexo: o envio dele foi desfeito. Se ninguém está "
                "anexando agora, mova-o para fora da pasta."
            )
