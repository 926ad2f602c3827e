"""The draft says which case it became: a page registers once, and keeps nothing that arrives later."""

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from workflow.migrations._together import together


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0001_base'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = together([
        migrations.AddField(
            model_name='rascunho',
            name='atendimento',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.atendimento', verbose_name='atendimento em que foi registrado'),
        ),
        migrations.AddField(
            model_name='rascunho',
            name='pagina',
            field=models.UUIDField(blank=True, null=True, verbose_name='janela que guardou por último'),
        ),
        migrations.AddField(
            model_name='rascunho',
            name='vez',
            field=models.PositiveIntegerField(default=0, verbose_name='quantas vezes aquela janela já tinha guardado'),
        ),
        migrations.AlterField(
            model_name='rascunho',
            name='dados',
            field=models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='o que foi digitado'),
        ),
        migrations.AddConstraint(
            model_name='rascunho',
            constraint=models.CheckConstraint(condition=models.Q(('atendimento__isnull', True), ('dados', {}), _connector='OR'), name='rascunho_registrado_vazio', violation_error_message='O que já foi registrado não é mais rascunho.'),
        ),
    ])
