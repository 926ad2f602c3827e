"""The balance's numbers, read from the totals: a fixed number of reads that does not grow with the office.

`unidades` is the visible scope: ids of unidades, or None for the whole office (the command line). Every read adds what
is kept (`Soma`) to what is not folded yet (`Lancamento`) in one statement: exact in the reader's snapshot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.db import connection, models

from accounts.models import Papel, User
from cases.models import Orgao
from reports.measures import SPELLED, Dims, Grao, Medida, dims_of, number
from reports.period import Periodo, stretches

if TYPE_CHECKING:
    from reports.models import LinhaDoCadastro, PedidoDeCorrecao

    _Linhas = models.QuerySet[LinhaDoCadastro]
    _Pedidos = models.QuerySet[PedidoDeCorrecao]
else:
    _Linhas = _Pedidos = models.QuerySet

#: Who reads totals of their unidade. They name no person, so the counter reads them too; an administrador sees no case
#: by that role alone, and no totals either.
REPORT_READERS = frozenset(
    {Papel.ATENDENTE, Papel.CONCILIADOR, Papel.COORDENADOR, Papel.AUTORIDADE, Papel.AUDITOR, Papel.ENCARREGADO}
)
#: Who reads totals that name conciliators.
MANAGERS = frozenset({Papel.COORDENADOR, Papel.AUTORIDADE})

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
        AND inicio >= %(start{part})s AND inicio < %(end{part})s {scope} OFFSET 0
) s
UNION ALL
SELECT l.medida, q.conjunto, q.grao, q.inicio, l.unidade, q.a, q.b, l.n
FROM (
    SELECT *, date_trunc('month', dia)::date AS mes, make_date(ano, 1, 1) AS do_ano FROM reports_lancamento
    WHERE medida IN ({measures}) AND ano BETWEEN extract(year FROM %(start{part})s::date)
        AND extract(year FROM %(end{part})s::date)
        {scope}
) l CROSS JOIN LATERAL (VALUES {branches}) AS q(medida, grao, inicio, conjunto, a, b)
WHERE q.medida = l.medida AND q.inicio >= %(start{part})s AND q.inicio < %(end{part})s
"""
_STARTS = {Grao.DIA: "l.dia", Grao.MES: "l.mes", Grao.ANO: "l.do_ano"}
_CELLS = """
SELECT medida, conjunto, grao, inicio, a, b, sum(n)::bigint FROM ({source}) t
GROUP BY medida, conjunto, grao, inicio, a, b HAVING sum(n) <> 0
"""


def source(wanted: Sequence[Wanted], unidades: Scope, part: str = "") -> str:
    """Statement of all rows that make up these totals.

    It wants the parameters `start` and `end` (with `part` behind their names), and `units` where there is a scope.
    """
    rows = ", ".join(f"({w.key[0]}::smallint, {w.key[1]}::smallint, {w.grao.value}::smallint)" for w in wanted)
    found = ", ".join(
        f"({w.medida.value}::smallint, {w.grao.value}::smallint, {_STARTS[w.grao]}, {in_set(w.dims)})" for w in wanted
    )
    scope = "" if unidades is None else "AND unidade = ANY(%(units)s)"
    measures = ", ".join(sorted({str(w.medida.value) for w in wanted}))
    return _SOURCE.format(wanted=rows, branches=found, scope=scope, part=part, measures=measures)


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
# eight positions of its CNPJ, else alone; a filial that names no group is in that of its radical, where there is one
# only. Names are looked for when it is known who is shown: a national record's is as it was published.
_COMPANIES = """
dito AS MATERIALIZED (
    SELECT f.id, s.id AS fica, coalesce(s.razao_social, f.razao_social) AS nome, b.n,
        coalesce(nullif(CASE WHEN s.id IS NULL THEN f.radical ELSE s.radical END, ''),
            '#' || coalesce(s.id, f.id)) COLLATE "C" AS empresa,
        CASE WHEN s.id IS NULL THEN f.grupo_id ELSE s.grupo_id END AS grupo
    FROM (SELECT a::bigint AS fornecedor, sum(n)::bigint AS n FROM ({source}) t WHERE a <> '' GROUP BY 1) b
    JOIN parties_fornecedor f ON f.id = b.fornecedor LEFT JOIN parties_fornecedor s ON s.id = f.fundido_em_id
    WHERE b.n <> 0
), do_radical AS (
    SELECT radical, min(grupo_id) AS grupo FROM parties_fornecedor
    WHERE grupo_id IS NOT NULL AND fundido_em_id IS NULL AND radical <> ''
    GROUP BY radical HAVING min(grupo_id) = max(grupo_id)
), empresas AS MATERIALIZED (
    SELECT empresa, coalesce(d.grupo, r.grupo) AS grupo, sum(n)::bigint AS n
    FROM dito d LEFT JOIN do_radical r ON r.radical = d.empresa GROUP BY 1, 2
)
"""
_RANKED = """
WITH {companies}, fs AS (
    SELECT empresa AS posto, 1::bigint AS empresas, sum(n)::bigint AS total FROM empresas
    GROUP BY 1 ORDER BY total DESC FETCH FIRST %(top)s ROWS WITH TIES
), gs AS (
    SELECT CASE WHEN grupo IS NULL THEN empresa ELSE 'grupo ' || grupo END AS posto, count(*) AS empresas,
        sum(n)::bigint AS total
    FROM empresas GROUP BY 1 ORDER BY total DESC FETCH FIRST %(top)s ROWS WITH TIES
), mostrados AS MATERIALIZED (SELECT 'f' AS lista, * FROM fs UNION ALL SELECT 'g', * FROM gs),
membros AS MATERIALIZED (
    SELECT d.*, coalesce(d.grupo, r.grupo) AS do_grupo FROM dito d LEFT JOIN do_radical r ON r.radical = d.empresa
    WHERE empresa IN (SELECT posto FROM mostrados) OR 'grupo ' || coalesce(d.grupo, r.grupo) IN (SELECT posto FROM gs)
), publicados AS MATERIALIZED (
    SELECT a::bigint AS fornecedor, b AS grafia, sum(n)::bigint AS n FROM ({spelled}) t WHERE a <> '' GROUP BY 1, 2
), ditos AS (
    SELECT m.*, grafia AS dito_como, p.n AS vezes FROM membros m JOIN publicados p ON p.fornecedor = m.id
    WHERE m.fica IS NULL AND grafia <> ''
    UNION ALL
    SELECT m.*, nome, m.n - CASE WHEN m.fica IS NULL THEN coalesce(
        (SELECT sum(p.n) FROM publicados p WHERE p.fornecedor = m.id AND grafia <> ''), 0) ELSE 0 END
    FROM membros m
), nomes AS (
    SELECT DISTINCT ON (lista, posto) lista, posto, dito_como FROM (
        SELECT lista, posto, dito_como COLLATE "C" AS dito_como, sum(vezes) AS vezes FROM mostrados
        JOIN ditos ON posto = CASE WHEN lista = 'g' AND do_grupo IS NOT NULL THEN 'grupo ' || do_grupo ELSE empresa END
        WHERE vezes > 0 GROUP BY 1, 2, 3
    ) t ORDER BY lista, posto, vezes DESC, dito_como
)
SELECT lista, CASE WHEN posto LIKE '#%%' THEN '' ELSE posto END, nome, empresas, total FROM (
    SELECT lista, posto, empresas, total, coalesce(g.nome, n.dito_como) COLLATE "C" AS nome
    FROM mostrados JOIN nomes n USING (lista, posto) LEFT JOIN parties_grupoeconomico g ON posto = 'grupo ' || g.id
) t ORDER BY lista, total DESC, nome, posto
"""


