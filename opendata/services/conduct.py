"""The suppliers complained against here, beside their conduct on consumidor.gov.br: our city, its UF, Brazil."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min

from accounts.models import Unidade
from cases.rules.domicile import City, cities
from opendata.models import ArquivoConsumidorGov, CondutaConsumidorGov, EmpresaConsumidorGov
from opendata.queries.conduct import Asked, matched
from opendata.services.consumidor_gov import BRAZIL

#: Said wherever the figures stand; CC BY asks for the source to be named.
SOURCE = "consumidor.gov.br (Senacon/MJSP), dados abertos; somas feitas por este Procon, que não são totais oficiais"


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums of one company in one place; what is divided by nothing is None. The fields are those of SUMS."""

    reclamacoes: int = 0
    respondidas: int = 0
    resolvidas: int = 0
    nao_resolvidas: int = 0
    nao_avaliadas: int = 0
    canceladas: int = 0
    notas: int = 0
    notas_soma: int = 0
    respostas: int = 0
    dias_soma: int = 0

    @property
    def avaliadas(self) -> int:
        """Those of which the consumer said whether they were solved."""
        return self.resolvidas + self.nao_resolvidas

    @property
    def answered(self) -> float | None:
        """Answered ÷ finished, in %."""
        return _percent(self.respondidas, self.reclamacoes)

    @property
    def solved_of_rated(self) -> float | None:
        """Solved ÷ rated, in %: those not rated are left out."""
        return _percent(self.resolvidas, self.avaliadas)

    @property
    def solved_of_all(self) -> float | None:
        """Solved ÷ finished, in %: those not rated count as not known to be solved."""
        return _percent(self.resolvidas, self.reclamacoes)

    @property
    def not_rated(self) -> float | None:
        """Not rated ÷ finished, in %."""
        return _percent(self.nao_avaliadas, self.reclamacoes)

    @property
    def grade(self) -> float | None:
        """Mean of the grades, 1 to 5."""
        return self.notas_soma / self.notas if self.notas else None

    @property
    def days(self) -> float | None:
        """Mean of the days until the answer."""
        return self.dias_soma / self.respostas if self.respostas else None


@dataclass(frozen=True, slots=True)
class Row:
    """One company, our cases against it, our names for it, and its figures by place, in the order of the places."""

    empresa: str
    segmento: str
    aqui: int
    fornecedores: Sequence[str]
    lugares: Sequence[tuple[str, str, Figures]]

    @property
    def other_names(self) -> list[str]:
        """Our names for it that are not the company's to the letter."""
        return [name for name in self.fornecedores if name != self.empresa]

    def at(self, place: str) -> Figures:
        """Its figures in one place."""
        return next(figures for code, _, figures in self.lugares if code == place)


def _percent(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def _lowest(value: Callable[[Figures], float | None]) -> Callable[[Row, str], tuple[bool, float]]:
    """The lowest first, those without a value last."""

    def key(row: Row, place: str) -> tuple[bool, float]:
        found = value(row.at(place))
        return found is None, found or 0

    return key


def _most(value: Callable[[Figures], float | None]) -> Callable[[Row, str], tuple[bool, float]]:
    return _lowest(lambda figures: None if (found := value(figures)) is None else -found)


#: What the rows can be sorted by: (words, key).
ORDERS: dict[str, tuple[str, Callable[[Row, str], tuple[bool, float]]]] = {
    "aqui": ("mais casos neste Procon", lambda row, place: (False, -row.aqui)),
    "nome": ("nome da empresa", lambda row, place: (False, 0)),
    "reclamacoes": ("mais reclamações", _most(lambda figures: figures.reclamacoes)),
    "respondidas": ("menos respondidas", _lowest(lambda figures: figures.answered)),
    "avaliadas": ("menos resolvidas, das avaliadas", _lowest(lambda figures: figures.solved_of_rated)),
    "todas": ("menos resolvidas, de todas", _lowest(lambda figures: figures.solved_of_all)),
    "nota": ("nota mais baixa", _lowest(lambda figures: figures.grade)),
    "dias": ("mais dias até a resposta", _most(lambda figures: figures.days)),
}


def stored_months() -> tuple[date, date] | None:
    """The first and the last month of which something is known; None where nothing was imported."""
    found = CondutaConsumidorGov.objects.aggregate(first=Min("mes"), last=Max("mes"))
    return (found["first"], found["last"]) if found["first"] else None


def last_import() -> ArquivoConsumidorGov | None:
    """The file that came last."""
    return ArquivoConsumidorGov.objects.order_by("-importado_em", "-pk").first()


def segments() -> list[str]:
    """The market segments that companies are of."""
    rows = EmpresaConsumidorGov.objects.exclude(segmento="").order_by("segmento")
    return list(rows.values_list("segmento", flat=True).distinct())


def cities_of(unidades: Iterable[int]) -> dict[City, list[int]]:
    """The cities of these unidades, each with its unidades, by name."""
    found: dict[City, list[int]] = {}
    for pk, code in Unidade.objects.filter(pk__in=unidades).order_by("pk").values_list("pk", "municipio"):
        if code in cities():
            found.setdefault(cities()[code], []).append(pk)
    return dict(sorted(found.items(), key=lambda item: item[0].name))


def places_of(city: City) -> list[tuple[str, str]]:
    """(code, words) of the places that are compared."""
    return [(city.code, city.name), (city.uf, city.uf), (BRAZIL, "Brasil")]


def compare(asked: Asked, first: date, last: date, *, segment: str, places: Sequence[tuple[str, str]]) -> list[Row]:
    """Every company that a supplier of these cases is, in two reads."""
    companies = matched(asked, segment)
    months = CondutaConsumidorGov.objects.within(first, last)
    sums = months.summed([company[0] for company in companies], [code for code, _ in places])
    found = {(company, place): Figures(*counts) for company, place, *counts in sums}
    return [
        Row(name, kind, here, names, [(code, words, found.get((pk, code), Figures())) for code, words in places])
        for pk, name, kind, here, names in companies
    ]


def sort(rows: list[Row], order: str, place: str) -> list[Row]:
    """The rows by one of ORDERS, in one place; equal ones by name."""
    key = ORDERS[order][1]
    return sorted(rows, key=lambda row: (*key(row, place), row.empresa.casefold()))


HEADER = (
    "Empresa", "Segmento", "Fornecedores deste Procon", "Casos neste Procon", "Lugar", "Finalizadas", "Respondidas",
    "Resolvidas", "Não resolvidas", "Não avaliadas", "Canceladas, fora das finalizadas", "% respondidas",
    "% resolvidas das avaliadas", "% resolvidas de todas as finalizadas", "% não avaliadas", "Nota média", "Notas",
    "Dias médios até a resposta", "Respostas com tempo", "Fonte",
)  # fmt: skip


def lines(rows: Iterable[Row]) -> Iterable[tuple[object, ...]]:
    """A line per company and place, as HEADER says."""
    for row in rows:
        for _, place, one in row.lugares:
            yield (
                row.empresa, row.segmento, ", ".join(row.fornecedores), row.aqui, place, one.reclamacoes,
                one.respondidas, one.resolvidas, one.nao_resolvidas, one.nao_avaliadas, one.canceladas,
                _shown(one.answered), _shown(one.solved_of_rated), _shown(one.solved_of_all), _shown(one.not_rated),
                _shown(one.grade), one.notas, _shown(one.days), one.respostas, SOURCE,
            )  # fmt: skip


def _shown(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}".replace(".", ",")
