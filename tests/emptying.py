"""How the database is emptied after a test that commits.

Django truncates every table, and makes content types and permissions anew: over 150 tables with their indexes get new
files, which takes a hundred times as long as deleting the few rows that a test wrote. The state afterwards is the same.
"""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import TransactionTestCase

#: What a migrated database holds, and no test writes.
KEPT = ("django_migrations", "django_content_type", "auth_permission")
#: From so many rows on the files are made anew all the same: dead rows would change what the planner chooses.
MANY = 5000

# The lock waits for whoever still writes, as TRUNCATE does; as a replica the guards of the history keep silent; the
# last DELETE lets the trigger of the law write a new seal, as emptying the table does.
_EMPTY = f"""
DO $$
DECLARE
    names text[] := ARRAY(
        SELECT quote_ident(relname) FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT IN {KEPT} ORDER BY relname
    );
    name text;
    gone bigint;
    total bigint := 0;
BEGIN
    EXECUTE 'LOCK TABLE ' || array_to_string(names, ', ') || ' IN SHARE ROW EXCLUSIVE MODE';
    SET LOCAL session_replication_role = replica;
    FOREACH name IN ARRAY names LOOP
        EXECUTE 'DELETE FROM ' || name;
        GET DIAGNOSTICS gone = ROW_COUNT;
        total := total + gone;
    END LOOP;
    SET LOCAL session_replication_role = origin;
    IF total > {MANY} THEN
        EXECUTE 'TRUNCATE ' || array_to_string(names, ', ');
    END IF;
    DELETE FROM deadlines_feriado;
END $$
"""


def empty(_: Any = None) -> None:
    """Take out every row that is not a migrated database's own."""
    with connection.cursor() as cursor:
        cursor.execute(_EMPTY)


def install() -> None:
    """Let every test that commits end so."""
    TransactionTestCase._fixture_teardown = empty
