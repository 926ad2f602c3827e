"""Integrations get an earlier secret, a limit, an end, and a history of their own."""

import django.db.models.deletion
from django.db import migrations, models

from workflow.migrations._together import together


def open_histories(apps, schema_editor):
    """Each integration there is gets an empty history."""
    history, integration = apps.get_model('workflow', 'Historico'), apps.get_model('portal', 'Integracao')
    for row in integration.objects.filter(historico=None):
        integration.objects.filter(pk=row.pk).update(historico=history.objects.create())
    schema_editor.execute('SET CONSTRAINTS ALL IMMEDIATE')  # else the column cannot be closed in this transaction


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0002_caixa'),
        ('workflow', '0004_texto_por_resumo'),
    ]

    operations = together([
        migrations.AddField(
            model_name='integracao',
            name='limite_por_minuto',
            field=models.PositiveIntegerField(blank=True, help_text='vazio: o limite comum', null=True, verbose_name='limite de pedidos por minuto'),
        ),
        migrations.AddField(
            model_name='integracao',
            name='segredo_anterior',
            field=models.CharField(blank=True, default='', max_length=255, verbose_name='hash do segredo anterior'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='integracao',
            name='segredo_anterior_ate',
            field=models.DateTimeField(blank=True, null=True, verbose_name='o segredo anterior vale até'),
        ),
        migrations.AddField(
            model_name='integracao',
            name='revogada_em',
            field=models.DateTimeField(blank=True, null=True, verbose_name='revogada em'),
        ),
        migrations.AddField(
            model_name='integracao',
            name='historico',
            field=models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='integracao', to='workflow.historico', verbose_name='histórico'),
        ),
        migrations.RunPython(open_histories, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='integracao',
            name='historico',
            field=models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='integracao', to='workflow.historico', verbose_name='histórico'),
        ),
        migrations.AddConstraint(
            model_name='integracao',
            constraint=models.CheckConstraint(condition=models.Q(('segredo_anterior', ''), ('segredo_anterior_ate__isnull', True)) | ~models.Q(('segredo_anterior', '')) & models.Q(('segredo_anterior_ate__isnull', False)), name='integracao_segredo_anterior_tem_fim'),
        ),
        migrations.AddConstraint(
            model_name='integracao',
            constraint=models.CheckConstraint(condition=models.Q(('limite_por_minuto__isnull', True), ('limite_por_minuto__gt', 0), _connector='OR'), name='integracao_limite_positivo'),
        ),
    ])
