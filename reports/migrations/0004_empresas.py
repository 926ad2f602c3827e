"""Totals of companies, groups and standing registrations, which suppliers' triggers keep; all totals are counted anew."""

from django.db import migrations, models

from reports.migrations import _casas as casas
from reports.migrations import _leitura as leitura

EMPTY = "TRUNCATE reports_soma;"
#: As at the first step: the journal is given all facts, and the next fold makes totals of them.
AGAIN = """
LOCK TABLE reports_lancamento IN SHARE ROW EXCLUSIVE MODE;
DELETE FROM reports_lancamento;
INSERT INTO reports_casa (fornecedor, titular, empresa, conglomerado) SELECT * FROM reports_casas_de_muitos(NULL);
INSERT INTO reports_lancamento (medida, ano, dia, unidade, tipo, canal, desfecho, orgao, nfp, assunto, problema, fornecedor,
    situacao, resultado, conciliador, meio, grafia, n)
    SELECT f.*, 1 FROM reports_fatos() f;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_sistema'),
        ('parties', '0001_base'),
        ('reports', '0003_cadastro'),
    ]

    operations = [
        migrations.CreateModel(
            name='Casa',
            fields=[
                ('fornecedor', models.CharField(db_collation='C', max_length=30, primary_key=True, serialize=False, verbose_name='fornecedor')),
                ('titular', models.CharField(db_collation='C', max_length=30, verbose_name='cadastro que responde por ele')),
                ('empresa', models.CharField(db_collation='C', max_length=30, verbose_name='empresa')),
                ('conglomerado', models.CharField(db_collation='C', max_length=30, verbose_name='grupo econômico ou empresa')),
            ],
            options={
                'verbose_name': 'casa do fornecedor',
                'verbose_name_plural': 'casas dos fornecedores',
                'indexes': [
                    models.Index(fields=['titular'], name='casa_titular'),
                    models.Index(fields=['empresa'], name='casa_empresa'),
                    models.Index(fields=['conglomerado'], name='casa_conglomerado'),
                ],
            },
        ),
        migrations.RunSQL(EMPTY, EMPTY),
        migrations.AlterField(
            model_name='soma',
            name='conjunto',
            field=models.PositiveIntegerField(verbose_name='conjunto de dimensões'),
        ),
        migrations.AddIndex(
            model_name='soma',
            index=models.Index(models.F('medida'), models.F('conjunto'), models.F('grao'), models.F('inicio'), models.F('unidade'), models.OrderBy(models.F('n'), descending=True), models.F('a'), condition=models.Q(('conjunto__gte', 8192), ('n__gt', 0), models.Q(('a', ''), _negated=True)), name='soma_maiores'),
        ),
        migrations.AddIndex(
            model_name='soma',
            index=models.Index(condition=models.Q(('conjunto__in', [65, 513, 577])), fields=['medida', 'conjunto', 'grao', 'inicio', 'unidade', 'b'], name='soma_do_valor'),
        ),
        migrations.RunSQL(casas.SQL + AGAIN, casas.UNDO),
        migrations.RunSQL(leitura.SQL, leitura.UNDO),
    ]
