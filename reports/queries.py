"""The balance's numbers, read from the totals: a fixed number of reads that does not grow with the office.

`unidades` is the visible scope: ids of unidades, or None for the whole office (the command line). Every read adds what
is kept (`Soma`) to what is not folded yet (`Lancamento`) in one statement: exact in the reader's snapshot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self

from django.db import models

from accounts.models import Papel, User
from cases.models import Orgao
from reports.measures import RATED, Dims, Grao, Medida, dims_of, number
from reports.period import Intervalo, Periodo, starts, stretches
from reports.replica import connection
from workflow.queries import prepared

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


def source(wanted: Sequence[Wanted], unidades: Scope, part: str = "") -> str:
    """Statement of all rows that make up these totals.

    It wants the parameters `start` and `end` (with `part` behind their names), and `units` where there is a scope.
    """
    rows = ", ".join(f"({w.key[0]}::smallint, {w.key[1]}::int, {w.grao.value}::smallint)" for w in wanted)
    found = ", ".join(
        f"({w.medida.value}::smallint, {w.grao.value}::smallint, {_STARTS[w.grao]}, {in_set(w.dims)})" for w in wanted
    )
    scope = "" if unidades is None else "AND unidade = ANY(%(units)s::bigint[])"
    measures = ", ".join(sorted({str(w.medida.value) for w in wanted}))
    return _SOURCE.format(wanted=rows, branches=found, scope=scope, part=part, measures=measures)


def in_set(dims: Dims, row: str = "l") -> str:
    """How a row of the journal counts in a set: the set's number and the values of its dimensions."""
    return ", ".join([str(number(dims)), *pair(dims, row)])


def pair(dims: Dims, row: str = "l") -> list[str]:
    """The two values by which a row counts in a set, as expressions."""
    values = [f"{row}.{name}" for name in dims]
    if dims == RATED:
        values = [values[0], " || ' ' || ".join(values[1:])]
    return [f'{value}::varchar COLLATE "C"' for value in [*values, "''", "''"][:2]]


def bounds(start: date, end: date, unidades: Scope) -> dict[str, Any]:
    """The parameters of `source`; the national register (unidade 0) is everybody's."""
    found: dict[str, Any] = {"start": start, "end": end}
    return found if unidades is None else {**found, "units": [0, *unidades]}


def cells(wanted: Sequence[Wanted], start: date, end: date, unidades: Scope) -> Mapping[Wanted, list[Cell]]:
    """These totals of the stretches that begin from `start` to before `end`, in one statement, without zeros.

    What comes are some rows per total: one of each unidade, and what the journal has. They are summed here, which takes
    less time than the database would need to sort them.
    """
    found: dict[Wanted, list[Cell]] = {one: [] for one in wanted}
    by_key = {(*one.key, one.grao.value): rows for one, rows in found.items()}
    statement = _statement(tuple(wanted), scoped=unidades is not None)
    sums: dict[tuple[int, int, int, date, str, str], int] = {}
    rows = prepared(statement, bounds(start, end, unidades), through=connection)
    for medida, conjunto, grao, inicio, _, a, b, n in rows:
        cell = medida, conjunto, grao, inicio, a, b
        sums[cell] = sums.get(cell, 0) + n
    for (medida, conjunto, grao, inicio, a, b), n in sums.items():
        if n:
            by_key[medida, conjunto, grao].append((inicio, a, b, n))
    return found


@lru_cache(maxsize=128)
def _statement(wanted: tuple[Wanted, ...], *, scoped: bool) -> str:
    return source(wanted, () if scoped else None)


#: The first of a level and what they are called, in one statement.
_FIRST = """
WITH {name} AS MATERIALIZED (SELECT * FROM reports_maiores({level}, {lists}, %(first)s))
SELECT {level}, m.posto, n.nome, n.empresas, m.total FROM {name} m
JOIN reports_nomes({level}, ARRAY(SELECT posto FROM {name}), {lists}) n USING (posto)
"""
_LISTS = "%(measures)s::smallint[], %(grains)s::smallint[], %(starts)s::date[], %(units)s::bigint[]"
#: The lists of a ranking as rows; where a row `l` of the journal stands in time, as one of them (`w`).
LISTS = f"reports_listas({_LISTS})"
JOURNAL_START = "CASE w.grao WHEN 2 THEN date_trunc('month', l.dia)::date ELSE make_date(l.ano, 1, 1) END"
#: A stretch of time of which totals are kept: its grain and its first day.
Stretch = tuple[Grao, date]
#: How a company is told that has no CNPJ.
BARE = "#"


