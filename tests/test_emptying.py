"""A test that commits leaves the database as the migrations made it."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from deadlines.models import SeloDaLei
from tests import emptying
from tests.conftest import make_cast
from tests.hearings.conftest import make_stage

pytestmark = pytest.mark.django_db(transaction=True)


def rows() -> dict[str, int]:
    """How many rows each table holds, for those that hold any."""
    with connection.cursor() as cursor:
        counts = {}
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{name}"')
            counts[name] = cursor.fetchone()[0]
    return {name: count for name, count in counts.items() if count}


def test_what_a_test_wrote_is_gone_and_the_law_has_a_new_seal() -> None:
    kept = {"django_migrations", "django_content_type", "auth_permission"}
    make_stage(make_cast())
    assert rows().keys() > kept
    emptying.empty()
    assert rows().keys() == kept | {"deadlines_selodalei"}
    before = SeloDaLei.objects.get().selo
    emptying.empty()
    assert SeloDaLei.objects.get().selo != before
    assert (ContentType.objects.exists(), Permission.objects.exists()) == (True, True)


def test_many_rows_take_their_files_with_them() -> None:
    make_cast()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_filenode('parties_fornecedor')")
        before = cursor.fetchone()
        cursor.execute(emptying._EMPTY.replace(f"> {emptying.MANY}", "> 3"))
        cursor.execute("SELECT pg_relation_filenode('parties_fornecedor')")
        assert cursor.fetchone() != before
    assert "parties_fornecedor" not in rows()
