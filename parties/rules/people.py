"""When two registrations are probably one person. No database.

A CPF settles it: two of them are two people, and one is registered once. Where at least one has none, a name alone says
little («Maria da Silva»); it counts together with the birth date, or with the way in which the person is reached.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any

from parties.identifiers import normalise_name
from parties.rules.pairs import Evidence, Pairs, by_key, keep, likeness, trigrams

#: Two names of one birth date count from this likeness on (trigrams, 0 to 1): a letter, a married name.
LIKE = 0.5
#: What more people share than this tells nobody apart: the switchboard of a firm, the CEP of a whole town.
_BLOCK = 100
#: Particles that clerks write or leave out.
_PARTICLES = frozenset({"da", "de", "do", "das", "dos", "e"})

_BIRTH = Evidence(95, "mesmo nome e mesma data de nascimento")
#: What makes one name one person where a birth date is missing: which field, and how much it says.
_REACHED = {
    "telefone": Evidence(85, "mesmo nome e mesmo telefone"),
    "email": Evidence(85, "mesmo nome e mesmo e-mail"),
    "cep": Evidence(70, "mesmo nome e mesmo CEP"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """A consumer as the finder sees them. What is not known is empty, or None."""

    pk: int
    cpf: str
    names: tuple[str, ...]
    nascimento: date | None
    telefone: str
    email: str
    cep: str

    @property
    def number(self) -> str:
        """What settles who it is."""
        return self.cpf


def plain_names(person: Person) -> list[str]:
    """The person's names without accents and particles, each once."""
    words = (normalise_name(name).split() for name in person.names)
    return list(dict.fromkeys(" ".join(word for word in own if word not in _PARTICLES) for own in words))


def may_be_one(one: Person, other: Person) -> bool:
    """Not where both CPFs are known, nor where both birth dates are and differ: father and son share name and house."""
    if one.cpf and other.cpf:
        return False
    return not (one.nascimento and other.nascimento and one.nascimento != other.nascimento)


def find_people(rows: Sequence[Person], progress: Callable[[float], None] = lambda share: None) -> Pairs:
    """Every pair of registrations that may be one person, with the best evidence."""
    names = [plain_names(row) for row in rows]
    found: Pairs = {}
    _tie(found, rows, names, _born, _BIRTH)
    for field, evidence in _REACHED.items():
        _tie(found, rows, names, lambda row, field=field: getattr(row, field), evidence)  # type: ignore[misc]
    _compare(found, rows, names, progress)
    return found


def _born(row: Person) -> date | None:
    return row.nascimento


def _tie(
    found: Pairs, rows: Sequence[Person], names: Sequence[Sequence[str]], known: Callable[[Person], Hashable],
    evidence: Evidence,
) -> None:  # fmt: skip
    """Everybody of one name and one value of what `known` reads, where it is known."""
    keys = (
        [(name, known(row)) for name in own if name] if known(row) else [] for row, own in zip(rows, names, strict=True)
    )
    for one, other in _pairs(rows, by_key(keys)):
        if may_be_one(one, other):
            keep(found, one.pk, other.pk, evidence)


def _compare(
    found: Pairs, rows: Sequence[Person], names: Sequence[Sequence[str]], progress: Callable[[float], None]
) -> None:
    """Names that are alike, of people born on one day whose names begin alike."""
    keys = (
        [(row.nascimento, name[:1]) for name in own if name] if row.nascimento else []
        for row, own in zip(rows, names, strict=True)
    )
    blocks = by_key(keys)
    grams = {rows[place].pk: [trigrams(name) for name in names[place]] for block in blocks.values() for place in block}
    for number, (one, other) in enumerate(_pairs(rows, blocks)):
        if number % 100_000 == 0:
            progress(min(number / (5 * len(rows)), 1))
        if may_be_one(one, other):
            share = max(likeness(a, b) for a in grams[one.pk] for b in grams[other.pk])
            if LIKE <= share < 1:
                keep(found, one.pk, other.pk, Evidence(round(share * 90), _told(share)))


def _told(share: float) -> str:
    return f"nome parecido ({round(share * 100)}%) e mesma data de nascimento"


def _pairs(rows: Sequence[Person], blocks: Mapping[Any, list[int]]) -> Iterator[tuple[Person, Person]]:
    for block in blocks.values():
        if len(block) <= _BLOCK:
            yield from ((rows[a], rows[b]) for a, b in combinations(dict.fromkeys(block), 2))
