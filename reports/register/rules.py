"""What the register says of each supplier, how a version is hashed, and what differs between two. Pure.

The columns are those of the national form: razão social, CPF/CNPJ, atendidas, não atendidas, total, nome fantasia,
problemas. Whom to complain of is told, never who complained; a supplier that is a natural person is not named.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from parties.identifiers import normalise_name

PERSON = "PESSOA FÍSICA"
INDIVIDUAL = "EMPRESÁRIO INDIVIDUAL"
COLUMNS = ("Razão social", "CPF/CNPJ", "Atendidas", "Não atendidas", "Total", "Nome fantasia", "Problemas")

#: What was complained of, and how many times: (área, assunto, problema, n).
Problem = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One founded complaint, by its decision: whether it was met, of what, and the first and last day of the term."""

    decisao: int
    atendida: bool
    area: str
    assunto: str
    problema: str
    conta_de: date
    publico_ate: date


@dataclass(slots=True)
class Line:
    """One supplier with its founded complaints, named as the public may read it."""

    fornecedor: int
    razao_social: str
    cnpj: str
    nome_fantasia: str
    pessoa_fisica: bool
    entradas: list[Entry] = field(default_factory=list)

    @property
    def atendidas(self) -> int:
        """How many the supplier met."""
        return sum(entry.atendida for entry in self.entradas)

    @property
    def nao_atendidas(self) -> int:
        """How many it did not."""
        return self.total - self.atendidas

    @property
    def total(self) -> int:
        """How many in all."""
        return len(self.entradas)

    @property
    def problemas(self) -> list[Problem]:
        """What was complained of, the most frequent first."""
        return problems_of((entry.area, entry.assunto, entry.problema) for entry in self.entradas)

    def resumo(self) -> str:
        """The line's hash: all that is published of it, entry by entry."""
        told = [self.fornecedor, self.razao_social, self.cnpj, self.nome_fantasia, self.pessoa_fisica]
        entries = [
            [e.decisao, e.atendida, e.area, e.assunto, e.problema, e.conta_de.isoformat(), e.publico_ate.isoformat()]
            for e in sorted(self.entradas, key=lambda entry: entry.decisao)
        ]
        return _sha256([*told, entries])


@dataclass(frozen=True, slots=True)
class Change:
    """What is different about one supplier: the column, what it said, what it says."""

    nome: str
    fornecedor: int
    coluna: str
    antes: str
    agora: str


def problems_of(rows: Iterable[tuple[str, str, str]]) -> list[Problem]:
    """Each área, assunto and problema with how many times it stands there, the most frequent first."""
    counted = Counter(rows)
    return sorted(((*words, n) for words, n in counted.items()), key=lambda row: (-row[3], row[:3]))


def in_words(problem: Sequence[Any]) -> str:
    """«Serviços Essenciais: Telefonia Celular – Cobrança indevida (2)»."""
    area, assunto, problema, n = problem
    subject = f"{area}: {assunto}" if area and assunto else area or assunto or "Assunto não informado"
    return f"{subject}{' – ' if problema else ''}{problema} ({n})"


def digest(head: Sequence[Any], lines: Iterable[str]) -> str:
    """The hash of a version: its year, number, gazette, author and moment, over the hashes of its lines in order."""
    return _sha256([*head, list(lines)])


def ordered(lines: Iterable[Line]) -> list[Line]:
    """By name, as the printed register has them; who may not be named comes last."""
    return sorted(
        lines,
        key=lambda line: (line.pessoa_fisica, normalise_name(line.razao_social), line.cnpj, line.fornecedor),
    )


def changes(before: Iterable[Line], now: Iterable[Line]) -> list[Change]:
    """What the register would say otherwise than a version: suppliers gone, new, or told differently; by name."""
    old, new = ({line.fornecedor: line for line in lines} for lines in (before, now))
    found: list[Change] = []
    for key in old.keys() | new.keys():
        if key not in new:
            found.append(Change(old[key].razao_social, key, "Fornecedor", "no cadastro", "fora do cadastro"))
        elif key not in old:
            found.append(Change(new[key].razao_social, key, "Fornecedor", "fora do cadastro", "no cadastro"))
        else:
            found += _within(old[key], new[key])
    return sorted(found, key=lambda change: (normalise_name(change.nome), change.fornecedor, change.coluna))


def _within(old: Line, new: Line) -> list[Change]:
    pairs = [
        ("Razão social", old.razao_social, new.razao_social),
        ("CPF/CNPJ", old.cnpj, new.cnpj),
        ("Nome fantasia", old.nome_fantasia, new.nome_fantasia),
        ("Atendidas", str(old.atendidas), str(new.atendidas)),
        ("Não atendidas", str(old.nao_atendidas), str(new.nao_atendidas)),
        ("Problemas", "; ".join(map(in_words, old.problemas)), "; ".join(map(in_words, new.problemas))),
    ]
    return [Change(new.razao_social, new.fornecedor, name, a, b) for name, a, b in pairs if a != b]


def _sha256(told: list[Any]) -> str:
    return hashlib.sha256(
        json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()
