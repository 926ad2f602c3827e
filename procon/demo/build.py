"""Building the demonstration: first the year's cases are registered, in one transaction, then each takes its course.

The second half is built by two processes, because printing the letters is most of the work; what they build does not
depend on how many there are. Every part is one transaction and is noted in Demonstracao, so that a killed build goes
on where it stopped when it is started again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import Random

from django.db import connection
from django.utils.timezone import get_default_timezone

from cases.models import Atendimento, ProblemaDoAssunto
from cases.services.taxonomy import load_taxonomy
from deadlines.services import load_calendar
from procon.demo.agenda import PARTS
from procon.demo.companies import companies
from procon.demo.counter import Counter, Crowd, Subjects, bodies
from procon.demo.crew import work_apart
from procon.demo.parts import bulk, follow_part, learn, make_stage, plan_of
from procon.demo.people import people
from procon.demo.plan import Totals
from procon.models import Demonstracao
from workflow.errors import ActNotAllowed

#: The advisory lock that one build holds.
LOCK = 20_230_001

Tick = Callable[[int], None]


def build(*, ano: int, escala: float, tick: Tick = lambda done: None, apart: bool = False) -> Totals:
    """Build the office and its year, or go on with a build that was killed; returns how many of each thing there are.

    Refuses an office that already has atendimentos. The same `ano` and `escala` give the same cases. `tick` is told
    how many steps were done, of two for each case. With `apart` the parts are built by processes of their own.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise ActNotAllowed("Outra construção da demonstração está em andamento neste banco. Espere que termine.")
    try:
        return _build(ano=ano, escala=escala, tick=tick, apart=apart)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def unfinished() -> Demonstracao | None:
    """The demonstration whose build was killed, if there is one."""
    return Demonstracao.objects.filter(concluida=False).first()


def _build(*, ano: int, escala: float, tick: Tick, apart: bool) -> Totals:
    totals, begun = Totals.at(escala), unfinished()
    if begun is None:
        _refuse_a_used_office()
        _register_all(ano, escala, totals, tick)
    elif (begun.ano, begun.escala) != (ano, escala):
        raise ActNotAllowed(
            f"Há uma demonstração por terminar: ano {begun.ano}, escala {begun.escala:g}. "
            f"Termine-a com: manage.py demo --ano {begun.ano} --escala {begun.escala:g}"
        )
    else:
        tick(totals.atendimentos)
    if apart:
        work_apart(ano, escala, PARTS, tick)
    else:
        for part in range(PARTS):
            follow_part(ano, escala, part, tick)
    Demonstracao.objects.update(concluida=True)
    return totals


def _refuse_a_used_office() -> None:
    if Atendimento.objects.exists():
        raise ActNotAllowed(
            "Este escritório já tem atendimentos, e a demonstração só se constrói num banco vazio. "
            "Para vê-la, use outro DATA_DIR (ou outro banco em DATABASE_URL)."
        )


def _register_all(ano: int, escala: float, totals: Totals, tick: Tick) -> None:
    """The people, the suppliers and every case of the year, in the order in which they were opened."""
    with bulk():
        load_calendar()
        if not ProblemaDoAssunto.objects.exists():
            load_taxonomy()
        Demonstracao.objects.create(ano=ano, escala=escala)
        stage, dice = make_stage(ano), Random(f"{ano}: pessoas")  # noqa: S311  the same demonstration every time
        opening = datetime(ano, 1, 2, 8, tzinfo=get_default_timezone())
        crowd = Crowd(people(totals.pessoas, dice, ano=ano), companies(dice), stage.coordinator, opening)
        counter = Counter(stage, crowd, Subjects.load(), bodies())
        for plan in plan_of(ano, escala):
            counter.register(plan)
            tick(1)
    learn()
