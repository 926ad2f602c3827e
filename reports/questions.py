"""Questions that a person puts together: a measure, by up to two dimensions, of some months, with a filter."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from reports import words
from reports.measures import MEASURES, Dims, Grao, Medida, dims_of, grains, number
from reports.period import starts, stretches
from reports.queries import JOURNAL_START, LISTS, Scope, Wanted, lists, source
from reports.replica import connection
from workflow.errors import ContentRefused

#: Dimensions that are not stored as such: of the stretch of time, of the unidade, or looked up from a stored one.
TIME = ("ano", "mes")
LOOKED_UP = {"area": "assunto", "empresa": "fornecedor", "grupo": "fornecedor"}
#: By which dimensions the counted can be narrowed.
FILTERS = (
    "tipo", "canal", "desfecho", "orgao", "nfp", "assunto", "problema", "situacao", "resultado", "conciliador", "meio",
)  # fmt: skip
#: How many lines the page shows, and how many columns.
SHOWN, COLUMNS = 50, 20
#: How many companies or groups: as lines of the page, as its columns (their names are long), and in a file.
FIRMS, FIRM_COLUMNS, MOST = 25, 10, 200
#: Dimensions of many values: as columns of the page, the largest are told and the others are put together.
MANY = ("assunto", "problema", "orgao", "conciliador")
#: What stands before a group's number among companies.
GROUP = "grupo "
#: The column of the others.
REST, OTHERS = "*", "Demais"


#: Line, column, how many.
Cells = list[tuple[str, str, int]]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `de` is the first day of the first month, `ate` that of the month after the last."""

    medida: Medida
    linhas: str
    colunas: str
    de: date
    ate: date
    filtro: str = ""
    valor: str = ""
    unidade: int | None = None

    @property
    def stored(self) -> Dims:
        """The stored dimensions that it takes, in the order in which totals hold them."""
        named = {LOOKED_UP.get(name, name) for name in (self.linhas, self.colunas, self.filtro)}
        return dims_of(number(named - {"", *TIME, "unidade"}))

    @property
    def nome(self) -> str:
        """The question as a file's name."""
        by = "-".join(name for name in (self.linhas, self.colunas) if name)
        return f"{self.medida.name.lower()}-por-{by}-{self.de:%Y-%m}-{self.ate - timedelta(days=1):%Y-%m}"

    def most(self, *, whole: bool) -> int:
        """How many companies or groups are told; 0 where none are asked for."""
        if not self.companies:
            return 0
        if self.companies != self.linhas:
            return COLUMNS if whole else FIRM_COLUMNS
        return MOST if whole else FIRMS

    @property
    def companies(self) -> str:
        """The dimension of suppliers among lines and columns, or ""."""
        return next((name for name in (self.linhas, self.colunas) if name in ("empresa", "grupo")), "")


@dataclass(slots=True)
class Answer:
    """The table: heads of the columns, lines with their numbers, and how many lines there are in all."""

    colunas: list[str]
    linhas: list[tuple[str, list[int], int]] = field(default_factory=list)

    @property
    def abreviada(self) -> bool:
        """Whether the last column is that of the others."""
        return self.colunas[-1:] == [OTHERS]

    @property
    def total(self) -> int:
        """All lines together."""
        return sum(total for _, _, total in self.linhas)

    @property
    def totais(self) -> list[int]:
        """All lines together, by column."""
        return [sum(numbers[place] for _, numbers, _ in self.linhas) for place in range(len(self.colunas))]


def dimensions(medida: Medida) -> list[str]:
    """The dimensions by which a measure can be asked."""
    stored = [name for name in MEASURES[medida].dims if name not in ("fornecedor", "grafia")]
    found = [*TIME, *([] if medida is Medida.REGISTROS else ["unidade"]), *stored]
    found += [name for name, of in LOOKED_UP.items() if of in MEASURES[medida].dims]
    return found


