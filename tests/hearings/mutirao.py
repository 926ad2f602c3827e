"""What the tests of a mutirão share: cases against the shop, a plan of them, and its booking."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from cases.models import Atendimento
from hearings.models import Audiencia
from hearings.services import (
    Plan,
    Wanted,
    announce,
    book_batch,
    plan_batch,
)
from parties.models import Consumidor
from tests.conftest import NOW
from tests.hearings.conftest import DAY, Stage, make_case

#: Monday 16 to Friday 20 March.
FRIDAY = date(2026, 3, 20)


def cases_of(stage: Stage, many: int, **fields: Any) -> list[Atendimento]:
    """Cases against the shop, each of a consumer of its own."""
    made = []
    for number in range(many):
        person = Consumidor.objects.create(nome=f"Pessoa {number}", email=f"p{number}@example.org")
        case = make_case(stage.cast, 100 + number, **{"consumidor": person, **fields})
        case.reclamados.create(fornecedor=stage.cast.loja)
        made.append(case)
    return made


def wanted(stage: Stage, cases: list[Atendimento], **changes: Any) -> Wanted:
    values: dict[str, Any] = {
        "unidade": stage.cast.unidade,
        "casos": [case.pk for case in cases],
        "fornecedores": {stage.cast.loja.pk},
        "salas": [stage.sala],
        "conciliadores": [stage.cast.carla],
        "de": DAY,
        "ate": FRIDAY,
        "duracao": 30,
        **changes,
    }
    return Wanted(**values)


def plan(stage: Stage, cases: list[Atendimento], at: datetime = NOW, **changes: Any) -> Plan:
    return plan_batch(wanted=wanted(stage, cases, **changes), by=stage.cast.bruno, at=at)


def told(made: Plan) -> list[str]:
    return [f"{one.case.protocolo[-3:]} {one.inicio:%d %H:%M} {one.sala} {one.conciliador}" for one in made.placed]


def book(stage: Stage, made: Plan) -> list[Audiencia]:
    booked = book_batch(placements=made.placed, modalidade="presencial", by=stage.cast.bruno, at=NOW)
    assert announce(audiencias=booked, by=stage.cast.bruno, at=NOW)
    return booked
