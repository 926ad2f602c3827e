"""Building the demonstration: one transaction, so that a killed build leaves nothing and can be started again."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from random import Random

from django.db import connection, transaction

from cases.models import Atendimento, ProblemaDoAssunto
from cases.services.taxonomy import load_taxonomy
from deadlines.services import load_calendar, office_calendar
from documents.storage import synced_together
from notifications.services import skip_waiting
from procon.demo.agenda import Agenda, Days
from procon.demo.cast import make_cast
from procon.demo.companies import companies
from procon.demo.counter import Counter, Crowd, Subjects, bodies
from procon.demo.flows import follow
from procon.demo.people import people
from procon.demo.plan import CasePlan, Totals, make_plan
from procon.demo.stage import Stage
from workflow.errors import ActNotAllowed

SEED = 20_230
NOT_SENT = "Demonstração: a data já passou, e nada foi enviado."

Progress = Callable[[list[CasePlan]], Iterable[CasePlan]]


@transaction.atomic
def build(*, ano: int, escala: float, progress: Progress = iter) -> Totals:
    """Build the office and its year; returns how many of each thing there are.

    Refuses an office that already has atendimentos. The same `ano` and `escala` give the same cases. `progress` wraps
    the list of cases, to show how far the build is.
    """
    if Atendimento.objects.exists():
        raise ActNotAllowed(
            "Este escritório já tem atendimentos, e a demonstração só se constrói num banco vazio. "
            "Para vê-la, use outro DATA_DIR (ou outro banco em DATABASE_URL)."
        )
    load_calendar()
    if not ProblemaDoAssunto.objects.exists():
        load_taxonomy()
    totals, stage = Totals.at(escala), _stage(ano)
    crowd = Crowd(people(round(totals.atendimentos * 0.72) + 2, stage.rng, ano=ano), companies(stage.rng))
    counter = Counter(stage, crowd, Subjects.load(), bodies())
    with _no_savepoints(), synced_together(), _rare_collections():
        for plan in progress(make_plan(totals, stage.days, stage.rng)):
            follow(counter.register(plan), plan, stage)
    skip_waiting(motivo=NOT_SENT)
    return totals


def _stage(ano: int) -> Stage:
    cast, days = make_cast(), Days(ano, office_calendar())
    rooms = [room.pk for room in cast.salas]
    agenda = Agenda(days, rooms, [person.pk for person in cast.conciliadores], virtual=rooms[-1])
    return Stage(cast, days, agenda, Random(SEED + ano))  # noqa: S311  the same demonstration every time


@contextmanager
def _no_savepoints() -> Iterator[None]:
    """Let the services' own transactions be parts of the one around them.

    Here any refusal is an error in the plan and ends the build, so that nothing is ever rolled back to; the savepoints
    would be two statements in five.
    """
    before = connection.features.uses_savepoints
    connection.features.uses_savepoints = False
    try:
        yield
    finally:
        connection.features.uses_savepoints = before


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for garbage seldom: a build makes millions of objects, and hardly one of them is in a circle."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)
