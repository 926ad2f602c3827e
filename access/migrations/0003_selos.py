"""What lies sealed in the database is sealed by AES-256-GCM (decision 103)."""

from django.db import migrations

from access.migrations import _fernet
from access.sealing import seal


def forwards(apps, schema_editor):
    for label, column in (("access.Fator", "segredo"), ("access.FormularioGuardado", "campos")):
        _fernet.reseal(apps, label, [column], _fernet.of_the_door, seal)


class Migration(migrations.Migration):
    dependencies = [("access", "0002_contas")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=True)]
