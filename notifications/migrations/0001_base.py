import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    #: Every step until the first version: a database that has them has this.
    replaces = [
        ("notifications", name)
        for name in (
            "0001_initial",
            "0002_proxima_tentativa",
            "0003_convite",
            "0004_documento_anexado",
            "0005_mensagens_de_partes",
        )
    ]
    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('workflow', '0001_base'),
    ]

    operations = [
        migrations.CreateModel(
            name='Mensagem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chave', models.CharField(max_length=160, unique=True, verbose_name='chave')),
                ('tipo', models.CharField(max_length=60, verbose_name='tipo')),
                ('canal', models.CharField(choices=[('email', 'E-mail'), ('sms', 'SMS'), ('whatsapp', 'WhatsApp')], default='email', max_length=10, verbose_name='canal')),
                ('referencia', models.CharField(blank=True, help_text='o que anuncia, como audiencia:12', max_length=80, verbose_name='referência')),
                ('versao', models.PositiveSmallIntegerField(default=0, verbose_name='versão do que anuncia')),
                ('parte', models.CharField(blank=True, help_text='a quem, como consumidor:5', max_length=40, verbose_name='parte')),
                ('vez', models.CharField(blank=True, help_text='qual dos lembretes, como 7d', max_length=10, verbose_name='vez')),
                ('destinatario', models.CharField(max_length=160, verbose_name='destinatário')),
                ('endereco', models.CharField(max_length=254, verbose_name='endereço')),
                ('assunto', models.CharField(max_length=200, verbose_name='assunto')),
                ('corpo', models.TextField(verbose_name='corpo')),
                ('convite', models.TextField(blank=True, help_text='iCalendar, anexado à mensagem', verbose_name='convite de calendário')),
                ('documento', models.CharField(blank=True, help_text='nome sob DATA_DIR/documentos, como o da carta', max_length=120, verbose_name='documento anexado')),
                ('devida_em', models.DateTimeField(verbose_name='devida em')),
                ('vale_ate', models.DateTimeField(blank=True, null=True, verbose_name='não enviar a partir de')),
                ('fora_do_silencio', models.BooleanField(default=False, verbose_name='só fora das horas de silêncio')),
                ('situacao', models.CharField(choices=[('pendente', 'A enviar'), ('em_envio', 'Em envio'), ('enviada', 'Enviada'), ('falhou', 'Falhou'), ('devolvida', 'Devolvida'), ('cancelada', 'Cancelada'), ('pulada', 'Pulada')], default='pendente', max_length=10, verbose_name='situação')),
                ('motivo', models.CharField(blank=True, max_length=300, verbose_name='motivo')),
                ('tentativas_feitas', models.PositiveSmallIntegerField(default=0, verbose_name='tentativas')),
                ('remessa', models.PositiveSmallIntegerField(default=0, help_text='quantas vezes alguém a reenviou', verbose_name='remessa')),
                ('proxima_tentativa_em', models.DateTimeField(verbose_name='próxima tentativa em')),
                ('reservada_ate', models.DateTimeField(blank=True, null=True, verbose_name='reservada até')),
                ('enviada_em', models.DateTimeField(blank=True, null=True, verbose_name='enviada em')),
                ('criada_em', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='criada em')),
                ('historico', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mensagens', to='workflow.historico', verbose_name='histórico')),
                ('unidade', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unidade', verbose_name='unidade')),
            ],
            options={
                'verbose_name': 'mensagem',
                'verbose_name_plural': 'mensagens',
                'ordering': ['devida_em', 'id'],
                'indexes': [
                    models.Index(condition=models.Q(('situacao', 'pendente')), fields=['canal', 'proxima_tentativa_em', 'id'], name='mensagem_a_enviar'),
                    models.Index(fields=['unidade', '-id'], name='mensagem_lista'),
                    models.Index(condition=models.Q(('situacao', 'em_envio')), fields=['reservada_ate'], name='mensagem_reservada'),
                    models.Index(fields=['referencia'], name='mensagem_referencia'),
                    models.Index(condition=models.Q(('situacao__in', ['pendente', 'em_envio']), models.Q(('parte', ''), _negated=True)), fields=['parte', 'canal'], name='mensagem_da_parte'),
                    models.Index(condition=models.Q(('situacao__in', ['falhou', 'devolvida'])), fields=['unidade', '-id'], name='mensagem_nao_entregue'),
                ],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('parte', ''), _negated=True), fields=('referencia', 'versao', 'parte', 'tipo', 'vez', 'canal'), name='mensagem_uma_por_parte', violation_error_message='Esta parte já tem esta mensagem, por este canal.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Tentativa',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quando', models.DateTimeField(verbose_name='quando')),
                ('enviada', models.BooleanField(verbose_name='enviada')),
                ('resposta', models.TextField(blank=True, verbose_name='resposta')),
                ('remessa', models.PositiveSmallIntegerField(default=0, verbose_name='remessa')),
                ('mensagem', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tentativas', to='notifications.mensagem', verbose_name='mensagem')),
            ],
            options={
                'verbose_name': 'tentativa',
                'ordering': ['quando', 'id'],
            },
        ),
    ]
