import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('usuario', models.CharField(max_length=60, unique=True, verbose_name='usuário')),
                ('nome', models.CharField(max_length=160, verbose_name='nome')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('is_active', models.BooleanField(default=True, verbose_name='ativo')),
            ],
            options={
                'verbose_name': 'usuário',
                'ordering': ['nome'],
                'constraints': [
                    models.UniqueConstraint(django.db.models.functions.text.Lower('usuario'), name='usuario_sem_caixa'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Unidade',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('codigo', models.CharField(help_text='UF IBGE . Procon . unidade, como em 35.001.001', max_length=10, unique=True, validators=[django.core.validators.RegexValidator('^\\d{2}\\.\\d{3}\\.\\d{3}$', 'Escreva como 35.001.001: UF, Procon e unidade.')], verbose_name='código')),
                ('nome', models.CharField(max_length=120, verbose_name='nome')),
                ('municipio', models.CharField(max_length=7, verbose_name='município (código IBGE)')),
                ('abre_as', models.TimeField(default='09:00', verbose_name='abre às')),
                ('fecha_as', models.TimeField(default='17:00', verbose_name='fecha às')),
                ('ativa', models.BooleanField(default=True, verbose_name='ativa')),
            ],
            options={
                'verbose_name': 'unidade',
                'ordering': ['codigo'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('codigo__regex', '^\\d{2}\\.\\d{3}\\.\\d{3}$')), name='unidade_codigo_formato'),
                    models.CheckConstraint(condition=models.Q(('abre_as__lt', models.F('fecha_as'))), name='unidade_horario'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Atribuicao',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('papel', models.CharField(choices=[('atendente', 'Atendente'), ('conciliador', 'Conciliador'), ('coordenador', 'Coordenador'), ('autoridade', 'Autoridade'), ('auditor', 'Auditor'), ('encarregado', 'Encarregado de dados'), ('administrador', 'Administrador'), ('integracao', 'Integração'), ('sistema', 'Sistema')], max_length=20, verbose_name='papel')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='atribuicoes', to=settings.AUTH_USER_MODEL, verbose_name='usuário')),
                ('unidade', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='atribuicoes', to='accounts.unidade', verbose_name='unidade')),
            ],
            options={
                'verbose_name': 'atribuição',
                'verbose_name_plural': 'atribuições',
                'constraints': [
                    models.UniqueConstraint(fields=('user', 'unidade', 'papel'), name='atribuicao_unica'),
                    models.CheckConstraint(condition=models.Q(('papel__in', ['atendente', 'conciliador', 'coordenador', 'autoridade', 'auditor', 'encarregado', 'administrador', 'integracao', 'sistema'])), name='atribuicao_papel_conhecido'),
                ],
            },
        ),
    ]
