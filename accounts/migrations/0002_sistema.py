"""The office's own clock is a user from the start, so that every event has an author."""

from django.db import migrations


def create_system(apps, schema_editor):
    apps.get_model("accounts", "User").objects.get_or_create(
        usuario="sistema", defaults={"nome": "Sistema", "password": "!", "is_active": False}
    )


class Migration(migrations.Migration):
    # The packages' tables come before ours that follow: for each change to theirs Django would build all of ours anew,
    # and a first start would take twice as long.
    dependencies = [
        ("accounts", "0001_initial"),
        ("axes", "0010_accessattemptexpiration"),
        ("oauth2_provider", "0022_refreshtoken_token_family_index"),
    ]

    operations = [migrations.RunPython(create_system, migrations.RunPython.noop)]
