"""Many facts at once, of which only totals are made: written by SQL without triggers."""

from __future__ import annotations

from typing import Any

from bench.population import FUNCTIONS, HERE, SUPPLIERS, drop_indexes

TABLES = ("workflow_historico", "cases_atendimento", "cases_reclamado", "cases_cip", "cases_registronacional")


def write_facts(size: int, *, units: list[int], user: int) -> None:
    """`size` atendimentos of five years in two unidades (4 to 1), suppliers, and what follows cases.

    Suppliers are a tenth as many, at most the hundred thousand of the other benchmarks.
    Radicals have three suppliers each, a tenth of the suppliers no CNPJ, one in a hundred is merged; 200 groups.
    A case has one of the problems that its assunto may have, those that the national register told most the most often.
    Foreign keys are not looked up either: a session of the server's own role writes. Indexes are built once, after.
    """
    from django.db import connection, transaction

    from cases.models import ProblemaDoAssunto

    pairs = list(ProblemaDoAssunto.objects.order_by("-frequencia", "pk").values_list("assunto", "problema"))
    values: dict[str, Any] = {
        "size": size,
        "suppliers": min(max(1000, size // 10), SUPPLIERS),
        "units": units,
        "user": user,
        "subjects": [assunto for assunto, _ in pairs],
        "problems": [problema for _, problema in pairs],
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica; SET LOCAL synchronous_commit = off")
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
        indexes = drop_indexes(cursor, TABLES)
        cursor.execute(FUNCTIONS)
        for statement in (HERE / "facts.sql").read_text().split(";\n"):
            cursor.execute(statement, values)
        for index in indexes:
            cursor.execute(index)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