def check(question: Question) -> None:
    """Refuse what has no totals: a dimension that the measure lacks, one twice, more than two of the stored ones."""
    medida, asked = question.medida, [question.linhas, question.colunas, question.filtro]
    for name in filter(None, asked):
        if name not in dimensions(medida):
            had = ", ".join(words.DIMENSIONS[one].lower() for one in dimensions(medida))
            raise ContentRefused(
                f"«{words.MEASURES[medida]}» não se contam por {words.DIMENSIONS[name].lower()}. Há: {had}."
            )
    if question.linhas == question.colunas:
        raise ContentRefused("Linhas e colunas pedem a mesma coisa. Escolha outra, ou nada, para as colunas.")
    if len({"empresa", "grupo"} & {question.linhas, question.colunas}) == 2 or len(question.stored) > 2:
        raise ContentRefused(
            "Os totais são guardados aos pares: linhas, colunas e filtro juntos podem pedir duas dimensões, além de "
            "ano, mês e unidade. Tire uma delas, ou filtre por uma que já está na tabela."
        )


def ask(question: Question, *, unidades: Scope, whole: bool = False) -> Answer:
    """The answer from the totals, never from the cases; raises ContentRefused. `unidades` is what may be seen.

    `whole` is as a file tells it: more companies, every column.
    """
    check(question)
    scope = unidades
    if question.unidade is not None:
        scope = [one for one in unidades if one == question.unidade] if unidades is not None else [question.unidade]
    many = question.colunas in MANY and not whole
    narrow = many and not question.filtro
    rows_of = _of_companies if question.companies else _of_totals
    rows, values = rows_of(question, scope, narrow=narrow)
    statement = _NARROWED if many and question.filtro else _TOGETHER
    cells = _fetched(
        statement.format(rows=rows),
        {**values, "valor": question.valor, "most": question.most(whole=whole), "columns": COLUMNS},
    )
    if question.companies:
        cells = [(posto.removeprefix(GROUP), value, n) for posto, value, n in (_with_rest(cells) if narrow else cells)]
        if question.companies != question.linhas:
            cells = [(value, posto, n) for posto, value, n in cells]
    return _table(question, cells)


def _with_rest(cells: Cells) -> Cells:
    """A company's total, which came as that of the others, less what is told one by one."""
    rest: dict[str, int] = {}
    for posto, value, n in cells:
        rest[posto] = rest.get(posto, 0) + (n if value == REST else -n)
    return [cell for cell in cells if cell[1] != REST] + [(posto, REST, n) for posto, n in rest.items() if n]


Statement = tuple[str, dict[str, Any]]
#: Whatever was read of one line and column together.
_TOGETHER = """
SELECT linha, coluna, sum(n)::bigint FROM ({rows}) c (linha, coluna, n) GROUP BY 1, 2 HAVING sum(n) <> 0
"""
#: The largest columns one by one, the others together.
_NARROWED = f"""
WITH lidos (linha, coluna, n) AS MATERIALIZED ({{rows}}), colunas AS MATERIALIZED (
    SELECT coluna FROM lidos GROUP BY 1 ORDER BY sum(n) DESC, 1 LIMIT %(columns)s
)
SELECT c.linha, coalesce(k.coluna, '{REST}'), sum(c.n)::bigint FROM lidos c LEFT JOIN colunas k ON k.coluna = c.coluna
GROUP BY 1, 2 HAVING sum(c.n) <> 0
"""  # noqa: S608  no outside text in it
#: Values that are not stored as such, of a total `t`; `s` is the assunto.
_VALUES = {
    "": "''",
    "ano": "to_char(t.inicio, 'YYYY')",
    "mes": "to_char(t.inicio, 'YYYY-MM')",
    "unidade": "t.unidade::text",
    "area": "coalesce(s.area, '')",
}
_TOTALS = """
SELECT {line}, {column}, t.n FROM ({rows}) t {joined} {kept}
"""
#: The columns that are told one by one, by their own totals: so the pairs are gone through once.
_LARGEST = "SELECT t.a AS coluna FROM ({rows}) t GROUP BY 1 ORDER BY sum(t.n) DESC, 1 LIMIT %(columns)s"


