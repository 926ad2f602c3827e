from django.db import migrations

# A CIP that was answered, lapsed or closed before terms could be fulfilled: its term no longer runs.
FULFIL = """
UPDATE deadlines_prazo p SET cumprido_em = coalesce(c.respondida_em, c.baixada_em,
    (p.vence_em + 1)::timestamp AT TIME ZONE 'America/Sao_Paulo')
FROM cases_cip c
WHERE c.prazo_id = p.id AND p.cumprido_em IS NULL AND c.status NOT IN ('emitida', 'enviada', 'cientificada')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0005_atendimento_de_quem'),
        ('deadlines', '0003_prorrogacao'),
    ]

    operations = [migrations.RunSQL(FULFIL, migrations.RunSQL.noop)]
