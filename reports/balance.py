"""The balance of a year, a month or any days: the counters a city publishes, and the figures behind its charts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import models

from cases.models import CIP, Canal, Classificacao, Desfecho, Tipo
from hearings.models import Audiencia
from reports import press, queries
from reports.measures import Dims, Grao, Medida
from reports.period import MESES, Intervalo, Periodo

TOP_SUPPLIERS = 10
#: Totals of one stretch: the values of two dimensions, and how many.
Values = list[tuple[str, str, int]]
#: An AP solved by the office's first two means: the call, or the letter.
PRELIMINARY = frozenset({Desfecho.RESOLVIDO_NO_ATENDIMENTO, Desfecho.RESOLVIDO_CIP})
AGREEMENTS = frozenset({Audiencia.Resultado.ACORDO, Audiencia.Resultado.ACORDO_PARCIAL})


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier complained against, by the first eight positions of its CNPJ (empty where it has none)."""

    radical: str
    nome: str
    total: int


@dataclass(frozen=True, slots=True)
class Grupo:
    """An economic group complained against, with how many companies (radicals) of it; a company of none is its own."""

    nome: str
    empresas: int
    total: int


@dataclass(frozen=True, slots=True)
class Indice:
    """A share, always shown with its formula and both its terms."""

    nome: str
    formula: str
    numerador: int
    denominador: int
    nota: str = ""

    @property
    def valor(self) -> str:
        """The share in words: «45,7%», or a dash."""
        return press.percentage(self.numerador, self.denominador)


@dataclass(frozen=True, slots=True)
class Balanco:
    """Everything counted about one period."""

    periodo: Periodo | Intervalo
    por_tipo: dict[str, int]
    por_canal: dict[str, int]
    por_orgao: dict[str, int]
    #: What each órgão is called, by its sigla.
    orgaos: dict[str, str]
    aps_resolvidos: int
    aps_solucao_preliminar: int
    aps_em_andamento: int
    nfps_desbloqueadas: int
    cips_por_resultado: dict[str, int]
    cips_em_andamento: int
    audiencias_por_status: dict[str, int]
    audiencias_por_resultado: dict[str, int]
    reclamacoes_proprias: int
    reclamacoes_nacionais: int
    por_classificacao: dict[str, int]
    fornecedores: list[Supplier]
    grupos: list[Grupo]
    #: (label, atendimentos) by month, or by day of a month or of some weeks, zeros included.
    aberturas: list[tuple[str, int]]
    #: What of the period has passed, and as much of the one before (`compared`).
    comparado: tuple[Balanco, Balanco] | None = None

    @property
    def atendimentos(self) -> int:
        """All atendimentos opened in the period."""
        return sum(self.por_tipo.values())

    @property
    def aps(self) -> int:
        """Atendimentos preliminares opened in the period."""
        return self.por_tipo[Tipo.ATENDIMENTO_PRELIMINAR]

    @property
    def cips(self) -> int:
        """CIPs issued in the period."""
        return sum(self.cips_por_resultado.values()) + self.cips_em_andamento

    @property
    def audiencias_agendadas(self) -> int:
        """Hearings scheduled for a date in the period, whatever became of them."""
        return sum(self.audiencias_por_status.values())

    @property
    def audiencias_realizadas(self) -> int:
        """Hearings held in the period."""
        return self.audiencias_por_status[Audiencia.Status.REALIZADA]

    @property
    def reclamacoes(self) -> int:
        """Reclamações opened here, and those of the national register of the year."""
        return self.reclamacoes_proprias + self.reclamacoes_nacionais

    @property
    def vazio(self) -> bool:
        """Whether nothing at all is counted in the period."""
        return not (self.atendimentos or self.cips or self.audiencias_agendadas or self.reclamacoes)

    @property
    def texto(self) -> str:
        """The paragraph for the press."""
        return press.paragraph(
            quando=self.periodo.quando,
            atendimentos=self.atendimentos,
            aps=self.aps,
            nfps=self.por_tipo[Tipo.NOTA_FISCAL_PAULISTA],
            consultas=self.por_tipo[Tipo.CONSULTA_DE_CASO],
            encaminhamentos=self.por_tipo[Tipo.ENCAMINHAMENTO],
            cips=self.cips,
            audiencias=self.audiencias_realizadas,
        )

    @property
    def indices(self) -> list[Indice]:
        """The office's shares, each with its formula."""
        founded = self.por_classificacao[Classificacao.Valor.FUNDAMENTADA_ATENDIDA]
        unattended = self.por_classificacao[Classificacao.Valor.FUNDAMENTADA_NAO_ATENDIDA]
        return [
            Indice(
                "Solução preliminar",
                "APs encerrados como resolvidos no atendimento ou pela CIP ÷ APs abertos no período",
                self.aps_solucao_preliminar,
                self.aps,
                f"{self.aps_em_andamento} ainda em andamento contam como não resolvidos.",
            ),
            Indice(
                "Acordos por audiência realizada",
                "audiências com acordo, total ou parcial ÷ audiências realizadas",
                sum(self.audiencias_por_resultado[resultado] for resultado in AGREEMENTS),
                self.audiencias_realizadas,
            ),
            Indice(
                "Fundamentadas atendidas",
                "fundamentadas atendidas ÷ fundamentadas (atendidas e não atendidas)",
                founded,
                founded + unattended,
            ),
        ]

    def as_json(self) -> dict[str, Any]:
        """The balance in the shape other programs read; counts are integers."""
        return {
            "periodo": self.periodo.as_json(),
            "atendimentos": {
                "total": self.atendimentos,
                "por_tipo": dict(self.por_tipo),
                "por_canal": dict(self.por_canal),
            },
            "aps": {"abertos": self.aps, "resolvidos": self.aps_resolvidos},
            "cips": {
                "emitidas": self.cips,
                "por_resultado": dict(self.cips_por_resultado),
                "em_andamento": self.cips_em_andamento,
            },
            "audiencias": {
                "agendadas": self.audiencias_agendadas,
                "realizadas": self.audiencias_realizadas,
                "por_resultado": dict(self.audiencias_por_resultado),
            },
            "reclamacoes": {"instauradas": self.reclamacoes, "por_classificacao": dict(self.por_classificacao)},
            "encaminhamentos": {"total": self.por_tipo[Tipo.ENCAMINHAMENTO], "por_orgao": dict(self.por_orgao)},
            "fornecedores": [
                {"radical": row.radical, "nome": row.nome, "total": row.total} for row in self.fornecedores
            ],
            "texto": self.texto,
        }


