"""The secrets of webhooks are sealed by AES-256-GCM (decision 103)."""

from django.db import migrations

from access.migrations import _fernet
from portal.services.webhooks import sealed


def forwards(apps, schema_editor):
    _fernet.reseal(apps, "portal.Webhook", ["segredo", "segredo_anterior"], _fernet.of_a_webhook, sealed)


class Migration(migrations.Migration):
    dependencies = [("portal", "0005_o_que_o_consumidor_diz"), ("access", "0003_selos")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=True)]
