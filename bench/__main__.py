"""`make bench`: every benchmark in an office of its own, as a table and as bench/results/<date>.json."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from bench import (
    agenda,
    api,
    backup,
    bookings,
    checking,
    conduct,
    duplicates,
    exporting,
    finding,
    fuzzing,
    hearings,
    importer,
    letters,
    outbox,
    people,
    registration,
    totals,
    volume,
)
from bench.figures import Figure
from bench.office import own_office

RESULTS = Path(__file__).parent / "results"
MODULES = [
    registration, letters, hearings, agenda, bookings, outbox, duplicates, volume, finding, totals, checking, importer,
    conduct, exporting, backup, api, fuzzing, people,
]  # fmt: skip


def main() -> None:
    """Measure all, print and store the figures."""
    parser = argparse.ArgumentParser(prog="make bench", description="Mede o que é lento, ao lado do seu piso.")
    parser.add_argument("--tamanho", type=int, default=100_000, help="quantos atendimentos")
    names = [module.__name__.rpartition(".")[2] for module in MODULES]
    usual = [name for name in names if name != "people"]  # it takes minutes of the clock, whatever is measured
    parser.add_argument(
        "--so", nargs="+", choices=names, default=usual, metavar="QUAL", help=f"só estes: {', '.join(names)}"
    )
    given = parser.parse_args()
    size = given.tamanho
    figures: list[Figure] = []
    with own_office():
        for module in MODULES:
            if module.__name__.rpartition(".")[2] not in given.so:
                continue
            found = module.measure(size)
            figures += found
            if not found:
                _say(f"{module.__name__}: faltam os arquivos de ../shared/data/sindec; não medido.")
            for figure in found:
                _say(_line(figure))
    RESULTS.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    target = RESULTS / f"{now:%Y-%m-%d-%H%M%S}.json"
    rows = [asdict(figure) | {"ratio": figure.ratio} for figure in figures]
    target.write_text(json.dumps({"atendimentos": size, "figuras": rows}, ensure_ascii=False, indent=1))
    _say(f"Gravado em {target.relative_to(Path.cwd()) if target.is_relative_to(Path.cwd()) else target}")


def _line(figure: Figure) -> str:
    said = f"{figure.name}: {figure.value:,.2f} {figure.unit}"
    if figure.ratio is not None:
        said += f" | piso ({figure.floor_name}): {figure.floor:,.2f} | razão {figure.ratio}"
    return f"{said} | meta: {figure.goal}" if figure.goal else said


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