#: A measure by a set of dimensions.
Key = tuple[Medida, Dims]
_TIPOS: Key = (Medida.ATENDIMENTOS, ("tipo", "desfecho"))
_CANAIS: Key = (Medida.ATENDIMENTOS, ("canal",))
_ORGAOS: Key = (Medida.ATENDIMENTOS, ("tipo", "orgao"))
_SENHAS: Key = (Medida.ATENDIMENTOS, ("nfp",))
_CIPS: Key = (Medida.CIPS, ("resultado",))
_AUDIENCIAS: Key = (Medida.AUDIENCIAS, ("situacao", "resultado"))
_RECLAMACOES: Key = (Medida.RECLAMACOES, ())
_CLASSES: Key = (Medida.CLASSIFICACOES, ("resultado",))
_NACIONAIS: Key = (Medida.REGISTROS, ("resultado",))
_COUNTERS = (_TIPOS, _CANAIS, _ORGAOS, _SENHAS, _CIPS, _AUDIENCIAS, _RECLAMACOES, _CLASSES, _NACIONAIS)


#: Of more days than these the chart shows months.
_DAYS_SHOWN = 62


def wanted(periodo: Periodo) -> list[queries.Wanted]:
    """The totals that a balance reads; the last are those of its chart: months of a year, days of a month."""
    steps = queries.Wanted(Medida.ATENDIMENTOS, (), Grao.DIA if periodo.mes else Grao.MES)
    return [*(queries.Wanted(medida, dims, periodo.grao) for medida, dims in _COUNTERS), steps]


def compared(periodo: Periodo | Intervalo, *, today: date, unidades: queries.Scope = None) -> Balanco:
    """The balance, with the counters of the period before beside its own; of one that still runs, of as many days."""
    found = balance(periodo, unidades=unidades)
    passed, before = periodo.intervalo.beside(today)
    now = found if passed == periodo.intervalo else balance(passed, unidades=unidades, whole=False)
    return replace(found, comparado=(now, balance(before, unidades=unidades, whole=False)))


