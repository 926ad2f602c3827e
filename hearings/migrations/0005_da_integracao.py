"""Which integration a hearing's case came by; a request for another date may name the times preferred."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hearings.migrations import _gatilhos

class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_integracao_que_registrou"),
        ("hearings", "0004_avisada_em"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="audiencia",
            name="integracao",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                help_text="a do caso, copiada pelo banco quando a audiência é marcada",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="integração que registrou o caso",
            ),
        ),
        migrations.AddField(
            model_name="pedidoderemarcacao",
            name="preferencias",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.DateTimeField(),
                blank=True,
                db_default=[],
                default=list,
                size=None,
                verbose_name="horários que prefere",
            ),
        ),
        migrations.RunSQL(_gatilhos.OF_INTEGRATION, _gatilhos.OF_INTEGRATION_UNDO),
    ]
