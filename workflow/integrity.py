"""The database refuses nonsense; here its refusal is told in Portuguese."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, models, transaction

from workflow.errors import ActNotAllowed


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
