"""The totals kept: folded from the journal, read together with what is not folded yet, recounted (decisions 72, 82)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from reports.measures import COLUMNS, HOMES, MEASURES, grains, sets
from reports.queries import in_set

#: How many rows of the journal one transaction folds.
PORTION = 200_000
#: Above so many rows the journal's space is given back at once.
MANY = 10_000
#: The lock of the fold, of a rebuild, and of a table that is emptied (migration 0002).
_LOCK = "3523107, -1"
#: The lock of whoever moves a supplier's totals (migration 0004).
_HOMES_LOCK = "3523107, -2"

_FOLD = """
WITH apagados AS (
    DELETE FROM reports_lancamento WHERE id IN (SELECT id FROM reports_lancamento ORDER BY id LIMIT %(portion)s)
    RETURNING *
), vistos AS (SELECT count(*) AS n FROM apagados), casas AS (SELECT * FROM reports_casa), dos AS ({homed}),
{sums}, guardados AS (
    INSERT INTO reports_soma AS s (medida, conjunto, grao, inicio, unidade, a, b, n) SELECT * FROM somas
    ON CONFLICT (medida, conjunto, grao, inicio, unidade, a, b) DO UPDATE SET n = s.n + EXCLUDED.n
) SELECT n FROM vistos
"""
#: Each fact with whom its supplier counts for.
_HOMED = """
    SELECT d.*, {homes} FROM {facts} d LEFT JOIN casas c ON c.fornecedor = d.fornecedor
"""
#: The totals of one measure by day, of every set at once; `graos` has a bit for each grain that is kept.
_DAYS = """
SELECT l.medida, q.conjunto, q.graos, l.ano, l.dia, l.unidade, q.a, q.b, sum(l.n)::int AS n
FROM dos l CROSS JOIN LATERAL (VALUES {rows}) AS q(graos, conjunto, a, b) WHERE l.medida = {medida}
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""
#: From facts (`dos`) to totals (`somas`): by day first, then by month and year.
_SUMS = """
dias AS (
    {days}
), somas AS (
    SELECT medida, conjunto, 1::smallint AS grao, dia AS inicio, unidade, a, b, n::bigint FROM dias
    WHERE dia IS NOT NULL AND graos & 2 > 0 AND n <> 0
    UNION ALL
    SELECT medida, conjunto, 2::smallint, date_trunc('month', dia)::date, unidade, a, b, sum(n) FROM dias
    WHERE dia IS NOT NULL AND graos & 4 > 0 GROUP BY 1, 2, 4, 5, 6, 7 HAVING sum(n) <> 0
    UNION ALL
    SELECT medida, conjunto, 3::smallint, make_date(ano, 1, 1), unidade, a, b, sum(n) FROM dias
    WHERE graos & 8 > 0 GROUP BY 1, 2, 4, 5, 6, 7 HAVING sum(n) <> 0
)
"""
#: What is kept, and what is on its way there, against what the tables hold: only what differs is left.
_RECOUNT = """
WITH fatos AS (
    SELECT medida, ano, dia, unidade, {columns}, -1 AS n FROM reports_fatos()
    UNION ALL SELECT medida, ano, dia, unidade, {columns}, n FROM reports_lancamento
), casas AS MATERIALIZED (SELECT * FROM reports_casas_de_muitos(NULL)), dos AS ({homed}),
{sums}
SELECT medida, conjunto, grao, inicio, unidade, a, b, coalesce(sum(n) FILTER (WHERE guardado), 0), sum(n)
FROM (SELECT *, false AS guardado FROM somas UNION ALL SELECT *, true FROM reports_soma) t
GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(n) <> 0 ORDER BY 1, 2, 3, 4, 5, 6, 7
"""
_REFILL = """
LOCK TABLE reports_lancamento IN SHARE ROW EXCLUSIVE MODE;
DELETE FROM reports_lancamento;
DELETE FROM reports_soma;
DELETE FROM reports_casa;
INSERT INTO reports_casa (fornecedor, titular, empresa, conglomerado) SELECT * FROM reports_casas_de_muitos(NULL);
INSERT INTO reports_lancamento (medida, ano, dia, unidade, {columns}, n)
    SELECT medida, ano, dia, unidade, {columns}, 1 FROM reports_fatos();
"""
_WRONG_HOMES = """
SELECT n.fornecedor FROM reports_casas_de_muitos(NULL) n LEFT JOIN reports_casa c ON c.fornecedor = n.fornecedor
WHERE (n.titular, n.empresa, n.conglomerado) IS DISTINCT FROM (c.titular, c.empresa, c.conglomerado)
ORDER BY n.fornecedor::bigint
"""
_COLUMNS = ", ".join(COLUMNS)


def fold() -> int:
    """Move the journal into the sums; returns how many rows were folded. One at a time: a second one leaves at once.

    Everything that was committed before is folded once; what is being written meanwhile waits for the next fold.
    """
    folded = portion = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_try_advisory_xact_lock({_LOCK})")
            if not cursor.fetchone()[0]:
                return folded
            _room(cursor)
            cursor.execute(_FOLD.format(sums=_sums(), homed=_homed("apagados")), {"portion": PORTION})
            (portion,) = cursor.fetchone()
        folded += portion
        if portion < PORTION:
            break
    if folded > MANY and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE reports_lancamento, reports_soma")
    return folded


def refill() -> None:
    """Forget the totals and count every fact again. Whoever writes meanwhile waits, and is counted once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_HOMES_LOCK}), pg_advisory_xact_lock({_LOCK})")
        cursor.execute(_REFILL.format(columns=_COLUMNS))
    fold()


def differences() -> Iterator[tuple[Any, ...]]:
    """Every total that is not what a recount says: measure, set, grain, start, unidade, values, kept, too many."""
    with transaction.atomic(), connection.cursor() as cursor:
        _room(cursor)
        cursor.execute(_RECOUNT.format(columns=_COLUMNS, sums=_sums(), homed=_homed("fatos")))
        yield from cursor.fetchall()


def wrong_homes() -> list[str]:
    """The suppliers that do not count for whom they should."""
    with transaction.atomic(), connection.cursor() as cursor:
        _room(cursor)
        cursor.execute(_WRONG_HOMES)
        return [key for (key,) in cursor.fetchall()]


def _homed(facts: str) -> str:
    homes = ", ".join(f"coalesce(c.{name}, '') AS {name}" for name in HOMES)
    return _HOMED.format(facts=facts, homes=homes)


def _sums() -> str:
    days = []
    for medida in MEASURES:
        kept = [(sum(1 << grao for grao in grains(dims)), dims) for dims in sets(medida)]
        rows = ", ".join(f"({graos}, {in_set(dims)})" for graos, dims in kept)
        days.append(_DAYS.format(medida=medida.value, rows=rows))
    return _SUMS.format(days="UNION ALL".join(days))


def _room(cursor: Any) -> None:
    """Hash tables instead of sorts, for millions of rows are grouped by texts; and instead of looking each row up."""
    for name, value in (("work_mem", "128MB"), ("enable_sort", "off"), ("enable_nestloop", "off")):
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
