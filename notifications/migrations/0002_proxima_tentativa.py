"""When to try next is a column of its own; the claim's index follows it."""

from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_sistema"), ("notifications", "0001_initial"), ("workflow", "0002_evento_chain")]

    operations = [
        migrations.AddField(
            model_name="mensagem",
            name="proxima_tentativa_em",
            field=models.DateTimeField(default=timezone.now, verbose_name="próxima tentativa em"),
            preserve_default=False,
        ),
        migrations.RunSQL(
            "UPDATE notifications_mensagem SET proxima_tentativa_em = devida_em", migrations.RunSQL.noop
        ),
        migrations.RemoveIndex(model_name="mensagem", name="mensagem_a_enviar"),
        migrations.AddIndex(
            model_name="mensagem",
            index=models.Index(
                condition=models.Q(("situacao", "pendente")),
                fields=["proxima_tentativa_em", "id"],
                name="mensagem_a_enviar",
            ),
        ),
        migrations.AddIndex(
            model_name="mensagem", index=models.Index(fields=["unidade", "-id"], name="mensagem_lista")
        ),
    ]
