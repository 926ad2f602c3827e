"""Events are chained and cannot be changed, in the database itself."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from tests.conftest import NOW, Cast
from workflow.models import Evento, Historico
from workflow.services import open_history, record


def _event(cast: Cast, historico: Historico, name: str) -> Evento:
    class Holder:
        historico_id = historico.pk
        pk = 1
        _meta = Historico._meta

    return record(Holder(), name, by=cast.bruno, at=NOW)


def test_each_event_carries_the_hash_of_the_one_before(cast: Cast) -> None:
    historico = open_history()
    for name in ("A", "B", "C"):
        _event(cast, historico, name)

    rows = list(historico.eventos.order_by("sequencia").values_list("sequencia", "ato", "hash_anterior", "hash"))

    assert [(row[0], row[1]) for row in rows] == [(1, "A"), (2, "B"), (3, "C")]
    assert [bytes(row[2]) for row in rows[1:]] == [bytes(row[3]) for row in rows[:-1]]
    assert all(len(row[3]) == 32 for row in rows)
    historico.refresh_from_db()
    assert bytes(historico.hash) == bytes(rows[-1][3])


@pytest.mark.parametrize("statement", ["UPDATE workflow_evento SET ato = 'X'", "DELETE FROM workflow_evento"])
def test_an_event_is_neither_changed_nor_deleted(cast: Cast, statement: str) -> None:
    _event(cast, open_history(), "A")

    with (
        pytest.raises(DatabaseError, match="O histórico só cresce"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert list(Evento.objects.values_list("ato", flat=True)) == ["A"]