def first(
    homes: Sequence[str], counted: Sequence[Medida], stretches: Sequence[Stretch], unidades: Scope, *, top: int
) -> list[tuple[str, str, str, int, int]]:
    """Who is first by what was `counted`, at each of these levels (HOMES): level, key, name, companies, total.

    Exact with what the journal holds. Equals stand by their names; which of them are among the first, by their keys.
    """
    parts = [_FIRST.format(name=home, level=number([home]), lists=_LISTS) for home in homes]
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(f"({part})" for part in parts), {**lists(counted, stretches, unidades), "first": top}
        )
        rows = [(dims_of(level)[0], *rest) for level, *rest in cursor.fetchall()]
    return sorted(rows, key=lambda row: (homes.index(row[0]), -row[4], row[2], row[1]))


def lists(counted: Sequence[Medida], stretches: Sequence[Stretch], unidades: Scope) -> dict[str, Any]:
    """The parameters of a ranking: what it counts, of when, of where."""
    return {
        "measures": [medida.value for medida in counted],
        "grains": [grao.value for grao, _ in stretches],
        "starts": [start for _, start in stretches],
        "units": None if unidades is None else list(unidades),
    }


#: A measure by a set of dimensions.
Key = tuple[Medida, Dims]
#: How many there are of each pair of values; a dimension that was not asked for is "".
Tally = Counter[tuple[str, str]]
_TALLY = """
SELECT medida, conjunto, a, b, sum(n)::bigint FROM ({source}) t GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0
"""


def tally(keys: Sequence[Key], start: date, end: date, unidades: Scope) -> dict[Key, Tally]:
    """The totals of these unidades over any days from `start` to before `end`, in one statement.

    Pairs of dimensions want to be in `measures.DAILY` where the days are not whole months. The national register
    (unidade 0) is everybody's.
    """
    found: dict[Key, Tally] = {key: Counter() for key in keys}
    parts: list[str] = []
    values: dict[str, Any] = {} if unidades is None else {"units": [0, *unidades]}
    for place, (grao, begin, until) in enumerate(stretches(start, end)):
        part = f"_{place}"
        parts.append(source([Wanted(medida, dims, grao) for medida, dims in keys], unidades, part))
        values |= {f"start{part}": begin, f"end{part}": until}
    with connection.cursor() as cursor:
        cursor.execute(_TALLY.format(source=" UNION ALL ".join(parts)), values)
        for medida, conjunto, a, b, n in cursor.fetchall():
            found[Medida(medida), dims_of(conjunto)][a, b] += n
    return found


def ranked(periodo: Periodo | Intervalo, unidades: Scope, *, top: int) -> list[tuple[str, str, str, int, int]]:
    """The companies («f») and economic groups («g») most complained against: list, key, name, companies, total.

    The key of a company is its radical, or "" where it has no CNPJ. Companies are counted by month: of days that are no
    whole months there are none.
    """
    if not periodo.meses:
        return []
    counted = (Medida.RECLAMADOS, Medida.REGISTROS)
    stretches = starts(periodo.first_day, periodo.next_day)
    rows = first(("empresa", "conglomerado"), counted, stretches, unidades, top=top)
    return [
        ("f" if home == "empresa" else "g", "" if key.startswith(BARE) else key, name, companies, total)
        for home, key, name, companies, total in rows
    ]


def years(unidades: Scope) -> list[tuple[int, int, int]]:
    """(year, atendimentos, national records) of every year that has any, newest first."""
    own, national = (Wanted(medida, (), Grao.ANO) for medida in (Medida.ATENDIMENTOS, Medida.REGISTROS))
    read = cells([own, national], date.min, date.max, unidades)
    counts = {one: {start.year: n for start, _, _, n in rows} for one, rows in read.items()}
    found = sorted(counts[own].keys() | counts[national].keys(), reverse=True)
    return [(ano, counts[own].get(ano, 0), counts[national].get(ano, 0)) for ano in found]


def orgaos() -> dict[str, tuple[str, str]]:
    """The sigla and the name of every body to which the office refers people, by its key."""
    rows = Orgao.objects.order_by().values_list("pk", "sigla", "nome")
    return {str(key): (sigla, nome) for key, sigla, nome in rows}


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
