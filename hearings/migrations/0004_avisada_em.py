from django.db import migrations, models

# Until now the notices were made with the booking itself.
TOLD = "UPDATE hearings_audiencia SET avisada_em = agendada_em"


class Migration(migrations.Migration):

    dependencies = [
        ('hearings', '0003_acordo_do_resultado'),
    ]

    operations = [
        migrations.AddField(
            model_name='audiencia',
            name='avisada_em',
            field=models.DateTimeField(blank=True, help_text='quando as notificações e as mensagens foram feitas; vazia enquanto ainda se devem', null=True, verbose_name='avisos feitos em'),
        ),
        migrations.RunSQL(TOLD, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='audiencia',
            index=models.Index(models.F('inicio'), condition=models.Q(('avisada_em', None), ('status__in', ('agendada', 'notificada', 'confirmada'))), name='audiencia_a_avisar'),
        ),
    ]
