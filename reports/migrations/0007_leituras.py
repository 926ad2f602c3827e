"""A database that took 0004 before has its names read in one pass, and loses a function that nothing calls any more."""

from django.db import migrations

from reports.migrations import _leitura as leitura

NAMES = leitura.NAMES.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
CELLS = "DROP FUNCTION IF EXISTS reports_ler(smallint[], int[], smallint[], int[], int[], date, date, bigint[])"


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0006_casas_de_muitos'),
    ]

    operations = [
        migrations.RunSQL(NAMES, migrations.RunSQL.noop),
        migrations.RunSQL(CELLS, migrations.RunSQL.noop),
    ]
