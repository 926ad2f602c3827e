"""Rankings of suppliers: by CNPJ, company or group; by how many complaints, or by a share, each with both its terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from cases.models import CIP, Assunto, Classificacao
from reports import press
from reports.measures import RATED, Dims, Medida, number
from reports.period import starts
from reports.queries import JOURNAL_START, LISTS, Scope, first, lists
from reports.replica import connection

#: By what companies are told apart: the dimension that holds it, and its words.
LEVELS = {
    "cnpj": ("titular", "CNPJ"),
    "radical": ("empresa", "Radical do CNPJ"),
    "grupo": ("conglomerado", "Grupo econômico"),
}
SOURCES = {
    "tudo": ("Esta casa e o cadastro nacional", (Medida.RECLAMADOS, Medida.REGISTROS)),
    "casa": ("Só reclamações registradas aqui", (Medida.RECLAMADOS,)),
    "nacional": ("Só o cadastro nacional", (Medida.REGISTROS,)),
}
#: A page's lines, and how many a ranking tells at most: beyond that nobody is ranked, they are listed.
PAGE, MOST = 50, 1000
#: A share of fewer complaints says nothing of a company.
LEAST = 5
#: What the supplier solved before there was a complaint.
SOLVED = (CIP.Resultado.ACORDO, CIP.Resultado.RESOLUCAO_TOTAL, CIP.Resultado.MERA_LIBERALIDADE)
_FOUNDED = {
    Classificacao.Valor.FUNDAMENTADA_ATENDIDA.value: 1,
    Classificacao.Valor.FUNDAMENTADA_NAO_ATENDIDA.value: 0,
}


@dataclass(frozen=True, slots=True)
class Share:
    """An index by which companies are ranked: its formula, and of which values of which measures it is made.

    `terms` has 1 for a value that counts above and below the line, 0 for one below it only.
    """

    nome: str
    formula: str
    terms: dict[Medida, dict[str, int]]


SHARES = {
    "atendidas": Share(
        "Fundamentadas atendidas",
        "fundamentadas atendidas ÷ fundamentadas (atendidas e não atendidas), decididas no período",
        {Medida.CLASSIFICACOES: _FOUNDED, Medida.REGISTROS: {"sim": 1, "nao": 0}},
    ),
    "preliminar": Share(
        "Solução preliminar",
        "CIPs baixadas com acordo, resolução total ou mera liberalidade ÷ CIPs emitidas no período; a que está em "
        "andamento, ou foi resolvida em parte, conta como não resolvida",
        {Medida.CIPS: {value: int(value in SOLVED) for value in ("", *CIP.Resultado.values)}},
    ),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The ranking that is asked for. `de` is the first day of a month, `ate` that of the month after the last."""

    nivel: str
    por: str
    de: date
    ate: date
    fonte: str = "tudo"
    assunto: int | None = None
    area: str = ""
    minimo: int = LEAST
    melhores: bool = False

    @property
    def share(self) -> Share | None:
        """The index, or None where complaints are counted."""
        return SHARES.get(self.por)

    @property
    def medidas(self) -> tuple[Medida, ...]:
        """The measures that are counted."""
        chosen = SOURCES[self.fonte][1]
        if not self.share:
            return chosen
        own = Medida.REGISTROS in chosen, chosen != (Medida.REGISTROS,)
        return tuple(medida for medida in self.share.terms if own[medida is not Medida.REGISTROS])


@dataclass(frozen=True, slots=True)
class Line:
    """One of a ranking. `parte` counts above the line of a share, and is 0 where complaints are counted."""

    lugar: int
    chave: str
    nome: str
    empresas: int
    parte: int
    total: int

    @property
    def indice(self) -> str:
        """The share in words: «45,7%»."""
        return press.percentage(self.parte, self.total)


def rank(asked: Asked, *, unidades: Scope, top: int = MOST) -> list[Line]:
    """The first `top` of a ranking. Equals have the same place; which of them end it, their keys decide."""
    level, stretches = LEVELS[asked.nivel][0], starts(asked.de, asked.ate)
    if not asked.medidas:
        return []
    if asked.share or asked.assunto or asked.area:
        rows = _summed(asked, unidades, top)
    else:
        found = first([level], asked.medidas, stretches, unidades, top=top)
        rows = [(key, name, companies, 0, total) for _, key, name, companies, total in found if total >= asked.minimo]
    lines: list[Line] = []
    for place, row in enumerate(rows, start=1):
        alike = lines and (_worth(asked, *row[3:]) == _worth(asked, lines[-1].parte, lines[-1].total))
        lines.append(Line(lines[-1].lugar if alike else place, *row))
    return lines


