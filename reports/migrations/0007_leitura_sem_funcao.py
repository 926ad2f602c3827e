"""The counters are read by a prepared statement (decision 115); the function that read them is gone."""

from django.db import migrations

from reports.migrations import _leitura as leitura

CELLS = "DROP FUNCTION reports_ler(smallint[], int[], smallint[], int[], int[], date, date, bigint[])"


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0006_casas_de_muitos'),
    ]

    operations = [
        migrations.RunSQL(CELLS, leitura.CELLS),
    ]
