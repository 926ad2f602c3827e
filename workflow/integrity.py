"""The database refuses nonsense; here its refusal is told in Portuguese."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, OperationalError, models, transaction

from workflow.errors import ActNotAllowed

DEADLOCK = "40P01"


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
        if getattr(error.__cause__, "sqlstate", "") != DEADLOCK:
            raise
        raise ActNotAllowed(
            "Outra pessoa mexeu nos mesmos cadastros ao mesmo tempo, e nada foi gravado. Tente de novo."
        ) from error
