"""Closed years, which nobody rewrites."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SQL = """
CREATE FUNCTION reports_fechamento_fica() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'um ano fechado não se altera nem se apaga' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER fechamento_fica BEFORE UPDATE OR DELETE ON reports_fechamento
    FOR EACH ROW EXECUTE FUNCTION reports_fechamento_fica();
"""
UNDO = "DROP TRIGGER fechamento_fica ON reports_fechamento; DROP FUNCTION reports_fechamento_fica();"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_sistema'),
        ('reports', '0001_totais'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Fechamento',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ano', models.PositiveSmallIntegerField(verbose_name='ano')),
                ('numeros', models.JSONField(help_text='contador → total, como no balanço', verbose_name='números')),
                ('resumo', models.CharField(max_length=64, verbose_name='resumo SHA-256')),
                ('fechado_em', models.DateTimeField(verbose_name='fechado em')),
                ('ultimo_evento', models.BigIntegerField(verbose_name='último evento de então')),
                ('fechado_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='por')),
                ('unidade', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fechamentos', to='accounts.unidade', verbose_name='unidade')),
            ],
            options={
                'verbose_name': 'fechamento',
                'ordering': ['-ano'],
                'constraints': [models.UniqueConstraint(fields=('unidade', 'ano'), name='fechamento_um_por_ano', violation_error_message='Este ano já foi fechado nesta unidade.')],
            },
        ),
        migrations.RunSQL(SQL, UNDO),
    ]
