"""An act is a row: name, label, source states, target, papéis. Buttons, API, tests and diagrams read these rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Act:
    """One lawful move of one kind of object from any of `sources` to `target`.

    `model` is the model's label ("cases.CIP"); `roles` are the papéis that may do it.
    """

    name: str
    label: str
    model: str
    sources: frozenset[str]
    target: str
    roles: frozenset[str]


class ActTable:
    """The acts of one model, in the order in which the office meets them."""

    #: Every table made so far, by model label.
    registry: dict[str, ActTable] = {}

    def __init__(self, model: str) -> None:
        self.model = model
        self._acts: dict[str, Act] = {}
        ActTable.registry[model] = self

    def act(self, name: str, label: str, sources: str | Sequence[str], target: str, roles: Sequence[str]) -> Act:
        """Add one row and return it, so that services can name it."""
        if name in self._acts:
            raise ValueError(f"{self.model} already has an act {name}")
        froms = frozenset([sources] if isinstance(sources, str) else sources)
        row = Act(name, label, self.model, froms, target, frozenset(roles))
        self._acts[name] = row
        return row

    def __iter__(self) -> Iterator[Act]:
        return iter(self._acts.values())

    def __getitem__(self, name: str) -> Act:
        return self._acts[name]

    @classmethod
    def label_of(cls, model: str, name: str) -> str:
        """What an act is called: by this model's table, or else by any table that has it."""
        own = cls.registry.get(model)
        for table in [*([own] if own else []), *cls.registry.values()]:
            if name in table._acts:
                return table[name].label
        return name.replace("_", " ").capitalize()

    def available(self, status: str, papeis: frozenset[str]) -> list[Act]:
        """The acts that somebody with these papéis may do on an object in this status."""
        return [act for act in self if status in act.sources and act.roles & papeis]
