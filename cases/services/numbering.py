"""Protocol numbers: gapless, given under concurrency, never reused; and the case that each is given to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection

from cases.models import Atendimento
from parties.models import Fornecedor
from workflow.queries import prepared

# History, number, case and reclamados are one statement: the number's row stays locked from here until the caller's
# transaction ends, and everybody who registers in this unidade waits for it. A roll-back gives the number back.
_WRITE = """
WITH h AS (INSERT INTO workflow_historico (sequencia, hash) VALUES (0, '') RETURNING id),
n AS (
    INSERT INTO cases_sequencia AS s (unidade_id, ano, ultimo) VALUES (%(unidade_id)s, %(ano)s, 1)
    ON CONFLICT (unidade_id, ano) DO UPDATE SET ultimo = s.ultimo + 1 RETURNING ultimo
), a AS (
    INSERT INTO cases_atendimento (historico_id, protocolo, {columns})
    SELECT h.id, %(prefixo)s::text || lpad(n.ultimo::text, 7, '0'), {values} FROM h, n
    RETURNING id, historico_id, protocolo
), r AS (
    INSERT INTO cases_reclamado (atendimento_id, fornecedor_id)
    SELECT a.id, f FROM a, unnest(%(fornecedores)s::bigint[]) WITH ORDINALITY AS u (f, place) ORDER BY place
)
SELECT id, historico_id, protocolo FROM a
"""
#: What the database gives.
_GIVEN = frozenset({"id", "historico_id", "protocolo"})


def write_case(case: Atendimento, suppliers: Sequence[Fornecedor], *, ano: int) -> Atendimento:
    """Write a new case with its history, its reclamados and the next protocol of its unidade and local year.

    The protocol is as 35.001.001.23-0001234. Call it as late as can be: the next one waits until the commit.
    """
    values: dict[str, Any] = {
        column.attname: column.get_db_prep_save(getattr(case, column.attname), connection) for column in _columns()
    }
    values |= {
        "ano": ano,
        "prefixo": f"{case.unidade.codigo}.{ano % 100:02d}-",
        "fornecedores": [supplier.pk for supplier in suppliers],
    }
    [(case.id, case.historico_id, case.protocolo)] = prepared(_statement(), values)
    case._state.adding, case._state.db = False, connection.alias
    return case


@cache
def _statement() -> str:
    names = [column.attname for column in _columns()]
    values = ", ".join(f"%({column.attname})s::{_kind(column)}" for column in _columns())
    return _WRITE.format(columns=", ".join(names), values=values)


@cache
def _columns() -> list[Any]:
    return [column for column in Atendimento._meta.concrete_fields if column.attname not in _GIVEN]


def _kind(column: Any) -> str:
    """The type that a value is sent as; the column's own would cut or round what does not fit, where it must refuse."""
    kind = str(column.target_field.rel_db_type(connection) if column.is_relation else column.db_type(connection))
    return {"varchar": "text", "numeric": "numeric"}.get(kind.partition("(")[0], kind)
