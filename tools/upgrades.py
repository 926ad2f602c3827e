"""Looks through the migrations for steps that would stop a big office: `python -m tools.upgrades`.

A table that grows with the cases must not be rewritten, scanned or indexed while nobody can write to it. What is safe
instead stands beside each kind. Steps that were looked at and are right stand in EXCEPTIONS, with the reason.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator

import django
from django.db import models
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from workflow.migrations._together import Together

#: Models whose rows come with every case, letter, message, hearing or reading.
LARGE = {
    "workflow": {"historico", "evento", "leitura"},
    "documents": {"documento"},
    "notifications": {"mensagem", "tentativa"},
    "deadlines": {"prazo"},
    "parties": {"consumidor", "fornecedor"},
    "cases": {
        *("atendimento", "reclamado", "cip", "reclamacao", "acordo", "anexo", "contato"),
        *("textodoatendimento", "registronacional"),
    },
    "hearings": {"audiencia", "reserva", "presenca"},
    "reports": {"lancamento", "celula"},
}

#: «app.migration»: why it may stand.
EXCEPTIONS: dict[str, str] = {
    "hearings.0004_avisada_em": "before the first version; a partial index over hearings that are not told yet",
    "notifications.0002_mensagem_a_cada_contato": "before the first version; replaces a constraint of the same rows",
    "notifications.0003_em_envio_por_chave": "before the first version; a partial index over what is in flight",
    "reports.0004_empresas": "before the first version; all totals are counted anew, which its changelog entry says",
}

SAFE = {
    "type": "add a new column, fill it in batches, change over, drop the old one",
    "null": "add a CHECK (… IS NOT NULL) NOT VALID, validate it in a later migration, then SET NOT NULL",
    "stored": "a plain column, filled by a trigger and in batches",
    "index": "AddIndexConcurrently in a migration with atomic = False (a new foreign key: db_index=False first)",
    "constraint": "AddConstraintNotValid, and ValidateConstraint in a later migration",
    "sql": "batches outside the migration, or CONCURRENTLY with atomic = False",
}

_SQL = re.compile(
    r"alter\s+table\s+\S+\s+alter\s+(column\s+)?\S+\s+(set\s+data\s+)?type|set\s+not\s+null|vacuum\s+full|\bcluster\b"
    r"|create\s+(unique\s+)?index\s+(?!concurrently)|lock\s+table",
    re.IGNORECASE,
)


def large(app: str, model: str) -> bool:
    """Whether a model's table grows with the cases; its earlier versions do as well."""
    return model.removesuffix("versao") in LARGE.get(app, set())


def one_by_one(operations: Iterable[Operation]) -> Iterator[Operation]:
    """Every operation, those taken together too."""
    for operation in operations:
        yield from operation.operations if isinstance(operation, Together) else [operation]


def dangers(migration: Migration, state: ProjectState) -> Iterator[tuple[str, str]]:
    """(kind, what) of every step that would stop a large table; `state` is from before, and is moved on."""
    app, created = migration.app_label, set()
    for operation in one_by_one(migration.operations):
        name = str(getattr(operation, "model_name", "")).lower()
        if type(operation).__name__ == "CreateModel":
            created.add(operation.name_lower)  # type: ignore[attr-defined]
        if type(operation).__name__ == "RunSQL":
            yield from _in_sql(operation, app, created)
        elif name and large(app, name) and name not in created:
            yield from _in(operation, state, app, name)
        operation.state_forwards(app, state)


def _in(operation: Operation, state: ProjectState, app: str, model: str) -> Iterator[tuple[str, str]]:
    kind = type(operation).__name__
    field = getattr(operation, "field", None)
    what = f"{kind} {app}.{model}.{getattr(operation, 'name', '')}"
    if kind == "AddField" and isinstance(field, models.Field):
        if isinstance(field, models.GeneratedField):
            yield "stored", what
        if (_indexed(field) or field.unique) and not field.many_to_many:
            yield "index", what
    elif kind == "AlterField" and isinstance(field, models.Field):
        yield from ((reason, what) for reason in _altered(state.models[app, model].fields[operation.name], field))  # type: ignore[attr-defined]
    elif kind == "AddIndex":
        yield "index", f"AddIndex {app}.{model} {operation.index.name}"  # type: ignore[attr-defined]
    elif kind == "AddConstraint":
        yield "constraint", f"AddConstraint {app}.{model} {operation.constraint.name}"  # type: ignore[attr-defined]


def _indexed(field: models.Field) -> bool:  # type: ignore[type-arg]
    return bool(getattr(field, "db_index", False))


def _altered(old: models.Field, new: models.Field) -> Iterator[str]:  # type: ignore[type-arg]
    narrower = (new.max_length or 1 << 30) < (old.max_length or 1 << 30)
    if old.get_internal_type() != new.get_internal_type() or narrower:
        yield "type"
    if old.null and not new.null:
        yield "null"
    if (_indexed(new) and not _indexed(old)) or (new.unique and not old.unique):
        yield "index"


def _in_sql(operation: Operation, app: str, created: set[str]) -> Iterator[tuple[str, str]]:
    text = str(operation.sql)  # type: ignore[attr-defined]
    for found in _SQL.finditer(text):
        around = text[max(0, found.start() - 60) : found.end() + 80].lower()
        tables = {f"{app}_{model}" for model in LARGE.get(app, set()) - created}
        if any(re.search(rf"\b{table}\b", around) for table in tables):
            yield "sql", f"RunSQL {' '.join(found.group(0).split())}"


def found() -> Iterator[str]:
    """Every dangerous step that no exception names, and every exception that nothing needs."""
    loader = MigrationLoader(None)
    state, used = ProjectState(real_apps=loader.unmigrated_apps), set()
    for app, name in loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True):
        migration = loader.graph.nodes[app, name]
        for kind, what in dangers(migration, state):
            if f"{app}.{name}" in EXCEPTIONS:
                used.add(f"{app}.{name}")
            else:
                yield f"{app}.{name}: {what} stops a large table. Safe instead: {SAFE[kind]}."
    yield from (f"{name}: this exception is needed no more." for name in sorted(EXCEPTIONS.keys() - used))


def main() -> int:
    """Tell all; the exit code says whether there was any."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "procon.settings")
    django.setup()
    faults = list(found())
    print("\n".join(faults) or "Nenhuma migração para uma tabela grande.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
