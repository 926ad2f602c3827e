"""Whom a message tells, of which version of what, the how-manieth time: columns, and unique by them."""

from django.db import migrations, models


#: What the keys of hearings say already: "audiencia:12:lembrete:7d:consumidor:5:email".
FILL = r"""
UPDATE notifications_mensagem SET
    parte = substring(chave FROM '((?:consumidor|fornecedor):[0-9]+):email$'),
    vez = coalesce(substring(chave FROM ':lembrete:([^:]+):'), ''),
    fora_do_silencio = tipo = 'lembrete_audiencia'
WHERE chave ~ '^audiencia:[0-9]+:.*(consumidor|fornecedor):[0-9]+:email$'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_sistema'),
        ('notifications', '0004_documento_anexado'),
        ('workflow', '0003_leitura'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='mensagem',
            name='mensagem_a_enviar',
        ),
        migrations.AddField(
            model_name='mensagem',
            name='fora_do_silencio',
            field=models.BooleanField(default=False, verbose_name='só fora das horas de silêncio'),
        ),
        migrations.AddField(
            model_name='mensagem',
            name='parte',
            field=models.CharField(blank=True, help_text='a quem, como consumidor:5', max_length=40, verbose_name='parte'),
        ),
        migrations.AddField(
            model_name='mensagem',
            name='remessa',
            field=models.PositiveSmallIntegerField(default=0, help_text='quantas vezes alguém a reenviou', verbose_name='remessa'),
        ),
        migrations.AddField(
            model_name='mensagem',
            name='versao',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='versão do que anuncia'),
        ),
        migrations.AddField(
            model_name='mensagem',
            name='vez',
            field=models.CharField(blank=True, help_text='qual dos lembretes, como 7d', max_length=10, verbose_name='vez'),
        ),
        migrations.AddField(
            model_name='tentativa',
            name='remessa',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='remessa'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='mensagem',
            name='canal',
            field=models.CharField(choices=[('email', 'E-mail'), ('sms', 'SMS'), ('whatsapp', 'WhatsApp')], default='email', max_length=10, verbose_name='canal'),
        ),
        migrations.AlterField(
            model_name='mensagem',
            name='situacao',
            field=models.CharField(choices=[('pendente', 'A enviar'), ('em_envio', 'Em envio'), ('enviada', 'Enviada'), ('falhou', 'Falhou'), ('devolvida', 'Devolvida'), ('cancelada', 'Cancelada'), ('pulada', 'Pulada')], default='pendente', max_length=10, verbose_name='situação'),
        ),
        migrations.AddIndex(
            model_name='mensagem',
            index=models.Index(condition=models.Q(('situacao', 'pendente')), fields=['canal', 'proxima_tentativa_em', 'id'], name='mensagem_a_enviar'),
        ),
        migrations.AddIndex(
            model_name='mensagem',
            index=models.Index(condition=models.Q(('situacao__in', ['pendente', 'em_envio']), models.Q(('parte', ''), _negated=True)), fields=['parte', 'canal'], name='mensagem_da_parte'),
        ),
        migrations.AddIndex(
            model_name='mensagem',
            index=models.Index(condition=models.Q(('situacao__in', ['falhou', 'devolvida'])), fields=['unidade', '-id'], name='mensagem_nao_entregue'),
        ),
        migrations.AddConstraint(
            model_name='mensagem',
            constraint=models.UniqueConstraint(condition=models.Q(('parte', ''), _negated=True), fields=('referencia', 'versao', 'parte', 'tipo', 'vez', 'canal'), name='mensagem_uma_por_parte', violation_error_message='Esta parte já tem esta mensagem, por este canal.'),
        ),
    ]
