import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

from hearings.migrations import _gatilhos
from workflow.migrations._together import together


class Migration(migrations.Migration):
    #: Every step until the first version: a database that has them has this.
    replaces = [
        ("hearings", name)
        for name in (
            "0001_initial",
            "0002_agenda",
            "0003_sala_frase",
            "0004_series_e_assinaturas",
            "0005_partes",
            "0006_justificativa",
            "0007_reservas_de_quem",
            "0008_termo",
            "0009_resultados_antigos",
            "0010_impedimento",
            "0011_reserva_de_quem_agora",
            "0012_termo_vez",
        )
    ]

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('cases', '0001_base'),
        ('deadlines', '0001_base'),
        ('documents', '0001_base'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = together([
        BtreeGistExtension(),
        migrations.CreateModel(
            name='Sala',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nome', models.CharField(max_length=80, verbose_name='nome')),
                ('link', models.URLField(blank=True, verbose_name='link (sala virtual)')),
                ('ativa', models.BooleanField(default=True, verbose_name='ativa')),
                ('unidade', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='salas', to='accounts.unidade', verbose_name='unidade')),
            ],
            options={
                'verbose_name': 'sala',
                'ordering': ['nome'],
                'constraints': [
                    models.UniqueConstraint(fields=('unidade', 'nome'), name='sala_nome_unico', violation_error_message='Já há uma sala com este nome nesta unidade. Escolha outro nome.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='SequenciaDeHomologacao',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ano', models.PositiveSmallIntegerField(verbose_name='ano')),
                ('ultimo', models.PositiveIntegerField(default=0, verbose_name='último número')),
                ('unidade', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unidade', verbose_name='unidade')),
            ],
            options={
                'verbose_name': 'sequência de homologação',
                'verbose_name_plural': 'sequências de homologação',
                'constraints': [
                    models.UniqueConstraint(fields=('unidade', 'ano'), name='homologacao_sequencia_unica'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Impedimento',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('de', models.DateField(blank=True, null=True, verbose_name='do dia')),
                ('ate', models.DateField(blank=True, null=True, verbose_name='até o dia')),
                ('dias_da_semana', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(choices=[(0, 'Segunda-feira'), (1, 'Terça-feira'), (2, 'Quarta-feira'), (3, 'Quinta-feira'), (4, 'Sexta-feira'), (5, 'Sábado'), (6, 'Domingo')]), blank=True, default=list, size=None, verbose_name='dias da semana')),
                ('das', models.TimeField(blank=True, null=True, verbose_name='das')),
                ('ate_as', models.TimeField(blank=True, null=True, verbose_name='até as')),
                ('motivo', models.CharField(blank=True, max_length=160, verbose_name='motivo')),
                ('registrado_em', models.DateTimeField(verbose_name='registrado em')),
                ('retirado_em', models.DateTimeField(blank=True, null=True, verbose_name='retirado em')),
                ('atendimento', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='impedimentos', to='cases.atendimento', verbose_name='atendimento')),
                ('reclamado', models.ForeignKey(blank=True, help_text='vazio: o consumidor', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='impedimentos', to='cases.reclamado', verbose_name='fornecedor')),
                ('registrado_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='registrado por')),
                ('retirado_por', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='retirado por')),
            ],
            options={
                'verbose_name': 'impedimento',
                'ordering': ['id'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('de__isnull', False), ('ate__isnull', False), ('das__isnull', False), ('ate_as__isnull', False), ('dias_da_semana__len__gt', 0), _connector='OR'), name='impedimento_diz_quando', violation_error_message='Diga quando a parte não pode: dias, dias da semana ou horas.'),
                    models.CheckConstraint(condition=models.Q(('de__isnull', True), ('ate__isnull', True), ('ate__gte', models.F('de')), _connector='OR'), name='impedimento_dias', violation_error_message='O último dia vem antes do primeiro.'),
                    models.CheckConstraint(condition=models.Q(('das__isnull', True), ('ate_as__isnull', True), ('ate_as__gt', models.F('das')), _connector='OR'), name='impedimento_horas', violation_error_message='O fim vem depois do início.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('retirado_em__isnull', True), ('retirado_por__isnull', True)), models.Q(('retirado_em__isnull', False), ('retirado_por__isnull', False)), _connector='OR'), name='impedimento_retirado_por_alguem'),
                ],
            },
        ),
        migrations.CreateModel(
            name='RegrasDaAgenda',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duracao', models.PositiveSmallIntegerField(default=30, verbose_name='duração da audiência (min)')),
                ('intervalo', models.PositiveSmallIntegerField(default=0, verbose_name='intervalo entre audiências (min)')),
                ('tolerancia', models.PositiveSmallIntegerField(default=15, verbose_name='tolerância de atraso (min)')),
                ('prioritarias', models.PositiveSmallIntegerField(default=0, help_text='os primeiros horários do dia, oferecidos só a quem tem prioridade por lei', verbose_name='horários por dia para prioridade')),
                ('unidade', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='regras_da_agenda', to='accounts.unidade', verbose_name='unidade')),
            ],
            options={
                'verbose_name': 'regras da agenda',
                'verbose_name_plural': 'regras das agendas',
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('duracao__range', (5, 240))), name='regras_da_agenda_duracao', violation_error_message='A duração fica entre 5 e 240 minutos.'),
                    models.CheckConstraint(condition=models.Q(('intervalo__lte', 120)), name='regras_da_agenda_intervalo', violation_error_message='O intervalo vai até 120 minutos.'),
                    models.CheckConstraint(condition=models.Q(('tolerancia__lte', models.F('duracao'))), name='regras_da_agenda_tolerancia', violation_error_message='A tolerância não passa da duração da audiência.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Audiencia',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('modalidade', models.CharField(choices=[('presencial', 'Presencial'), ('virtual', 'Virtual'), ('hibrida', 'Híbrida')], default='presencial', max_length=10, verbose_name='modalidade')),
                ('inicio', models.DateTimeField(db_index=True, verbose_name='início')),
                ('fim', models.DateTimeField(verbose_name='fim')),
                ('status', models.CharField(choices=[('agendada', 'Agendada'), ('notificada', 'Notificada'), ('confirmada', 'Confirmada'), ('realizada', 'Realizada'), ('nao_realizada', 'Não realizada'), ('redesignada', 'Redesignada'), ('cancelada', 'Cancelada')], default='agendada', max_length=14, verbose_name='status')),
                ('resultado', models.CharField(blank=True, choices=[('acordo', 'Acordo'), ('acordo_parcial', 'Acordo parcial'), ('sem_acordo', 'Sem acordo'), ('ausente_consumidor', 'Consumidor ausente'), ('ausente_fornecedor', 'Fornecedor ausente'), ('ausentes_ambos', 'Ambos ausentes')], max_length=20, verbose_name='resultado')),
                ('observacao', models.TextField(blank=True, verbose_name='observação')),
                ('dispensa_antecedencia', models.CharField(blank=True, help_text='como as partes a dispensaram', max_length=200, verbose_name='dispensa da antecedência mínima')),
                ('versao', models.PositiveSmallIntegerField(default=0, verbose_name='versão da data')),
                ('agendada_em', models.DateTimeField(verbose_name='agendada em')),
                ('anterior', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seguinte', to='hearings.audiencia', verbose_name='audiência anterior')),
                ('atendimento', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='audiencias', to='cases.atendimento', verbose_name='atendimento')),
                ('conciliador', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='audiencias', to=settings.AUTH_USER_MODEL, verbose_name='conciliador')),
                ('primeira', models.ForeignKey(blank=True, help_text='a que abriu esta série de datas; vazia na própria', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='redesignacoes', to='hearings.audiencia', verbose_name='primeira audiência')),
                ('reclamados', models.ManyToManyField(related_name='audiencias', to='cases.reclamado', verbose_name='reclamados')),
                ('sala', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='audiencias', to='hearings.sala', verbose_name='sala')),
            ],
            options={
                'verbose_name': 'audiência',
                'ordering': ['inicio', 'id'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('anterior__isnull', True), ('primeira__isnull', True), ('versao', 0)), models.Q(('anterior__isnull', False), ('primeira__isnull', False), ('versao__gt', 0)), _connector='OR'), name='audiencia_serie'),
                    models.CheckConstraint(condition=models.Q(('fim__gt', models.F('inicio'))), name='audiencia_fim_depois'),
                    models.CheckConstraint(condition=models.Q(models.Q(('resultado__in', ['acordo', 'acordo_parcial', 'sem_acordo']), ('status', 'realizada')), models.Q(('resultado__in', ['ausente_consumidor', 'ausente_fornecedor', 'ausentes_ambos']), ('status', 'nao_realizada')), models.Q(models.Q(('status__in', ['realizada', 'nao_realizada']), _negated=True), ('resultado', '')), _connector='OR'), name='audiencia_resultado_coerente'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Disponibilidade',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dia_da_semana', models.PositiveSmallIntegerField(choices=[(0, 'Segunda-feira'), (1, 'Terça-feira'), (2, 'Quarta-feira'), (3, 'Quinta-feira'), (4, 'Sexta-feira'), (5, 'Sábado'), (6, 'Domingo')], verbose_name='dia da semana')),
                ('das', models.TimeField(verbose_name='das')),
                ('ate', models.TimeField(verbose_name='até')),
                ('vigente_de', models.DateField(verbose_name='vigente de')),
                ('vigente_ate', models.DateField(blank=True, null=True, verbose_name='vigente até')),
                ('conciliador', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='conciliador')),
                ('unidade', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unidade', verbose_name='unidade')),
                ('sala', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='hearings.sala', verbose_name='sala')),
            ],
            options={
                'verbose_name': 'disponibilidade',
                'ordering': ['dia_da_semana', 'das', 'id'],
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('conciliador__isnull', True), ('sala__isnull', False)), models.Q(('conciliador__isnull', False), ('sala__isnull', True)), _connector='OR'), name='disponibilidade_de_um_recurso', violation_error_message='Escolha uma sala ou um conciliador, não os dois.'),
                    models.CheckConstraint(condition=models.Q(('das__lt', models.F('ate'))), name='disponibilidade_horario', violation_error_message='O fim vem depois do início.'),
                    models.CheckConstraint(condition=models.Q(('vigente_ate__isnull', True), ('vigente_ate__gte', models.F('vigente_de')), _connector='OR'), name='disponibilidade_vigencia', violation_error_message='A vigência termina antes de começar.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Ausencia',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('durante', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='durante')),
                ('motivo', models.CharField(max_length=160, verbose_name='motivo')),
                ('registrada_em', models.DateTimeField(verbose_name='registrada em')),
                ('desfeita_em', models.DateTimeField(blank=True, null=True, verbose_name='desfeita em')),
                ('conciliador', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='conciliador')),
                ('desfeita_por', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='desfeita por')),
                ('registrada_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='registrada por')),
                ('unidade', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unidade', verbose_name='unidade')),
                ('sala', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='hearings.sala', verbose_name='sala')),
            ],
            options={
                'verbose_name': 'ausência',
                'ordering': ['durante', 'id'],
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('conciliador__isnull', True), ('sala__isnull', False)), models.Q(('conciliador__isnull', False), ('sala__isnull', True)), _connector='OR'), name='ausencia_de_um_recurso', violation_error_message='Escolha uma sala ou um conciliador, não os dois.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('desfeita_em__isnull', True), ('desfeita_por__isnull', True)), models.Q(('desfeita_em__isnull', False), ('desfeita_por__isnull', False)), _connector='OR'), name='ausencia_desfeita_por_alguem'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AssinaturaDeAgenda',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chave_hash', models.CharField(max_length=64, unique=True, verbose_name='hash da chave')),
                ('criada_em', models.DateTimeField(verbose_name='criada em')),
                ('lida_em', models.DateTimeField(blank=True, null=True, verbose_name='lida pela última vez em')),
                ('revogada_em', models.DateTimeField(blank=True, null=True, verbose_name='revogada em')),
                ('conciliador', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='conciliador')),
                ('criada_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='criada por')),
                ('unidade', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unidade', verbose_name='unidade')),
                ('sala', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='hearings.sala', verbose_name='sala')),
            ],
            options={
                'verbose_name': 'assinatura de agenda',
                'verbose_name_plural': 'assinaturas de agenda',
                'ordering': ['-id'],
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('conciliador__isnull', True), ('sala__isnull', False)), models.Q(('conciliador__isnull', False), ('sala__isnull', True)), _connector='OR'), name='assinaturadeagenda_de_um_recurso', violation_error_message='Escolha uma sala ou um conciliador, não os dois.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Presenca',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('qualidade', models.CharField(choices=[('consumidor', 'Consumidor'), ('procurador', 'Procurador'), ('preposto', 'Preposto'), ('advogado', 'Advogado'), ('testemunha', 'Testemunha')], max_length=12, verbose_name='qualidade')),
                ('nome', models.CharField(max_length=160, verbose_name='nome')),
                ('chegou_em', models.DateTimeField(verbose_name='chegou em')),
                ('documentos', models.CharField(blank=True, max_length=200, verbose_name='documentos vistos')),
                ('audiencia', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='presencas', to='hearings.audiencia', verbose_name='audiência')),
                ('reclamado', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.reclamado', verbose_name='representa')),
            ],
            options={
                'verbose_name': 'presença',
                'ordering': ['chegou_em', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Termo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('versao', models.PositiveSmallIntegerField(default=1, verbose_name='versão')),
                ('status', models.CharField(choices=[('em_redacao', 'Em redação'), ('fechado', 'Fechado'), ('substituido', 'Substituído')], default='em_redacao', max_length=12, verbose_name='status')),
                ('dados', models.JSONField(blank=True, default=dict, verbose_name='o que foi digitado')),
                ('conteudo_sha256', models.CharField(blank=True, max_length=64, verbose_name='SHA-256 do que se assina')),
                ('edicao', models.PositiveIntegerField(default=0, verbose_name='edição')),
                ('pagina', models.UUIDField(blank=True, null=True, verbose_name='página que guardou por último')),
                ('vez', models.PositiveIntegerField(default=0, verbose_name='quantas vezes aquela página já tinha guardado')),
                ('alterado_em', models.DateTimeField(verbose_name='alterado em')),
                ('motivo', models.TextField(blank=True, verbose_name='motivo da nova versão')),
                ('homologacao', models.CharField(blank=True, max_length=20, verbose_name='número de homologação')),
                ('fechado_em', models.DateTimeField(blank=True, null=True, verbose_name='fechado em')),
                ('alterado_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='alterado por')),
                ('anterior', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='seguinte', to='hearings.termo', verbose_name='versão anterior')),
                ('audiencia', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='termos', to='hearings.audiencia', verbose_name='audiência')),
                ('documento', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='termo', to='documents.documento', verbose_name='documento')),
                ('fechado_por', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='fechado por')),
            ],
            options={
                'verbose_name': 'termo',
                'ordering': ['audiencia', 'versao'],
                'constraints': [
                    models.UniqueConstraint(fields=('audiencia', 'versao'), name='termo_versao_unica'),
                    models.UniqueConstraint(condition=models.Q(('status', 'em_redacao')), fields=('audiencia',), name='termo_um_em_redacao', violation_error_message='Já há um termo desta audiência em redação. Continue aquele.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('documento__isnull', True), ('fechado_em__isnull', True), ('fechado_por__isnull', True), ('status', 'em_redacao')), models.Q(models.Q(('status', 'em_redacao'), _negated=True), ('documento__isnull', False), ('fechado_em__isnull', False), ('fechado_por__isnull', False), models.Q(('conteudo_sha256', ''), _negated=True)), _connector='OR'), name='termo_fechado_inteiro'),
                    models.CheckConstraint(condition=models.Q(models.Q(('anterior__isnull', True), ('versao', 1)), models.Q(('anterior__isnull', False), ('versao__gt', 1), models.Q(('motivo', ''), _negated=True)), _connector='OR'), name='termo_nova_versao_com_motivo', violation_error_message='A nova versão de um termo tem motivo.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Confirmacao',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('parte', models.CharField(help_text='consumidor:5 ou fornecedor:9', max_length=40, verbose_name='parte')),
                ('quando', models.DateTimeField(verbose_name='quando')),
                ('audiencia', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='confirmacoes', to='hearings.audiencia', verbose_name='audiência')),
            ],
            options={
                'verbose_name': 'confirmação',
                'verbose_name_plural': 'confirmações',
                'constraints': [
                    models.UniqueConstraint(fields=('audiencia', 'parte'), name='confirmacao_unica'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Justificativa',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('texto', models.TextField(blank=True, verbose_name='justificativa')),
                ('apresentada_em', models.DateField(blank=True, null=True, verbose_name='apresentada em')),
                ('registrada_em', models.DateTimeField(blank=True, null=True, verbose_name='registrada em')),
                ('audiencia', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='justificativa', to='hearings.audiencia', verbose_name='audiência')),
                ('prazo', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='justificativa', to='deadlines.prazo', verbose_name='prazo')),
                ('registrada_por', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='registrada por')),
            ],
            options={
                'verbose_name': 'justificativa de ausência',
                'verbose_name_plural': 'justificativas de ausência',
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('apresentada_em__isnull', True), ('registrada_em__isnull', True), ('registrada_por__isnull', True), ('texto', '')), models.Q(('apresentada_em__isnull', False), ('registrada_em__isnull', False), ('registrada_por__isnull', False), models.Q(('texto', ''), _negated=True)), _connector='OR'), name='justificativa_inteira', violation_error_message='A justificativa tem texto, data e quem a registrou.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='NotificacaoDaAudiencia',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('parte', models.CharField(help_text='consumidor:5 ou fornecedor:9', max_length=40, verbose_name='parte')),
                ('meio', models.CharField(choices=[('ar', 'Carta com AR'), ('email', 'E-mail'), ('em_maos', 'Em mãos')], max_length=10, verbose_name='meio')),
                ('rastreio', models.CharField(blank=True, max_length=20, verbose_name='código de rastreio do AR')),
                ('enviada_em', models.DateField(verbose_name='enviada em')),
                ('recebida_em', models.DateField(blank=True, null=True, verbose_name='recebida em')),
                ('recebida_por', models.CharField(blank=True, max_length=160, verbose_name='recebida por')),
                ('devolvida_em', models.DateField(blank=True, null=True, verbose_name='devolvida em')),
                ('motivo', models.CharField(blank=True, max_length=200, verbose_name='motivo da devolução')),
                ('audiencia', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notificacoes', to='hearings.audiencia', verbose_name='audiência')),
                ('registrada_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='registrada por')),
            ],
            options={
                'verbose_name': 'notificação da audiência',
                'verbose_name_plural': 'notificações da audiência',
                'ordering': ['enviada_em', 'id'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('recebida_em__isnull', True), ('devolvida_em__isnull', True), _connector='OR'), name='notificacao_recebida_ou_devolvida', violation_error_message='A notificação foi recebida ou devolvida, não as duas coisas.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('recebida_em__isnull', True), ('recebida_em__gte', models.F('enviada_em')), _connector='OR'), models.Q(('devolvida_em__isnull', True), ('devolvida_em__gte', models.F('enviada_em')), _connector='OR')), name='notificacao_depois_do_envio', violation_error_message='O recebimento e a devolução vêm depois do envio. Confira as datas.'),
                    models.UniqueConstraint(condition=models.Q(('rastreio', ''), _negated=True), fields=('rastreio',), name='notificacao_rastreio_unico', violation_error_message='Este código de rastreio já é de outra notificação. Confira o código.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='PedidoDeRemarcacao',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('parte', models.CharField(help_text='consumidor:5 ou fornecedor:9', max_length=40, verbose_name='parte')),
                ('quem', models.CharField(max_length=200, verbose_name='quem pede')),
                ('motivo', models.TextField(verbose_name='motivo')),
                ('pedido_em', models.DateTimeField(verbose_name='pedido em')),
                ('decidido_em', models.DateTimeField(blank=True, null=True, verbose_name='decidido em')),
                ('atendido', models.BooleanField(blank=True, null=True, verbose_name='atendido')),
                ('resposta', models.TextField(blank=True, verbose_name='resposta do Procon')),
                ('audiencia', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pedidos', to='hearings.audiencia', verbose_name='audiência')),
                ('decidido_por', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decidido por')),
            ],
            options={
                'verbose_name': 'pedido de remarcação',
                'verbose_name_plural': 'pedidos de remarcação',
                'ordering': ['pedido_em', 'id'],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('decidido_em__isnull', True)), fields=('audiencia', 'parte'), name='pedido_um_em_aberto', violation_error_message='Seu pedido já foi recebido e está em análise. Aguarde a resposta do Procon.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('atendido__isnull', True), ('decidido_em__isnull', True), ('decidido_por__isnull', True)), models.Q(('atendido__isnull', False), ('decidido_em__isnull', False), ('decidido_por__isnull', False)), _connector='OR'), name='pedido_decidido_por_alguem'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Reserva',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recurso', models.CharField(max_length=40, verbose_name='recurso')),
                ('durante', django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name='durante')),
                ('audiencia', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reservas', to='hearings.audiencia', verbose_name='audiência')),
                ('ausencia', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='reserva', to='hearings.ausencia', verbose_name='ausência')),
            ],
            options={
                'verbose_name': 'reserva',
                'constraints': [
                    django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('recurso', '='), ('durante', '&&')], name='reserva_sem_sobreposicao'),
                    models.UniqueConstraint(fields=('audiencia', 'recurso'), name='reserva_unica'),
                    models.CheckConstraint(condition=models.Q(('recurso__regex', '^(sala|conciliador|consumidor):[0-9]+$')), name='reserva_recurso_formato'),
                    models.CheckConstraint(condition=models.Q(models.Q(('audiencia__isnull', False), ('ausencia__isnull', True)), models.Q(('audiencia__isnull', True), ('ausencia__isnull', False)), _connector='OR'), name='reserva_de_audiencia_ou_ausencia'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ResultadoDoReclamado',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resultado', models.CharField(choices=[('acordo', 'Acordo'), ('acordo_parcial', 'Acordo sobre parte do pedido'), ('sem_acordo', 'Sem acordo'), ('ausente', 'Ausente'), ('compareceu', 'Compareceu; não houve audiência')], max_length=14, verbose_name='resultado')),
                ('acordo', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='resultado', to='cases.acordo', verbose_name='acordo')),
                ('audiencia', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='resultados', to='hearings.audiencia', verbose_name='audiência')),
                ('reclamado', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='resultados', to='cases.reclamado', verbose_name='reclamado')),
            ],
            options={
                'verbose_name': 'resultado do reclamado',
                'verbose_name_plural': 'resultados dos reclamados',
                'ordering': ['reclamado'],
                'constraints': [
                    models.UniqueConstraint(fields=('audiencia', 'reclamado'), name='resultado_um_por_reclamado'),
                    models.CheckConstraint(condition=models.Q(('acordo__isnull', True), ('resultado__in', ['acordo', 'acordo_parcial']), _connector='OR'), name='resultado_com_acordo'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AssinaturaDoTermo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('forma', models.CharField(choices=[('desenhada', 'Desenhada na tela'), ('digitada', 'Nome digitado, com consentimento declarado')], max_length=10, verbose_name='forma')),
                ('nome', models.CharField(max_length=160, verbose_name='nome')),
                ('tracos', models.JSONField(blank=True, default=list, verbose_name='traços')),
                ('conteudo_sha256', models.CharField(max_length=64, verbose_name='SHA-256 do que assinou')),
                ('assinada_em', models.DateTimeField(verbose_name='assinada em')),
                ('registrada_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='registrada por')),
                ('presenca', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assinaturas', to='hearings.presenca', verbose_name='quem assina')),
                ('termo', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assinaturas', to='hearings.termo', verbose_name='termo')),
            ],
            options={
                'verbose_name': 'assinatura do termo',
                'verbose_name_plural': 'assinaturas do termo',
                'ordering': ['assinada_em', 'id'],
                'constraints': [
                    models.UniqueConstraint(fields=('termo', 'presenca'), name='assinatura_uma_por_pessoa'),
                ],
            },
        ),
        migrations.CreateModel(
            name='DocumentoVisto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tipo', models.CharField(choices=[('identidade', 'RG ou CPF'), ('ato_constitutivo', 'Ato constitutivo'), ('carta_de_preposicao', 'Carta de preposição'), ('procuracao', 'Procuração')], max_length=20, verbose_name='documento')),
                ('visto_em', models.DateTimeField(verbose_name='visto em')),
                ('visto_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='visto por')),
                ('presenca', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='vistos', to='hearings.presenca', verbose_name='presença')),
            ],
            options={
                'verbose_name': 'documento visto',
                'verbose_name_plural': 'documentos vistos',
                'ordering': ['visto_em', 'id'],
                'constraints': [
                    models.UniqueConstraint(fields=('presenca', 'tipo'), name='documento_visto_uma_vez', violation_error_message='Este documento já consta como visto.'),
                ],
            },
        ),
        migrations.RunSQL(_gatilhos.DO, _gatilhos.UNDO),
    ])
