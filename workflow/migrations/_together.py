"""Migrations that make many tables, in seconds: the models are rendered once for all of them, not once for each.

Django renders every related model anew after each operation, and here nearly all are related: two thirds of the time
that an empty database took. Operations that need nothing of what another of them left do not need it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddConstraint, AddField, AddIndex, AlterField, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

ADDED = (AddField, AlterField, AddConstraint, AddIndex)
TOGETHER = (CreateModel, AddTrigger, *ADDED)


def together(operations: Sequence[Operation]) -> list[Operation]:
    """The same operations in the same order; those that stand side by side and only make or add, as one."""
    runs = groupby(operations, lambda one: isinstance(one, TOGETHER))
    return [one for alike, run in runs for one in ([Together(*run)] if alike else run)]


class Together(Operation):
    """Operations of one migration, no two on the same field, over one rendering of the models after the last of them."""

    def __init__(self, *operations: Operation) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """All of them in a state without rendered models; whoever asks for `state.apps` next renders it."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """All of them, in their order."""
        for operation in self._done():
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """All of them, the last one first."""
        for operation in reversed(list(self._done())):
            before = to_state if isinstance(operation, AlterField) else from_state
            operation.database_backwards(app_label, schema_editor, from_state, before)

    def _done(self) -> Iterator[Operation]:
        """Those that the database sees: a table comes with all that is added to it."""
        made = {operation.name_lower for operation in self.operations if isinstance(operation, CreateModel)}
        for operation in self.operations:
            if not (isinstance(operation, ADDED) and operation.model_name_lower in made):
                yield operation

    def describe(self) -> str:
        """What `migrate --plan` says."""
        return "; ".join(operation.describe() for operation in self.operations)
