"""Totals: their two tables, the triggers that write the journal, and what the office has had until now."""

from django.db import migrations, models

from reports.migrations import _gatilhos as gatilhos


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0001_base'),
        ('hearings', '0001_base'),
    ]

    operations = [
        migrations.CreateModel(
            name='Lancamento',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('medida', models.PositiveSmallIntegerField(verbose_name='medida')),
                ('ano', models.PositiveSmallIntegerField(verbose_name='ano')),
                ('dia', models.DateField(null=True, verbose_name='dia')),
                ('unidade', models.BigIntegerField(help_text='0 onde não há unidade: registro nacional', verbose_name='unidade')),
                ('tipo', models.CharField(db_collation='C', db_default='', default='', max_length=30, verbose_name='tipo')),
                ('canal', models.CharField(db_collation='C', db_default='', default='', max_length=30, verbose_name='canal')),
                ('desfecho', models.CharField(db_collation='C', db_default='', default='', max_length=30, verbose_name='desfecho')),
                ('orgao', models.CharField(db_collation='C', db_default='', default='', max_length=30, verbose_name='órgão')),
                ('nfp', models.CharField(db_collation='C', db_default='', default='', max_length=30, verbose_name='senha da NFP desbloqueada')),
                ('assunto', models.CharField(db_collation='C', db_default='', default='', max_length=30, verbose_name='assunto')),
                ('problema', models.CharField(db_collation='C', db_default='', default='', max_length=30, verbose_name='problema')),
                ('fornecedor', models.CharField(db_collation='C', db_default='', default='', max_length=30, verbose_name='fornecedor')),
                ('situacao', models.CharField(db_collation='C', db_default='', default='', max_length=30, verbose_name='situação')),
                ('resultado', models.CharField(db_collation='C', db_default='', default='', max_length=30, verbose_name='resultado')),
                ('conciliador', models.CharField(db_collation='C', db_default='', default='', max_length=30, verbose_name='conciliador')),
                ('meio', models.CharField(db_collation='C', db_default='', default='', max_length=30, verbose_name='meio')),
                ('grafia', models.CharField(db_collation='C', db_default='', default='', max_length=200, verbose_name='grafia')),
                ('n', models.IntegerField(verbose_name='quantos a mais ou a menos')),
            ],
            options={
                'verbose_name': 'lançamento',
            },
        ),
        migrations.CreateModel(
            name='Soma',
            fields=[
                ('pk', models.CompositePrimaryKey('medida', 'conjunto', 'grao', 'inicio', 'unidade', 'a', 'b', blank=True, editable=False, primary_key=True, serialize=False)),
                ('medida', models.PositiveSmallIntegerField(verbose_name='medida')),
                ('conjunto', models.PositiveSmallIntegerField(verbose_name='conjunto de dimensões')),
                ('grao', models.PositiveSmallIntegerField(verbose_name='grão: 1 dia, 2 mês, 3 ano')),
                ('inicio', models.DateField(verbose_name='início')),
                ('unidade', models.BigIntegerField(verbose_name='unidade')),
                ('a', models.CharField(db_collation='C', max_length=30, verbose_name='valor da primeira dimensão')),
                ('b', models.CharField(db_collation='C', max_length=200, verbose_name='valor da segunda dimensão')),
                ('n', models.BigIntegerField(verbose_name='total')),
            ],
            options={
                'verbose_name': 'soma',
            },
        ),
        migrations.RunSQL(gatilhos.SQL, gatilhos.UNDO),
    ]
