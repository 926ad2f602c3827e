"""An office of its own for the benchmarks: servers in a temporary folder, migrated, empty, roomy."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CONNECTIONS = 220


@contextmanager
def own_office() -> Iterator[None]:
    """Start PostgreSQL and Redis, set Django up, migrate, load the law's data; stop and forget all at the end."""
    with tempfile.TemporaryDirectory(prefix="procon-bench-") as folder:
        home = Path(folder)
        home.chmod(0o700)
        for name in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)
        os.environ.update(DATA_DIR=folder, DJANGO_SETTINGS_MODULE="procon.settings")
        from procon import embedded
        from procon.embedded import Servers
        from procon.processes import Ledger

        servers, ledger = Servers(home, durable=True), Ledger(home / "processos.json")
        servers.start(ledger)
        try:
            _make_room(embedded.database_url(home))
            servers.stop()
            servers.start(ledger)
            os.environ["DATABASE_URL"] = embedded.database_url(home)
            os.environ["REDIS_URL"] = embedded.redis_url(home)
            _prepare()
            yield
        finally:
            servers.stop()


def empty() -> None:
    """Forget every row of the office but what `_prepare` loaded."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE accounts_unidade, workflow_historico, parties_consumidor, parties_fornecedor, "
            "cases_registronacional CASCADE"
        )
        cursor.execute("DELETE FROM accounts_user WHERE usuario <> 'sistema'")


def _prepare() -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("carregar_calendario", verbosity=0)
    call_command("carregar_taxonomia", verbosity=0)


def _make_room(url: str) -> None:
    import environ
    import psycopg

    config = environ.Env.db_url_config(url)
    options = dict(config.get("OPTIONS", {}))
    host = config["HOST"] or options.pop("host", None)
    with psycopg.connect(host=host, user=config["USER"] or None, dbname=config["NAME"], autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET max_connections = {CONNECTIONS}")
