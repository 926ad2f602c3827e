"""One part of the demonstration's cases takes its course, some hundred in a transaction."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from random import Random

from django.db import connection, transaction
from django.db.models import F, Func, Value

from cases.models import Atendimento
from deadlines.services import office_calendar
from documents.storage import synced_together
from hearings.models import Audiencia
from notifications.services import skip_waiting
from procon.demo.agenda import PARTS, Agenda, Days
from procon.demo.cast import CODE, make_cast
from procon.demo.flows import follow
from procon.demo.plan import CasePlan, Totals, make_plan
from procon.demo.stage import Stage
from procon.models import Demonstracao

#: How many cases one transaction takes: what a killed build does again.
BATCH = 200
NOT_SENT = "Demonstração: a data já passou, e nada foi enviado."


def follow_part(ano: int, escala: float, part: int, tick: Callable[[int], None]) -> None:
    """Let every case of a part take its course; batches that are noted as done are passed over."""
    stage = make_stage(ano, part)
    _remember_hearings(stage)
    numbered = [
        (number, plan) for number, plan in enumerate(plan_of(ano, escala), start=1) if plan.pessoa % PARTS == part
    ]
    for first in range(0, len(numbered), BATCH):
        name, batch = f"{part}/{first}", numbered[first : first + BATCH]
        if Demonstracao.objects.filter(partes__contains=[name]).exists():
            tick(len(batch))
            continue
        with bulk():
            _follow_batch(stage, ano, dict(batch), tick)
            skip_waiting(motivo=NOT_SENT)
            added = Func(F("partes"), Value(name), function="array_append")
            Demonstracao.objects.update(partes=added)
        learn()


def plan_of(ano: int, escala: float) -> list[CasePlan]:
    """The year's plan: the same for the same year and scale."""
    days = Days(ano, office_calendar())
    return make_plan(Totals.at(escala), days, Random(f"{ano}: plano"))  # noqa: S311  the same demonstration every time


def make_stage(ano: int, part: int = 0) -> Stage:
    """The cast, the year's days and a part's agenda."""
    cast, days = make_cast(), Days(ano, office_calendar())
    people = [person.pk for person in cast.conciliadores]
    agenda = Agenda(days, [room.pk for room in cast.salas], people, part=part)
    return Stage(cast, days, agenda, Random(f"{ano}: balcão"))  # noqa: S311  the same demonstration every time


def learn() -> None:
    """Let the database see how large its tables have become; its own clock for that is slower than a build."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def bulk() -> Iterator[None]:
    """One transaction for very many acts: no savepoints inside, files synced together, garbage looked for seldom.

    Here any refusal is an error in the plan and ends the build, so that nothing is ever rolled back to; the savepoints
    would be two statements in five.
    """
    before, threshold = connection.features.uses_savepoints, gc.get_threshold()
    with transaction.atomic():
        connection.features.uses_savepoints = False
        gc.set_threshold(100_000, 50, 50)
        try:
            with synced_together():
                yield
        finally:
            connection.features.uses_savepoints = before
            gc.set_threshold(*threshold)


def _follow_batch(stage: Stage, ano: int, plans: dict[int, CasePlan], tick: Callable[[int], None]) -> None:
    staff = {user.pk: user for user in stage.cast.users.values()}
    protocols = [f"{CODE}.{ano % 100:02d}-{number:07d}" for number in plans]
    rows = Atendimento.objects.filter(protocolo__in=protocols).order_by("protocolo")
    for case in rows.select_related("unidade", "consumidor", "historico", "assunto", "problema"):
        number = int(case.protocolo[-7:])
        case.atendente = staff[case.atendente_id]
        dice = Random(f"{ano}: {number}")  # noqa: S311  the same demonstration every time
        follow(case, plans[number], replace(stage, rng=dice))
        tick(1)


def _remember_hearings(stage: Stage) -> None:
    """Mark the slots that earlier batches gave, where a killed build goes on."""
    gone = (Audiencia.Status.REDESIGNADA, Audiencia.Status.CANCELADA)
    held = Audiencia.objects.exclude(status__in=gone).order_by("pk")
    for start, room, person, consumer in held.values_list(
        "inicio", "sala_id", "conciliador_id", "atendimento__consumidor_id"
    ):
        stage.agenda.keep(start, room, person, consumer or 0)