def balance(periodo: Periodo | Intervalo, *, unidades: queries.Scope = None, whole: bool = True) -> Balanco:
    """The period from the totals, in three reads. `unidades` narrows to what may be seen; None is the whole office.

    Cases count by the day they were opened, CIPs by the day they were issued, hearings by their own date, reclamações
    by opening and classifications by decision. Records of the national register count as reclamações, and their
    suppliers in the list of suppliers; a year is the register's own, a month that of the filing within it.
    Suppliers are counted by month: days that are no whole months have none. Without `whole` only what has one number
    is there: neither suppliers, nor órgãos, nor the chart.
    """
    counted, opened = _counted(periodo, unidades, whole=whole)
    orgaos = queries.orgaos() if whole else {}
    aps = [(desfecho, n) for tipo, desfecho, n in counted[_TIPOS] if tipo == Tipo.ATENDIMENTO_PRELIMINAR]
    letters, national = _tally(counted[_CIPS], 0), _tally(counted[_NACIONAIS], 0)
    ranked = queries.ranked(periodo, unidades, top=TOP_SUPPLIERS) if whole else []
    return Balanco(
        periodo=periodo,
        por_tipo=_every(Tipo, _tally(counted[_TIPOS], 0)),
        por_canal=_every(Canal, _tally(counted[_CANAIS], 0)),
        por_orgao=_by_orgao(counted[_ORGAOS], {key: sigla for key, (sigla, _) in orgaos.items()}) if whole else {},
        orgaos=dict(orgaos.values()),
        aps_resolvidos=sum(n for desfecho, n in aps if desfecho == Desfecho.RESOLVIDO_NO_ATENDIMENTO),
        aps_solucao_preliminar=sum(n for desfecho, n in aps if desfecho in PRELIMINARY),
        aps_em_andamento=sum(n for desfecho, n in aps if not desfecho),
        nfps_desbloqueadas=_tally(counted[_SENHAS], 0)["sim"],
        cips_por_resultado=_every(CIP.Resultado, letters),
        cips_em_andamento=letters[""],
        audiencias_por_status=_every(Audiencia.Status, _tally(counted[_AUDIENCIAS], 0)),
        audiencias_por_resultado=_every(Audiencia.Resultado, _tally(counted[_AUDIENCIAS], 1)),
        reclamacoes_proprias=sum(n for _, _, n in counted[_RECLAMACOES]),
        reclamacoes_nacionais=national.total(),
        por_classificacao=_classes(_tally(counted[_CLASSES], 0), national),
        fornecedores=[Supplier(radical, nome, n) for lista, radical, nome, _, n in ranked if lista == "f"],
        grupos=[Grupo(nome, empresas, n) for lista, _, nome, empresas, n in ranked if lista == "g"],
        aberturas=_series(periodo, opened) if whole else [],
    )


def _counted(
    periodo: Periodo | Intervalo, unidades: queries.Scope, *, whole: bool
) -> tuple[dict[Key, Values], dict[date, int]]:
    """The counters, and how many atendimentos each stretch of the chart has."""
    first, end = periodo.first_day, periodo.next_day
    if isinstance(periodo, Periodo):
        *counters, steps = wanted(periodo)
        read = queries.cells([*counters, steps], first, end, unidades)
        counted = {(one.medida, one.dims): [cell[1:] for cell in read[one]] for one in counters}
    else:
        steps = queries.Wanted(Medida.ATENDIMENTOS, (), Grao.DIA)
        read = queries.cells([steps], first, end, unidades) if whole else {steps: []}
        tallies = queries.tally(_COUNTERS, first, end, unidades)
        counted = {key: [(a, b, n) for (a, b), n in found.items()] for key, found in tallies.items()}
    return counted, {start: n for start, _, _, n in read[steps]}


def _tally(rows: Values, place: int) -> Counter[str]:
    """How many there are of each value of the first (0) or the second (1) dimension."""
    counts: Counter[str] = Counter()
    for first, second, n in rows:
        counts[second if place else first] += n
    return counts


def _every(choices: type[models.TextChoices], counts: dict[str, int]) -> dict[str, int]:
    """Every value that may occur, zero included, in the office's own order."""
    return {str(value): counts.get(value, 0) for value in choices.values}


def _by_orgao(rows: Values, siglas: dict[str, str]) -> dict[str, int]:
    sent = {siglas[orgao]: n for tipo, orgao, n in rows if tipo == Tipo.ENCAMINHAMENTO and orgao}
    return dict(sorted(sent.items(), key=lambda pair: (-pair[1], pair[0])))


def _classes(own: Counter[str], national: Counter[str]) -> dict[str, int]:
    founded = {
        str(Classificacao.Valor.FUNDAMENTADA_ATENDIDA): national["sim"],
        str(Classificacao.Valor.FUNDAMENTADA_NAO_ATENDIDA): national["nao"],
    }
    return _every(Classificacao.Valor, own + Counter(founded))


def _series(periodo: Periodo | Intervalo, counts: dict[date, int]) -> list[tuple[str, int]]:
    if isinstance(periodo, Periodo) and periodo.mes is None:
        return [(name, counts.get(date(periodo.ano, month, 1), 0)) for month, name in enumerate(MESES, start=1)]
    every = periodo.intervalo
    days = [every.de + timedelta(days=number) for number in range(every.dias)]
    if isinstance(periodo, Periodo):
        return [(f"{day:%d}", counts.get(day, 0)) for day in days]
    if len(days) <= _DAYS_SHOWN:
        return [(f"{day:%d/%m}", counts.get(day, 0)) for day in days]
    months: dict[str, int] = {}
    for day in days:
        label = f"{MESES[day.month - 1]} de {day.year}"
        months[label] = months.get(label, 0) + counts.get(day, 0)
    return list(months.items())
