"""What is asked of an installation before it is used."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning, register
from django.db import DatabaseError


class ProconConfig(AppConfig):
    """The project itself, with its questions to `manage.py check --deploy`."""

    name = "procon"

    def ready(self) -> None:
        """Register the questions."""
        register(one_role_for_all, deploy=True)


def one_role_for_all(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Warn where the application's role could alter history; nothing where the database is not there to be asked."""
    from procon.roles import alters_history

    try:
        if not alters_history():
            return []
    except DatabaseError:
        return []
    return [
        Warning(
            "O usuário do banco com que o sistema trabalha pode alterar o histórico: é dono das tabelas.",
            hint="Separe os dois com DATABASE_URL e DATABASE_OWNER_URL (docs/running.md, «Dois usuários do banco»).",
            id="procon.W001",
        )
    ]
