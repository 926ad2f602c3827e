"""How events are written, and statements that the server plans once for a connection."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.backends.postgresql.base import ServerBindingCursor
from psycopg.types.json import Jsonb

if TYPE_CHECKING:
    from workflow.models import Evento

    _Eventos = models.QuerySet[Evento]
else:
    _Eventos = models.QuerySet

#: How any statement writes events, a SELECT of these columns behind it. What is not named is the trigger's: number,
#: digest and chain. Whatever writes an object by a statement of its own may write its events in the same one.
INTO_EVENTS = """
INSERT INTO workflow_evento (historico_id, objeto, objeto_id, ato, de, para, autor_id, quando, motivo, dados)
"""
# Every act writes at least one of these, and the ORM would take longer to word the statement than the database to run
# it.
WRITE = f"""{INTO_EVENTS}SELECT * FROM jsonb_to_recordset(%s) AS e (historico_id bigint, objeto text, objeto_id bigint,
    ato text, de text, para text, autor_id bigint, quando timestamptz, motivo text, dados jsonb)
RETURNING id, registrado_em
"""  # noqa: S608  the columns are the constant above
#: Nearly every page of a person or a case writes one of these.
READ = """
INSERT INTO workflow_leitura (leitor_id, pagina, historico_id, objeto, objeto_id, filtro)
VALUES (%s, %s, %s, %s, %s, '') RETURNING id
"""
FIELDS = ("historico_id", "objeto", "objeto_id", "ato", "de", "para", "autor_id", "motivo", "dados")


class _Planned(ServerBindingCursor):
    """A cursor whose statements psycopg prepares, once it saw the same text some times on a connection."""

    #: What has a name, pghistory leaves as it is. It would write its context before the statement, and two cannot be
    #: prepared as one. Nothing is lost: what runs here changes no row of a table that keeps versions.
    name = "planned"


def prepared(
    sql: str, params: Sequence[Any] | Mapping[str, Any], *, through: Any = connection
) -> list[tuple[Any, ...]]:
    """Run one of the few statements that every booking, act, message or balance repeats, and fetch what it gives.

    The ORM's cursors send the values within the text, so that the server plans each time anew, which takes longer than
    running it. This cursor sends them apart, and psycopg prepares what comes again (decision 95).
    """
    through.close_if_health_check_failed()  # as every cursor of Django does before the first statement of a request
    through.ensure_connection()
    with through._prepare_cursor(_Planned(through.connection)) as cursor:
        cursor.execute(sql, params)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


#: What the ORM worded once, by what it was worded for.
_worded: dict[Any, str] = {}
_models: dict[Any, Any] = {}


def worded(key: Any, compose: Callable[[], models.QuerySet[Any]], params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a query that the ORM words once for each `key`; `prepared` then runs it with these values.

    `compose` makes the query, whose values are `params`, in this order, and whose other parts depend on `key` alone.
    """
    sql = _worded.get(key)
    if sql is None:
        sql, found = compose().query.sql_with_params()
        if list(found) != list(params):
            raise ValueError(f"{key} asks with {found}, not with {params}")
        _worded[key] = sql
    return prepared(sql, params)


def loaded(key: Any, compose: Callable[[], models.QuerySet[Any]], params: Sequence[Any]) -> list[Any]:
    """As `worded`, for queries that give whole objects of a model whose columns need no conversion."""
    model = _models.get(key)
    if model is None:
        model = compose().model
        if any(column.get_db_converters(connection) for column in model._meta.concrete_fields):
            raise TypeError(f"{model} has columns that the ORM converts")
        _models[key] = model
    names = [column.attname for column in model._meta.concrete_fields]
    return [model.from_db(connection.alias, names, row) for row in worded(key, compose, params)]


class EventoQuerySet(_Eventos):
    """What happened in cases."""

    def write(self, events: Sequence[Evento]) -> None:
        """Write these events by one statement, in this order."""
        rows = [{name: getattr(item, name) for name in FIELDS} | {"quando": item.quando.isoformat()} for item in events]
        for item, (pk, moment) in zip(events, prepared(WRITE, [Jsonb(rows)]), strict=True):
            item.pk, item.registrado_em = pk, moment
            item._state.adding, item._state.db = False, connection.alias
