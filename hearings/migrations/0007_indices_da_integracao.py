"""An integration's list of hearings is read off an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the office goes on writing meanwhile

    dependencies = [("hearings", "0006_da_integracao_dos_antigos")]

    operations = [
        AddIndexConcurrently(
            model_name="audiencia",
            index=models.Index(
                condition=models.Q(("integracao__isnull", False)), fields=["integracao", "inicio", "id"], name="audiencia_da_integracao"
            ),
        ),
        AddIndexConcurrently(
            model_name="audiencia",
            index=models.Index(
                condition=models.Q(("integracao__isnull", False)), fields=["integracao", "status", "inicio", "id"], name="audiencia_integracao_status"
            ),
        ),
    ]
