"""What integrations declared of consumers (decision 112).

Of cases registered before, only name and CPF are known to have been sent: a registration could not be made without the
one, and nobody is found without the other.
"""

import django.core.serializers.json
import django.db.models.deletion
from django.db import migrations, models

OF_THE_OLD = """
INSERT INTO portal_consumidordeclarado (atendimento_id, dados)
SELECT a.id, jsonb_strip_nulls(jsonb_build_object('nome', c.nome, 'cpf', c.cpf))
FROM cases_atendimento a JOIN parties_consumidor c ON c.id = a.consumidor_id
WHERE a.integracao_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM cases_anonimizacao n WHERE n.consumidor_id = c.id)
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0025_usos_dos_textos"), ("portal", "0006_selos")]

    operations = [
        migrations.CreateModel(
            name="ConsumidorDeclarado",
            fields=[
                (
                    "atendimento",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="consumidor_declarado",
                        serialize=False,
                        to="cases.atendimento",
                        verbose_name="atendimento",
                    ),
                ),
                (
                    "dados",
                    models.JSONField(
                        default=dict,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="dados declarados",
                    ),
                ),
            ],
            options={
                "verbose_name": "consumidor declarado pela integração",
                "verbose_name_plural": "consumidores declarados pelas integrações",
            },
        ),
        migrations.RunSQL(OF_THE_OLD, migrations.RunSQL.noop, elidable=True),
    ]
