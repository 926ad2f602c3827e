"""An integration's list of cases is read off an index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the office goes on writing meanwhile

    dependencies = [("cases", "0006_integracao_dos_antigos")]

    operations = [
        AddIndexConcurrently(
            model_name="atendimento",
            index=models.Index(
                condition=models.Q(("integracao__isnull", False)),
                fields=["integracao", "-aberto_em", "-id"],
                name="atendimento_da_integracao",
            ),
        ),
    ]
