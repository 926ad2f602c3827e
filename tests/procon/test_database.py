"""A database that cannot hold the office is told before anything is written to it."""

from __future__ import annotations

import pytest
from django.db import connection

from procon.database import EXTENSIONS, check_database, check_extension, check_version
from procon.environment import WrongEnvironment


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
