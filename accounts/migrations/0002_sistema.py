"""The office's own clock is a user from the start, so that every event has an author."""

from django.db import migrations


def create_system(apps, schema_editor):
    apps.get_model("accounts", "User").objects.get_or_create(
        usuario="sistema", defaults={"nome": "Sistema", "password": "!", "is_active": False}
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RunPython(create_system, migrations.RunPython.noop)]
