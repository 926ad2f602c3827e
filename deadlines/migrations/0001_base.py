import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    #: Every step until the first version: a database that has them has this.
    replaces = [
        ("deadlines", name)
        for name in (
            "0001_initial",
            "0002_anos",
            "0003_prorrogacao",
            "0004_mudancas",
            "0005_nota_do_prazo",
        )
    ]
    initial = True

    dependencies = [
        ('workflow', '0001_base'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Feriado',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('data', models.DateField(verbose_name='data')),
                ('nome', models.CharField(max_length=120, verbose_name='nome')),
                ('ambito', models.CharField(choices=[('nacional', 'Nacional'), ('estadual', 'Estadual'), ('municipal', 'Municipal')], max_length=10, verbose_name='âmbito')),
                ('facultativo', models.BooleanField(default=False, verbose_name='ponto facultativo')),
                ('fonte', models.CharField(max_length=160, verbose_name='fonte')),
            ],
            options={
                'verbose_name': 'feriado',
                'ordering': ['data'],
                'constraints': [
                    models.UniqueConstraint(fields=('data', 'nome'), name='feriado_unico', violation_error_message='Este dia já está no calendário com este nome.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('nome', ''), _negated=True), models.Q(('fonte', ''), _negated=True)), name='feriado_tem_fonte', violation_error_message='Escreva o nome do dia e a norma que o criou.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RegraDePrazo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nome', models.CharField(max_length=40, verbose_name='nome')),
                ('versao', models.PositiveSmallIntegerField(verbose_name='versão')),
                ('descricao', models.CharField(max_length=160, verbose_name='descrição')),
                ('dias', models.PositiveSmallIntegerField(help_text='anos, se a contagem é em anos', verbose_name='dias')),
                ('contagem', models.CharField(choices=[('corridos', 'Dias corridos'), ('uteis', 'Dias úteis'), ('anos', 'Anos')], max_length=8, verbose_name='contagem')),
                ('inicio', models.CharField(max_length=120, verbose_name='o que inicia')),
                ('prorroga', models.BooleanField(default=True, verbose_name='prorroga para dia útil')),
                ('fonte', models.CharField(max_length=200, verbose_name='fonte')),
                ('vigente_de', models.DateField(verbose_name='vigente de')),
                ('vigente_ate', models.DateField(blank=True, null=True, verbose_name='vigente até')),
            ],
            options={
                'verbose_name': 'regra de prazo',
                'verbose_name_plural': 'regras de prazo',
                'ordering': ['nome', 'versao'],
                'constraints': [
                    models.UniqueConstraint(fields=('nome', 'versao'), name='regra_versao_unica'),
                    models.CheckConstraint(condition=models.Q(('dias__gt', 0)), name='regra_dias_positivos'),
                    models.CheckConstraint(condition=models.Q(('vigente_ate__isnull', True), ('vigente_ate__gte', models.F('vigente_de')), _connector='OR'), name='regra_vigencia'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Suspensao',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('de', models.DateField(verbose_name='de')),
                ('ate', models.DateField(verbose_name='até')),
                ('motivo', models.CharField(max_length=160, verbose_name='motivo')),
                ('fonte', models.CharField(max_length=160, verbose_name='fonte')),
                ('poupa', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='regras que não suspende')),
            ],
            options={
                'verbose_name': 'suspensão',
                'verbose_name_plural': 'suspensões',
                'ordering': ['de'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('ate__gte', models.F('de'))), name='suspensao_ordem'),
                    models.CheckConstraint(condition=models.Q(models.Q(('motivo', ''), _negated=True), models.Q(('fonte', ''), _negated=True)), name='suspensao_tem_fonte', violation_error_message='Escreva o motivo da suspensão e a norma que a determina.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='MudancaDeCalendario',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('acao', models.CharField(choices=[('incluir_dia', 'Dia incluído'), ('retirar_dia', 'Dia retirado'), ('incluir_suspensao', 'Suspensão incluída'), ('retirar_suspensao', 'Suspensão retirada'), ('nova_regra', 'Versão nova de regra')], max_length=20, verbose_name='ação')),
                ('descricao', models.CharField(max_length=300, verbose_name='descrição')),
                ('fonte', models.TextField(verbose_name='norma ou motivo')),
                ('prazos', models.PositiveIntegerField(default=0, verbose_name='prazos que mudaram')),
                ('quando', models.DateTimeField(verbose_name='quando')),
                ('por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='por')),
            ],
            options={
                'verbose_name': 'mudança de calendário',
                'verbose_name_plural': 'mudanças de calendário',
                'ordering': ['-id'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('fonte', ''), _negated=True), name='mudanca_tem_fonte'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Prazo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('inicio', models.DateField(verbose_name='início')),
                ('vence_em', models.DateField(db_index=True, verbose_name='vence em')),
                ('explicacao', models.TextField(verbose_name='explicação')),
                ('nota', models.TextField(blank=True, help_text='vai na explicação, depois do dia', verbose_name='como começou')),
                ('cumprido_em', models.DateTimeField(blank=True, help_text='daqui em diante o prazo não corre mais', null=True, verbose_name='cumprido em')),
                ('historico', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prazos', to='workflow.historico', verbose_name='histórico')),
                ('regra', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prazos', to='deadlines.regradeprazo', verbose_name='regra')),
            ],
            options={
                'verbose_name': 'prazo',
                'indexes': [
                    models.Index(condition=models.Q(('cumprido_em__isnull', True)), fields=['vence_em', 'id'], name='prazo_corrente'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('vence_em__gt', models.F('inicio'))), name='prazo_depois_do_inicio'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Prorrogacao',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dias', models.PositiveSmallIntegerField(help_text='contados como a regra do prazo conta', verbose_name='dias')),
                ('motivo', models.CharField(max_length=200, verbose_name='motivo')),
                ('quando', models.DateTimeField(verbose_name='quando')),
                ('por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='por')),
                ('prazo', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prorrogacoes', to='deadlines.prazo', verbose_name='prazo')),
            ],
            options={
                'verbose_name': 'prorrogação',
                'verbose_name_plural': 'prorrogações',
                'ordering': ['prazo', 'id'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('dias__gt', 0)), name='prorrogacao_dias_positivos'),
                    models.CheckConstraint(condition=models.Q(('motivo', ''), _negated=True), name='prorrogacao_tem_motivo'),
                ],
            },
        ),
    ]
