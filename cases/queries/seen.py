"""Who sees what, for every kind of row of a case."""

from __future__ import annotations

from typing import Any

from accounts.models import CASE_READERS, SYSTEM_LOGIN, User


def seen_by(queryset: Any, user: User, path: str) -> Any:
    """Narrow to the unidades where the user reads cases; the system reads everywhere."""
    if user.usuario == SYSTEM_LOGIN:
        return queryset
    return queryset.filter(**{f"{path}__in": user.unidades_com(CASE_READERS)})
