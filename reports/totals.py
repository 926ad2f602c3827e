"""The totals kept: folded from the journal, read together with what is not folded yet, recounted (decisions 72, 82)."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from reports.measures import COLUMNS, HOMES, MEASURES, Dims, Grao, Medida, grains, number, sets
from reports.queries import in_set, pair

#: How many rows of the journal one transaction folds.
PORTION = 200_000
#: Above so many rows the journal's space is given back at once.
MANY = 10_000
#: The lock of the fold, of a rebuild, and of a table that is emptied (migration 0002).
_LOCK = "3523107, -1"

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
_HOMES_ANEW = """
INSERT INTO reports_casa AS c (fornecedor, titular, empresa, conglomerado) SELECT * FROM reports_casas_de_muitos(NULL)
ON CONFLICT (fornecedor) DO UPDATE
SET titular = EXCLUDED.titular, empresa = EXCLUDED.empresa, conglomerado = EXCLUDED.conglomerado
WHERE (c.titular, c.empresa, c.conglomerado)
    IS DISTINCT FROM (EXCLUDED.titular, EXCLUDED.empresa, EXCLUDED.conglomerado)
"""
#: The facts of one snapshot, each with whom its supplier counts for, and `n` times.
_TABLE_OF_FACTS = """
CREATE TEMPORARY TABLE reports_contados ON COMMIT DROP AS
SELECT l.*, l.dia AS mes, c.titular, c.empresa, c.conglomerado FROM reports_lancamento l, reports_casa c LIMIT 0
"""
_INTO_TABLE = """
INSERT INTO reports_contados (medida, ano, dia, mes, unidade, {columns}, {names}, n)
SELECT d.medida, d.ano, d.dia, date_trunc('month', d.dia::timestamp)::date, d.unidade, {d_columns}, {homes}, d.n
FROM ({facts}) d LEFT JOIN casas c ON c.fornecedor = d.fornecedor
"""
#: One statement, so one snapshot: the journal loses what its transactions had committed, and their facts are counted.
_FACTS = """
WITH vistos AS (DELETE FROM reports_lancamento RETURNING 1), casas AS MATERIALIZED (SELECT * FROM reports_casa),
escritos AS ({into}) SELECT count(*) FROM vistos
"""
#: What the tables hold less what is still on its way: what is to be kept.
_TO_BE_KEPT = """
WITH casas AS MATERIALIZED (SELECT * FROM reports_casas_de_muitos(NULL)) {into}
"""
#: All totals of one set (`totais`).
_OF_SET = """
WITH partes AS MATERIALIZED (
    SELECT ano, {fine} AS inicio, unidade, {a} AS a, {b} AS b, sum(f.n)::bigint AS n FROM reports_contados f
    WHERE medida = {medida} GROUP BY 1, 2, 3, 4, 5
), totais AS (
    {stretches}
    UNION ALL
    SELECT {year}::smallint, make_date(ano, 1, 1), unidade, a, b, sum(n) FROM partes GROUP BY ano, unidade, a, b
)
"""
#: They are kept, in the order of the index.
_WRITTEN = f"""{_OF_SET}
INSERT INTO reports_soma (medida, conjunto, grao, inicio, unidade, a, b, n)
SELECT {{medida}}, {{conjunto}}, t.* FROM totais t ORDER BY 3, 4, 5, 6, 7
"""  # noqa: S608  no outside text in it
#: They are laid beside those that are kept: only what differs is left, with what is kept, and how much too much.
_COMPARED = f"""{_OF_SET}
SELECT {{medida}}, {{conjunto}}, grao, inicio, unidade, a, b,
    coalesce(sum(n) FILTER (WHERE guardado), 0)::bigint, sum(n)::bigint
FROM (
    SELECT grao, inicio, unidade, a, b, -n AS n, false AS guardado FROM totais
    UNION ALL
    SELECT grao, inicio, unidade, a, b, n, true FROM reports_soma WHERE medida = {{medida}} AND conjunto = {{conjunto}}
) t GROUP BY 3, 4, 5, 6, 7 HAVING sum(n) <> 0 ORDER BY 3, 4, 5, 6, 7
"""  # noqa: S608  no outside text in it
#: What is kept of no set that there is.
_OF_NO_SET = """
SELECT medida, conjunto, grao, inicio, unidade, a, b, n, n FROM reports_soma
WHERE (medida, conjunto) NOT IN (VALUES {sets}) ORDER BY 1, 2, 3, 4, 5, 6, 7
"""
_BY_MONTH = f"""
    SELECT {Grao.MES.value}::smallint AS grao, inicio, unidade, a, b, n FROM partes WHERE inicio IS NOT NULL
"""  # noqa: S608  no outside text in it
_BY_DAY = f"""
    SELECT {Grao.DIA.value}::smallint AS grao, inicio, unidade, a, b, n FROM partes WHERE inicio IS NOT NULL
    UNION ALL
    SELECT {Grao.MES.value}::smallint, date_trunc('month', inicio::timestamp)::date, unidade, a, b, sum(n) FROM partes
    WHERE inicio IS NOT NULL GROUP BY 2, 3, 4, 5
