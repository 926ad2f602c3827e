"""The balance's numbers, read from the totals: a fixed number of reads that does not grow with the office.

`unidades` is the visible scope: ids of unidades, or None for the whole office (the command line). Every read adds what
is kept (`Soma`) to what is not folded yet (`Lancamento`) in one statement: exact in the reader's snapshot.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from accounts.models import Papel, User
from cases.models import Orgao
from reports.measures import Dims, Grao, Medida, dims_of, number
from reports.period import Periodo

#: Who reads totals of their unidade. They name no person, so the counter reads them too; an administrador sees no case
#: by that role alone, and no totals either.
REPORT_READERS = frozenset(
    {Papel.ATENDENTE, Papel.CONCILIADOR, Papel.COORDENADOR, Papel.AUTORIDADE, Papel.AUDITOR, Papel.ENCARREGADO}
)

Scope = Collection[int] | None


def report_scope(user: User) -> list[int]:
    """The unidades whose totals `user` may read."""
    return user.unidades_com(REPORT_READERS)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Totals to be read: of one measure by a set of dimensions, one per stretch of this grain within the period."""

    medida: Medida
    dims: Dims
    grao: Grao

    @property
    def key(self) -> tuple[int, int]:
        """How the tables name it."""
        return self.medida.value, number(self.dims)


#: One total: where its stretch of time begins, the values of its dimensions ("" where there is none), how many.
Cell = tuple[date, str, str, int]

#: The kept totals first, each by its place in the index; then what the journal holds of them.
_SOURCE = """
SELECT w.medida, w.conjunto, w.grao, s.inicio, s.unidade, s.a, s.b, s.n
FROM (VALUES {wanted}) AS w(medida, conjunto, grao) CROSS JOIN LATERAL (
    SELECT inicio, unidade, a, b, n FROM reports_soma
    WHERE medida = w.medida AND conjunto = w.conjunto AND grao = w.grao
        AND inicio >= %(start)s AND inicio < %(end)s {scope} OFFSET 0
) s
UNION ALL
SELECT l.medida, q.conjunto, q.grao, q.inicio, l.unidade, q.a, q.b, l.n
FROM reports_lancamento l CROSS JOIN LATERAL (
    VALUES {branches}
) AS q(medida, grao, inicio, conjunto, a, b)
WHERE q.medida = l.medida AND q.inicio >= %(start)s AND q.inicio < %(end)s {scope}
"""
_STARTS = {
    Grao.DIA: "l.dia",
    Grao.MES: "date_trunc('month', l.dia)::date",
    Grao.ANO: "make_date(l.ano, 1, 1)",
}
_CELLS = """
SELECT medida, conjunto, grao, inicio, a, b, sum(n)::bigint FROM ({source}) t
GROUP BY medida, conjunto, grao, inicio, a, b HAVING sum(n) <> 0
"""


def source(wanted: Sequence[Wanted], unidades: Scope) -> str:
    """Statement of all rows that make up these totals; wants `start`, `end`, and `units` where there is a scope."""
    rows = ", ".join(f"({w.key[0]}::smallint, {w.key[1]}::smallint, {w.grao.value}::smallint)" for w in wanted)
    found = ", ".join(
        f"({w.medida.value}::smallint, {w.grao.value}::smallint, {_STARTS[w.grao]}, {in_set(w.dims)})" for w in wanted
    )
    scope = "" if unidades is None else "AND unidade = ANY(%(units)s)"
    return _SOURCE.format(wanted=rows, branches=found, scope=scope)


def in_set(dims: Dims, row: str = "l") -> str:
    """How a row of the journal counts in a set: the set's number and the values of its dimensions."""
    a, b = ([f"{row}.{name}" for name in dims] + ["''", "''"])[:2]
    return f'{number(dims)}::smallint, {a}::varchar COLLATE "C", {b}::varchar COLLATE "C"'


def bounds(start: date, end: date, unidades: Scope) -> dict[str, Any]:
    """The parameters of `source`; the national register (unidade 0) is everybody's."""
    found: dict[str, Any] = {"start": start, "end": end}
    return found if unidades is None else {**found, "units": [0, *unidades]}


def cells(wanted: Sequence[Wanted], start: date, end: date, unidades: Scope) -> Mapping[Wanted, list[Cell]]:
    """These totals of the stretches that begin from `start` to before `end`, in one statement, without zeros."""
    found: dict[Wanted, list[Cell]] = {one: [] for one in wanted}
    with connection.cursor() as cursor:
        cursor.execute(_CELLS.format(source=source(wanted, unidades)), bounds(start, end, unidades))
        for medida, conjunto, grao, inicio, a, b, n in cursor.fetchall():
            found[Wanted(Medida(medida), dims_of(conjunto), Grao(grao))].append((inicio, a, b, n))
    return found


