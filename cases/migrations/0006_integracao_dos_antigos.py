"""The cases registered before: their first event says by whom."""

from django.db import migrations

SQL = """
UPDATE cases_atendimento a SET integracao_id = e.autor_id FROM workflow_evento e
WHERE e.historico_id = a.historico_id AND e.objeto = 'cases.atendimento' AND e.objeto_id = a.id AND e.ato = 'REGISTRAR'
    AND e.autor_id IN (SELECT user_id FROM accounts_atribuicao WHERE papel = 'integracao')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0005_integracao_que_registrou"),
        ("workflow", "0001_base"),
        ("accounts", "0002_sistema"),
    ]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
