"""The daily copy: when it is due, how many are kept, and what is told when it fails."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from procon.backup.bars import silent
from procon.backup.errors import CopyRefused
from procon.backup.making import make_copy
from procon.models import Copia

#: A copy that failed is tried again after this long: it reads the whole office.
AGAIN = timedelta(hours=1)
#: A copy that is due for so long without being there is missed.
LATE = timedelta(hours=3)
_LOCK = "procon_copias"
_NAME = re.compile(r"procon-([0-9]{4})-([0-9]{2})-([0-9]{2})\.copia")
_log = logging.getLogger("procon.copias")


def name_of(day: date) -> str:
    """The file of one day."""
    return f"procon-{day.isoformat()}.copia"


def due(*, at: datetime) -> Path | None:
    """The file that should be there by now and is not; None when none is, or when no folder is set."""
    folder = settings.PROCON["COPIAS"]
    local = timezone.localtime(at)
    if not folder or local.time() < time.fromisoformat(settings.PROCON["COPIAS_HORA"]):
        return None
    path = Path(folder) / name_of(local.date())
    return None if path.exists() else path


def superfluous(names: Iterable[str], *, daily: int, monthly: int) -> list[str]:
    """Which of these may go: neither among the newest `daily`, nor the first of one of the newest `monthly` months."""
    days = sorted((found.group(0) for name in names if (found := _NAME.fullmatch(name))), reverse=True)
    firsts: dict[str, str] = {}
    for name in days:
        firsts[name[:14]] = name  # the last one written is the month's first
    kept = {*days[:daily], *list(firsts.values())[:monthly]}
    return [name for name in days if name not in kept]


def keep_copies(*, at: datetime) -> bool:
    """Make today's copy when it is due, and let old ones go. Whether one was made; may run twice at once."""
    path = due(at=at)
    if path is None or _failed_lately(at):
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [_LOCK])
        if not cursor.fetchone()[0]:
            return False
        try:
            return due(at=at) is not None and _copy(path, at)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtext(%s))", [_LOCK])


def _copy(path: Path, at: datetime) -> bool:
    row = Copia.objects.create(arquivo=path.name, iniciada_em=at)
    try:
        made = make_copy(path, key=settings.ENVIRONMENT.text("BACKUP_KEY"), at=timezone.localtime(at), bar=silent)
    except Exception as failure:  # whatever it was, it is told, and nobody tries again every minute
        known = isinstance(failure, CopyRefused)
        row.erro = str(failure) if known else f"Erro inesperado ({type(failure).__name__}): veja o registro do worker."
        row.save(update_fields=["erro"])
        _log.error("daily copy failed: %s", row.erro, exc_info=not known)
        return False
    row.tamanho, row.selo, row.faltam = made.size, made.seal, len(made.missing)
    row.save(update_fields=["tamanho", "selo", "faltam"])
    names = [entry.name for entry in path.parent.iterdir()]
    kept = {"daily": settings.PROCON["COPIAS_DIARIAS"], "monthly": settings.PROCON["COPIAS_MENSAIS"]}
    for name in superfluous(names, **kept):
        (path.parent / name).unlink(missing_ok=True)
    return True


def _failed_lately(at: datetime) -> bool:
    last = Copia.objects.order_by("-id").first()
    return last is not None and bool(last.erro) and last.iniciada_em > at - AGAIN


def trouble(*, at: datetime) -> str:
    """What an administrador must know of the daily copies; empty when all is well or none are wanted."""
    if not settings.PROCON["COPIAS"]:
        return ""
    last = Copia.objects.order_by("-id").first()
    if last and last.erro:
        return f"A cópia de segurança de {timezone.localtime(last.iniciada_em):%d/%m/%Y %H:%M} falhou. {last.erro}"
    if due(at=at - LATE):
        return (
            "A cópia de segurança de hoje já devia ter sido feita e não está na pasta. Confira se o worker e o beat "
            "estão no "
            "ar e se a pasta de PROCON_COPIAS pode ser lida."
        )
    return ""