def _of_totals(question: Question, unidades: Scope, *, narrow: bool) -> Statement:
    """(line, column, how many) as they are stored, each by its value; several rows may be of one cell."""
    rows, values = _rows(question, unidades, question.stored)
    column, joined = _value(question, question.colunas), ""
    if "area" in (question.linhas, question.colunas):
        joined = f"LEFT JOIN cases_assunto s ON s.codigo::text = t.{_column(question, 'assunto')}"
    if narrow:
        joined += f" LEFT JOIN ({_largest(question, unidades)[0]}) k ON k.coluna = {column}"
        column = f"coalesce(k.coluna, '{REST}')"
    statement = _TOTALS.format(
        line=_value(question, question.linhas),
        column=column,
        rows=rows,
        joined=joined,
        kept=f"WHERE t.{_column(question, question.filtro)} = %(valor)s" if question.filtro else "",
    )
    return statement, values


def _largest(question: Question, unidades: Scope) -> Statement:
    """The largest columns of the period, whatever the lines."""
    rows, values = _rows(question, unidades, (question.colunas,))
    return _LARGEST.format(rows=rows), values


#: The companies of the largest totals; and, of all the groups that have any, the largest.
_TOP = {
    "empresa": """
WITH maiores AS MATERIALIZED (
    SELECT posto COLLATE "C" AS posto, total FROM reports_maiores(16384, %(measures)s::smallint[],
        %(top_grains)s::smallint[], %(top_starts)s::date[], %(units)s::bigint[], %(most)s)
)""",
    "grupo": """
WITH maiores AS MATERIALIZED (
    SELECT posto, sum(n)::bigint AS total FROM (
        SELECT s.a AS posto, s.n FROM {top_lists} w JOIN reports_soma s ON s.medida = w.medida AND s.conjunto = 32768
            AND s.grao = w.grao AND s.inicio = w.inicio AND s.unidade = w.unidade AND s.a > 'grupo ' AND s.a < 'grupo!'
        UNION ALL
        SELECT c.conglomerado, l.n FROM {top_lists} w JOIN reports_lancamento l ON l.medida = w.medida
            AND l.unidade = w.unidade AND {begins} = w.inicio JOIN reports_casa c ON c.fornecedor = l.fornecedor
        WHERE c.conglomerado LIKE 'grupo %%'
    ) t GROUP BY 1 HAVING sum(n) > 0 ORDER BY sum(n) DESC, posto LIMIT %(most)s
)""",
}
_TOP_LISTS = LISTS.replace("grains", "top_grains").replace("starts", "top_starts")
#: Their members' own totals (or where nothing else is asked, theirs), each looked up by its place in the index; and
#: what the journal holds of them. Where some columns are told, no others are read: the rest of a company's total is
#: that of the others. The set is named by a row: a planner that knew it would take the index of the values
#: (`soma_do_valor`) for as good, and read all suppliers of each.
_PAIRS = """, membros AS MATERIALIZED (
    SELECT posto, {home} AS posto_ou_membro FROM maiores {members}
), listas AS MATERIALIZED (SELECT *, {conjunto} AS conjunto FROM {lists})
SELECT t.posto, {value}, t.n FROM (
    SELECT m.posto, s.inicio, s.unidade, s.b, s.n FROM membros m CROSS JOIN listas w CROSS JOIN LATERAL (
        SELECT inicio, unidade, b, n FROM reports_soma WHERE medida = w.medida AND conjunto = w.conjunto
            AND grao = w.grao AND inicio = w.inicio AND unidade = w.unidade AND a = m.posto_ou_membro {told} OFFSET 0
    ) s
    UNION ALL
    SELECT m.posto, w.inicio, l.unidade, l.{other}, l.n FROM maiores m JOIN reports_casa c ON c.{level} = m.posto
    JOIN reports_lancamento l ON l.fornecedor = c.fornecedor
    JOIN listas w ON l.medida = w.medida AND l.unidade = w.unidade AND {begins} = w.inicio
) t {joined} {kept} {rest}
"""


_MEMBERS = """CROSS JOIN LATERAL (
        SELECT fornecedor FROM reports_casa WHERE {level} = posto OFFSET 0
    ) c"""


