"""The office's shares and times of any period, each with its formula and its terms (decision 84).

What nobody evaluated is a number of its own: it is never among the solved, and the share without it is told beside.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cases.models import CIP, Classificacao, Desfecho, Tipo
from hearings.models import Audiencia
from hearings.queries import PENDING, day_bounds, waits
from reports import press
from reports.balance import AGREEMENTS, PRELIMINARY
from reports.measures import Medida
from reports.period import Intervalo
from reports.queries import Key, Tally, tally
from reports.replica import connection

#: Times are read from the rows, for medians cannot be summed; of no longer a period than this.
MOST_DAYS = 366
#: Cases that go on after they are saved; the others are closed by saving and would make every median zero.
LASTING = (Tipo.ATENDIMENTO_PRELIMINAR, Tipo.ABERTURA_DIRETA, Tipo.DE_OFICIO)
SOLVED_LETTERS = frozenset({CIP.Resultado.ACORDO, CIP.Resultado.RESOLUCAO_TOTAL, CIP.Resultado.MERA_LIBERALIDADE})
#: Endings that do not say whether the supplier solved it.
NOT_EVALUATED = frozenset(
    {
        Desfecho.ORIENTADO, Desfecho.ENCAMINHADO, Desfecho.DESISTENCIA, Desfecho.DUPLICIDADE, Desfecho.LITISPENDENCIA,
        Desfecho.DOMICILIO_INCONSISTENTE,
    }
)  # fmt: skip
NOT_EVALUATED_LETTERS = frozenset(
    {
        CIP.Resultado.CONSULTA_FORNECIDA, CIP.Resultado.DESISTENCIA, CIP.Resultado.LITISPENDENCIA,
        CIP.Resultado.CANCELADA,
    }
)  # fmt: skip

_CASES: Key = (Medida.ATENDIMENTOS, ("tipo", "desfecho"))
_LETTERS: Key = (Medida.CIPS, ("resultado",))
_HEARINGS: Key = (Medida.AUDIENCIAS, ("situacao", "resultado"))
_DECISIONS: Key = (Medida.CLASSIFICACOES, ("resultado",))


@dataclass(frozen=True, slots=True)
class Indice:
    """A share with both its terms, and how many of the denominator nobody evaluated (None where all are evaluated)."""

    chave: str
    nome: str
    formula: str
    numerador: int
    denominador: int
    em_andamento: int | None = None
    sem_avaliacao: int | None = None
    nota: str = ""

    @property
    def valor(self) -> str:
        """The share of all, in words."""
        return press.percentage(self.numerador, self.denominador)

    @property
    def avaliados(self) -> int:
        """How many of the denominator were evaluated."""
        return self.denominador - (self.em_andamento or 0) - (self.sem_avaliacao or 0)

    @property
    def valor_dos_avaliados(self) -> str:
        """The share of those that were evaluated, in words."""
        return press.percentage(self.numerador, self.avaliados)

    def change_from(self, before: Indice) -> str:
        """By how many percentage points it differs: «+3,2 p.p.»; a dash where one of both cannot be told."""
        if not self.denominador or not before.denominador:
            return "–"
        points = 100 * (self.numerador / self.denominador - before.numerador / before.denominador)
        return f"{points:+.1f} p.p.".replace("-", "−").replace(".", ",", 1)


@dataclass(frozen=True, slots=True)
class Tempo:
    """How many days something takes: of how many it is known, of how many not yet, the middle one and the 95th."""

    chave: str
    nome: str
    formula: str
    casos: int
    sem: int
    mediana: float | None
    p95: float | None


@dataclass(frozen=True, slots=True)
class Indices:
    """Shares and times of one period; the times are empty where the period is longer than MOST_DAYS."""

    periodo: Intervalo
    indices: list[Indice]
    tempos: list[Tempo]

    @property
    def vazio(self) -> bool:
        """Whether there is nothing to divide by."""
        return not any(one.denominador for one in self.indices) and not any(one.casos + one.sem for one in self.tempos)


def indices(periodo: Intervalo, unidades: Collection[int]) -> Indices:
    """Shares from the totals, times from the rows of the period, each kind in a fixed number of reads."""
    counted = tally((_CASES, _LETTERS, _HEARINGS, _DECISIONS), periodo.de, periodo.next_day, unidades)
    shares = [
        *_of_cases(counted[_CASES]),
        _of_letters(counted[_LETTERS]),
        _of_hearings(counted[_HEARINGS]),
        _of_decisions(counted[_DECISIONS]),
    ]
    order = ("preliminar", "ap", "cip", "acordos", "fundamentadas")
    shares.sort(key=lambda one: order.index(one.chave))
    return Indices(periodo, shares, times(periodo, unidades) if periodo.dias <= MOST_DAYS else [])


def _of_cases(counted: Tally) -> list[Indice]:
    own = {desfecho: n for (tipo, desfecho), n in counted.items() if tipo == Tipo.ATENDIMENTO_PRELIMINAR}
    total, running = sum(own.values()), own.get("", 0)
    open_ended = sum(own.get(desfecho, 0) for desfecho in NOT_EVALUATED)
    partly = own.get(Desfecho.RESOLVIDO_PARCIAL, 0)
    return [
        Indice(
            "preliminar",
            "Solução preliminar (AP e CIP)",
            "APs encerrados como resolvidos no atendimento ou pela CIP ÷ APs abertos no período",
            sum(own.get(desfecho, 0) for desfecho in PRELIMINARY),
            total,
            running,
            open_ended,
            f"Resolvidos em parte ({partly}) contam como não resolvidos.",
        ),
        Indice(
            "ap",
            "Resolvidos no atendimento (AP)",
            "APs encerrados como resolvidos no atendimento ÷ APs abertos no período",
            own.get(Desfecho.RESOLVIDO_NO_ATENDIMENTO, 0),
            total,
            running,
            open_ended,
        ),
    ]


def _of_letters(counted: Tally) -> Indice:
    own = {resultado: n for (resultado, _), n in counted.items()}
    return Indice(
        "cip",
        "Resolvidas pela CIP",
        "CIPs baixadas com acordo, resolução total ou mera liberalidade ÷ CIPs emitidas no período",
        sum(own.get(resultado, 0) for resultado in SOLVED_LETTERS),
        sum(own.values()),
        own.get("", 0),
        sum(own.get(resultado, 0) for resultado in NOT_EVALUATED_LETTERS),
        f"Resolução parcial ({own.get(CIP.Resultado.RESOLUCAO_PARCIAL, 0)}) conta como não resolvida.",
    )


def _of_hearings(counted: Tally) -> Indice:
    pending = sum(n for (situacao, _), n in counted.items() if situacao in PENDING)
    return Indice(
        "acordos",
        "Acordos por audiência realizada",
        "audiências com acordo, total ou parcial ÷ audiências realizadas no período",
        sum(n for (_, resultado), n in counted.items() if resultado in AGREEMENTS),
        sum(n for (situacao, _), n in counted.items() if situacao == Audiencia.Status.REALIZADA),
        nota=f"Marcadas e ainda sem resultado: {pending}; não entram na conta.",
    )


def _of_decisions(counted: Tally) -> Indice:
    own = {valor: n for (valor, _), n in counted.items()}
    attended = own.get(Classificacao.Valor.FUNDAMENTADA_ATENDIDA, 0)
    unattended = own.get(Classificacao.Valor.FUNDAMENTADA_NAO_ATENDIDA, 0)
    others = sum(own.values()) - attended - unattended
    return Indice(
        "fundamentadas",
        "Fundamentadas atendidas",
        "fundamentadas atendidas ÷ fundamentadas, atendidas e não atendidas, decididas no período",
        attended,
        attended + unattended,
        nota=f"Outras decisões ({others}) não entram na conta, nem o registro nacional.",
    )


# Each by the index of its period: cip_balanco, atendimento_lista. A median needs every value of its period, which no
# total holds; so the period is at most a year.
_TIMES = """
SELECT count(dias), count(*) - count(dias), percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY dias) FROM (
    SELECT (c.respondida_em AT TIME ZONE 'America/Sao_Paulo')::date - c.cientificada_em AS dias
    FROM cases_cip c JOIN cases_reclamado r ON r.id = c.reclamado_id JOIN cases_atendimento a ON a.id = r.atendimento_id
    WHERE c.emitida_em >= %(start)s AND c.emitida_em < %(end)s AND a.unidade_id = ANY(%(units)s)
) respondidas
UNION ALL
SELECT count(dias), count(*) - count(dias), percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY dias) FROM (
    SELECT extract(epoch FROM encerrado_em - aberto_em)::float8 / 86400 AS dias FROM cases_atendimento
    WHERE aberto_em >= %(start)s AND aberto_em < %(end)s AND unidade_id = ANY(%(units)s) AND tipo = ANY(%(lasting)s)
) encerrados
"""


def times(periodo: Intervalo, unidades: Collection[int]) -> list[Tempo]:
    """Median and p95 of the days to answer, to close, and from the request to the hearing."""
    start, end = day_bounds(periodo.de)[0], day_bounds(periodo.ate)[1]
    values: dict[str, Any] = {
        "start": start,
        "end": end,
        "units": list(unidades),
        "lasting": [str(tipo) for tipo in LASTING],
    }
    with connection.cursor() as cursor:
        cursor.execute(_TIMES, values)
        answered, closed = cursor.fetchall()
    return [
        _time("resposta", "Da ciência à resposta do fornecedor", "dias da ciência à resposta, das CIPs emitidas no "
              "período e respondidas", answered),
        _time("encerramento", "Da abertura ao encerramento", "dias da abertura ao encerramento, dos APs, aberturas "
              "diretas e casos de ofício abertos no período e já encerrados", closed),
        _waiting(unidades, start, end),
    ]  # fmt: skip


def _time(chave: str, nome: str, formula: str, row: tuple[int, int, list[float] | None]) -> Tempo:
    known, missing, quantiles = row
    median, late = quantiles or (None, None)
    return Tempo(chave, nome, formula, known, missing, median, late)


def _waiting(unidades: Collection[int], start: datetime, end: datetime) -> Tempo:
    known, median, late = waits(unidades, start, end)
    return Tempo(
        "audiencia",
        "Do pedido à audiência",
        "dias do momento em que a primeira data foi marcada até a audiência, das que têm data no período e não foram "
        "redesignadas nem canceladas",
        known,
        0,
        median,
        late,
    )
