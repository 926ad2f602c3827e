"""The finder of duplicates: how right it is on the national spellings, how quick on all suppliers and on all people."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

from bench.figures import Figure
from parties.rules import Registration, find_pairs, star_groups

SPELLINGS = Path(__file__).parents[2] / "shared/data/taxonomia/fornecedores_grafias_por_radical.tsv"
SIZE = 100_000
_SYLLABLES = [consonant + vowel for consonant in "bcdfglmnprst" for vowel in "aeo"]
#: Which syllables make a first name and two family names.
_NAME_PLACES = ((0, 1), (2, 3), (4, 5))
_TRADES = (
    "COMERCIO DE MOVEIS",
    "MATERIAIS DE CONSTRUCAO",
    "TELECOMUNICACOES",
    "SUPERMERCADO",
    "CURSOS",
    "VEICULOS",
    "",
)
_ENDS = ("LTDA", "S/A", "S.A.", "LTDA - ME", "EIRELI", "LTDA EPP", "COMERCIO E INDUSTRIA LTDA")


@dataclass(frozen=True)
class Quality:
    """Pairs of spellings put together: how many, how many of them rightly, and how many should have been."""

    found: int
    right: int
    wanted: int

    @property
    def precision(self) -> float:
        """Of what was put together, the share that belongs together."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Of what belongs together, the share that was put together."""
        return self.right / self.wanted if self.wanted else 0.0


def read_spellings(path: Path, column: str = "grafias_exemplos") -> dict[str, list[str]]:
    """Spellings by CNPJ root; lines that begin with # are remarks."""
    with path.open(encoding="utf-8") as lines:
        rows = csv.DictReader((line for line in lines if line[0] != "#"), delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["radical"]: [name.strip() for name in row[column].split(" | ")] for row in rows}


def by_name_alone(spellings: Mapping[str, Iterable[str]]) -> Quality:
    """Every spelling as a supplier of its own without CNPJ: what the names alone can say."""
    roots: dict[str, set[str]] = {}
    for root, names in spellings.items():
        for name in names:
            roots.setdefault(name, set()).add(root)
    names = list(roots)
    rows = [Registration(place, "", (name,)) for place, name in enumerate(names)]
    groups = star_groups(find_pairs(rows), range(len(rows)))
    pairs = [pair for hub, members in groups for pair in combinations([hub, *members], 2)]
    right = sum(bool(roots[names[one]] & roots[names[two]]) for one, two in pairs)
    wanted = sum(bool(roots[one] & roots[two]) for one, two in combinations(names, 2))
    return Quality(len(pairs), right, wanted)


def against_known(spellings: Mapping[str, list[str]]) -> Quality:
    """One half of each root's spellings is known with its CNPJ, each of the other half comes as a bare name."""
    known = [(root, names) for root, names in spellings.items() if len(names) > 1]
    rows = [Registration(place, root, tuple(names[::2])) for place, (root, names) in enumerate(known)]
    owner = {}
    for root, names in known:
        for name in names[1::2]:
            owner[len(rows)] = root
            rows.append(Registration(len(rows), "", (name,)))
    groups = star_groups(find_pairs(rows), range(len(rows)), {row.pk for row in rows if row.root})
    given = [(rows[hub].root, key) for hub, members in groups if rows[hub].root for key in members if key in owner]
    return Quality(len(given), sum(owner[key] == root for root, key in given), len(owner))


def measure(size: int) -> list[Figure]:
    """Precision and recall where the spellings are at hand, and the time of one whole search."""
    figures = []
    if SPELLINGS.exists():
        spellings = read_spellings(SPELLINGS)
        for name, quality in (
            ("só pelo nome, pares de grafias", by_name_alone(spellings)),
            ("nome solto contra cadastro com CNPJ", against_known(spellings)),
        ):
            told = f"{quality.right} de {quality.found} certos; havia {quality.wanted}"
            figures.append(Figure(f"Duplicados, {name}: precisão ({told})", 100 * quality.precision, "%"))
            figures.append(Figure(f"Duplicados, {name}: cobertura", 100 * quality.recall, "%"))
    from bench.office import empty

    empty()
    _fill()
    figures.append(_whole_search("fornecedores"))
    _fill_people()
    return [*figures, _whole_search("consumidores")]


def _whole_search(alvo: str) -> Figure:
    from django.utils import timezone

    from parties.models import BuscaDeDuplicados
    from parties.services import run_search

    BuscaDeDuplicados.objects.create(alvo=alvo, pedida_por=_someone(), pedida_em=timezone.now())  # noqa: TID251  the edge
    start = time.perf_counter()
    groups = run_search(at_clock=timezone.now)  # noqa: TID251  the edge reads the clock
    seconds = time.perf_counter() - start
    name = f"Procurar duplicados entre {SIZE:,} {alvo} ({groups:,} grupos)".replace(",", ".")
    return Figure(name, seconds, "s", goal="≤ 60 s")


def _someone() -> Any:
    from accounts.models import User

    return User.objects.system()


def _fill() -> None:
    """Suppliers with made-up names, every fifth of them a bare name that is a slip of another's."""
    from parties.models import Fornecedor

    rows = []
    for number in range(SIZE):
        slip = number % 5 == 4
        seed = (number - 3 if slip else number) * 2_654_435_761 % 2**32
        word = "".join(_SYLLABLES[seed // 36**place % 36] for place in range(4)).upper()
        name = f"{word[:3] + word[4:] if slip else word} {_TRADES[seed % 6]} {_ENDS[number % 7]}"
        cnpj = None if slip else f"{number:08d}0001{number % 100:02d}"
        rows.append(Fornecedor(razao_social=name, cnpj=cnpj, a_completar=slip))
    Fornecedor.objects.bulk_create(rows, batch_size=5000)


def _fill_people() -> None:
    """People with made-up names and birth dates of seventy years; every tenth is a slip of somebody's, without CPF."""
    from parties.models import Consumidor

    rows = []
    for number in range(SIZE):
        slip = number % 10 == 9
        seed = (number - 5 if slip else number) * 2_654_435_761 % 2**32
        first, *rest = ("".join(_SYLLABLES[seed // 36**place % 36] for place in places) for places in _NAME_PLACES)
        rows.append(
            Consumidor(
                nome=" ".join([first + first[-1] if slip else first, *rest]).title(),
                cpf=None if slip else f"{number:011d}",
                nascimento=date(1940, 1, 1) + timedelta(days=seed % 25_567),
            )
        )
    Consumidor.objects.bulk_create(rows, batch_size=5000)
