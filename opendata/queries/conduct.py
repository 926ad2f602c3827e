"""Who is complained against here and what consumidor.gov.br tells of them: a fixed number of reads.

A supplier is a company of consumidor.gov.br when its name, its trade name or a spelling of it, or of what was merged
into it, is the company's name, accents, marks and capitals aside.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models
from django.db.models import Sum

if TYPE_CHECKING:
    _Condutas = models.QuerySet["CondutaConsumidorGov"]
else:
    _Condutas = models.QuerySet

#: What is summed of a complaint.
SUMS = (
    "reclamacoes", "respondidas", "resolvidas", "nao_resolvidas", "nao_avaliadas", "canceladas", "notas", "notas_soma",
    "respostas", "dias_soma",
)  # fmt: skip


class CondutaQuerySet(_Condutas):
    """Conduct on consumidor.gov.br."""

    def within(self, first: date, last: date) -> Self:
        """Of the months from `first` to `last`."""
        return self.filter(mes__gte=first, mes__lte=last)

    def summed(self, companies: Collection[int], places: Collection[str]) -> list[tuple[Any, ...]]:
        """(company, place, the SUMS) of these companies in these places, in one read."""
        rows = self.filter(empresa__in=companies, lugar__in=places).order_by().values_list("empresa", "lugar")
        return list(rows.annotate(**{f"total_{name}": Sum(name) for name in SUMS}))


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose cases are looked at: of these unidades, opened from `start` to before `end`."""

    unidades: tuple[int, ...]
    start: datetime
    end: datetime


_COMPLAINED_AGAINST = """
WITH nossos AS MATERIALIZED (
    SELECT COALESCE(f.fundido_em_id, f.id) AS fornecedor, r.atendimento_id AS atendimento
    FROM cases_atendimento a JOIN cases_reclamado r ON r.atendimento_id = a.id
        JOIN parties_fornecedor f ON f.id = r.fornecedor_id
    WHERE a.unidade_id = ANY(%(units)s) AND a.aberto_em >= %(start)s AND a.aberto_em < %(end)s
), quem AS MATERIALIZED (SELECT DISTINCT fornecedor FROM nossos),
familia AS (
    SELECT fornecedor, fornecedor AS registro FROM quem
    UNION ALL SELECT q.fornecedor, m.id FROM quem q JOIN parties_fornecedor m ON m.fundido_em_id = q.fornecedor
), nomes AS (
    SELECT t.fornecedor, f.razao_social AS nome FROM familia t JOIN parties_fornecedor f ON f.id = t.registro
    UNION SELECT t.fornecedor, f.nome_fantasia FROM familia t JOIN parties_fornecedor f ON f.id = t.registro
    UNION SELECT t.fornecedor, g.nome FROM familia t JOIN parties_grafia g ON g.fornecedor_id = t.registro
), pares AS MATERIALIZED (
    SELECT DISTINCT n.fornecedor, e.id AS empresa
    FROM nomes n JOIN opendata_empresaconsumidorgov e ON e.chave = parties_normalizar(n.nome)
)
"""
_NAME = "COALESCE(NULLIF(f.nome_fantasia, ''), f.razao_social)"
_MATCHED = f"""{_COMPLAINED_AGAINST}
SELECT e.id, e.nome, e.segmento, count(DISTINCT n.atendimento), array_agg(DISTINCT {_NAME} ORDER BY {_NAME})
FROM pares p JOIN opendata_empresaconsumidorgov e ON e.id = p.empresa JOIN nossos n USING (fornecedor)
    JOIN parties_fornecedor f ON f.id = p.fornecedor
WHERE %(segment)s = '' OR e.segmento = %(segment)s
GROUP BY e.id ORDER BY e.id
"""  # noqa: S608  no outside text in it
_UNMATCHED = f"""{_COMPLAINED_AGAINST}
SELECT f.id, {_NAME}, f.razao_social, count(DISTINCT n.atendimento)
FROM nossos n JOIN parties_fornecedor f ON f.id = n.fornecedor
WHERE NOT EXISTS (SELECT FROM pares p WHERE p.fornecedor = n.fornecedor)
GROUP BY f.id ORDER BY 4 DESC, f.razao_social, f.id
"""  # noqa: S608  no outside text in it


def matched(asked: Asked, segment: str) -> list[tuple[int, str, str, int, list[str]]]:
    """(company, its name, its segment, our cases against it, our names for it) where a supplier has its name."""
    return _rows(_MATCHED, asked, segment)


def unmatched(asked: Asked) -> list[tuple[int, str, str, int]]:
    """(supplier, its name, its registered name, our cases) where no name is a company's; most cases first."""
    return _rows(_UNMATCHED, asked, "")


def _rows(statement: str, asked: Asked, segment: str) -> list[Any]:
    bounds = {"units": list(asked.unidades), "start": asked.start, "end": asked.end, "segment": segment}
    with connection.cursor() as cursor:
        cursor.execute(statement, bounds)
        return cursor.fetchall()
