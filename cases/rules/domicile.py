"""The municipalities of Brazil by IBGE's code, and whether a person lives where the office serves. Pure."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent.parent / "data" / "municipios.tsv"
_WITH_UF = re.compile(r"^(.*?)\s*[(/,-]\s*([a-zA-Z]{2})\)?\s*$")


@dataclass(frozen=True, slots=True)
class City:
    """One municipality."""

    code: str
    name: str
    uf: str

    def __str__(self) -> str:
        return f"{self.name} ({self.uf})"


@cache
def cities() -> dict[str, City]:
    """Every municipality by code; read once."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["codigo"]: City(row["codigo"], row["nome"], row["uf"]) for row in rows}


def city_named(text: str, *, near: str = "") -> City | None:
    """The one municipality that this text names, with or without its state ("Suzano", "Suzano/SP") or by code.

    A name that several states have is the one in the state of the municipality `near` (a code), if there is one.
    """
    if text in cities():
        return cities()[text]
    split = _WITH_UF.match(text)
    name, uf = (split[1], split[2].upper()) if split else (text, "")
    named = _by_name().get(_plain(name)) or _by_name().get(_plain(text), ())
    if uf:
        return next((city for city in named if city.uf == uf), None)
    home = cities().get(near)
    here = [city for city in named if home and city.uf == home.uf]
    return here[0] if here else (named[0] if len(named) == 1 else None)


def cities_beginning(text: str, *, near: str = "", limit: int = 12) -> list[City]:
    """Municipalities whose name begins so, those of the state of `near` first; for suggestions."""
    plain = _plain(text)
    if len(plain) < 2:
        return []
    home = cities().get(near)
    found = [city for key, group in _by_name().items() if key.startswith(plain) for city in group]
    found.sort(key=lambda city: (home is None or city.uf != home.uf, city.name, city.uf))
    return found[:limit]


def lives_elsewhere(municipio: str, served: str) -> bool:
    """Whether a known municipality differs from the one that the unidade serves; an unknown one is no reason."""
    return bool(municipio) and bool(served) and municipio != served


@cache
def _by_name() -> dict[str, tuple[City, ...]]:
    found: dict[str, list[City]] = {}
    for city in cities().values():
        found.setdefault(_plain(city.name), []).append(city)
    return {name: tuple(group) for name, group in found.items()}


def _plain(text: str) -> str:
    """Without accents, apostrophes and case, blanks as one."""
    stripped = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", stripped.casefold()).split())
