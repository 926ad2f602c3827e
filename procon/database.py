"""Whether the database that was given can hold the office; asked before anything is written to it."""

from __future__ import annotations

from django.db import DatabaseError, connection

from procon.environment import WrongEnvironment

OLDEST = 15
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")

_EXTENSION = """
    SELECT EXISTS (SELECT FROM pg_extension WHERE extname = %(name)s),
           EXISTS (SELECT FROM pg_available_extensions WHERE name = %(name)s),
           (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
           OR (has_database_privilege(current_database(), 'CREATE')
               AND EXISTS (SELECT FROM pg_available_extension_versions WHERE name = %(name)s AND trusted))
"""


def check_database() -> None:
    """Raise WrongEnvironment unless the database answers, is new enough and lets us have our extensions."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        raise WrongEnvironment(
            f"O banco de dados não responde: {str(error).strip()}. "
            "Confira DATABASE_URL (servidor, porta, usuário, senha) e se o PostgreSQL está no ar."
        ) from error
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        check_version(int(cursor.fetchone()[0]))
        for name in EXTENSIONS:
            cursor.execute(_EXTENSION, {"name": name})
            check_extension(name, *cursor.fetchone())


def check_version(number: int) -> None:
    """Refuse a server older than OLDEST; `number` as the server writes it, 150018 for 15.18."""
    if number // 10_000 < OLDEST:
        raise WrongEnvironment(
            f"O PostgreSQL em DATABASE_URL é da versão {number // 10_000}, e o sistema pede a {OLDEST} ou mais nova. "
            "Atualize o servidor, aponte DATABASE_URL para outro, ou retire-a para usar o embutido."
        )


def check_extension(name: str, installed: bool, available: bool, permitted: bool) -> None:
    """Refuse a database that neither has an extension nor lets us make it."""
    if installed or (available and permitted):
        return
    why = "este usuário não tem o direito de criá-la" if available else "ela não está instalada no servidor"
    how = (
        f"Peça a quem administra o banco: CREATE EXTENSION {name};"
        if available
        else "Instale o pacote postgresql-contrib no servidor."
    )
    raise WrongEnvironment(f"Falta no banco a extensão «{name}», e {why}. {how}")
