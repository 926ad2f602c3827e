"""Whether the office is alive (`/livez`) and fit to serve (`/readyz`); for machines, without log-in."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryFile

import redis
from django.conf import settings
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
from procon.roles import alters_history
from reports import replica

OK = "ok"
#: So much must fit into the folder of letters and into that of attachments: a few of the largest.
ROOM = 20_000_000
#: No reason not to serve, so it is told beside the parts.
ONE_ROLE = "o usuário do banco pode alterar o histórico; separe-o do dono das tabelas (docs/running.md)"


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


def _disk() -> str:
    """Whether there is room: it is asked for and given back, so that quotas and limits speak, too."""
    for folder in {Path(settings.MEDIA_ROOT), Path(settings.ANEXOS_ROOT)}:
        place = folder if folder.is_dir() else Path(settings.DATA_DIR)
        try:
            with TemporaryFile(dir=place) as probe:
                os.posix_fallocate(probe.fileno(), 0, ROOM)
        except OSError as error:
            return f"falta espaço ou permissão em «{folder.name}» ({error.strerror}): libere {ROOM // 10**6} MB"
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


def _one_role() -> str:
    try:
        return ONE_ROLE if alters_history() else ""
    except DatabaseError:
        return ""


#: What is not as it should be, and stops nobody.
NOTICES: dict[str, Callable[[], str]] = {"replica": _replica, "usuario_do_banco": _one_role}
CHECKS: dict[str, Callable[[], str]] = {
    "banco": _database,
    "redis": _redis,
    "migracoes": _migrations,
    "arquivos": _files,
    "disco": _disk,
    "worker": _sign_of_life(WORKER_ALIVE, "o worker"),
    "beat": _sign_of_life(BEAT_ALIVE, "o beat"),
}
