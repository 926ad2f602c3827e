"""`verificar` as a whole on an office of many closed cases, with the chained acts behind each; it must find nothing."""

from __future__ import annotations

import io
import time
from pathlib import Path

from bench.figures import Figure

ACTS = Path(__file__).with_name("checking.sql")


def measure(size: int) -> list[Figure]:
    """The seconds of the whole command. Raises CommandError, with what it found, where something is not in order."""
    from django.core.management import call_command
    from django.db import connection, transaction

    from bench.facts import write_facts
    from bench.office import empty
    from reports.totals import refill
    from tests.conftest import make_cast

    empty()
    cast = make_cast()
    write_facts(size, units=[cast.unidade.pk, cast.outra.pk], user=cast.bruno.pk)
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in ACTS.read_text().split(";\n"):
            cursor.execute(statement)
    refill()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT count(*) FROM workflow_evento")
        (events,) = cursor.fetchone()
    start = time.perf_counter()
    call_command("verificar", stdout=io.StringIO())
    seconds = time.perf_counter() - start
    empty()
    return [Figure(f"verificar: {size:,} atendimentos e {events:,} eventos, 0 defeitos", seconds, "s")]
