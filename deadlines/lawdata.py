"""Reads deadlines/data: the rules and the yearly days, as plain rows ready for the tables. Touches no database."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from deadlines.calendar import Calendar, easter
from deadlines.rules import Rule

DATA = Path(__file__).parent / "data"
#: The years for which the days are loaded by default.
YEARS = range(2015, 2036)


def rule_rows() -> list[dict[str, Any]]:
    """One dict per rule version, with the field names of RegraDePrazo."""
    return [{"vigente_ate": None, **row} for row in _read("regras.toml")["regra"]]


def rules() -> list[Rule]:
    """The same rules as the pure module counts them."""
    return [
        Rule(
            name=row["nome"],
            version=row["versao"],
            days=row["dias"],
            counting=row["contagem"],
            start_text=row["inicio"],
            rolls=row["prorroga"],
            source=row["fonte"],
            valid_from=row["vigente_de"],
            valid_until=row["vigente_ate"],
        )
        for row in rule_rows()
    ]


def holiday_rows(years: Iterable[int] = YEARS) -> Iterator[dict[str, Any]]:
    """One dict per day without work in `years`, with the field names of Feriado."""
    entries = _read("feriados.toml")["feriado"]
    for year in years:
        for entry in entries:
            if entry.get("de", year) <= year <= entry.get("ate", year):
                yield {
                    "data": _day_of(entry, year),
                    "nome": entry["nome"],
                    "ambito": entry["ambito"],
                    "facultativo": entry.get("facultativo", False),
                    "fonte": entry["fonte"],
                }


def calendar(years: Iterable[int] = YEARS) -> Calendar:
    """The calendar of the data file alone, without what the office decreed since."""
    return Calendar.of((row["data"], row["nome"]) for row in holiday_rows(years))


def _day_of(entry: dict[str, Any], year: int) -> date:
    if "pascoa" in entry:
        return easter(year) + timedelta(days=entry["pascoa"])
    return date.fromisoformat(f"{year}-{entry['dia']}")


def _read(name: str) -> dict[str, Any]:
    with (DATA / name).open("rb") as source:
        return tomllib.load(source)
