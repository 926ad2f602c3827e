"""A database that cannot hold the office is told before anything is written to it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection, transaction

from procon.database import EXTENSIONS, check_database, check_extension, check_version
from procon.environment import WrongEnvironment
from procon.environment.databases import database, replica
from tests.procon.scratch import office_in


@pytest.mark.django_db
def test_the_test_database_is_fit() -> None:
    check_database()

    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension WHERE extname = ANY(%s) ORDER BY 1", [list(EXTENSIONS)])
        assert tuple(name for (name,) in cursor.fetchall()) == EXTENSIONS


def test_an_old_server_is_refused() -> None:
    with pytest.raises(WrongEnvironment, match="é da versão 14, e o sistema pede a 15 ou mais nova"):
        check_version(140_012)


@pytest.mark.parametrize("number", [150_000, 150_018, 180_006])
def test_a_new_server_passes(number: int) -> None:
    assert check_version(number) is None


@pytest.mark.parametrize(
    ("available", "permitted", "words"),
    [
        (True, False, "este usuário não tem o direito de criá-la. Peça a quem administra o banco: CREATE EXTENSION"),
        (False, True, "ela não está instalada no servidor. Instale o pacote postgresql-contrib"),
    ],
)
def test_a_missing_extension_is_refused(available: bool, permitted: bool, words: str) -> None:
    with pytest.raises(WrongEnvironment, match=words):
        check_extension("unaccent", False, available, permitted)


@pytest.mark.django_db
def test_a_user_without_the_right_is_refused_by_an_empty_database(empty: str, tmp_path: Path) -> None:
    with office_in(empty, tmp_path), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE ROLE procon_sem_direito; SET LOCAL ROLE procon_sem_direito")
        with pytest.raises(WrongEnvironment, match="btree_gist», e este usuário não tem o direito de criá-la"):
            check_database()
        transaction.set_rollback(True)


def test_the_replica_is_as_the_primary_but_for_its_place() -> None:
    primary = database("postgres://procon:senha@a:5432,b:5432/procon?target_session_attrs=read-write&sslmode=require")
    found = replica("postgres://leitor@b/procon", primary)
    assert (primary["HOST"], primary["PORT"]) == ("a,b", "5432,5432")
    assert (found["HOST"], found["PORT"], found["USER"], found["PASSWORD"]) == ("b", "", "leitor", "")
    assert found["OPTIONS"] == {
        "connect_timeout": 2,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
        "prepare_threshold": 5,
        "sslmode": "require",
        "pool": False,
        "options": "-c default_transaction_read_only=on",
    }
