"""Pairs of registrations that may be one, whatever is registered: likeness of names, evidence, groups. No database."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar

K = TypeVar("K", bound=Hashable)

Pairs = dict[tuple[int, int], "Evidence"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why two registrations may be one: points and the reason in the auditor's words."""

    pontos: int
    motivo: str


def trigrams(text: str) -> set[str]:
    """The runs of three letters of each word, padded as pg_trgm pads them."""
    return {f"  {word} "[place : place + 3] for word in text.split() for place in range(len(word) + 1)}


def likeness(one: set[str], other: set[str]) -> float:
    """The share of trigrams in common, 0 to 1; what pg_trgm calls similarity."""
    return len(one & other) / (len(one | other) or 1)


def by_key(keys: Iterable[Iterable[K]]) -> dict[K, list[int]]:
    """Places by key, those keys that at least two places share."""
    blocks: dict[K, list[int]] = {}
    for place, own in enumerate(keys):
        for key in own:
            blocks.setdefault(key, []).append(place)
    return {key: block for key, block in blocks.items() if len(block) > 1}


def keep(found: Pairs, a: int, b: int, evidence: Evidence | None) -> None:
    """Remember the evidence of a pair if it is the best so far."""
    if evidence is None or a == b:
        return
    pair = (a, b) if a < b else (b, a)
    known = found.get(pair)
    if known is None or known.pontos < evidence.pontos:
        found[pair] = evidence


def star_groups(
    pairs: Pairs, order: Iterable[int], known: Collection[int] = ()
) -> list[tuple[int, dict[int, Evidence]]]:
    """Groups of one hub and those directly like it: nobody joins a group through a third.

    In this order (CNPJ known, most cases first) registrations become hubs; each is in one group at most. Who is not
    among the `known` (those with a number) goes to the known one with the strongest evidence, not to the first.
    """
    near: dict[int, dict[int, Evidence]] = {}
    for (one, two), evidence in pairs.items():
        near.setdefault(one, {})[two] = evidence
        near.setdefault(two, {})[one] = evidence
    best = {
        key: max((item.pontos for other, item in others.items() if other in known), default=0)
        for key, others in near.items()
        if key not in known
    }
    taken: set[int] = set()
    groups = []
    for hub in order:
        joined = hub in taken
        if joined and hub not in known:
            continue
        members = {
            key: evidence
            for key, evidence in near.get(hub, {}).items()
            if key not in taken and (not joined if key in known else evidence.pontos >= best[key])
        }
        if members:
            taken.update(members, [hub])
            groups.append((hub, members))
    return groups
