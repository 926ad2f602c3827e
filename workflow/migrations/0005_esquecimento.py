"""History is altered through two functions alone, and each call of theirs is written down (decision 102)."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from workflow.migrations import _esquecer


class Migration(migrations.Migration):

    dependencies = [
        ('workflow', '0004_texto_por_resumo'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Esquecimento',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quando', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='quando')),
                ('tabela', models.CharField(max_length=63, verbose_name='tabela')),
                ('linhas', models.PositiveIntegerField(verbose_name='linhas')),
                ('autor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='autor')),
            ],
            options={
                'verbose_name': 'esquecimento',
                'ordering': ['-id'],
            },
        ),
        migrations.RunSQL(_esquecer.DO, _esquecer.UNDO),
    ]