def _worth(asked: Asked, part: int, whole: int) -> Any:
    return (part / whole, whole) if asked.share else whole


#: Whoever has these values, each weighed above and below the line; then what they are called.
_SUMMED = """
WITH valores AS MATERIALIZED (
    SELECT * FROM unnest(%(of)s::smallint[], %(values)s::text[], %(parts)s::int[]) AS v(medida, valor, parte)
), listas AS MATERIALIZED (SELECT * FROM {lists}), lidos AS (
    SELECT s.a AS fornecedor, v.parte, s.n FROM listas w JOIN valores v ON v.medida = w.medida CROSS JOIN LATERAL (
        SELECT a, n FROM reports_soma WHERE medida = w.medida AND conjunto = {conjunto} AND grao = w.grao
            AND inicio = w.inicio AND unidade = w.unidade AND b = v.valor AND a <> '' OFFSET 0
    ) s
    UNION ALL
    SELECT l.fornecedor, v.parte, l.n FROM reports_lancamento l
    JOIN listas w ON w.medida = l.medida AND w.unidade = l.unidade AND {begins} = w.inicio
    JOIN valores v ON v.medida = l.medida AND v.valor = {told} WHERE l.fornecedor <> ''
), somados AS (
    SELECT c.{level} AS posto, sum(parte * n)::bigint AS parte, sum(n)::bigint AS total
    FROM (SELECT fornecedor, parte, sum(n) AS n FROM lidos GROUP BY 1, 2) l JOIN reports_casa c USING (fornecedor)
    GROUP BY 1 HAVING sum(n) >= %(least)s
), primeiros AS MATERIALIZED (SELECT * FROM somados ORDER BY {order}, posto LIMIT %(top)s)
SELECT p.posto, n.nome, n.empresas, p.parte, p.total FROM primeiros p
JOIN reports_nomes({number}, ARRAY(SELECT posto FROM primeiros), %(measures)s::smallint[], %(grains)s::smallint[],
    %(starts)s::date[], %(units)s::bigint[]) n USING (posto)
ORDER BY {order}, n.nome, p.posto
"""


def _summed(asked: Asked, unidades: Scope, top: int) -> list[tuple[str, str, int, int, int]]:
    level = LEVELS[asked.nivel][0]
    subjects = _subjects(asked)
    values = [(medida.value, *pair) for medida in asked.medidas for pair in _values(asked, medida, subjects)]
    dims: Dims = ("fornecedor", "resultado")
    if subjects is not None:
        dims = RATED if asked.share else ("fornecedor", "assunto")
    order = f"parte::float8 / total {'DESC' if asked.melhores else ''}, total DESC" if asked.share else "total DESC"
    statement = _SUMMED.format(
        lists=LISTS,
        conjunto=number(dims),
        begins=JOURNAL_START,
        told=" || ' ' || ".join(f"l.{name}" for name in dims[1:]),
        level=level,
        number=number([level]),
        order=order,
    )
    weighed: dict[str, Any] = {
        "of": [medida for medida, _, _ in values],
        "values": [value for _, value, _ in values],
        "parts": [part for _, _, part in values],
    }
    bounds = lists(asked.medidas, starts(asked.de, asked.ate), unidades)
    with connection.cursor() as cursor:
        cursor.execute(statement, {**bounds, **weighed, "least": asked.minimo, "top": top})
        return list(cursor.fetchall())


def _subjects(asked: Asked) -> list[str] | None:
    """The assuntos that are counted; None is all, and those without one."""
    if asked.assunto:
        return [str(asked.assunto)]
    if not asked.area:
        return None
    return [str(code) for code in Assunto.objects.order_by().filter(area=asked.area).values_list("pk", flat=True)]


def _values(asked: Asked, medida: Medida, subjects: list[str] | None) -> list[tuple[str, int]]:
    """Which stored values are counted, and whether above the line too."""
    if not asked.share:
        return [(subject, 0) for subject in subjects or []]
    results = asked.share.terms[medida].items()
    if subjects is None:
        return list(results)
    return [(f"{subject} {result}", part) for subject in subjects for result, part in results]
