"""One running office for all tests that kill its parts."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from procon import embedded
from tests.cases.clamd import FakeClamd
from tests.kills.office import Office, free_port, move_into
from tests.kills.outside import HoldingMail, served
from tests.portal.receiver import receiver


@pytest.fixture(scope="session")
def outside() -> Iterator[dict[str, Any]]:
    """Whoever the office speaks with: mail server, gateway of SMS, the city's portal, antivirus."""
    clamd = FakeClamd()
    with served(HoldingMail()) as mail, receiver() as gateway, receiver() as portal:
        yield {"mail": mail, "gateway": gateway, "portal": portal, "clamd": clamd}
    clamd.stop()


@pytest.fixture(scope="session")
def office(django_db_setup: None, django_db_blocker: Any, outside: dict[str, Any]) -> Iterator[Office]:
    """Servers, web and worker, over an office with its cast and the law."""
    home = Path(tempfile.mkdtemp(prefix="queda-"))
    for folder in ("copias", "devolucoes/new", "devolucoes/cur", "devolucoes/tmp"):
        (home / folder).mkdir(parents=True)
    given = {
        "EMAIL_URL": outside["mail"].url,
        "PROCON_GATEWAY_URL": outside["gateway"].url,
        "PROCON_GATEWAY_TOKEN": "senha-do-servico",
        "PROCON_CLAMD": outside["clamd"].address,
        "PROCON_DEVOLUCOES": str(home / "devolucoes"),
        "PROCON_COPIAS": str(home / "copias"),
        "PROCON_COPIAS_HORA": "00:00",
        "PROCON_SILENCIO": "nenhum",
        "PROCON_WEBHOOKS_PRIVADOS": "127.0.0.0/8",
    }
    made = Office(home, free_port(), given)
    try:
        with django_db_blocker.unblock():
            made.start("postgres")
            made.start("redis")
            made.sql(f"ALTER DATABASE {embedded.DATABASE} SET synchronous_commit = on")
            move_into(made, str(connection.settings_dict["NAME"]))
            with made.inside():
                call_command("carregar_calendario", verbosity=0)
            made.start("web")
            made.start("worker")
            made.await_web()
            yield made
    finally:
        made.stop()
        shutil.rmtree(home, ignore_errors=True)
