"""Many bookings of one slot at the same moment: through the service, and by plain INSERTs past it.

`python -m bench.hearings [200]` starts a PostgreSQL of its own with room for as many connections, and prints JSON.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

MANY = 200
PLAIN = "INSERT INTO hearings_reserva (audiencia_id, recurso, durante) VALUES (%s, 'sala:999', tstzrange(%s, %s))"


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


def main() -> None:
    """Start a server of its own, measure, print, stop."""
    many = int(sys.argv[1]) if len(sys.argv) > 1 else MANY
    with tempfile.TemporaryDirectory(prefix="procon-bench-") as folder:
        home = Path(folder)
        home.chmod(0o700)
        os.environ.update(DATA_DIR=folder, DJANGO_SETTINGS_MODULE="procon.settings")
        os.environ.pop("DATABASE_URL", None)
        from procon import embedded
        from procon.embedded import Servers
        from procon.processes import Ledger

        servers = Servers(home, durable=False)
        ledger = Ledger(home / "processos.json")
        servers.start(ledger)
        try:
            _make_room(embedded.database_url(home), many)
            servers.stop()
            servers.start(ledger)
            os.environ["DATABASE_URL"] = embedded.database_url(home)
            import django

            django.setup()
            from django.core.management import call_command

            call_command("migrate", verbosity=0)
            print(json.dumps(bookings(many), ensure_ascii=False, indent=2))  # noqa: T201  the figures
        finally:
            servers.stop()


def _make_room(url: str, many: int) -> None:
    """Let the server take one connection for each booking."""
    import environ
    import psycopg

    config = environ.Env.db_url_config(url)
    options = dict(config.get("OPTIONS", {}))
    host = config["HOST"] or options.pop("host", None)
    with psycopg.connect(host=host, user=config["USER"] or None, dbname=config["NAME"], autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET max_connections = {many + 20}")


if __name__ == "__main__":
    main()
