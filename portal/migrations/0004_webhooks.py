"""Webhooks, their outbox, and the triggers that write it."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
import uuid
from django.conf import settings
from django.db import migrations, models

from portal.migrations import _webhooks
from workflow.migrations._together import together


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('cases', '0001_base'),
        ('documents', '0001_base'),
        ('portal', '0003_segredos'),
        ('workflow', '0001_base'),
    ]

    operations = together([
        migrations.CreateModel(
            name='Webhook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('url', models.CharField(max_length=500, verbose_name='endereço')),
                ('eventos', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), help_text='de portal/rules/events.py', size=None, verbose_name='eventos')),
                ('situacao', models.CharField(choices=[('ativo', 'Ativo'), ('desativado', 'Desativado pelo destino'), ('removido', 'Removido')], default='ativo', max_length=10, verbose_name='situação')),
                ('motivo', models.CharField(blank=True, max_length=300, verbose_name='motivo')),
                ('segredo', models.BinaryField(verbose_name='segredo, cifrado')),
                ('segredo_anterior', models.BinaryField(blank=True, null=True, verbose_name='segredo anterior, cifrado')),
                ('segredo_anterior_ate', models.DateTimeField(blank=True, null=True, verbose_name='o segredo anterior assina até')),
                ('criado_em', models.DateTimeField(verbose_name='criado em')),
                ('ativo_desde', models.DateTimeField(verbose_name='ativo desde')),
                ('pausado_ate', models.DateTimeField(blank=True, null=True, verbose_name='servidor fora de alcance, em pausa até')),
                ('integracao', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='webhooks', to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL, verbose_name='integração')),
            ],
            options={
                'verbose_name': 'webhook',
                'verbose_name_plural': 'webhooks',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Entrega',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('codigo', models.UUIDField(default=uuid.uuid4, editable=False, help_text='webhook-id, sem «msg_»', unique=True, verbose_name='código')),
                ('tipo', models.CharField(max_length=40, verbose_name='tipo')),
                ('protocolo', models.CharField(blank=True, max_length=30, verbose_name='protocolo')),
                ('sequencia', models.PositiveIntegerField(blank=True, null=True, verbose_name='sequência do evento no caso')),
                ('objeto_id', models.BigIntegerField(blank=True, null=True, verbose_name='id do objeto')),
                ('ocorrido_em', models.DateTimeField(verbose_name='ocorrido em')),
                ('situacao', models.CharField(choices=[('pendente', 'A entregar'), ('em_envio', 'Em envio'), ('entregue', 'Entregue'), ('falhou', 'Falhou'), ('cancelada', 'Cancelada')], default='pendente', max_length=10, verbose_name='situação')),
                ('motivo', models.CharField(blank=True, max_length=300, verbose_name='motivo')),
                ('tentativas', models.PositiveSmallIntegerField(default=0, verbose_name='tentativas')),
                ('primeira_tentativa_em', models.DateTimeField(blank=True, null=True, verbose_name='primeira tentativa em')),
                ('ultima_tentativa_em', models.DateTimeField(blank=True, null=True, verbose_name='última tentativa em')),
                ('proxima_tentativa_em', models.DateTimeField(verbose_name='próxima tentativa em')),
                ('resposta', models.CharField(blank=True, max_length=300, verbose_name='última resposta')),
                ('reservada_ate', models.DateTimeField(blank=True, null=True, verbose_name='reservada até')),
                ('concluida_em', models.DateTimeField(blank=True, null=True, verbose_name='concluída em')),
                ('criada_em', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='criada em')),
                ('evento', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.evento', verbose_name='evento')),
                ('historico', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workflow.historico', verbose_name='histórico')),
                ('webhook', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entregas', to='portal.webhook', verbose_name='webhook')),
            ],
            options={
                'verbose_name': 'entrega',
                'verbose_name_plural': 'entregas',
                'ordering': ['-id'],
            },
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.UniqueConstraint(condition=models.Q(('situacao', 'ativo')), fields=('integracao', 'url'), name='webhook_url_unica', violation_error_message='Esta integração já tem um webhook ativo neste endereço. Use-o, ou remova-o antes de criar outro.'),
        ),
        migrations.AddConstraint(
            model_name='webhook',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('segredo_anterior__isnull', True), ('segredo_anterior_ate__isnull', True)), models.Q(('segredo_anterior__isnull', False), ('segredo_anterior_ate__isnull', False)), _connector='OR'), name='webhook_segredo_anterior_tem_fim'),
        ),
        migrations.AddIndex(
            model_name='entrega',
            index=models.Index(condition=models.Q(('situacao', 'pendente')), fields=['webhook', 'proxima_tentativa_em', 'id'], name='entrega_a_fazer'),
        ),
        migrations.AddIndex(
            model_name='entrega',
            index=models.Index(condition=models.Q(('situacao__in', ['pendente', 'em_envio'])), fields=['webhook', 'historico', 'id'], name='entrega_do_caso_em_aberto'),
        ),
        migrations.AddIndex(
            model_name='entrega',
            index=models.Index(condition=models.Q(('situacao', 'em_envio')), fields=['id'], name='entrega_em_envio'),
        ),
        migrations.AddIndex(
            model_name='entrega',
            index=models.Index(fields=['webhook', '-id'], name='entrega_lista'),
        ),
        migrations.AddIndex(
            model_name='entrega',
            index=models.Index(condition=models.Q(('situacao', 'falhou')), fields=['webhook', '-id'], name='entrega_falhou'),
        ),
        migrations.AddIndex(
            model_name='entrega',
            index=models.Index(fields=['concluida_em'], name='entrega_concluida'),
        ),
        migrations.AddConstraint(
            model_name='entrega',
            constraint=models.UniqueConstraint(fields=('webhook', 'evento'), name='entrega_uma_por_evento'),
        ),
        migrations.AddConstraint(
            model_name='entrega',
            constraint=models.UniqueConstraint(condition=models.Q(('situacao__in', ['pendente', 'em_envio']), ('tipo', 'webhook.teste')), fields=('webhook',), name='entrega_um_teste_por_vez', violation_error_message='O teste anterior ainda não terminou. Veja o resultado em «entregas».'),
        ),
        migrations.RunSQL(_webhooks.SQL, _webhooks.UNDO),
    ])
