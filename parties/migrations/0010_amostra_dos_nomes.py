"""A larger sample of suppliers' names: of a rare one the planner else expects a thousand, and reads the whole table."""

from django.db import migrations


def statistics(target):
    return "".join(
        f"ALTER TABLE parties_fornecedor ALTER COLUMN {name} SET STATISTICS {target};" for name in ("nome_busca", "cnpj")
    )


class Migration(migrations.Migration):
    dependencies = [("parties", "0009_canais")]

    operations = [migrations.RunSQL(statistics(1000), statistics(-1))]
