"""Many letters at once: typeset by several threads, synced to disk once, inserted together; frozen like any other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Unidade, User
from documents import codes, render, storage
from documents.models import Documento
from documents.services import issuing
from workflow.models import Historico

_ROWS = 200


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One letter to be issued: what `issue` takes, but for who issues it and when."""

    tipo: str
    titulo: str
    dados: dict[str, Any]
    historico: Historico | None
    unidade: Unidade | None
    supersedes: Documento | None = None
    printed_only: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def issue_many(letters: Iterable[Letter], *, by: User, at: datetime) -> list[Documento]:
    """Print and freeze many letters, all or none, and return them in the same order.

    What is refused for one letter is refused for all, with the sentence of that letter. The files are on disk before
    the first row is written.
    """
    wanted = list(letters)
    for letter in wanted:
        issuing.check(letter.tipo, letter.historico, letter.unidade, letter.supersedes)
    cartas = [
        issuing.letter_data(letter.titulo, code, issuing.freeze(letter.dados), by=by, at=at)
        for letter, code in zip(wanted, _free_codes(len(wanted)), strict=True)
    ]
    printed = render.typeset_many(
        [
            (letter.tipo, issuing.shown(carta, letter.printed_only))
            for letter, carta in zip(wanted, cartas, strict=True)
        ],
        at=at,
    )
    with storage.synced_together():
        rows = [
            issuing.frozen(letter.tipo, carta, pdf, historico=letter.historico, unidade=letter.unidade, by=by, at=at)
            for letter, carta, pdf in zip(wanted, cartas, printed, strict=True)
        ]
    made = Documento.objects.bulk_create(rows, batch_size=_ROWS)
    for letter, documento in zip(wanted, made, strict=True):
        if letter.supersedes is not None:
            issuing.supersede(letter.supersedes, documento)
    return made


def _free_codes(count: int) -> list[str]:
    """So many codes that no letter has, by one query unless one is taken."""
    free: list[str] = []
    while len(free) < count:
        drawn = list(dict.fromkeys(codes.new_code() for _ in range(count - len(free))))
        taken = set(Documento.objects.filter(codigo__in=drawn).values_list("codigo", flat=True))
        free += [code for code in drawn if code not in taken and code not in free]
    return free
