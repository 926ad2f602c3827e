"""An office left by an earlier version is brought up to date; a busy table is not waited for; steps that stop one."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from cases.models import Atendimento
from procon.backup.programs import database as address
from procon.management.commands import migrate
from tests.procon.scratch import database, office_in
from tools.upgrades import dangers

PREVIOUS = Path(__file__).parent / "data" / "anterior.copia"


@pytest.mark.django_db
def test_an_earlier_office_is_restored_and_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(migrate, "TRIES", 2)
    monkeypatch.setattr(migrate, "PAUSE", 0)
    out, err = io.StringIO(), io.StringIO()
    with database("anterior") as name, office_in(name, tmp_path / "dados"):
        call_command("restaurar", str(PREVIOUS), stdout=out, stderr=err)

        assert "Tudo em ordem.\n" in out.getvalue()
        executor = MigrationExecutor(connection)
        assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
        assert Atendimento.objects.count() == 5

        with psycopg.connect(address()[0]) as busy:  # somebody holds a table, in a transaction that does not end
            busy.execute("LOCK TABLE django_migrations")
            with pytest.raises(CommandError, match="Uma tabela ficou ocupada e a atualização do banco parou"):
                call_command("migrate", verbosity=0, stderr=err)
    assert err.getvalue().endswith("Uma tabela está em uso; tento de novo em alguns segundos.\n")


def _state() -> ProjectState:
    state = ProjectState()
    fields = [("id", models.BigAutoField(primary_key=True)), ("nome", models.CharField(max_length=20, null=True))]
    for name in ("Atendimento", "Orgao"):
        migrations.CreateModel(name, fields).state_forwards("cases", state)
    return state


NAME = models.Q(nome="x")
STEPS = [
    (migrations.AlterField("atendimento", "nome", models.TextField(null=True)), ["type"]),
    (migrations.AlterField("atendimento", "nome", models.CharField(max_length=10, null=True)), ["type"]),
    (migrations.AlterField("atendimento", "nome", models.CharField(max_length=30, null=True)), []),
    (migrations.AlterField("atendimento", "nome", models.CharField(max_length=20)), ["null"]),
    (migrations.AlterField("atendimento", "nome", models.CharField(max_length=20, null=True, unique=True)), ["index"]),
    (migrations.AddField("atendimento", "novo", models.TextField(default="")), []),
    (migrations.AddField("atendimento", "novo", models.TextField(null=True, db_index=True)), ["index"]),
    (
        migrations.AddField(
            "atendimento",
            "novo",
            models.GeneratedField(expression=models.F("nome"), output_field=models.TextField(), db_persist=True),
        ),
        ["stored"],
    ),
    (migrations.AddIndex("atendimento", models.Index(fields=["nome"], name="i")), ["index"]),
    (migrations.AddConstraint("atendimento", models.CheckConstraint(condition=NAME, name="c")), ["constraint"]),
    (migrations.AddIndex("orgao", models.Index(fields=["nome"], name="i")), []),
    (migrations.RunSQL("ALTER TABLE cases_atendimento ALTER COLUMN nome TYPE text"), ["sql"]),
    (migrations.RunSQL("CREATE INDEX i ON cases_atendimento (nome)"), ["sql"]),
    (migrations.RunSQL("CREATE INDEX CONCURRENTLY i ON cases_atendimento (nome)"), []),
    (migrations.RunSQL("CREATE INDEX i ON cases_orgao (nome)"), []),
]


@pytest.mark.parametrize(("step", "kinds"), STEPS)
def test_which_steps_stop_a_large_table(step: Any, kinds: list[str]) -> None:
    migration = migrations.Migration("0099_x", "cases")
    migration.operations = [step]

    assert [kind for kind, _ in dangers(migration, _state())] == kinds


def test_a_table_that_the_migration_makes_itself_is_empty() -> None:
    fields = [("id", models.BigAutoField(primary_key=True)), ("nome", models.TextField())]
    migration = migrations.Migration("0099_x", "cases")
    migration.operations = [
        migrations.CreateModel("Acordo", fields),
        migrations.AddIndex("acordo", models.Index(fields=["nome"], name="i")),
        migrations.RunSQL("CREATE INDEX j ON cases_acordo (nome)"),
    ]

    assert list(dangers(migration, ProjectState())) == []
