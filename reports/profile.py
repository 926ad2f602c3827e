"""Who came to the office in a year: sexo, age bracket, bairro, canal, alone and two by two; small cells hidden.

Read from the rows, for no total holds what belongs to a person: a birth date that is corrected, two registrations that
are merged, would have to be written into every case's total (decision 85). Bounded by the year and the unidades, by the
index atendimento_lista; only sums leave the database.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from cases.models import Canal
from cases.rules.privacy import BRACKETS
from hearings.queries import day_bounds
from parties.identifiers import normalise_name
from parties.models import Sexo
from reports.period import Periodo
from reports.replica import connection
from reports.suppression import SMALLEST, hidden_cells, hidden_values

UNKNOWN_AGE, OLDEST = "não informada", "mais de 70"
#: So many bairros stand alone; those after them, and those of fewer than SMALLEST people, stand together.
MOST_BAIRROS = 20
OTHERS, NO_BAIRRO = "*", ""
DIMENSIONS = {"sexo": "Sexo", "faixa": "Faixa etária", "bairro": "Bairro", "canal": "Canal"}
_AGES = (*(words for _, words in BRACKETS), OLDEST, UNKNOWN_AGE)
#: What each value is called, in the office's order; bairros are called as they are written.
_LABELS: dict[str, dict[str, str]] = {
    "sexo": {str(value): str(label) for value, label in Sexo.choices},
    "faixa": {words: words if words == UNKNOWN_AGE else f"{words} anos" for words in _AGES},
    "canal": {str(value): str(label) for value, label in Canal.choices},
}

#: How many cases, and of how many people.
Cell = tuple[int, int]

_BRACKET = " ".join(f"WHEN idade <= {last} THEN '{words}'" for last, words in BRACKETS)
# Who stands for a merged registration says who they are, so that nobody is two people. An anonymised person left the
# bracket with each case. Only fixed words of this module are put into the statement.
_PROFILE = f"""
WITH lidos AS (
    SELECT a.canal, coalesce(s.id, -a.id) AS pessoa, coalesce(nullif(s.bairro, ''), p.bairro, '') AS bairro,
        CASE WHEN s.sexo IN ('F', 'M') THEN s.sexo WHEN p.sexo IN ('F', 'M') THEN p.sexo ELSE 'N' END AS sexo,
        nullif(x.faixa_etaria, '') AS guardada, date_part('year', age(
            (a.aberto_em AT TIME ZONE 'America/Sao_Paulo')::date, coalesce(s.nascimento, p.nascimento))) AS idade
    FROM cases_atendimento a
    LEFT JOIN parties_consumidor p ON p.id = a.consumidor_id
    LEFT JOIN parties_consumidor s ON s.id = coalesce(p.fundido_em_id, p.id)
    LEFT JOIN cases_perfilanonimo x ON x.atendimento_id = a.id
    WHERE a.aberto_em >= %(start)s AND a.aberto_em < %(end)s AND a.unidade_id = ANY(%(units)s)
), ditos AS MATERIALIZED (
    SELECT canal, pessoa, bairro, sexo,
        coalesce(guardada, CASE {_BRACKET} WHEN idade > 70 THEN '{OLDEST}' ELSE '{UNKNOWN_AGE}' END) AS faixa
    FROM lidos
)
SELECT GROUPING(sexo, faixa, bairro, canal), sexo, faixa, bairro, canal, count(*), count(DISTINCT pessoa)
FROM ditos GROUP BY GROUPING SETS ((sexo), (faixa), (bairro), (canal), {{pair}})
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Quadro:
    """One dimension: what each value is called and how many cases; None is hidden."""

    chave: str
    titulo: str
    linhas: list[tuple[str, int | None]]


@dataclass(frozen=True, slots=True)
class Cruzamento:
    """Two dimensions: what the lines are; heads of the columns; lines with their cells and sum; the sums below.

    None is hidden.
    """

    titulo: str
    canto: str
    colunas: list[str]
    linhas: list[tuple[str, list[int | None], int | None]]
    totais: list[int | None]


@dataclass(frozen=True, slots=True)
class Perfil:
    """The profile of a year; without tables where fewer than SMALLEST cases are all there is."""

    periodo: Periodo
    total: int
    quadros: list[Quadro]
    cruzamento: Cruzamento | None
    #: Whether two dimensions were asked for that cannot be shown together.
    recusado: bool = False


def profile(periodo: Periodo, unidades: Collection[int], linhas: str = "", colunas: str = "") -> Perfil:
    """The year's profile; `linhas` and `colunas` name two dimensions to be crossed, or none."""
    pair = {linhas, colunas} - {""} if linhas != colunas else set()
    read = _read(periodo, unidades, pair if len(pair) == 2 else set())
    names = _collapse(read[("bairro",)], read.names)
    tables = {name: _alone(name, read.folded((name,), names), names) for name in DIMENSIONS}
    total = sum(n for n, _ in read[("canal",)].values())
    if total < SMALLEST:
        return Perfil(periodo, total, [], None)
    quadros = [one.quadro(names) for one in tables.values()]
    if len(pair) < 2:
        return Perfil(periodo, total, quadros, None)
    crossed = _crossed(tables[linhas], tables[colunas], read.folded((linhas, colunas), names), names)
    return Perfil(periodo, total, quadros, crossed, crossed is None)


