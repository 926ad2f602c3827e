"""Tables made together are the same tables, with one rendering of the models."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ModelState, ProjectState
from pgtrigger import compiler
from pgtrigger.migrations import AddTrigger

from workflow.migrations._together import Together, together

pytestmark = pytest.mark.django_db
LABEL = "ensaio"


def operations() -> list[migrations.operations.base.Operation]:
    """Three tables that name each other in a row, what the last gets at once, and what the first gets afterwards."""
    key = ("id", models.BigAutoField(primary_key=True))
    father = models.ForeignKey(f"{LABEL}.primeira", on_delete=models.CASCADE)
    son = models.ForeignKey(f"{LABEL}.segunda", on_delete=models.CASCADE)
    trigger = compiler.UpsertTriggerSql(
        func="RETURN NEW;", hash="x", operation="INSERT", pgid="pgtrigger_x_1", table=f"{LABEL}_terceira", when="BEFORE"
    )
    return [
        migrations.CreateModel("Primeira", [key]),
        migrations.CreateModel("Segunda", [key, ("primeira", father)]),
        migrations.CreateModel("Terceira", [key, ("segunda", son)]),
        AddTrigger("terceira", compiler.Trigger(name="x", sql=trigger)),
        migrations.AddField("terceira", "nota", models.TextField(default="")),
        migrations.AddConstraint("terceira", models.CheckConstraint(condition=~models.Q(nota="x"), name="sem_x")),
        migrations.RunSQL("SELECT 1", ""),
        migrations.AddField("primeira", "texto", models.CharField(max_length=5, default="")),
        migrations.AlterField("primeira", "id", models.PositiveBigIntegerField(primary_key=True)),
        migrations.AddIndex("primeira", models.Index(fields=["texto"], name="por_texto")),
    ]


def apply(some: list[Any]) -> tuple[ProjectState, int]:
    """The state after a migration of these, from models that are rendered, and how many models it rendered."""
    migration = migrations.Migration("0001", LABEL)
    migration.operations = some
    state, rendered, render = ProjectState(), [], ModelState.render
    state.apps  # noqa: B018  rendered before the first step, as Django does

    def counted(self: ModelState, apps: Any) -> Any:
        rendered.append(self.name)
        return render(self, apps)

    with pytest.MonkeyPatch.context() as patch, connection.schema_editor(atomic=False) as editor:
        patch.setattr(ModelState, "render", counted)
        after = migration.apply(state, editor)
    return after, len(rendered)


def described() -> list[tuple[Any, ...]]:
    """Columns, constraints and triggers of the tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_name LIKE 'ensaio_%'"
            " UNION ALL SELECT conrelid::regclass::text, '', pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid::regclass::text LIKE 'ensaio_%'"
            " UNION ALL SELECT tgrelid::regclass::text, tgname, '' FROM pg_trigger"
            " WHERE tgrelid::regclass::text LIKE 'ensaio_%' AND NOT tgisinternal ORDER BY 1, 2, 3"
        )
        return cursor.fetchall()


def test_the_tables_are_the_same_with_fewer_renderings_and_go_again() -> None:
    plain_state, plain = apply(operations())
    there = described()
    with connection.schema_editor(atomic=False) as editor:
        for name in ("terceira", "segunda", "primeira"):
            editor.delete_model(plain_state.apps.get_model(LABEL, name))

    grouped = together(operations())
    assert [type(one) for one in grouped] == [Together, migrations.RunSQL, Together]
    state, few = apply(grouped)

    assert (described(), len(there) > 8, few < plain) == (there, True, True)
    assert state.models == plain_state.models
    backwards = migrations.Migration("0001", LABEL)
    backwards.operations = grouped
    with connection.schema_editor(atomic=False) as editor:
        backwards.unapply(ProjectState(), editor)
    assert described() == []
