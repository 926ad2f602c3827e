import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from workflow.migrations import _gatilhos


class Migration(migrations.Migration):
    #: Every step until the first version: a database that has them has this.
    replaces = [
        ("workflow", name)
        for name in (
            "0001_initial",
            "0002_evento_chain",
            "0003_leitura",
            "0004_texto_por_resumo",
        )
    ]

    initial = True

    dependencies = [
        ('accounts', '0002_sistema'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Historico',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequencia', models.PositiveIntegerField(default=0, verbose_name='sequência')),
                ('hash', models.BinaryField(default=b'', max_length=32, verbose_name='hash do último evento')),
            ],
            options={
                'verbose_name': 'histórico',
            },
        ),
        migrations.CreateModel(
            name='Evento',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequencia', models.PositiveIntegerField(default=0, editable=False, verbose_name='sequência')),
                ('objeto', models.CharField(help_text='rótulo do modelo, como cases.cip', max_length=60, verbose_name='objeto')),
                ('objeto_id', models.BigIntegerField(verbose_name='id do objeto')),
                ('ato', models.CharField(max_length=60, verbose_name='ato')),
                ('de', models.CharField(blank=True, max_length=40, verbose_name='de')),
                ('para', models.CharField(blank=True, max_length=40, verbose_name='para')),
                ('quando', models.DateTimeField(verbose_name='quando')),
                ('motivo', models.TextField(blank=True, verbose_name='motivo')),
                ('dados', models.JSONField(default=dict, verbose_name='dados')),
                ('registrado_em', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='registrado em')),
                ('sal', models.BinaryField(max_length=16, null=True, verbose_name='sal do resumo')),
                ('resumo', models.BinaryField(default=b'', max_length=32, verbose_name='resumo do texto')),
                ('anonimizado', models.BooleanField(default=False, editable=False, help_text='ao fim da guarda; o resumo fica', verbose_name='texto apagado')),
                ('hash_anterior', models.BinaryField(default=b'', max_length=32, verbose_name='hash anterior')),
                ('hash', models.BinaryField(default=b'', max_length=32, verbose_name='hash')),
                ('autor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='autor')),
                ('historico', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='eventos', to='workflow.historico', verbose_name='histórico')),
            ],
            options={
                'verbose_name': 'evento',
                'ordering': ['historico', 'sequencia'],
                'indexes': [
                    models.Index(fields=['objeto', 'objeto_id'], name='evento_objeto'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('historico', 'sequencia'), name='evento_sequencia_unica'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Leitura',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quando', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='quando')),
                ('pagina', models.CharField(max_length=40, verbose_name='página')),
                ('objeto', models.CharField(blank=True, help_text='rótulo do modelo, como cases.anexo', max_length=60, verbose_name='objeto')),
                ('objeto_id', models.BigIntegerField(blank=True, null=True, verbose_name='id do objeto')),
                ('filtro', models.CharField(blank=True, max_length=400, verbose_name='filtro da lista')),
                ('linhas', models.PositiveIntegerField(blank=True, null=True, verbose_name='linhas da lista')),
                ('historico', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='leituras', to='workflow.historico', verbose_name='histórico do caso')),
                ('leitor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='leitor')),
            ],
            options={
                'verbose_name': 'leitura',
                'ordering': ['-id'],
                'indexes': [
                    models.Index(fields=['objeto', 'objeto_id', '-id'], name='leitura_objeto'),
                    models.Index(fields=['leitor', '-id'], name='leitura_leitor'),
                ],
            },
        ),
        migrations.RunSQL(_gatilhos.DO, _gatilhos.UNDO),
    ]
