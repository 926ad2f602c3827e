"""The next ten free times over a year: 40 conciliators, 20 rooms; beside bare SQL of the same answer."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bench.figures import Figure

YEAR = Path(__file__).parent / "agenda_year.sql"
FIRST = date(2026, 3, 16)
ROOMS, PEOPLE, SEARCHES, BARE_SEARCHES, WANTED = 20, 40, 100, 20, 10
#: The same question asked of the database at once: which of these starts have a free room and a free conciliator.
BARE = """
SELECT t FROM unnest(%(times)s::timestamptz[]) AS t
WHERE EXISTS (SELECT FROM unnest(%(rooms)s::text[]) AS k WHERE NOT EXISTS (SELECT FROM hearings_reserva
              WHERE recurso = k AND durante && tstzrange(t, t + interval '30 minutes', '[)')))
  AND EXISTS (SELECT FROM unnest(%(people)s::text[]) AS k WHERE NOT EXISTS (SELECT FROM hearings_reserva
              WHERE recurso = k AND durante && tstzrange(t, t + interval '30 minutes', '[)')))
ORDER BY t LIMIT %(limit)s
"""


def measure(size: int) -> list[Figure]:
    """An office full for its first days, and one full for two months: the soonest ten, with wishes and without."""
    from bench.office import empty

    figures = []
    for full in (7, 60):
        empty()
        stage = _office(full)
        figures += _searches(stage, full)
    return figures


def _office(full: int) -> Any:
    from django.db import connection

    from accounts.models import Atribuicao, Papel, User
    from deadlines.services import office_calendar
    from hearings.models import Sala
    from tests.conftest import make_cast
    from tests.hearings.conftest import make_stage

    stage = make_stage(make_cast())
    unidade = stage.cast.unidade
    for number in range(ROOMS - 2):
        Sala.objects.create(unidade=unidade, nome=f"Sala {number + 3}", link="https://reuniao.example.org/s")
    for number in range(PEOPLE - 2):
        person = User.objects.create_user(f"conciliador{number}", nome=f"Conciliador {number:02}")
        Atribuicao.objects.create(user=person, unidade=unidade, papel=Papel.CONCILIADOR)
    people = list(Atribuicao.objects.filter(papel=Papel.CONCILIADOR).order_by("pk").values_list("user", flat=True))
    calendar = office_calendar()
    days = [day for day in (FIRST + timedelta(days=n) for n in range(365)) if calendar.is_working_day(day)]
    values: dict[str, Any] = {
        "case": stage.caso.pk, "rooms": list(Sala.objects.order_by("pk").values_list("pk", flat=True)),
        "people": people, "days": days, "first": FIRST, "full": full,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(YEAR.read_text(), values)
        cursor.execute("VACUUM ANALYZE hearings_audiencia, hearings_reserva")  # as autovacuum leaves it within minutes
    return stage


def _searches(stage: Any, full: int) -> list[Figure]:
    from hearings.models import Reserva
    from hearings.services import Wish, free_slots

    draw = random.Random(3)  # noqa: S311  meant to be repeatable
    asked: list[dict[str, Any]] = []
    for number in range(SEARCHES):
        wish = Wish(dias=frozenset(draw.sample(range(5), 3))) if number % 2 else None
        asked.append({
            "unidade": stage.cast.unidade, "start": FIRST + timedelta(days=draw.randrange(0, 120)), "limit": WANTED,
            "consumidor": stage.cast.ana, "wish": wish, "modalidade": "virtual" if number % 5 == 0 else "presencial",
        })  # fmt: skip
    ours = _times([partial(free_slots, **one) for one in asked])
    bare = _times([partial(_bare, one["start"]) for one in asked[:BARE_SEARCHES]])
    first = {"unidade": stage.cast.unidade, "start": FIRST, "limit": WANTED, "consumidor": stage.cast.ana}
    hardest = _times([lambda: free_slots(**first)] * 20)
    rows = Reserva.objects.count()
    floor = _p95(bare)
    name = f"dez primeiros horários, {PEOPLE} conciliadores × {ROOMS} salas, {rows:,} reservas, cheio por {full} dias"
    return [
        Figure(f"{name}: p95 de {SEARCHES} buscas", _p95(ours), "ms", floor, "SQL puro, p95", "50 ms"),
        Figure(f"{name}: mediana", statistics.median(ours), "ms", statistics.median(bare), "SQL puro, mediana"),
        Figure(f"{name}: a partir do primeiro dia", statistics.median(hardest), "ms", goal="50 ms"),
    ]


def _bare(start: date) -> None:
    from django.db import connection

    from accounts.models import Atribuicao
    from hearings.models import Sala
    from hearings.queries import day_bounds

    opens = day_bounds(start)[0] + timedelta(hours=9)
    times = [
        opens + timedelta(days=day, minutes=30 * place)
        for day in range(366) if (start + timedelta(days=day)).weekday() < 5
        for place in range(16)
    ]  # fmt: skip
    rooms = [f"sala:{pk}" for pk in Sala.objects.values_list("pk", flat=True)]
    people = [
        f"conciliador:{pk}" for pk in Atribuicao.objects.filter(papel="conciliador").values_list("user", flat=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(BARE, {"times": times, "rooms": rooms, "people": people, "limit": WANTED})
        if len(cursor.fetchall()) != WANTED:
            raise RuntimeError("the year has fewer free times than were asked for")


def _times(work: list[Callable[[], object]]) -> list[float]:
    work[0]()
    taken = []
    for one in work:
        begun = time.perf_counter()
        one()
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


def _p95(values: list[float]) -> float:
    return round(statistics.quantiles(values, n=20)[-1], 2)
