"""A message may go to several contacts of one party: which one is a column, and unique with the rest."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_sistema'),
        ('notifications', '0001_base'),
        ('workflow', '0001_base'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='mensagem',
            name='mensagem_uma_por_parte',
        ),
        migrations.AddField(
            model_name='mensagem',
            name='contato',
            field=models.CharField(blank=True, help_text='como contato:7', max_length=30, verbose_name='a qual contato da parte'),
        ),
        migrations.AddConstraint(
            model_name='mensagem',
            constraint=models.UniqueConstraint(condition=models.Q(('parte', ''), _negated=True), fields=('referencia', 'versao', 'parte', 'contato', 'tipo', 'vez', 'canal'), name='mensagem_uma_por_parte', violation_error_message='Esta parte já tem esta mensagem, por este canal, neste contato.'),
        ),
    ]
