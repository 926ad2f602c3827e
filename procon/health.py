"""Whether the office is alive (`/livez`) and fit to serve (`/readyz`); for machines, without log-in."""

from __future__ import annotations

from collections.abc import Callable

import redis
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from procon.belonging import fault
from procon.celery import BEAT_ALIVE, WORKER_ALIVE
from procon.requests import is_internal
from reports import replica

OK = "ok"


@login_not_required
@never_cache
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"estado": OK})


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Everything that a request may need is there; else 503, naming what is not to staff and to machines inside."""
    found = {name: check() for name, check in CHECKS.items()}
    ready = all(answer == OK for answer in found.values())
    told: dict[str, object] = {"estado": OK if ready else "indisponivel"}
    if is_internal(request) or _is_staff(request):
        told["partes"] = found
        if notices := {name: notice for name, ask in NOTICES.items() if (notice := ask())}:
            told["avisos"] = notices
    return JsonResponse(told, status=200 if ready else 503)


def _is_staff(request: HttpRequest) -> bool:
    try:
        return bool(request.user.is_authenticated)
    except DatabaseError:
        return False


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "o banco de dados não responde"
    return OK


def _migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "não foi possível ver, sem o banco de dados"
    return f"faltam {len(waiting)} migrações; rode «manage.py preparar»" if waiting else OK


def _files() -> str:
    try:
        return fault() or OK
    except DatabaseError:
        return "não foi possível ver, sem o banco de dados"
    except OSError:
        return "o armazenamento de documentos não responde"


def _redis() -> str:
    try:
        cache.get("vida")
    except redis.RedisError:
        return "o Redis não responde"
    return OK


def _sign_of_life(key: str, who: str) -> Callable[[], str]:
    def check() -> str:
        try:
            return OK if cache.get(key) else f"{who} não dá sinal de vida"
        except redis.RedisError:
            return "não foi possível ver, sem o Redis"

    return check


def _replica() -> str:
    fault = replica.state().fault if replica.is_configured() else ""
    return f"{fault}; os relatórios leem do banco principal" if fault else ""


#: What is not as it should be, and stops nobody.
NOTICES: dict[str, Callable[[], str]] = {"replica": _replica}
CHECKS: dict[str, Callable[[], str]] = {
    "banco": _database,
    "redis": _redis,
    "migracoes": _migrations,
    "arquivos": _files,
    "worker": _sign_of_life(WORKER_ALIVE, "o worker"),
    "beat": _sign_of_life(BEAT_ALIVE, "o beat"),
}
