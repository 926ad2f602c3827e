import uuid

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('procon', '0002_copia'),
    ]

    operations = [
        migrations.CreateModel(
            name='Escritorio',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('marca', models.UUIDField(default=uuid.uuid4, verbose_name='marca')),
            ],
            options={
                'verbose_name': 'escritório',
                'verbose_name_plural': 'escritórios',
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='escritorio_um_so')],
            },
        ),
    ]
