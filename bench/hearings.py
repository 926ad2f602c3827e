"""Many bookings of one slot at the same moment: through the service, and by plain INSERTs past it.

One wins, the others are refused, nobody meets an error.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from bench.figures import Figure

MANY = 200
PLAIN = "INSERT INTO hearings_reserva (audiencia_id, recurso, durante) VALUES (%s, 'sala:999', tstzrange(%s, %s))"


def measure(size: int) -> list[Figure]:
    """200 bookings of one slot at once; the floor is the same by plain INSERTs past the service."""
    from bench.office import empty

    empty()
    said = bookings()
    service, plain = said["servico"], said["sql"]
    return [
        Figure(
            f"{MANY} reservas de um horário pelo serviço: {service['sucessos']} êxito, {service['recusas']} recusas, "
            f"{service['erros']} erros",
            service["segundos"] * 1000,
            "ms",
            plain["segundos"] * 1000,
            f"INSERTs: {plain['sucessos']} êxito, {plain['recusas']} recusas, {plain['erros']} erros",
            "1 êxito, 0 erros",
        )
    ]


def bookings(many: int = MANY) -> dict[str, Any]:
    """Book one room and conciliator for `many` different cases at once, each over its own connection."""
    from hearings.services import schedule
    from tests.conftest import NOW, make_cast
    from tests.hearings.conftest import make_case, make_stage, moment
    from workflow.errors import ActNotAllowed

    stage = make_stage(make_cast())
    cases = [make_case(stage.cast, 1000 + number, consumidor=None) for number in range(many)]
    parties = [case.reclamados.create(fornecedor=stage.cast.loja) for case in cases]

    def book(number: int) -> str:
        try:
            schedule(
                atendimento=cases[number],
                reclamados=[parties[number]],
                sala=stage.sala,
                conciliador=stage.cast.carla,
                inicio=moment("10:00"),
                modalidade="presencial",
                by=stage.cast.bruno,
                at=NOW,
            )
        except ActNotAllowed:
            return "recusas"
        return "sucessos"

    by_service = _at_once(many, book)
    return {"concorrentes": many, "servico": by_service, "sql": _plain(many, stage, moment)}


def _plain(many: int, stage: Any, moment: Callable[[str], Any]) -> dict[str, Any]:
    from django.db import IntegrityError, connection

    from hearings.models import Audiencia

    values = (Audiencia.objects.values_list("pk", flat=True)[0], moment("15:00"), moment("15:30"))

    def insert(number: int) -> str:
        try:
            with connection.cursor() as cursor:
                cursor.execute(PLAIN, values)
        except IntegrityError:
            return "recusas"
        return "sucessos"

    return _at_once(many, insert)


def _at_once(many: int, work: Callable[[int], str]) -> dict[str, Any]:
    from django.db import connection

    gate = Barrier(many)

    def run(number: int) -> tuple[str, float]:
        try:
            connection.ensure_connection()
            gate.wait(timeout=120)
            begun = time.perf_counter()
            try:
                said = work(number)
            except Exception as error:
                said = f"erro: {type(error).__name__}"
            return said, time.perf_counter() - begun
        finally:
            connection.close()

    with ThreadPoolExecutor(many) as pool:
        answers = list(pool.map(run, range(many)))
    counts = Counter(said for said, _ in answers)
    errors = {said: count for said, count in counts.items() if said.startswith("erro")}
    return {
        "sucessos": counts["sucessos"],
        "recusas": counts["recusas"],
        "erros": sum(errors.values()),
        **errors,
        "segundos": round(max(took for _, took in answers), 2),
    }
