import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Demonstracao',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('ano', models.PositiveSmallIntegerField(verbose_name='ano')),
                ('escala', models.FloatField(verbose_name='escala')),
                ('partes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), blank=True, default=list, size=None, verbose_name='partes prontas')),
                ('concluida', models.BooleanField(default=False, verbose_name='concluída')),
            ],
            options={
                'verbose_name': 'demonstração',
                'verbose_name_plural': 'demonstrações',
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('id', 1)), name='demonstracao_uma_so'),
                ],
            },
        ),
    ]
