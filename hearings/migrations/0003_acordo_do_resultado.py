from django.db import migrations

from hearings.migrations import _gatilhos


class Migration(migrations.Migration):

    dependencies = [
        ('hearings', '0002_termo_sem_efeito'),
    ]

    operations = [
        migrations.RunSQL(_gatilhos.AGREED, _gatilhos.AGREED_UNDO),
        migrations.RunSQL(_gatilhos.AGREED_BEFORE, migrations.RunSQL.noop),
    ]