def _of_companies(question: Question, unidades: Scope, *, narrow: bool) -> Statement:
    """(company or group, the other, how many): the largest of the period, then their own totals, row by row."""
    level = "empresa" if question.companies == "empresa" else "conglomerado"
    other = next((name for name in question.stored if name != "fornecedor"), "")
    asked = question.linhas if question.companies == question.colunas else question.colunas
    only, rest, of_columns = "b = %(valor)s" if question.filtro else "", "", dict[str, Any]()
    if narrow:
        largest, of_columns = _largest(question, unidades)
        only = f"b = ANY(ARRAY({largest}))"
        rest = f"UNION ALL SELECT posto, '{REST}', total FROM maiores"  # noqa: S608  no outside text in it
    statement = _TOP[question.companies].format(top_lists=_TOP_LISTS, begins=JOURNAL_START) + _PAIRS.format(
        lists=LISTS,
        begins=JOURNAL_START,
        level=level,
        home="c.fornecedor" if other else "posto",
        members=_MEMBERS.format(level=level) if other else "",
        value=_VALUES.get(asked, "t.b"),
        joined="LEFT JOIN cases_assunto s ON s.codigo::text = t.b" if asked == "area" else "",
        conjunto=number(question.stored if other else (level,)),
        other=other or "fornecedor",
        told=f"AND {only}" if only else "",
        kept=f"WHERE t.{only}" if only else "",
        rest=rest,
    )
    by_month = "mes" in (question.linhas, question.colunas)
    values = lists([question.medida], starts(question.de, question.ate, by_month=by_month), unidades)
    top = lists([question.medida], starts(question.de, question.ate), unidades)
    values |= {f"top_{name}": top[name] for name in ("grains", "starts")}
    return statement, {**values, **of_columns}


def _rows(question: Question, unidades: Scope, dims: Dims) -> tuple[str, dict[str, Any]]:
    """The totals of the period, of whole years where that is possible; and the statement's parameters."""
    by_month = "mes" in (question.linhas, question.colunas) or Grao.ANO not in grains(dims)
    parts: list[str] = []
    values: dict[str, Any] = {}
    for number_, (grao, start, end) in enumerate(stretches(question.de, question.ate, by_month=by_month)):
        part = f"_{number_}"
        parts.append(source([Wanted(question.medida, dims, grao)], unidades, part))
        values |= {f"start{part}": start, f"end{part}": end}
    if unidades is not None:
        values["units"] = [0] if question.medida is Medida.REGISTROS else list(unidades)
    return " UNION ALL ".join(parts), values


def _column(question: Question, name: str) -> str:
    return "a" if question.stored.index(name) == 0 else "b"


def _value(question: Question, name: str) -> str:
    return _VALUES.get(name) or f"t.{_column(question, name)}"


def _fetched(statement: str, values: dict[str, Any]) -> Cells:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _table(question: Question, cells: Cells) -> Answer:
    """Values in words; time in its order, everything else the largest first."""
    line_words = words.told(question.medida, question.linhas, {line for line, _, _ in cells})
    columns = {column for _, column, _ in cells}
    column_words = {**words.told(question.medida, question.colunas, columns - {REST}), REST: OTHERS}
    heads = _ordered(question.colunas, [(cell[1], cell[2]) for cell in cells]) if question.colunas else []
    numbers: dict[str, dict[str, int]] = {}
    for line, column, n in cells:
        numbers.setdefault(line, {})[column] = n
    answer = Answer([column_words[head] for head in heads])
    for line in _ordered(question.linhas, [(cell[0], cell[2]) for cell in cells]):
        own = numbers[line]
        answer.linhas.append((line_words[line], [own.get(head, 0) for head in heads], sum(own.values())))
    return answer


def _ordered(name: str, pairs: list[tuple[str, int]]) -> list[str]:
    totals: dict[str, int] = {}
    for value, n in pairs:
        totals[value] = totals.get(value, 0) + n
    if name in TIME:
        return sorted(totals)
    return sorted(totals, key=lambda value: (value == REST, -totals[value], value))
