import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from documents.migrations import _gatilhos


class Migration(migrations.Migration):
    #: Every step until the first version: a database that has them has this.
    replaces = [
        ("documents", name)
        for name in (
            "0001_initial",
            "0002_documento_frozen",
            "0003_unidade",
            "0004_novos_documentos",
            "0005_eliminacao",
        )
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('workflow', '0001_base'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Documento',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('codigo', models.CharField(max_length=20, unique=True, verbose_name='código de conferência')),
                ('tipo', models.CharField(choices=[('espelho', 'Espelho da Ficha de Atendimento'), ('cip', 'Carta de Informações Preliminares'), ('notificacao_consumidor', 'Notificação de audiência ao consumidor'), ('notificacao_fornecedor', 'Notificação de audiência ao fornecedor'), ('termo_de_audiencia', 'Termo de audiência'), ('certidao_de_ausencia', 'Certidão de ausência'), ('balanco', 'Balanço'), ('carta_de_abertura', 'Carta de abertura de reclamação'), ('termo_de_acordo', 'Termo de acordo'), ('manifestacao_tecnica', 'Manifestação técnica'), ('decisao', 'Decisão'), ('ficha_de_baixa', 'Ficha de baixa'), ('memorando', 'Memorando à fiscalização'), ('declaracao_de_comparecimento', 'Declaração de comparecimento'), ('procuracao', 'Modelo de procuração'), ('carta_de_preposicao', 'Modelo de carta de preposição'), ('memoria_de_calculo', 'Memória de cálculo'), ('comunicacao', 'Comunicação')], max_length=30, verbose_name='tipo')),
                ('titulo', models.CharField(max_length=160, verbose_name='título')),
                ('dados', models.JSONField(verbose_name='dados')),
                ('modelo', models.CharField(max_length=60, verbose_name='modelo')),
                ('modelo_hash', models.CharField(max_length=64, verbose_name='hash do modelo')),
                ('arquivo', models.CharField(help_text='nome sob DATA_DIR/documentos', max_length=120, verbose_name='arquivo')),
                ('tamanho', models.PositiveIntegerField(verbose_name='tamanho em bytes')),
                ('sha256', models.CharField(db_index=True, max_length=64, verbose_name='SHA-256 do PDF')),
                ('emitido_em', models.DateTimeField(verbose_name='emitido em')),
                ('emitido_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='emitido por')),
                ('historico', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documentos', to='workflow.historico', verbose_name='histórico')),
                ('substituido_por', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='substitui', to='documents.documento', verbose_name='substituído por')),
                ('unidade', models.ForeignKey(help_text='vazia quando o documento é do Procon inteiro, como o balanço', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documentos', to='accounts.unidade', verbose_name='unidade')),
            ],
            options={
                'verbose_name': 'documento',
                'ordering': ['-emitido_em', '-id'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('historico__isnull', True), ('unidade__isnull', False), _connector='OR'), name='documento_de_caso_tem_unidade'),
                ],
            },
        ),
        migrations.RunSQL(_gatilhos.DO, _gatilhos.UNDO),
    ]
