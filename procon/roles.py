"""The database's two roles: the owner, who makes the tables, and the application, which cannot alter what happened.

The application reads and writes, but on the tables of history it only adds rows. It owns nothing, so it can neither
switch a trigger off nor drop or empty a table (decision 102).
"""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db import connection
from psycopg import sql

from procon import embedded
from procon.environment import Environment, WrongEnvironment

#: What makes or fills tables works as their owner; everything else as the application.
AS_OWNER = frozenset({"migrate", "preparar", "restaurar", "demo"})
#: How manage.py tells the settings, in its own process, that this command is one of those.
MARK = "DATABASE_AS_OWNER"

#: A table is history when a trigger stands before every UPDATE and DELETE of its rows, or when pghistory fills it; so a
#: new one is found without being named here. (tgtype: for each row, before, delete, update.)
HISTORY = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND (
    EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgtype & 27 = 27)
    OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'pgh_id'))
ORDER BY c.relname
"""
#: What of a history's row is changed all the same, each time only as its trigger lets it: a letter names its successor,
#: a requester of the register is forgotten. Of a chain's head nothing is, but one who may not update cannot lock it.
CHANGED = {
    "workflow_historico": ("id",),
    "documents_documento": ("substituido_por_id",),
    "reports_pedidodecorrecao": ("requerente", "texto"),
    "reports_respostaaopedido": ("motivo",),
}
#: What only migrations write.
READ_ONLY = ("django_migrations",)
#: What is vacuumed on the way (PostgreSQL 17 and newer can let somebody who does not own it).
VACUUMED = ("reports_lancamento", "reports_soma", "reports_casa")
#: Functions that act with the owner's rights on history, each of which writes down that it was called.
FORGETTING = (
    "workflow_esquecer_textos(bigint)",
    "workflow_esquecer_versoes(text, bigint[], bigint)",
    "documents_esquecer(bigint[], bigint)",
)


def address(environment: Environment) -> str:
    """Where this process connects, and as whom."""
    owner = owner_address(environment)
    return owner if owner and os.environ.get(MARK) else application_address(environment)


def application_address(environment: Environment) -> str:
    """The application's own address: DATABASE_URL, or the embedded server's."""
    return environment.text("DATABASE_URL") or embedded.database_url(environment.data_dir, user=embedded.APPLICATION)


def owner_address(environment: Environment) -> str:
    """The owner's address: DATABASE_OWNER_URL, or the embedded server's; empty where one role does both."""
    if environment["DATABASE_OWNER_URL"] or environment["DATABASE_URL"]:
        return environment.text("DATABASE_OWNER_URL")
    return embedded.database_url(environment.data_dir, user=embedded.OWNER)


def application_role(environment: Environment) -> tuple[str, str]:
    """The application's role with its password, where it is not the owner's; else nothing."""
    given, owner = urlsplit(application_address(environment)), urlsplit(owner_address(environment))
    if (given.username or "") == (owner.username or given.username or ""):
        return "", ""
    return unquote(given.username or ""), unquote(given.password or "")


def settle(role: str, password: str = "") -> None:
    """Give the application what it needs of every table that is there now, and take the rest away; as the owner.

    May run any number of times, beside a running office. A table that comes later can be read and added to; the next
    run gives the rest. A role that is not there is made, where the owner may. Raises WrongEnvironment where it may not,
    and where the role could help itself to more.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = %s", [role])
        if cursor.fetchone()[0]:
            return
        _check(cursor, role, password)
        cursor.execute(HISTORY)
        history = [name for (name,) in cursor.fetchall()]
        cursor.execute("SHOW server_version_num")
        newer = int(cursor.fetchone()[0]) >= 170_000
        cursor.execute(sql.SQL("; ").join(_grants(role, history, maintain=newer)))


def _check(cursor: Any, role: str, password: str) -> None:
    """Refuse a role that is not there and cannot be made, or by which history could be altered all the same."""
    cursor.execute(
        "SELECT rolsuper OR rolcreaterole OR pg_has_role(rolname, current_user, 'MEMBER') FROM pg_roles "
        "WHERE rolname = %s",
        [role],
    )
    found = cursor.fetchone() or _made(cursor, role, password)
    if found is None:
        raise WrongEnvironment(
            f"O usuário «{role}», de DATABASE_URL, não existe neste banco. Crie-o, como docs/running.md mostra: "
            f"CREATE ROLE {role} LOGIN PASSWORD '…';"
        )
    if found[0]:
        raise WrongEnvironment(
            f"O usuário «{role}», de DATABASE_URL, é superusuário, cria outros usuários ou é membro do dono das "
            "tabelas: ele poderia alterar o histórico. Use um usuário sem esses direitos, como docs/running.md mostra."
        )


def _made(cursor: Any, role: str, password: str) -> tuple[bool] | None:
    """Make the role, where the owner may; the server, and its log, see the password's digest only."""
    cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
    if not (cursor.fetchone()[0] and password):
        return None
    digest = cursor.connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    words = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(digest))
    cursor.execute(words)
    return (False,)


def _grants(role: str, history: list[str], *, maintain: bool) -> list[sql.Composable]:
    """The statements, all in one transaction: whoever works meanwhile never lacks a right."""
    who, tables = sql.Identifier(role), sql.SQL(", ").join(map(sql.Identifier, history))
    lines = [
        "GRANT USAGE ON SCHEMA public TO {who}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC, {who}",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {who}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {who}",
        "REVOKE UPDATE, DELETE ON {tables} FROM {who}",
        *(f"REVOKE INSERT, UPDATE, DELETE ON {name} FROM {{who}}" for name in READ_ONLY),
        *(f"GRANT UPDATE ({', '.join(columns)}) ON {name} TO {{who}}" for name, columns in CHANGED.items()),
        *([f"GRANT MAINTAIN ON {', '.join(VACUUMED)} TO {{who}}"] if maintain else []),
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {who}",
        *(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC" for name in FORGETTING),
        *(f"GRANT EXECUTE ON FUNCTION {name} TO {{who}}" for name in FORGETTING),
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT ON TABLES TO {who}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {who}",
    ]
    return [sql.SQL(line).format(who=who, tables=tables) for line in lines]


def alters_history() -> bool:
    """Whether whoever is connected here could alter events: it owns their table, or is a superuser."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('workflow_evento', 'UPDATE')")
        return bool(cursor.fetchone()[0])
