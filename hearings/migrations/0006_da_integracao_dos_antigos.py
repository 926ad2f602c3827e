"""The hearings of cases that an integration had registered before."""

from django.db import migrations

SQL = """
UPDATE hearings_audiencia a SET integracao_id = c.integracao_id FROM cases_atendimento c
WHERE c.id = a.atendimento_id AND c.integracao_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("hearings", "0005_da_integracao"), ("cases", "0006_integracao_dos_antigos")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
