"""The imported national register of founded complaints: what other Procons published, never this office's own.

Records are counted by their keys alone, and the keys are named afterwards: no plan of the database can go astray on a
fresh import. Who stands for a merged supplier is looked up now. A record about a natural person names nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from cases.models import Assunto, Problema, RegistroNacional
from parties.models import Fornecedor

#: How many of a ranking are shown.
TOP = 10
#: (what is ranked, how many)
Ranking = list[tuple[str, int]]
_MET = Count("pk", filter=Q(atendida=True))


@dataclass(frozen=True, slots=True)
class Supplier:
    """One supplier in the national register: as it is registered here, or as it was published."""

    razao_social: str
    cnpj: str
    atendidas: int
    nao_atendidas: int

    @property
    def total(self) -> int:
        """How many records."""
        return self.atendidas + self.nao_atendidas


@dataclass(frozen=True, slots=True)
class National:
    """The register's totals and rankings, of one year or several."""

    registros: int
    atendidas: int
    nao_atendidas: int
    pessoas_fisicas: int
    #: Records that name no problem: in some years nearly all.
    sem_problema: int
    por_uf: dict[str, int]
    radicais: list[tuple[str, str, int]]
    radicais_nao_atendidas: list[tuple[str, str, int]]
    assuntos: Ranking
    problemas: Ranking


def national_years() -> list[tuple[int, int]]:
    """(year, records) of what was imported, newest first."""
    rows = RegistroNacional.objects.values_list("ano_calendario").annotate(n=Count("pk"))
    return list(rows.order_by("-ano_calendario"))


def national(anos: Collection[int], *, top: int = TOP) -> National:
    """Totals and rankings of the records of these years; each record stands once, in the year that first had it."""
    rows = _of(anos)
    people, unnamed = Count("pk", filter=Q(tipo=0)), Count("pk", filter=Q(problema=None))
    counted = rows.aggregate(n=Count("pk"), met=_MET, people=people, unnamed=unnamed)
    suppliers = [one for one in national_register(anos) if one.cnpj]
    return National(
        registros=counted["n"],
        atendidas=counted["met"],
        nao_atendidas=counted["n"] - counted["met"],
        pessoas_fisicas=counted["people"],
        sem_problema=counted["unnamed"],
        por_uf=dict(rows.values_list("uf").annotate(n=Count("pk")).order_by("uf")),
        radicais=_roots(((one, one.total) for one in suppliers), top),
        radicais_nao_atendidas=_roots(((one, one.nao_atendidas) for one in suppliers), top),
        assuntos=_subjects(rows, top),
        problemas=_problems(rows, top),
    )


def national_register(anos: Collection[int]) -> list[Supplier]:
    """Every supplier with its records, most records first.

    What has no valid CNPJ stands under the name with which it was published; natural persons under one masked name.
    """
    rows = _of(anos)
    known = list(rows.exclude(fornecedor=None).values_list("fornecedor").annotate(n=Count("pk"), met=_MET).order_by())
    bare = rows.filter(fornecedor=None).values_list("razao_social").annotate(n=Count("pk"), met=_MET).order_by()
    standing = _standing([pk for pk, _, _ in known])
    total: Counter[tuple[str, str]] = Counter()
    met: Counter[tuple[str, str]] = Counter()
    named = [(standing[pk], n, well) for pk, n, well in known]
    for key, n, well in [*named, *(((name, ""), n, well) for name, n, well in bare)]:
        total[key] += n
        met[key] += well
    found = [Supplier(*key, met[key], n - met[key]) for key, n in total.items()]
    return sorted(found, key=lambda one: (-one.total, one.razao_social, one.cnpj))


def _of(anos: Collection[int]) -> QuerySet[RegistroNacional]:
    return RegistroNacional.objects.filter(ano_calendario__in=anos)


def _standing(keys: Collection[int]) -> dict[int, tuple[str, str]]:
    """The name and CNPJ of each of these suppliers, or of the one that stands for it since a merge."""
    columns = ("pk", "fundido_em", "razao_social", "cnpj")
    found = {pk: row for pk, *row in Fornecedor.objects.filter(pk__in=keys).values_list(*columns)}
    merged = {into for into, _, _ in found.values() if into}
    others = {pk: row for pk, *row in Fornecedor.objects.filter(pk__in=merged).values_list(*columns)}
    told = {pk: others.get(into, [into, name, cnpj]) for pk, (into, name, cnpj) in found.items()}
    return {pk: (name, cnpj or "") for pk, (_, name, cnpj) in told.items()}


def _roots(suppliers: Iterable[tuple[Supplier, int]], top: int) -> list[tuple[str, str, int]]:
    """(CNPJ root, the name of the supplier with most records under it, records) of the roots with most."""
    total: Counter[str] = Counter()
    names: dict[str, tuple[int, str]] = {}
    for one, n in suppliers:
        root = one.cnpj[:8]
        total[root] += n
        names[root] = max(names.get(root, (0, "")), (n, one.razao_social))
    ranked = sorted(((root, n) for root, n in total.items() if n), key=lambda row: (-row[1], row[0]))
    return [(root, names[root][1], n) for root, n in ranked[:top]]


def _subjects(rows: QuerySet[RegistroNacional], top: int) -> Ranking:
    ranked = list(rows.values_list("assunto").annotate(n=Count("pk")).order_by("-n", "assunto")[:top])
    names = Assunto.objects.in_bulk([key for key, _ in ranked])
    return [(f"{names[key].codigo} {names[key].descricao}", n) for key, n in ranked]


def _problems(rows: QuerySet[RegistroNacional], top: int) -> Ranking:
    told = rows.exclude(problema=None).values_list("problema").annotate(n=Count("pk"))
    ranked = list(told.order_by("-n", "problema")[:top])
    names = Problema.objects.in_bulk([key for key, _ in ranked])
    return [(names[key].descricao, n) for key, n in ranked]