# Who stands for whom is looked up now, so that a merge, and its undoing, count at once. A supplier counts by the first
# eight positions of its CNPJ, else alone; a national record under the name that was published.
_RANKED = """
WITH bruto AS (
    SELECT a::bigint AS fornecedor, b AS grafia, sum(n) AS n FROM ({source}) t
    WHERE a <> '' GROUP BY 1, 2 HAVING sum(n) <> 0
), dito AS MATERIALIZED (
    SELECT coalesce(nullif(coalesce(s.radical, CASE WHEN s.id IS NULL THEN f.radical END), ''),
            '#' || coalesce(s.id, f.id)) AS empresa,
        CASE WHEN s.id IS NULL THEN f.grupo_id ELSE s.grupo_id END AS grupo,
        coalesce(s.razao_social, nullif(grafia, ''), f.razao_social) AS nome, n
    FROM bruto JOIN parties_fornecedor f ON f.id = fornecedor LEFT JOIN parties_fornecedor s ON s.id = f.fundido_em_id
), do_radical AS (
    SELECT radical, min(grupo_id) AS grupo FROM parties_fornecedor
    WHERE grupo_id IS NOT NULL AND fundido_em_id IS NULL AND radical <> ''
    GROUP BY radical HAVING min(grupo_id) = max(grupo_id)
), postos AS (
    SELECT 'f' AS lista, empresa AS posto, empresa, nome, n FROM dito
    UNION ALL
    SELECT 'g', coalesce('grupo ' || coalesce(d.grupo, r.grupo), empresa), empresa, nome, n
    FROM dito d LEFT JOIN do_radical r ON r.radical = d.empresa
), somados AS MATERIALIZED (
    SELECT lista, posto, count(DISTINCT empresa) AS empresas, sum(n) AS total,
        rank() OVER (PARTITION BY lista ORDER BY sum(n) DESC) AS lugar
    FROM postos GROUP BY lista, posto
), nomes AS (
    SELECT DISTINCT ON (lista, posto) lista, posto, nome FROM (
        SELECT lista, posto, nome COLLATE "C" AS nome, sum(p.n) AS n FROM postos p
        JOIN somados s USING (lista, posto) WHERE s.lugar <= %(top)s GROUP BY 1, 2, 3
    ) t ORDER BY lista, posto, n DESC, nome
), ditos AS (
    SELECT lista, posto, coalesce(g.nome, n.nome) COLLATE "C" AS nome, empresas, total
    FROM somados JOIN nomes n USING (lista, posto)
    LEFT JOIN parties_grupoeconomico g ON posto = 'grupo ' || g.id
)
SELECT lista, CASE WHEN posto LIKE '#%%' THEN '' ELSE posto END, nome, empresas, total::bigint FROM (
    SELECT *, row_number() OVER (PARTITION BY lista ORDER BY total DESC, nome, posto) AS ordem FROM ditos
) t WHERE ordem <= %(top)s ORDER BY lista, ordem
"""


def ranked(periodo: Periodo, unidades: Scope, *, top: int) -> list[tuple[str, str, str, int, int]]:
    """The companies («f») and economic groups («g») most complained against: list, key, name, companies, total.

    The key of a company is its radical, or "" where it has no CNPJ.
    """
    wanted = [
        Wanted(Medida.RECLAMADOS, ("fornecedor",), periodo.grao),
        Wanted(Medida.REGISTROS, ("fornecedor", "grafia"), periodo.grao),
    ]
    with connection.cursor() as cursor:
        limits = bounds(periodo.first_day, periodo.next_day, unidades)
        cursor.execute(_RANKED.format(source=source(wanted, unidades)), {**limits, "top": top})
        return list(cursor.fetchall())


def years(unidades: Scope) -> list[tuple[int, int, int]]:
    """(year, atendimentos, national records) of every year that has any, newest first."""
    own, national = (Wanted(medida, (), Grao.ANO) for medida in (Medida.ATENDIMENTOS, Medida.REGISTROS))
    read = cells([own, national], date.min, date.max, unidades)
    counts = {one: {start.year: n for start, _, _, n in rows} for one, rows in read.items()}
    found = sorted(counts[own].keys() | counts[national].keys(), reverse=True)
    return [(ano, counts[own].get(ano, 0), counts[national].get(ano, 0)) for ano in found]


def orgaos() -> dict[str, str]:
    """The short name of every body to which the office refers people, by its key."""
    return {str(key): sigla for key, sigla in Orgao.objects.order_by().values_list("pk", "sigla")}
