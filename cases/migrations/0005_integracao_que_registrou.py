"""Which integration registered a case, which stays true when the case is given to somebody at the counter."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_contingencia"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="atendimento",
            name="integracao",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                help_text="fica a mesma quando o caso passa a um atendente; vazia nos casos do balcão",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="integração que registrou",
            ),
        ),
    ]
