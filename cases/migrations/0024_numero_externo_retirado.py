"""A number of another system may be taken back; the same number is the same however it is punctuated."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0023_anonimo_nao_se_funde")]

    operations = [
        migrations.RemoveConstraint(model_name="numeroexterno", name="numero_externo_unico"),
        migrations.AddField(
            model_name="numeroexterno",
            name="retirado_em",
            field=models.DateTimeField(
                blank=True,
                help_text="por engano; quem e por quê, no histórico",
                null=True,
                verbose_name="retirado em",
            ),
        ),
        migrations.AddConstraint(
            model_name="numeroexterno",
            constraint=models.UniqueConstraint(
                condition=models.Q(("retirado_em__isnull", True)),
                fields=("atendimento", "sistema", "busca"),
                name="numero_externo_unico",
                violation_error_message="Este número já está anotado neste caso.",
            ),
        ),
    ]