class _Read(dict[tuple[str, ...], dict[tuple[str, ...], Cell]]):
    """What the statement found, by dimensions and their values; and how each bairro is mostly written."""

    def __init__(self) -> None:
        super().__init__({(name,): {} for name in DIMENSIONS})
        self.names: dict[str, str] = {}
        self._often: dict[str, tuple[int, str]] = {}

    def add(self, by: dict[str, str], cases: int, people: int) -> None:
        """One more cell; a bairro by its letters, however it is written. Nobody lives in two, so people add up."""
        if "bairro" in by:
            written = " ".join(by["bairro"].split())
            by = by | {"bairro": normalise_name(written)}
            if len(by) == 1 and (cases, written) > self._often.get(by["bairro"], (0, "")):
                self.names[by["bairro"]], self._often[by["bairro"]] = written, (cases, written)
        cells, key = self.setdefault(tuple(by), {}), tuple(by.values())
        before = cells.get(key, (0, 0))
        cells[key] = (before[0] + cases, before[1] + people)

    def folded(self, dims: tuple[str, ...], names: dict[str, str]) -> dict[tuple[str, ...], Cell]:
        """The cells by these dimensions in this order, the small bairros together."""
        stored = tuple(name for name in DIMENSIONS if name in dims)
        found: dict[tuple[str, ...], Cell] = {}
        for values, (cases, people) in self.get(stored, {}).items():
            by = dict(zip(stored, values, strict=True))
            if "bairro" in by and by["bairro"] not in names:
                by["bairro"] = OTHERS
            key = tuple(by[name] for name in dims)
            before = found.get(key, (0, 0))
            found[key] = (before[0] + cases, before[1] + people)
        return found


def _read(periodo: Periodo, unidades: Collection[int], pair: Collection[str]) -> _Read:
    stored = [name for name in DIMENSIONS if name in pair]
    statement = _PROFILE.format(pair=f"({', '.join(stored)})")
    start = day_bounds(periodo.first_day)[0]
    values: dict[str, Any] = {"start": start, "end": day_bounds(periodo.next_day)[0], "units": list(unidades)}
    read = _Read()
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        for left_out, *told, cases, people in cursor.fetchall():
            named = zip(DIMENSIONS, told, strict=True)
            by = {name: value for place, (name, value) in enumerate(named) if not left_out >> (3 - place) & 1}
            read.add(by, cases, people)
    return read


def _collapse(cells: dict[tuple[str, ...], Cell], written: dict[str, str]) -> dict[str, str]:
    """The bairros that stand alone, by their key, the largest first; then the others, and no bairro."""
    large = [(cases, key) for (key,), (cases, people) in cells.items() if key and people >= SMALLEST]
    chosen = [key for _, key in sorted(large, key=lambda pair: (-pair[0], pair[1]))[:MOST_BAIRROS]]
    return {key: written[key] for key in chosen} | {OTHERS: "Outros bairros", NO_BAIRRO: "Não informado"}


@dataclass(frozen=True, slots=True)
class _Line:
    """One dimension with all its numbers and which of them are hidden."""

    nome: str
    values: list[str]
    counts: list[int]
    hidden: list[bool]

    def label(self, value: str, names: dict[str, str]) -> str:
        return names[value] if self.nome == "bairro" else _LABELS[self.nome][value]

    def quadro(self, names: dict[str, str]) -> Quadro:
        lines = zip(self.values, _shown(self.counts, self.hidden), strict=True)
        return Quadro(self.nome, DIMENSIONS[self.nome], [(self.label(value, names), n) for value, n in lines])


def _alone(name: str, cells: dict[tuple[str, ...], Cell], names: dict[str, str]) -> _Line:
    order = list(names if name == "bairro" else _LABELS[name])
    values = [value for value in order if (value,) in cells or name in ("sexo", "faixa")]
    found = [cells.get((value,), (0, 0)) for value in values]
    counts, people = [cases for cases, _ in found], [people for _, people in found]
    return _Line(name, values, counts, hidden_values(counts, people))


def _crossed(
    down: _Line, across: _Line, cells: dict[tuple[str, ...], Cell], names: dict[str, str]
) -> Cruzamento | None:
    """The table of two dimensions; None where it cannot be shown. What the balance tells by canal is known anyway."""
    found = [[cells.get((row, column), (0, 0)) for column in across.values] for row in down.values]
    counts = [[cases for cases, _ in line] for line in found]
    marks = [[False] * len(line.values) if line.nome == "canal" else line.hidden for line in (down, across)]
    hidden = hidden_cells(counts, marks[0], marks[1], [[people for _, people in line] for line in found])
    if hidden is None:
        return None
    sums = _shown(down.counts, down.hidden)
    lines = [
        (down.label(value, names), _shown(counts[row], hidden[row]), sums[row]) for row, value in enumerate(down.values)
    ]
    heads = [across.label(value, names) for value in across.values]
    title = f"{DIMENSIONS[down.nome]} e {DIMENSIONS[across.nome].lower()}"
    return Cruzamento(title, DIMENSIONS[down.nome], heads, lines, _shown(across.counts, across.hidden))


def _shown(counts: Sequence[int], hidden: Sequence[bool]) -> list[int | None]:
    return [None if mark else count for count, mark in zip(counts, hidden, strict=True)]
