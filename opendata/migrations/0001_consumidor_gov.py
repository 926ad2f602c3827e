"""What consumidor.gov.br tells of companies, summed."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('hearings', '0001_base'),  # the extension that compares a word and a range in one index
    ]

    operations = [
        migrations.CreateModel(
            name='EmpresaConsumidorGov',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chave', models.CharField(max_length=200, unique=True, verbose_name='nome normalizado')),
                ('nome', models.CharField(max_length=200, verbose_name='nome fantasia')),
                ('segmento', models.CharField(blank=True, max_length=200, verbose_name='segmento de mercado')),
                ('vista_em', models.DateField(verbose_name='mês mais recente em que apareceu')),
            ],
            options={
                'verbose_name': 'empresa no consumidor.gov.br',
                'verbose_name_plural': 'empresas no consumidor.gov.br',
                'ordering': ['nome', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ArquivoConsumidorGov',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nome', models.CharField(max_length=255, verbose_name='nome')),
                ('tipo', models.CharField(choices=[('finalizadas', 'finalizadas'), ('base_completa', 'base completa')], max_length=15, verbose_name='tipo')),
                ('periodo', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='período, pelo nome do arquivo')),
                ('sha256', models.CharField(max_length=64, unique=True, verbose_name='SHA-256')),
                ('linhas', models.PositiveIntegerField(verbose_name='linhas')),
                ('contadas', models.PositiveIntegerField(verbose_name='contadas')),
                ('ignoradas', models.PositiveIntegerField(verbose_name='nem finalizadas nem canceladas')),
                ('recusadas', models.PositiveIntegerField(verbose_name='recusadas')),
                ('lugares', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=7), size=None, verbose_name='lugares somados')),
                ('importado_em', models.DateTimeField(verbose_name='importado em')),
            ],
            options={
                'verbose_name': 'arquivo do consumidor.gov.br',
                'verbose_name_plural': 'arquivos do consumidor.gov.br',
                'ordering': ['-periodo', 'id'],
                'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('tipo', '='), ('periodo', '&&')], name='arquivo_gov_um_por_periodo', violation_error_message='Já há um arquivo deste tipo sobre estes dias.'), models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='arquivo_gov_sha256_formato'), models.CheckConstraint(condition=models.Q(('linhas', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('contadas'), '+', models.F('ignoradas')), '+', models.F('recusadas')))), name='arquivo_gov_linhas_somam')],
            },
        ),
        migrations.CreateModel(
            name='CondutaConsumidorGov',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mes', models.DateField(verbose_name='mês da finalização, seu primeiro dia')),
                ('lugar', models.CharField(max_length=7, verbose_name='lugar: município (IBGE), UF ou BR')),
                ('reclamacoes', models.PositiveIntegerField(verbose_name='reclamações finalizadas')),
                ('respondidas', models.PositiveIntegerField(verbose_name='respondidas')),
                ('resolvidas', models.PositiveIntegerField(verbose_name='avaliadas como resolvidas')),
                ('nao_resolvidas', models.PositiveIntegerField(verbose_name='avaliadas como não resolvidas')),
                ('nao_avaliadas', models.PositiveIntegerField(verbose_name='não avaliadas')),
                ('canceladas', models.PositiveIntegerField(verbose_name='canceladas, fora das finalizadas')),
                ('notas', models.PositiveIntegerField(verbose_name='quantas notas')),
                ('notas_soma', models.PositiveIntegerField(verbose_name='soma das notas')),
                ('respostas', models.PositiveIntegerField(verbose_name='quantas respostas com tempo')),
                ('dias_soma', models.PositiveIntegerField(verbose_name='soma dos dias até a resposta')),
                ('arquivo', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='condutas', to='opendata.arquivoconsumidorgov', verbose_name='arquivo')),
                ('empresa', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='condutas', to='opendata.empresaconsumidorgov', verbose_name='empresa')),
            ],
            options={
                'verbose_name': 'conduta no consumidor.gov.br',
                'verbose_name_plural': 'condutas no consumidor.gov.br',
                'ordering': ['mes', 'empresa', 'lugar'],
                'indexes': [models.Index(fields=['empresa', 'lugar', 'mes'], name='conduta_gov_leitura')],
                'constraints': [models.UniqueConstraint(fields=('arquivo', 'empresa', 'mes', 'lugar'), name='conduta_gov_unica'), models.CheckConstraint(condition=models.Q(('mes__day', 1)), name='conduta_gov_mes_primeiro_dia'), models.CheckConstraint(condition=models.Q(('lugar__regex', '^([0-9]{7}|[A-Z]{2})$')), name='conduta_gov_lugar_formato'), models.CheckConstraint(condition=models.Q(('reclamacoes', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('resolvidas'), '+', models.F('nao_resolvidas')), '+', models.F('nao_avaliadas')))), name='conduta_gov_avaliacoes_somam'), models.CheckConstraint(condition=models.Q(('respondidas__lte', models.F('reclamacoes')), ('respostas__lte', models.F('respondidas')), ('notas__lte', models.F('reclamacoes')), ('notas_soma__gte', models.F('notas')), ('notas_soma__lte', django.db.models.expressions.CombinedExpression(models.F('notas'), '*', models.Value(5)))), name='conduta_gov_partes_cabem')],
            },
        ),
    ]
