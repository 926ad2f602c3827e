"""The balance of a period: the counters a city publishes, and the figures behind its charts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from cases.models import CIP, Canal, Classificacao, Desfecho, Tipo
from hearings.models import Audiencia
from reports import press, queries
from reports.period import MESES, Periodo

TOP_SUPPLIERS = 10
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

    periodo: Periodo
    por_tipo: dict[str, int]
    por_canal: dict[str, int]
    por_orgao: dict[str, int]
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
    #: (label, atendimentos) by month of the year, or by day of the month, zeros included.
    aberturas: list[tuple[str, int]]

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
            rotulo=self.periodo.rotulo,
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
            "periodo": {"ano": self.periodo.ano, "mes": self.periodo.mes},
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


def balance(periodo: Periodo, *, unidades: queries.Scope = None) -> Balanco:
    """Count the period in ten reads. `unidades` narrows to what the reader may see; None is the whole office.

    Cases count by the day they were opened, CIPs by the day they were issued, hearings by their own date, reclamações
    by opening and classifications by decision. Records of the national register count as reclamações, and their
    suppliers in the list of suppliers.
    """
    cases = queries.atendimentos(periodo, unidades)
    letters = queries.cips(periodo, unidades)
    tables = queries.hearings(periodo, unidades)
    national = queries.national(periodo)
    companies = _companies(queries.suppliers(periodo, unidades), national, queries.merged())
    aps = [row for row in cases if row["tipo"] == Tipo.ATENDIMENTO_PRELIMINAR]
    return Balanco(
        periodo=periodo,
        por_tipo=_every(Tipo, _tally(cases, "tipo")),
        por_canal=_every(Canal, _tally(cases, "canal")),
        por_orgao=_by_orgao(cases),
        aps_resolvidos=_total(aps, desfecho={Desfecho.RESOLVIDO_NO_ATENDIMENTO}),
        aps_solucao_preliminar=_total(aps, desfecho=PRELIMINARY),
        aps_em_andamento=_total(aps, desfecho={""}),
        nfps_desbloqueadas=_total(cases, nfp_desbloqueada={True}),
        cips_por_resultado=_every(CIP.Resultado, letters),
        cips_em_andamento=letters.get("", 0),
        audiencias_por_status=_every(Audiencia.Status, _tally(tables, "status")),
        audiencias_por_resultado=_every(Audiencia.Resultado, _tally(tables, "resultado")),
        reclamacoes_proprias=queries.reclamacoes(periodo, unidades),
        reclamacoes_nacionais=_total(national),
        por_classificacao=_classes(queries.classifications(periodo, unidades), national),
        fornecedores=_top(companies),
        grupos=_top_groups(companies, queries.groups()),
        aberturas=_series(periodo, queries.openings(periodo, unidades)),
    )


def _total(rows: queries.Rows, **wanted: Iterable[Any]) -> int:
    return sum(row["n"] for row in rows if all(row[field] in values for field, values in wanted.items()))


def _tally(rows: queries.Rows, field: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row[field]] += row["n"]
    return counts


def _every(choices: type[models.TextChoices], counts: dict[str, int]) -> dict[str, int]:
    """Every value that may occur, zero included, in the office's own order."""
    return {str(value): counts.get(value, 0) for value in choices.values}


def _by_orgao(cases: queries.Rows) -> dict[str, int]:
    sent = _tally([row for row in cases if row["tipo"] == Tipo.ENCAMINHAMENTO], "orgao__sigla")
    return dict(sorted(sent.items(), key=lambda pair: (-pair[1], pair[0])))


def _classes(own: dict[str, int], national: queries.Rows) -> dict[str, int]:
    counts = Counter(own)
    for row in national:
        valor = Classificacao.Valor
        counts[valor.FUNDAMENTADA_ATENDIDA if row["atendida"] else valor.FUNDAMENTADA_NAO_ATENDIDA] += row["n"]
    return _every(Classificacao.Valor, counts)


#: Of each supplier that stands: its radical, and how often it was complained against under which name.
Companies = dict[int, tuple[str, Counter[str]]]


def _companies(own: queries.Rows, national: queries.Rows, merged: dict[int, dict[str, Any]]) -> Companies:
    """How often every supplier was complained against; one that was merged counts as the one that stands for it.

    A national record without a known supplier has nobody to stand for.
    """
    found: Companies = {}
    named = [(row, row["fornecedor__razao_social"]) for row in own]
    named += [(row, row["razao_social"]) for row in national if row["fornecedor_id"]]
    for row, written in named:
        stays = merged.get(row["fornecedor_id"])
        radical = (stays["radical"] if stays else row["fornecedor__radical"]) or ""
        key = stays["fornecedor_id"] if stays else row["fornecedor_id"]
        names = found.setdefault(key, (radical, Counter()))[1]
        names[stays["razao_social"] if stays else written] += row["n"]
    return found


def _top(companies: Companies) -> list[Supplier]:
    """The suppliers most complained against, filiais together, each under the spelling most used.

    A supplier without CNPJ stands alone.
    """
    spellings: dict[str | int, Counter[str]] = {}
    for key, (radical, names) in companies.items():
        spellings.setdefault(radical or key, Counter()).update(names)
    ranked = [
        Supplier(key if isinstance(key, str) else "", _most_used(names), names.total())
        for key, names in spellings.items()
    ]
    return sorted(ranked, key=lambda row: (-row.total, row.nome, row.radical))[:TOP_SUPPLIERS]


def _top_groups(companies: Companies, groups: queries.Groups) -> list[Grupo]:
    """The economic groups most complained against; who is in none stands for itself, by its radical.

    A filial whose own registration names no group is in that of its radical, where there is one only.
    """
    names: dict[tuple[str, str | int], Counter[str]] = {}
    firms: dict[tuple[str, str | int], set[str | int]] = {}
    for key, (radical, own) in companies.items():
        group = groups.by_supplier.get(key) or groups.by_radical.get(radical, "")
        place = ("grupo", group) if group else ("", radical or key)
        names.setdefault(place, Counter()).update(own)
        firms.setdefault(place, set()).add(radical or key)
    ranked = [
        Grupo(str(name) if kind else _most_used(names[kind, name]), len(firms[kind, name]), names[kind, name].total())
        for kind, name in names
    ]
    return sorted(ranked, key=lambda row: (-row.total, row.nome))[:TOP_SUPPLIERS]


def _most_used(names: Counter[str]) -> str:
    return min(names, key=lambda name: (-names[name], name))


def _series(periodo: Periodo, counts: dict[Any, int]) -> list[tuple[str, int]]:
    by_day = {moment.date(): n for moment, n in counts.items()}
    if periodo.mes is None:
        return [(name, by_day.get(date(periodo.ano, month, 1), 0)) for month, name in enumerate(MESES, start=1)]
    last = (periodo.end.date() - periodo.start.date()).days
    return [(f"{day:02d}", by_day.get(date(periodo.ano, periodo.mes, day), 0)) for day in range(1, last + 1)]
