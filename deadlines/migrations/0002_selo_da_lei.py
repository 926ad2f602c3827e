import django.contrib.postgres.functions
from django.db import migrations, models

from deadlines.migrations import _gatilhos


class Migration(migrations.Migration):

    dependencies = [
        ('deadlines', '0001_base'),
    ]

    operations = [
        migrations.CreateModel(
            name='SeloDaLei',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False, verbose_name='id')),
                ('selo', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), verbose_name='selo')),
            ],
            options={
                'verbose_name': 'selo da lei',
                'verbose_name_plural': 'selos da lei',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='selo_da_lei_um_so')],
            },
        ),
        migrations.RunSQL(_gatilhos.DO, _gatilhos.UNDO),
    ]
