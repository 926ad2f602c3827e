"""Apart from the first: the applications come before everything else that follows (accounts 0002)."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0007_nomes'),
        ('portal', '0001_integracoes'),
    ]

    operations = [
        migrations.CreateModel(
            name='LinkDaCaixa',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64, unique=True, verbose_name='hash do token')),
                ('criado_em', models.DateTimeField(verbose_name='criado em')),
                ('vale_ate', models.DateTimeField(db_index=True, verbose_name='vale até')),
                ('usado_em', models.DateTimeField(blank=True, null=True, verbose_name='usado em')),
                ('adesao', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.adesaocipeletronica', verbose_name='adesão à CIP eletrônica')),
            ],
            options={
                'verbose_name': 'link da caixa de CIPs',
                'verbose_name_plural': 'links da caixa de CIPs',
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('usado_em__isnull', True), models.Q(('usado_em__gte', models.F('criado_em')), ('usado_em__lt', models.F('vale_ate'))), _connector='OR'), name='link_da_caixa_usado_enquanto_vale'),
                    models.CheckConstraint(condition=models.Q(('vale_ate__gt', models.F('criado_em'))), name='link_da_caixa_tem_fim'),
                ],
            },
        ),
    ]