def companies(rows: str) -> str:
    """Who was complained against: `dito`, each supplier with its company; `do_radical`; `empresas`, with totals."""
    return _COMPANIES.format(source=rows)


#: A measure by a set of dimensions.
Key = tuple[Medida, Dims]
#: How many there are of each pair of values; a dimension that was not asked for is "".
Tally = Counter[tuple[str, str]]
_TALLY = """
SELECT medida, conjunto, a, b, sum(n)::bigint FROM ({source}) t GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0
"""


def tally(keys: Sequence[Key], start: date, end: date, unidades: Collection[int]) -> dict[Key, Tally]:
    """The totals of these unidades over any days from `start` to before `end`, in one statement.

    Pairs of dimensions want to be in `measures.DAILY` where the days are not whole months.
    """
    found: dict[Key, Tally] = {key: Counter() for key in keys}
    parts: list[str] = []
    values: dict[str, Any] = {"units": list(unidades)}
    for place, (grao, begin, until) in enumerate(stretches(start, end)):
        part = f"_{place}"
        parts.append(source([Wanted(medida, dims, grao) for medida, dims in keys], unidades, part))
        values |= {f"start{part}": begin, f"end{part}": until}
    with connection.cursor() as cursor:
        cursor.execute(_TALLY.format(source=" UNION ALL ".join(parts)), values)
        for medida, conjunto, a, b, n in cursor.fetchall():
            found[Medida(medida), dims_of(conjunto)][a, b] += n
    return found


def ranked(periodo: Periodo, unidades: Scope, *, top: int) -> list[tuple[str, str, str, int, int]]:
    """The companies («f») and economic groups («g») most complained against: list, key, name, companies, total.

    The key of a company is its radical, or "" where it has no CNPJ.
    """
    counted = [Wanted(medida, ("fornecedor",), periodo.grao) for medida in (Medida.RECLAMADOS, Medida.REGISTROS)]
    spelled = [Wanted(Medida.REGISTROS, SPELLED, periodo.grao)]
    statement = _RANKED.format(companies=companies(source(counted, unidades)), spelled=source(spelled, unidades))
    with connection.cursor() as cursor:
        cursor.execute(statement, {**bounds(periodo.first_day, periodo.next_day, unidades), "top": top})
        rows = cursor.fetchall()
    return [row for lista in "fg" for row in [row for row in rows if row[0] == lista][:top]]


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


class LinhaQuerySet(_Linhas):
    """Suppliers in a published register."""

    def shown(self, *, today: date) -> Self:
        """With what is still public of each: five years after the notice of the decision an entry is shown no more."""
        alive = models.Q(itens__publico_ate__gte=today)
        return self.annotate(
            atendidas=models.Count("itens", filter=alive & models.Q(itens__atendida=True)),
            nao_atendidas=models.Count("itens", filter=alive & models.Q(itens__atendida=False)),
            total=models.Count("itens", filter=alive),
        ).filter(total__gt=0)


class PedidoQuerySet(_Pedidos):
    """Correction requests of published registers."""

    def open(self) -> Self:
        """Those not answered yet."""
        return self.filter(resposta__isnull=True)