"""  # noqa: S608  no outside text in it
_WRONG_HOMES = """
SELECT n.fornecedor FROM reports_casas_de_muitos(NULL) n LEFT JOIN reports_casa c ON c.fornecedor = n.fornecedor
WHERE (n.titular, n.empresa, n.conglomerado) IS DISTINCT FROM (c.titular, c.empresa, c.conglomerado)
ORDER BY n.fornecedor::bigint
"""
_COLUMNS = ", ".join(COLUMNS)
#: Whether nothing is kept while the journal is long: the office's history came before its totals.
_FIRST = """
SELECT NOT EXISTS (SELECT FROM reports_soma)
    AND (SELECT count(*) FROM (SELECT FROM reports_lancamento LIMIT %s + 1) l) > %s
"""


def fold() -> int:
    """Move the journal into the sums; returns how many rows were folded. One at a time: a second one leaves at once.

    Everything that was committed before is folded once; what is being written meanwhile waits for the next fold. Where
    nothing is kept yet of an office with a history, all is counted from the rows at once, which is much quicker.
    """
    folded = portion = 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_try_advisory_xact_lock({_LOCK})")
            if not cursor.fetchone()[0]:
                return folded
            cursor.execute(_FIRST, [MANY, MANY])
            portion = _fill(cursor) if cursor.fetchone()[0] else _fold_portion(cursor)
        folded += portion
        if portion < PORTION:
            break
    if folded > MANY:
        _tidy()
    return folded


def refill() -> None:
    """Forget the totals and count every fact again, set by set. Nobody who writes a case waits.

    Readers read what is there until it is done. A supplier's move to another company or group waits for the end.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")
        _fill(cursor)
    _tidy()


def _fold_portion(cursor: Any) -> int:
    _room(cursor)
    cursor.execute(_FOLD.format(sums=_sums(), homed=_homed("apagados")), {"portion": PORTION})
    (portion,) = cursor.fetchone()
    return int(portion)


def _fill(cursor: Any) -> int:
    """Count all facts of one snapshot, under the lock; returns how many rows of the journal they were."""
    cursor.execute("DELETE FROM reports_soma")
    cursor.execute(_HOMES_ANEW)
    _table_of_facts(cursor, _FACTS, "SELECT *, 1 AS n FROM reports_fatos()")
    (seen,) = cursor.fetchone()
    _index_facts(cursor)
    cursor.execute("ANALYZE reports_casa")
    for medida, dims in _every_set():
        cursor.execute(_of_set(_WRITTEN, medida, dims))
    cursor.execute("DROP TABLE reports_contados")
    return int(seen)


def _table_of_facts(cursor: Any, statement: str, facts: str) -> None:
    _room(cursor, sort="on")
    cursor.execute(_TABLE_OF_FACTS)
    into = _INTO_TABLE.format(
        columns=_COLUMNS,
        names=", ".join(HOMES),
        d_columns=", ".join(f"d.{name}" for name in COLUMNS),
        homes=", ".join(f"coalesce(c.{name}, '')" for name in HOMES),
        facts=facts,
    )
    cursor.execute(statement.format(into=into))


def _index_facts(cursor: Any) -> None:
    cursor.execute("CREATE INDEX ON reports_contados (medida); ANALYZE reports_contados")


def _every_set() -> list[tuple[Medida, Dims]]:
    """In the order of the index."""
    return [(medida, dims) for medida in MEASURES for dims in sorted(sets(medida), key=number)]


def _of_set(statement: str, medida: Medida, dims: Dims) -> str:
    daily = Grao.DIA in grains(dims)
    a, b = pair(dims, "f")
    return statement.format(
        medida=medida.value,
        conjunto=number(dims),
        a=a,
        b=b,
        fine="dia" if daily else "mes",
        stretches=_BY_DAY if daily else _BY_MONTH,
        year=Grao.ANO.value,
    )


def _tidy() -> None:
    """Give back the room of what went, and tell the planner what came; only where no transaction is open."""
    if not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE reports_lancamento, reports_soma")


def differences() -> list[tuple[Any, ...]]:
    """Every total that is not what a recount says: measure, set, grain, start, unidade, values, kept, too many.

    In one snapshot of the facts, the journal and the sums, set by set as they are counted: nobody waits, and what is
    held is the facts and one set. Inside a transaction of the caller's each statement has its own snapshot.
    """
    alone = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if alone:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        kept = f"SELECT medida, ano, dia, unidade, {_COLUMNS}"
        _table_of_facts(
            cursor, _TO_BE_KEPT, f"{kept}, 1 AS n FROM reports_fatos() UNION ALL {kept}, -n FROM reports_lancamento"
        )
        _index_facts(cursor)
        found: list[tuple[Any, ...]] = []
        for medida, dims in _every_set():
            cursor.execute(_of_set(_COMPARED, medida, dims))
            found += cursor.fetchall()
        named = ", ".join(f"({medida.value}, {number(dims)})" for medida, dims in _every_set())
        cursor.execute(_OF_NO_SET.format(sets=named))
        found += cursor.fetchall()
        cursor.execute("DROP TABLE reports_contados")
    return found


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


def _room(cursor: Any, *, sort: str = "off") -> None:
    """Hash tables instead of sorts, for millions of rows are grouped by texts; and instead of looking each row up."""
    for name, value in (("work_mem", "128MB"), ("enable_sort", sort), ("enable_nestloop", "off")):
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
