"""The acts, as a page of the manual: docs/manual/atos.md, written from the tables of acts and checked by `make check`.

usage: python -m tools.acts [--conferir]
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "manual" / "atos.md"
HEAD = """# Quem pode o quê: os atos

Um caso só se move por atos. Cada linha abaixo é um ato: o nome do botão, em que status ele aparece, o status que
resulta e quem o pratica. «Sistema» é o relógio da casa; «Integração» é o sistema da cidade, pela API. O que não move
nada (anotar uma ligação, anexar, prorrogar um prazo) fica no histórico, mas não está aqui.

Esta página é escrita a partir das tabelas de atos do programa (`python -m tools.acts`).
"""


def words() -> str:
    """The whole page."""
    from procon.permissions import MODELS
    from workflow.acts import ActTable

    missing = ActTable.registry.keys() - set(MODELS)
    if missing:
        raise SystemExit(f"Sem lugar no manual: {', '.join(sorted(missing))}. Acrescente em procon/permissions.py.")
    return "\n".join([HEAD, *(line for model in MODELS for line in chapter(model))])


def chapter(label: str) -> Iterator[str]:
    """One kind of object: the diagram of its statuses, then its table of acts."""
    from django.apps import apps

    from accounts.models import Papel
    from workflow.acts import ActTable

    model = apps.get_model(label)
    names = dict(model._meta.get_field("status").flatchoices)
    yield from (f"## {_first_capital(model._meta.verbose_name)}", "", *diagram(label, names), "")
    yield from ("| ato | de | para | quem |", "|---|---|---|---|")
    for act in ActTable.registry[label]:
        sources = ", ".join(name for value, name in names.items() if value in act.sources)
        roles = ", ".join(str(papel.label) for papel in Papel if papel.value in act.roles)
        yield f"| {act.label} | {sources} | {names[act.target]} | {roles} |"
    yield ""


def diagram(label: str, names: dict[str, str]) -> Iterator[str]:
    """The statuses and the acts between them, in Mermaid."""
    from workflow.acts import ActTable

    acts = list(ActTable.registry[label])
    yield from ("```mermaid", "stateDiagram-v2")
    used = {status for act in acts for status in (*act.sources, act.target)}
    yield from (f"    {value} : {name}" for value, name in names.items() if value in used)
    for act in acts:
        yield from (
            f"    {value} --> {act.target} : {act.label.replace(':', ',')}" for value in names if value in act.sources
        )
    yield "```"


def _first_capital(text: object) -> str:
    words = str(text)
    return words[:1].upper() + words[1:]


def main() -> int:
    """Write the page, or say whether it is in step."""
    parser = argparse.ArgumentParser(prog="python -m tools.acts", description="A página dos atos, no manual.")
    parser.add_argument("--conferir", action="store_true", help="só diz se a página está em dia")
    asked = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "procon.settings")
    import django

    django.setup()
    now = words()
    if not asked.conferir:
        PAGE.write_text(now)
    elif not PAGE.exists() or PAGE.read_text() != now:
        print(f"{PAGE.relative_to(ROOT)} não é o que as tabelas de atos dizem. Gere de novo: python -m tools.acts")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
