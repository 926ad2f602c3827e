"""The database refuses nonsense; here its refusal is told in Portuguese."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import InvalidOperation
from functools import wraps
from typing import Any, TypeVar, cast

import redis
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, models, transaction

from workflow.errors import ActNotAllowed, ContentRefused, Refusal, StorageAway, TryAgain

F = TypeVar("F", bound=Callable[..., Any])
#: What PostgreSQL says when it undid one of two transactions: a circle, a race, a wait that was too long.
_UNDONE = frozenset({"40P01", "40001", "55P03"})
#: What it says when it cannot serve: no connection, too many, shutting down, starting, disk full, a standby.
_AWAY = ("08", "53", "57P", "25006")
#: What the kernel says when a file finds no room: disk full, quota used up, longer than a file may be, read-only.
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
#: What is raised for a value that no column can hold: NUL, half a character, a number or a day out of every range.
_UNSTORABLE = (DataError, UnicodeEncodeError, OverflowError, InvalidOperation)


def refusal_of(error: Exception) -> Refusal | None:
    """The refusal behind an error of the database that is nobody's fault here; None for any other error."""
    if isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", "") in _UNDONE:
        return TryAgain(
            "Outra gravação mexeu nos mesmos registros no mesmo instante, e o banco de dados desfez a sua para não "
            "misturar as duas. Nada ficou gravado pela metade. Tente de novo."
        )
    if isinstance(error, _UNSTORABLE):
        return ContentRefused(
            "Um dos dados tem um caractere, um número ou uma data que não se pode gravar. Confira o que foi escrito."
        )
    return None


def is_away(error: BaseException) -> bool:
    """Whether database, Redis or bucket is not there, or the disk full, somewhere behind this error: it passes."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, OSError) and seen.errno in NO_ROOM:
            return True
        if isinstance(seen, redis.ConnectionError | redis.TimeoutError | InterfaceError | StorageAway):
            return True
        if isinstance(seen, OperationalError):
            state = getattr(seen.__cause__, "sqlstate", None)
            return state is None or state.startswith(_AWAY)
        seen = seen.__cause__ or seen.__context__
    return False


def whole(service: F) -> F:
    """A service that is done entirely or not at all: one transaction, or a savepoint within its caller's.

    What the database cannot hold, or undid because two were writing, is told as a refusal.
    """

    @wraps(service)
    def told(*args: Any, **kwargs: Any) -> Any:
        try:
            with transaction.atomic():
                return service(*args, **kwargs)
        except (*_UNSTORABLE, OperationalError) as error:
            if refusal := refusal_of(error):
                raise refusal from error
            raise

    return cast("F", told)


def sentence_of(model: type[models.Model], name: str) -> str:
    """What a named constraint of this model says when it refuses."""
    (found,) = (str(item.violation_error_message) for item in model._meta.constraints if item.name == name)
    return found


@contextmanager
def refusals_from(*constrained: type[models.Model]) -> Iterator[None]:
    """A savepoint in which a violated constraint of these models becomes ActNotAllowed with the constraint's sentence.

    A constraint without a sentence of its own is a programming error and passes through.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        for model in constrained:
            for constraint in model._meta.constraints:
                message = constraint.violation_error_message
                if constraint.name == name and message != constraint.default_violation_error_message:
                    raise ActNotAllowed(str(message)) from error
        raise


@contextmanager
def refusals_of(name: str) -> Iterator[None]:
    """A savepoint in which a trigger's refusal under this name becomes ActNotAllowed, in the trigger's own sentence.

    So is a deadlock: a trigger may lock rows that this statement does not name. Nothing was written; try again.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diag = getattr(error.__cause__, "diag", None)
        if diag is None or diag.constraint_name != name:
            raise
        raise ActNotAllowed(str(diag.message_primary)) from error
    except OperationalError as error:
        if refusal := refusal_of(error):
            raise refusal from error
        raise
