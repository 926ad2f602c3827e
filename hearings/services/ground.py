"""What dates are checked against, as it stands while their cases are locked. Facts; the rules are in `checks`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from cases.models import Atendimento
from deadlines.services import Law, law_under
from hearings import queries
from hearings.models import Disponibilidade, Impedimento
from hearings.services.slots import windows_of


@dataclass(frozen=True, slots=True)
class Held:
    """A case under its lock: its state, who stands for its consumer, and the facts of its unidade.

    Of `case` only what a booking looks at is read; the rest comes when somebody asks for it.
    """

    case: Atendimento
    consumer: int | None
    opens: time
    closes: time
    conciliators: frozenset[int]
    has_windows: bool
    has_impediments: bool
    seal: UUID | None


def hold_cases(keys: Collection[int]) -> dict[int, Held]:
    """Lock the histories of these cases, then read them as they stand; by key."""
    queries.hold(keys)
    names, many = queries.CASE_FIELDS, len(queries.CASE_FIELDS)
    found = {}
    for row in queries.grounds(keys):
        consumer, opens, closes, conciliators, *rest = row[many:]
        case = Atendimento.from_db("default", names, row[:many])
        found[case.pk] = Held(case, consumer, opens, closes, frozenset(conciliators), *rest)
    return found


@dataclass(frozen=True, slots=True)
class Ground:
    """What dates of one unidade are checked against, read once for all of them."""

    at: datetime
    opens: time
    closes: time
    conciliators: frozenset[int]
    law: Law
    windows: Mapping[str, Sequence[Disponibilidade]]
    impediments: Mapping[int, Sequence[Impedimento]]


def ground_of(some: Sequence[Held], resources: Sequence[str], days: Sequence[date], *, at: datetime) -> Ground:
    """What the dates of these cases of one unidade are checked against: no read where there is nothing to read."""
    one = some[0]
    hindered = [held.case for held in some if held.has_impediments]
    return Ground(
        at,
        one.opens,
        one.closes,
        one.conciliators,
        law_under(one.seal),
        windows_of(one.case.unidade, list(resources), min(days), max(days)) if one.has_windows else {},
        impediments_of(hindered) if hindered else {},
    )


def impediments_of(cases: Sequence[Atendimento]) -> dict[int, list[Impedimento]]:
    """When the parties of these cases cannot come, by case. Whose it is, is read where a refusal names them."""
    found: dict[int, list[Impedimento]] = defaultdict(list)
    standing = Impedimento.objects.standing().filter(atendimento__in=[case.pk for case in cases])
    for row in standing:
        found[row.atendimento_id].append(row)
    return found
