"""The year at a glance beside the one before: from the totals, but for the bairros (reports/profile.py)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db import models

from cases.models import CIP, Canal, Classificacao, Desfecho, Tipo
from hearings.models import Audiencia
from reports import press, words
from reports.measures import Grao, Medida
from reports.period import MESES, Intervalo, Periodo
from reports.profile import profile
from reports.queries import Key, Tally, Wanted, cells, tally

#: So many assuntos stand alone.
MOST_SUBJECTS = 10
_TIPOS: Key = (Medida.ATENDIMENTOS, ("tipo", "desfecho"))
_CANAIS: Key = (Medida.ATENDIMENTOS, ("canal",))
_ASSUNTOS: Key = (Medida.ATENDIMENTOS, ("assunto",))
_CIPS: Key = (Medida.CIPS, ("resultado",))
_AUDIENCIAS: Key = (Medida.AUDIENCIAS, ("situacao", "resultado"))
_RECLAMACOES: Key = (Medida.RECLAMACOES, ())
_DECISOES: Key = (Medida.CLASSIFICACOES, ("resultado",))
_KEYS = (_TIPOS, _CANAIS, _ASSUNTOS, _CIPS, _AUDIENCIAS, _RECLAMACOES, _DECISOES)
_MONTHS = Wanted(Medida.ATENDIMENTOS, (), Grao.MES)


@dataclass(frozen=True, slots=True)
class Linha:
    """One number of this period and of the one before; None is hidden."""

    nome: str
    agora: int | None
    antes: int | None = None

    @property
    def mudanca(self) -> str:
        """By how much it differs: «+12,5%»; a dash where there was nothing before."""
        return "–" if self.agora is None else press.change(self.antes or 0, self.agora)


@dataclass(frozen=True, slots=True)
class Quadro:
    """One table of the dashboard, which is drawn as well."""

    chave: str
    titulo: str
    linhas: list[Linha]
    nota: str = ""
    #: Whether it stands beside the year before.
    comparado: bool = True


@dataclass(frozen=True, slots=True)
class Painel:
    """The year as far as it has gone, the same days of the year before, and every month of both."""

    ano: int
    periodo: Intervalo
    anterior: Intervalo
    destaques: list[Linha]
    meses: list[Linha]
    quadros: list[Quadro]

    @property
    def vazio(self) -> bool:
        """Whether there is nothing of either year."""
        return not any(line.agora or line.antes for line in (*self.destaques, *self.meses))


def dashboard(ano: int, unidades: Collection[int], *, today: date) -> Painel:
    """Everything of one year, in a fixed number of reads."""
    periodo = Intervalo(date(ano, 1, 1), date(ano, 12, 31)).until(today)
    anterior = periodo.year_before()
    now, before = (tally(_KEYS, one.de, one.next_day, unidades) for one in (periodo, anterior))
    return Painel(
        ano, periodo, anterior, _highlights(now, before), _months(ano, unidades), [
            _by("tipos", "Por tipo", Tipo, _first(now[_TIPOS]), _first(before[_TIPOS])),
            _by("canais", "Por canal", Canal, _first(now[_CANAIS]), _first(before[_CANAIS])),
            _by("desfechos", "Casos por desfecho", Desfecho, _second(now[_TIPOS]), _second(before[_TIPOS]),
                empty="Em andamento"),
            _by("cips", "CIPs por resultado", CIP.Resultado, _first(now[_CIPS]), _first(before[_CIPS]),
                empty="Em andamento"),
            _by("audiencias", "Audiências por resultado", Audiencia.Resultado, _second(now[_AUDIENCIAS]),
                _second(before[_AUDIENCIAS])),
            _by("decisoes", "Decisões por classificação", Classificacao.Valor, _first(now[_DECISOES]),
                _first(before[_DECISOES])),
            _subjects(_first(now[_ASSUNTOS]), _first(before[_ASSUNTOS])),
            _bairros(ano, unidades),
        ],
    )  # fmt: skip


Counts = dict[str, int]


def _first(counted: Tally) -> Counts:
    """By the first dimension."""
    return _summed((a, n) for (a, _), n in counted.items())


def _second(counted: Tally) -> Counts:
    """By the second dimension."""
    return _summed((b, n) for (_, b), n in counted.items())


def _summed(pairs: Iterable[tuple[str, int]]) -> Counts:
    found: Counts = {}
    for value, n in pairs:
        found[value] = found.get(value, 0) + n
    return found


#: What stands on top: its name, and how it is reckoned from the totals.
_HIGHLIGHTS: dict[str, Callable[[dict[Key, Tally]], int]] = {
    "Atendimentos": lambda read: read[_CANAIS].total(),
    "Atendimentos preliminares": lambda read: _first(read[_TIPOS]).get(Tipo.ATENDIMENTO_PRELIMINAR, 0),
    "CIPs emitidas": lambda read: read[_CIPS].total(),
    "Audiências realizadas": lambda read: _first(read[_AUDIENCIAS]).get(Audiencia.Status.REALIZADA, 0),
    "Reclamações instauradas": lambda read: read[_RECLAMACOES].total(),
    "Decisões": lambda read: read[_DECISOES].total(),
}


def _highlights(now: dict[Key, Tally], before: dict[Key, Tally]) -> list[Linha]:
    return [Linha(name, reckon(now), reckon(before)) for name, reckon in _HIGHLIGHTS.items()]


def _months(ano: int, unidades: Collection[int]) -> list[Linha]:
    read = cells([_MONTHS], date(ano - 1, 1, 1), date(ano + 1, 1, 1), unidades)[_MONTHS]
    counts = {(start.year, start.month): n for start, _, _, n in read}
    return [
        Linha(name, counts.get((ano, month), 0), counts.get((ano - 1, month), 0))
        for month, name in enumerate(MESES, start=1)
    ]


def _by(
    chave: str, titulo: str, choices: type[models.TextChoices], now: Counts, before: Counts, *, empty: str = ""
) -> Quadro:
    """By the values of a choice that occur in either year, in the office's order; what has none yet, where told."""
    labels = {str(value): str(label) for value, label in choices.choices} | ({"": empty} if empty else {})
    lines = [Linha(label, now.get(value, 0), before.get(value, 0)) for value, label in labels.items()]
    return Quadro(chave, titulo, [line for line in lines if line.agora or line.antes])


def _subjects(now: Counts, before: Counts) -> Quadro:
    """The assuntos most asked about, the others together."""
    ranked = sorted((value for value in now if value), key=lambda value: (-now[value], int(value)))
    shown = ranked[:MOST_SUBJECTS]
    names = words.told(Medida.ATENDIMENTOS, "assunto", shown)
    lines = [Linha(names[value], now[value], before.get(value, 0)) for value in shown]
    rest = Linha(
        "Outros assuntos",
        sum(n for value, n in now.items() if value and value not in shown),
        sum(n for value, n in before.items() if value and value not in shown),
    )
    none = Linha("Sem assunto", now.get("", 0), before.get("", 0))
    return Quadro("assuntos", "Por assunto", [*lines, *(line for line in (rest, none) if line.agora or line.antes)])


def _bairros(ano: int, unidades: Collection[int]) -> Quadro:
    """Where people live; as in the profile, what is hidden there is hidden here."""
    tables = {quadro.chave: quadro for quadro in profile(Periodo(ano), unidades).quadros}
    lines = tables["bairro"].linhas if tables else []
    note = "X: oculto, para não apontar grupos de menos de cinco pessoas."
    return Quadro("bairros", "Por bairro", [Linha(name, n) for name, n in lines], note, comparado=False)
