"""A database that took 0004 before its functions were mended has them as they are now; elsewhere nothing changes."""

import re

from django.db import migrations

from reports.migrations import _casas as casas

FUNCTIONS = "\n".join(
    part.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)
    for part in re.split(r"\n(?=CREATE )", casas.SQL)
    if part.startswith("CREATE FUNCTION")
)


class Migration(migrations.Migration):

    dependencies = [
        ('reports', '0005_pedidos_sem_nome'),
    ]

    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
    ]
