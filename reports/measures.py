"""What is counted, by what, and which totals of it are kept. Pure.

A fact is one row of the office (a case, a CIP, a hearing …) with the values of its dimensions, all of them texts: a
choice as it is stored, a key as its digits, nothing as "". A total is kept per unidade, per stretch of time (day, month
or year) and per set of at most two dimensions. The name of a set is a number: the sum of its dimensions' bits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from itertools import combinations

#: Every one has a column in the journal. The place is the bit: append only, for stored sets are named by it. The
#: supplier is the first: of a pair with it, the totals of one supplier stand together.
COLUMNS = (
    "fornecedor", "tipo", "canal", "desfecho", "orgao", "nfp", "assunto", "problema", "situacao", "resultado",
    "conciliador", "meio", "grafia",
)  # fmt: skip
#: Whom a supplier counts for: the registration that stands for it, its company, its group or else its company. They
#: are looked up in `Casa` when the journal is folded, and their totals move when it changes (decision 82).
HOMES = ("titular", "empresa", "conglomerado")
DIMENSIONS = (*COLUMNS, *HOMES)
Dims = tuple[str, ...]


class Grao(IntEnum):
    """How long the stretch of time of a total is."""

    DIA = 1
    MES = 2
    ANO = 3


class Medida(IntEnum):
    """What one fact is."""

    ATENDIMENTOS = 1
    RECLAMADOS = 2
    CIPS = 3
    AUDIENCIAS = 4
    RECLAMACOES = 5
    CLASSIFICACOES = 6
    #: Records of the national register: of no unidade (0), and without a day where the month is of another year.
    REGISTROS = 7


@dataclass(frozen=True, slots=True)
class Measure:
    """Its dimensions."""

    dims: Dims


MEASURES: dict[Medida, Measure] = {
    Medida.ATENDIMENTOS: Measure(("tipo", "canal", "desfecho", "orgao", "nfp", "assunto", "problema")),
    Medida.RECLAMADOS: Measure(("tipo", "canal", "assunto", "problema", "fornecedor")),
    Medida.CIPS: Measure(("assunto", "problema", "fornecedor", "resultado", "meio")),
    Medida.AUDIENCIAS: Measure(("assunto", "problema", "situacao", "resultado", "conciliador", "meio")),
    Medida.RECLAMACOES: Measure(("tipo", "canal", "assunto", "problema")),
    Medida.CLASSIFICACOES: Measure(("assunto", "problema", "fornecedor", "resultado")),
    Medida.REGISTROS: Measure(("assunto", "problema", "fornecedor", "resultado", "grafia")),
}
#: A spelling is asked for together with its supplier only, and for a year, too.
SPELLED: Dims = ("fornecedor", "grafia")
#: What became of a supplier's complaints of one assunto: the only three that are kept together, assunto and resultado
#: as one value with a blank between them.
RATED: Dims = ("fornecedor", "assunto", "resultado")
#: Pairs that the balance reads, so that any stretch of days can be put together from years, months and days.
DAILY: frozenset[Dims] = frozenset(
    {("tipo", "desfecho"), ("tipo", "orgao"), ("tipo", "nfp"), ("situacao", "resultado")}
)


def number(dims: Iterable[str]) -> int:
    """The number of a set of dimensions."""
    return sum(1 << DIMENSIONS.index(name) for name in dims)


def dims_of(conjunto: int) -> Dims:
    """The dimensions of a set, in the order in which its totals hold their values."""
    return tuple(name for place, name in enumerate(DIMENSIONS) if conjunto >> place & 1)


def sets(medida: Medida) -> list[Dims]:
    """Every set of dimensions of which totals are kept: none, each alone, each pair, and whom suppliers count for."""
    dims = [name for name in MEASURES[medida].dims if name != "grafia"]
    found: list[Dims] = [(), *((name,) for name in dims), *(dims_of(number(pair)) for pair in combinations(dims, 2))]
    if "fornecedor" in dims:
        found += [(name,) for name in HOMES]
    if set(RATED) <= set(dims):
        found.append(RATED)
    return [*found, SPELLED] if medida is Medida.REGISTROS else found


def grains(dims: Dims) -> frozenset[Grao]:
    """For which stretches of time the totals of a set are kept: suppliers and pairs by month and year only."""
    if dims in DAILY or (len(dims) < 2 and not {"fornecedor", *HOMES} & set(dims)):
        return frozenset(Grao)
    return frozenset({Grao.MES, Grao.ANO})
