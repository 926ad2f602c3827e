"""Hearings that had their result before results were kept by supplier: whoever came has the hearing's, the rest was away."""

from django.db import migrations

WRITE = """
INSERT INTO hearings_resultadodoreclamado (audiencia_id, reclamado_id, resultado)
SELECT a.id, r.reclamado_id, CASE
    WHEN NOT came.anybody THEN 'ausente'
    WHEN a.status = 'realizada' THEN a.resultado
    ELSE 'compareceu'
END
FROM hearings_audiencia a
JOIN hearings_audiencia_reclamados r ON r.audiencia_id = a.id
CROSS JOIN LATERAL (
    SELECT EXISTS (
        SELECT 1 FROM hearings_presenca p
        WHERE p.audiencia_id = a.id AND p.reclamado_id = r.reclamado_id AND p.qualidade <> 'testemunha'
    ) AS anybody
) came
WHERE a.status IN ('realizada', 'nao_realizada')
"""


class Migration(migrations.Migration):
    dependencies = [("hearings", "0008_termo")]
    operations = [migrations.RunSQL(WRITE, migrations.RunSQL.noop)]
