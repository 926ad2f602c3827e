"""Django's `migrate`, which never makes the office wait behind it for long."""

from __future__ import annotations

import time
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, ProgrammingError, connections

from procon.roles import application_role, settle

#: A step that waits for a table holds up everybody who comes after it: so long and no longer.
LOCK_TIMEOUT = "5s"
#: How often it is tried, and the pause between, in seconds. What was done stays done, each migration by itself.
TRIES, PAUSE = 6, 5.0


class Command(migrate.Command):
    """`manage.py migrate`, with a time-out for locks and several tries; then the application gets its rights."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate; a step that did not get its table within LOCK_TIMEOUT is taken back and tried again."""
        connection = connections[options["database"]]
        for left in range(TRIES - 1, -1, -1):
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
            try:
                super().handle(*args, **options)
                break
            except ProgrammingError as failure:
                if not isinstance(failure.__cause__, psycopg.errors.InsufficientPrivilege):
                    raise
                raise CommandError(
                    f"O banco recusou a atualização: «{connection.settings_dict['USER']}» não é dono das tabelas. Rode "
                    "com DATABASE_OWNER_URL, o endereço do mesmo banco com o usuário dono (docs/running.md)."
                ) from failure
            except OperationalError as failure:
                if not isinstance(failure.__cause__, psycopg.errors.LockNotAvailable):
                    raise
                if not left:
                    raise CommandError(
                        f"Uma tabela ficou ocupada e a atualização do banco parou ({str(failure).splitlines()[0]}). O "
                        "passo foi "
                        "desfeito e os anteriores valem. Espere terminar importações e relatórios longos, ou pare web "
                        "e worker, e "
                        "rode de novo."
                    ) from failure
                self.stderr.write("Uma tabela está em uso; tento de novo em alguns segundos.")
                time.sleep(PAUSE)
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
        role, password = application_role(settings.ENVIRONMENT)
        if role and not (options["plan"] or options["check_unapplied"]):
            settle(role, password)
