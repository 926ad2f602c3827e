"""A replica that is away, or is none, is not read; the pages of reports answer from the primary, and say nothing else.

What a real replica answers is in tests/procon/test_machines.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reports import replica
from tests.browsing import logged_in
from tests.conftest import NOW, Cast

PAGES = ["balanco/2026", "perguntar", "ranking", "painel", "indices", "perfil"]
#: Pages that count something as they are asked for here.
COUNTED = ["balanco/2026", "balanco/?de=2026-01-05&ate=2026-02-03", "perguntar", "ranking", "painel", "indices"]
COUNTS = re.compile("reports_(soma|lancamento|maiores|nomes|listas)")

pytestmark = pytest.mark.django_db(databases=["default", "replica"])


@pytest.fixture(autouse=True, scope="module")
def _named(django_db_setup: None) -> Iterator[None]:
    """There is a REPLICA_URL, and it names the tests' own database."""
    connections.databases[replica.ALIAS] = {**connection.settings_dict}
    yield
    connections[replica.ALIAS].close()
    del connections.databases[replica.ALIAS], connections[replica.ALIAS]


@pytest.fixture
def away() -> Iterator[None]:
    """Nobody answers there."""
    own = connections[replica.ALIAS]
    there = own.copy()
    there.settings_dict |= {"HOST": "127.0.0.1", "PORT": "9", "OPTIONS": {"connect_timeout": 2}}
    connections[replica.ALIAS] = there
    yield
    connections[replica.ALIAS] = own
    replica.rest.end()


@pytest.mark.parametrize("page", COUNTED)
def test_whatever_is_counted_is_read_there(page: str, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replica, "state", lambda: replica.State(until=NOW, behind=0))
    dora = logged_in(cast.dora)
    with CaptureQueriesContext(connection) as here, CaptureQueriesContext(connections[replica.ALIAS]) as there:
        assert dora.get(f"/relatorios/{page}{'' if '?' in page else '/'}").status_code == 200
    assert any(COUNTS.search(query["sql"]) for query in there)
    assert [query["sql"] for query in here if COUNTS.search(query["sql"])] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_replica_that_is_away_is_not_read(page: str, cast: Cast, away: None, caplog: Any) -> None:
    dora = logged_in(cast.dora)
    for _ in range(2):  # the second time it is left alone
        answer = dora.get(f"/relatorios/{page}/")
        assert (answer.status_code, "réplica" in answer.content.decode()) == (200, False)
    assert [record.getMessage() for record in caplog.records if record.name == "procon.replica"] == [
        "reports read from the primary: a réplica não responde"
    ]


def test_a_server_that_is_no_replica_is_not_read(cast: Cast) -> None:
    assert replica.state() == replica.State(fault="o servidor de REPLICA_URL não é uma réplica")
    assert "réplica" not in logged_in(cast.dora).get("/relatorios/indices/").content.decode()
    replica.rest.end()


def test_readiness_tells_of_a_replica_and_does_not_wait_for_it(client: Client, away: None) -> None:
    told = client.get("/readyz").json()
    assert told["avisos"]["replica"] == "a réplica não responde; os relatórios leem do banco principal"
    assert "replica" not in told["partes"]
