import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.datetime
import django.db.models.functions.text
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations, models

from parties.migrations import _gatilhos
from workflow.migrations._together import together


class Migration(migrations.Migration):
    #: Every step until the first version: a database that has them has this.
    replaces = [
        ("parties", name)
        for name in (
            "0001_initial",
            "0002_nome_busca",
            "0003_fusao",
            "0004_duplicados",
            "0005_versoes",
            "0006_contatos",
            "0007_nomes",
            "0008_fusao_de_consumidores",
            "0009_canais",
            "0010_amostra_dos_nomes",
        )
    ]

    initial = True

    dependencies = [
        ('accounts', '0002_sistema'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = together([
        TrigramExtension(),
        UnaccentExtension(),
        migrations.CreateModel(
            name='GrupoEconomico',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nome', models.CharField(max_length=160, unique=True, verbose_name='nome')),
            ],
            options={
                'verbose_name': 'grupo econômico',
                'verbose_name_plural': 'grupos econômicos',
                'ordering': ['nome'],
            },
        ),
        migrations.CreateModel(
            name='BuscaDeDuplicados',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('alvo', models.CharField(choices=[('fornecedores', 'Fornecedores'), ('consumidores', 'Consumidores')], default='fornecedores', max_length=12, verbose_name='entre')),
                ('pedida_em', models.DateTimeField(verbose_name='pedida em')),
                ('etapa', models.CharField(default='na fila', max_length=80, verbose_name='etapa')),
                ('andamento', models.PositiveSmallIntegerField(default=0, verbose_name='andamento (%)')),
                ('encontrados', models.PositiveIntegerField(default=0, verbose_name='grupos encontrados')),
                ('terminada_em', models.DateTimeField(blank=True, null=True, verbose_name='terminada em')),
                ('aberta', models.BooleanField(default=True, editable=False, verbose_name='aberta')),
                ('pedida_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='pedida por')),
            ],
            options={
                'verbose_name': 'busca de duplicados',
                'verbose_name_plural': 'buscas de duplicados',
                'ordering': ['-pedida_em', '-id'],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('aberta', True)), fields=('alvo',), name='busca_uma_por_vez', violation_error_message='Já há uma busca de duplicados em andamento. Espere que termine.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('aberta', True), ('terminada_em__isnull', True)), models.Q(('aberta', False), ('terminada_em__isnull', False)), _connector='OR'), name='busca_aberta_ou_terminada'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Consumidor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cep', models.CharField(blank=True, max_length=8, verbose_name='CEP')),
                ('logradouro', models.CharField(blank=True, max_length=160, verbose_name='logradouro')),
                ('numero', models.CharField(blank=True, max_length=20, verbose_name='número')),
                ('complemento', models.CharField(blank=True, max_length=80, verbose_name='complemento')),
                ('bairro', models.CharField(blank=True, max_length=80, verbose_name='bairro')),
                ('municipio', models.CharField(blank=True, max_length=7, verbose_name='município (código IBGE)')),
                ('uf', models.CharField(blank=True, max_length=2, verbose_name='UF')),
                ('nome', models.CharField(max_length=160, verbose_name='nome')),
                ('nome_social', models.CharField(blank=True, max_length=160, verbose_name='nome social')),
                ('cpf', models.CharField(blank=True, max_length=11, null=True, unique=True, verbose_name='CPF')),
                ('nascimento', models.DateField(blank=True, null=True, verbose_name='data de nascimento')),
                ('sexo', models.CharField(choices=[('F', 'Feminino'), ('M', 'Masculino'), ('N', 'Não informado')], default='N', max_length=1, verbose_name='sexo')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('telefone', models.CharField(blank=True, max_length=20, verbose_name='telefone')),
                ('prioridades', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('pcd', 'Pessoa com deficiência'), ('tea', 'Pessoa com transtorno do espectro autista'), ('gestante', 'Gestante'), ('lactante', 'Lactante'), ('crianca_de_colo', 'Com criança de colo'), ('obeso', 'Pessoa obesa'), ('mobilidade_reduzida', 'Mobilidade reduzida'), ('doador_de_sangue', 'Doador de sangue (até 120 dias)')], max_length=30), blank=True, default=list, size=None, verbose_name='prioridades')),
                ('nome_busca', models.TextField(default='', editable=False, verbose_name='nomes para busca')),
                ('criado_em', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='criado em')),
                ('fundido_em', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='absorvidos', to='parties.consumidor', verbose_name='fundido em')),
            ],
            options={
                'verbose_name': 'consumidor',
                'verbose_name_plural': 'consumidores',
                'ordering': ['nome', 'id'],
                'indexes': [
                    django.contrib.postgres.indexes.GinIndex(fields=['nome_busca'], name='consumidor_nome_busca', opclasses=['gin_trgm_ops']),
                    models.Index(django.db.models.functions.comparison.Collate(django.db.models.functions.text.Left('nome_busca', 40), 'C'), name='consumidor_nome_inicio'),
                    models.Index(fields=['nome', 'id'], name='consumidor_lista'),
                    models.Index(condition=models.Q(('fundido_em__isnull', False)), fields=['fundido_em'], name='consumidor_fundidos'),
                    models.Index(django.db.models.functions.comparison.Coalesce('fundido_em', 'id'), name='consumidor_pessoa'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('cpf__regex', '^[0-9]{11}$')), name='consumidor_cpf_formato'),
                    models.CheckConstraint(condition=models.Q(('cep', ''), ('cep__regex', '^[0-9]{8}$'), _connector='OR'), name='consumidor_cep_formato'),
                    models.CheckConstraint(condition=models.Q(('fundido_em', models.F('id')), _negated=True), name='consumidor_nao_fundido_em_si'),
                ],
            },
        ),
        migrations.CreateModel(
            name='GrupoEconomicoVersao',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('nome', models.CharField(max_length=160, verbose_name='nome')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versoes', related_query_name='versoes', to='parties.grupoeconomico')),
            ],
            options={
                'verbose_name': 'versão de grupo econômico',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PessoasDiferentes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('declarado_em', models.DateTimeField(verbose_name='declarado em')),
                ('declarado_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='declarado por')),
                ('outro', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.consumidor', verbose_name='outro')),
                ('um', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.consumidor', verbose_name='um')),
            ],
            options={
                'verbose_name': 'par de pessoas diferentes',
                'verbose_name_plural': 'pares de pessoas diferentes',
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('um__lt', models.F('outro'))), name='pessoasdiferentes_em_ordem'),
                    models.UniqueConstraint(fields=('um', 'outro'), name='pessoasdiferentes_unico'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AutorizacaoDeCanal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('canal', models.CharField(choices=[('sms', 'SMS'), ('whatsapp', 'WhatsApp')], max_length=10, verbose_name='canal')),
                ('autorizada_em', models.DateTimeField(verbose_name='autorizada em')),
                ('retirada_em', models.DateTimeField(blank=True, null=True, verbose_name='retirada em')),
                ('registrada_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='registrada por')),
                ('consumidor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='autorizacoes_de_canal', to='parties.consumidor', verbose_name='consumidor')),
            ],
            options={
                'verbose_name': 'autorização de canal',
                'verbose_name_plural': 'autorizações de canal',
                'ordering': ['canal', 'id'],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('retirada_em__isnull', True)), fields=('consumidor', 'canal'), name='autorizacao_de_canal_unica', violation_error_message='Este consumidor já autorizou este canal.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ConsumidorFundido',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consumidor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.consumidor', verbose_name='consumidor')),
            ],
            options={
                'verbose_name': 'consumidor fundido',
                'verbose_name_plural': 'consumidores fundidos',
            },
        ),
        migrations.CreateModel(
            name='ConsumidorVersao',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('cep', models.CharField(blank=True, max_length=8, verbose_name='CEP')),
                ('logradouro', models.CharField(blank=True, max_length=160, verbose_name='logradouro')),
                ('numero', models.CharField(blank=True, max_length=20, verbose_name='número')),
                ('complemento', models.CharField(blank=True, max_length=80, verbose_name='complemento')),
                ('bairro', models.CharField(blank=True, max_length=80, verbose_name='bairro')),
                ('municipio', models.CharField(blank=True, max_length=7, verbose_name='município (código IBGE)')),
                ('uf', models.CharField(blank=True, max_length=2, verbose_name='UF')),
                ('nome', models.CharField(max_length=160, verbose_name='nome')),
                ('nome_social', models.CharField(blank=True, max_length=160, verbose_name='nome social')),
                ('cpf', models.CharField(blank=True, max_length=11, null=True, verbose_name='CPF')),
                ('nascimento', models.DateField(blank=True, null=True, verbose_name='data de nascimento')),
                ('sexo', models.CharField(choices=[('F', 'Feminino'), ('M', 'Masculino'), ('N', 'Não informado')], default='N', max_length=1, verbose_name='sexo')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('telefone', models.CharField(blank=True, max_length=20, verbose_name='telefone')),
                ('prioridades', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('pcd', 'Pessoa com deficiência'), ('tea', 'Pessoa com transtorno do espectro autista'), ('gestante', 'Gestante'), ('lactante', 'Lactante'), ('crianca_de_colo', 'Com criança de colo'), ('obeso', 'Pessoa obesa'), ('mobilidade_reduzida', 'Mobilidade reduzida'), ('doador_de_sangue', 'Doador de sangue (até 120 dias)')], max_length=30), blank=True, default=list, size=None, verbose_name='prioridades')),
                ('criado_em', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='criado em')),
                ('fundido_em', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='parties.consumidor', verbose_name='fundido em')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versoes', related_query_name='versoes', to='parties.consumidor')),
            ],
            options={
                'verbose_name': 'versão de consumidor',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Fornecedor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cep', models.CharField(blank=True, max_length=8, verbose_name='CEP')),
                ('logradouro', models.CharField(blank=True, max_length=160, verbose_name='logradouro')),
                ('numero', models.CharField(blank=True, max_length=20, verbose_name='número')),
                ('complemento', models.CharField(blank=True, max_length=80, verbose_name='complemento')),
                ('bairro', models.CharField(blank=True, max_length=80, verbose_name='bairro')),
                ('municipio', models.CharField(blank=True, max_length=7, verbose_name='município (código IBGE)')),
                ('uf', models.CharField(blank=True, max_length=2, verbose_name='UF')),
                ('cnpj', models.CharField(blank=True, max_length=14, null=True, unique=True, verbose_name='CNPJ')),
                ('cpf', models.CharField(blank=True, max_length=11, null=True, unique=True, verbose_name='CPF')),
                ('radical', models.GeneratedField(db_persist=True, expression=django.db.models.functions.text.Left('cnpj', 8), output_field=models.CharField(max_length=8, null=True))),
                ('razao_social', models.CharField(max_length=200, verbose_name='razão social')),
                ('nome_fantasia', models.CharField(blank=True, max_length=200, verbose_name='nome fantasia')),
                ('cnae', models.CharField(blank=True, max_length=7, verbose_name='CNAE principal')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('telefone', models.CharField(blank=True, max_length=20, verbose_name='telefone')),
                ('cip_eletronica', models.BooleanField(default=False, verbose_name='recebe CIP eletrônica')),
                ('a_completar', models.BooleanField(default=False, verbose_name='cadastro a completar')),
                ('nome_busca', models.TextField(default='', editable=False, verbose_name='nomes para busca')),
                ('criado_em', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='criado em')),
                ('fundido_em', models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='absorvidos', to='parties.fornecedor', verbose_name='fundido em')),
                ('grupo', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='fornecedores', to='parties.grupoeconomico', verbose_name='grupo')),
            ],
            options={
                'verbose_name': 'fornecedor',
                'verbose_name_plural': 'fornecedores',
                'ordering': ['razao_social', 'id'],
                'indexes': [
                    models.Index(fields=['radical'], name='fornecedor_radical'),
                    django.contrib.postgres.indexes.GinIndex(fields=['nome_busca'], name='fornecedor_nome_busca', opclasses=['gin_trgm_ops']),
                    models.Index(django.db.models.functions.comparison.Collate(django.db.models.functions.text.Left('nome_busca', 40), 'C'), name='fornecedor_nome_inicio'),
                    models.Index(fields=['razao_social', 'id'], name='fornecedor_lista'),
                    models.Index(condition=models.Q(('fundido_em__isnull', False)), fields=['fundido_em'], name='fornecedor_fundidos'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('cnpj__regex', '^[0-9A-Z]{12}[0-9]{2}$')), name='fornecedor_cnpj_formato'),
                    models.CheckConstraint(condition=models.Q(('cpf__regex', '^[0-9]{11}$')), name='fornecedor_cpf_formato'),
                    models.CheckConstraint(condition=models.Q(('cnpj__isnull', True), ('cpf__isnull', True), _connector='OR'), name='fornecedor_cnpj_ou_cpf'),
                    models.CheckConstraint(condition=models.Q(('fundido_em', models.F('id')), _negated=True), name='fornecedor_nao_fundido_em_si'),
                ],
            },
        ),
        migrations.CreateModel(
            name='NaoDuplicado',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('declarado_em', models.DateTimeField(verbose_name='declarado em')),
                ('declarado_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='declarado por')),
                ('outro', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.fornecedor', verbose_name='outro')),
                ('um', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.fornecedor', verbose_name='um')),
            ],
            options={
                'verbose_name': 'par que não é o mesmo',
                'verbose_name_plural': 'pares que não são o mesmo',
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('um__lt', models.F('outro'))), name='naoduplicado_em_ordem'),
                    models.UniqueConstraint(fields=('um', 'outro'), name='naoduplicado_unico'),
                ],
            },
        ),
        migrations.CreateModel(
            name='CorrecaoDeFornecedor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('campos', models.JSONField(help_text='nome do campo: [antes, depois]', verbose_name='campos')),
                ('motivo', models.TextField(blank=True, verbose_name='motivo')),
                ('em', models.DateTimeField(verbose_name='em')),
                ('por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='por')),
                ('fornecedor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='correcoes', to='parties.fornecedor', verbose_name='fornecedor')),
            ],
            options={
                'verbose_name': 'correção de fornecedor',
                'verbose_name_plural': 'correções de fornecedores',
                'ordering': ['-em', '-id'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('campos', {}), _negated=True), name='correcao_com_campos'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ContatoDeFornecedor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nome', models.CharField(max_length=160, verbose_name='nome')),
                ('cargo', models.CharField(blank=True, max_length=120, verbose_name='cargo ou setor')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('telefone', models.CharField(blank=True, max_length=20, verbose_name='telefone')),
                ('recebe_cip', models.BooleanField(default=False, verbose_name='recebe CIP')),
                ('recebe_audiencia', models.BooleanField(default=False, verbose_name='recebe avisos de audiência')),
                ('fornecedor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contatos_de_aviso', to='parties.fornecedor', verbose_name='fornecedor')),
            ],
            options={
                'verbose_name': 'contato de fornecedor',
                'verbose_name_plural': 'contatos de fornecedores',
                'ordering': ['nome', 'id'],
                'constraints': [
                    models.UniqueConstraint(fields=('fornecedor', 'nome', 'email'), name='contato_de_fornecedor_unico', violation_error_message='Este contato já está no cadastro, com o mesmo nome e e-mail.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('email', ''), _negated=True), models.Q(('telefone', ''), _negated=True), _connector='OR'), name='contato_de_fornecedor_com_meio', violation_error_message='Informe o e-mail ou o telefone do contato.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('recebe_audiencia', False), ('recebe_cip', False)), models.Q(('email', ''), _negated=True), _connector='OR'), name='contato_de_fornecedor_aviso_com_email', violation_error_message='Quem recebe avisos precisa de e-mail.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='AdesaoCipEletronica',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('termo', models.CharField(max_length=120, verbose_name='número do termo ou nome do arquivo')),
                ('assinado_por', models.CharField(max_length=160, verbose_name='assinado por')),
                ('assinado_em', models.DateField(verbose_name='assinado em')),
                ('vale_ate', models.DateField(blank=True, null=True, verbose_name='vale até')),
                ('registrada_em', models.DateTimeField(verbose_name='registrada em')),
                ('encerrada_em', models.DateTimeField(blank=True, null=True, verbose_name='encerrada em')),
                ('motivo_do_fim', models.TextField(blank=True, verbose_name='motivo do fim')),
                ('encerrada_por', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='encerrada por')),
                ('registrada_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='registrada por')),
                ('fornecedor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adesoes', to='parties.fornecedor', verbose_name='fornecedor')),
            ],
            options={
                'verbose_name': 'adesão à CIP eletrônica',
                'verbose_name_plural': 'adesões à CIP eletrônica',
                'ordering': ['-registrada_em', '-id'],
                'indexes': [
                    models.Index(condition=models.Q(('encerrada_em__isnull', True), ('vale_ate__isnull', False)), fields=['vale_ate'], name='adesao_a_vencer'),
                ],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('encerrada_em__isnull', True)), fields=('fornecedor',), name='adesao_aberta_unica', violation_error_message='Este fornecedor já tem uma adesão em vigor. Encerre-a antes.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('encerrada_em__isnull', True), ('encerrada_por__isnull', True), ('motivo_do_fim', '')), models.Q(('encerrada_em__isnull', False), ('encerrada_por__isnull', False), models.Q(('motivo_do_fim', ''), _negated=True)), _connector='OR'), name='adesao_encerrada_por_alguem'),
                    models.CheckConstraint(condition=models.Q(('vale_ate__isnull', True), ('vale_ate__gte', models.F('assinado_em')), _connector='OR'), name='adesao_vale_depois_de_assinada', violation_error_message='A validade do termo não pode acabar antes da assinatura.'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FornecedorFundido',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fornecedor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.fornecedor', verbose_name='fornecedor')),
            ],
            options={
                'verbose_name': 'fornecedor fundido',
                'verbose_name_plural': 'fornecedores fundidos',
            },
        ),
        migrations.CreateModel(
            name='FusaoDeConsumidores',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('motivo', models.TextField(verbose_name='motivo')),
                ('feita_em', models.DateTimeField(verbose_name='feita em')),
                ('motivo_de_desfazer', models.TextField(blank=True, verbose_name='motivo de desfazer')),
                ('desfeita_em', models.DateTimeField(blank=True, null=True, verbose_name='desfeita em')),
                ('desfeita_por', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='desfeita por')),
                ('feita_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='feita por')),
                ('fundidos', models.ManyToManyField(related_name='fundido_por', through='parties.ConsumidorFundido', to='parties.consumidor', verbose_name='consumidores fundidos')),
                ('sobrevivente', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fusoes', to='parties.consumidor', verbose_name='consumidor que ficou')),
            ],
            options={
                'verbose_name': 'fusão de consumidores',
                'verbose_name_plural': 'fusões de consumidores',
                'ordering': ['-feita_em', '-id'],
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('motivo', ''), _negated=True), name='fusaodeconsumidores_com_motivo'),
                    models.CheckConstraint(condition=models.Q(models.Q(('desfeita_em__isnull', True), ('desfeita_por__isnull', True), ('motivo_de_desfazer', '')), models.Q(('desfeita_em__isnull', False), ('desfeita_por__isnull', False), models.Q(('motivo_de_desfazer', ''), _negated=True)), _connector='OR'), name='fusaodeconsumidores_desfeita_por_inteiro'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Grafia',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nome', models.CharField(max_length=200, verbose_name='grafia')),
                ('fornecedor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grafias', to='parties.fornecedor', verbose_name='fornecedor')),
            ],
            options={
                'verbose_name': 'grafia',
                'ordering': ['nome'],
                'constraints': [
                    models.UniqueConstraint(fields=('fornecedor', 'nome'), name='grafia_unica'),
                ],
            },
        ),
        migrations.CreateModel(
            name='FornecedorVersao',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('cep', models.CharField(blank=True, max_length=8, verbose_name='CEP')),
                ('logradouro', models.CharField(blank=True, max_length=160, verbose_name='logradouro')),
                ('numero', models.CharField(blank=True, max_length=20, verbose_name='número')),
                ('complemento', models.CharField(blank=True, max_length=80, verbose_name='complemento')),
                ('bairro', models.CharField(blank=True, max_length=80, verbose_name='bairro')),
                ('municipio', models.CharField(blank=True, max_length=7, verbose_name='município (código IBGE)')),
                ('uf', models.CharField(blank=True, max_length=2, verbose_name='UF')),
                ('cnpj', models.CharField(blank=True, max_length=14, null=True, verbose_name='CNPJ')),
                ('cpf', models.CharField(blank=True, max_length=11, null=True, verbose_name='CPF')),
                ('razao_social', models.CharField(max_length=200, verbose_name='razão social')),
                ('nome_fantasia', models.CharField(blank=True, max_length=200, verbose_name='nome fantasia')),
                ('cnae', models.CharField(blank=True, max_length=7, verbose_name='CNAE principal')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('telefone', models.CharField(blank=True, max_length=20, verbose_name='telefone')),
                ('cip_eletronica', models.BooleanField(default=False, verbose_name='recebe CIP eletrônica')),
                ('a_completar', models.BooleanField(default=False, verbose_name='cadastro a completar')),
                ('criado_em', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='criado em')),
                ('fundido_em', models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='parties.fornecedor', verbose_name='fundido em')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='versoes', related_query_name='versoes', to='parties.fornecedor')),
                ('grupo', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='parties.grupoeconomico', verbose_name='grupo')),
            ],
            options={
                'verbose_name': 'versão de fornecedor',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Fusao',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('motivo', models.TextField(verbose_name='motivo')),
                ('feita_em', models.DateTimeField(verbose_name='feita em')),
                ('motivo_de_desfazer', models.TextField(blank=True, verbose_name='motivo de desfazer')),
                ('desfeita_em', models.DateTimeField(blank=True, null=True, verbose_name='desfeita em')),
                ('desfeita_por', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='desfeita por')),
                ('feita_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='feita por')),
                ('fundidos', models.ManyToManyField(related_name='fundido_por', through='parties.FornecedorFundido', to='parties.fornecedor', verbose_name='fornecedores fundidos')),
                ('sobrevivente', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fusoes', to='parties.fornecedor', verbose_name='fornecedor que ficou')),
            ],
            options={
                'verbose_name': 'fusão de fornecedores',
                'verbose_name_plural': 'fusões de fornecedores',
                'ordering': ['-feita_em', '-id'],
                'abstract': False,
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('motivo', ''), _negated=True), name='fusao_com_motivo'),
                    models.CheckConstraint(condition=models.Q(models.Q(('desfeita_em__isnull', True), ('desfeita_por__isnull', True), ('motivo_de_desfazer', '')), models.Q(('desfeita_em__isnull', False), ('desfeita_por__isnull', False), models.Q(('motivo_de_desfazer', ''), _negated=True)), _connector='OR'), name='fusao_desfeita_por_inteiro'),
                ],
            },
        ),
        migrations.CreateModel(
            name='GrupoDeConsumidores',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pontos', models.PositiveSmallIntegerField(verbose_name='pontos (até 100)')),
                ('decidido_em', models.DateTimeField(blank=True, null=True, verbose_name='decidido em')),
                ('busca', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.buscadeduplicados', verbose_name='busca')),
                ('decidido_por', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decidido por')),
                ('fusao', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.fusaodeconsumidores', verbose_name='fusão')),
            ],
            options={
                'verbose_name': 'grupo de consumidores parecidos',
                'verbose_name_plural': 'grupos de consumidores parecidos',
                'ordering': ['-pontos', '-id'],
                'abstract': False,
                'indexes': [
                    models.Index(condition=models.Q(('decidido_em__isnull', True)), fields=['-pontos', '-id'], name='pessoas_a_decidir'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('decidido_em__isnull', True), ('decidido_por__isnull', True), ('fusao__isnull', True)), models.Q(('decidido_em__isnull', False), ('decidido_por__isnull', False)), _connector='OR'), name='grupodeconsumidores_decidido_por_alguem'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ItemDeConsumidores',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('primeiro', models.BooleanField(default=False, verbose_name='o primeiro do grupo')),
                ('pontos', models.PositiveSmallIntegerField(verbose_name='pontos (até 100)')),
                ('motivo', models.CharField(max_length=120, verbose_name='motivo')),
                ('casos', models.PositiveIntegerField(default=0, verbose_name='casos')),
                ('consumidor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.consumidor', verbose_name='consumidor')),
                ('grupo', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='itens', to='parties.grupodeconsumidores', verbose_name='grupo')),
            ],
            options={
                'verbose_name': 'item de grupo de consumidores',
                'verbose_name_plural': 'itens de grupos de consumidores',
                'ordering': ['-primeiro', '-pontos', '-casos', 'id'],
                'abstract': False,
                'constraints': [
                    models.UniqueConstraint(fields=('grupo', 'consumidor'), name='item_de_pessoa_sem_repeticao'),
                ],
            },
        ),
        migrations.CreateModel(
            name='GrupoDeDuplicados',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pontos', models.PositiveSmallIntegerField(verbose_name='pontos (até 100)')),
                ('decidido_em', models.DateTimeField(blank=True, null=True, verbose_name='decidido em')),
                ('busca', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.buscadeduplicados', verbose_name='busca')),
                ('decidido_por', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decidido por')),
                ('fusao', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.fusao', verbose_name='fusão')),
            ],
            options={
                'verbose_name': 'grupo de possíveis duplicados',
                'verbose_name_plural': 'grupos de possíveis duplicados',
                'ordering': ['-pontos', '-id'],
                'abstract': False,
                'indexes': [
                    models.Index(condition=models.Q(('decidido_em__isnull', True)), fields=['-pontos', '-id'], name='grupo_a_decidir'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(models.Q(('decidido_em__isnull', True), ('decidido_por__isnull', True), ('fusao__isnull', True)), models.Q(('decidido_em__isnull', False), ('decidido_por__isnull', False)), _connector='OR'), name='grupodeduplicados_decidido_por_alguem'),
                ],
            },
        ),
        migrations.CreateModel(
            name='ItemDeDuplicados',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('primeiro', models.BooleanField(default=False, verbose_name='o primeiro do grupo')),
                ('pontos', models.PositiveSmallIntegerField(verbose_name='pontos (até 100)')),
                ('motivo', models.CharField(max_length=120, verbose_name='motivo')),
                ('casos', models.PositiveIntegerField(default=0, verbose_name='casos')),
                ('fornecedor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.fornecedor', verbose_name='fornecedor')),
                ('grupo', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='itens', to='parties.grupodeduplicados', verbose_name='grupo')),
            ],
            options={
                'verbose_name': 'item de grupo de duplicados',
                'verbose_name_plural': 'itens de grupos de duplicados',
                'ordering': ['-primeiro', '-pontos', '-casos', 'id'],
                'abstract': False,
                'constraints': [
                    models.UniqueConstraint(fields=('grupo', 'fornecedor'), name='item_sem_repeticao'),
                ],
            },
        ),
        migrations.AddField(
            model_name='fornecedorfundido',
            name='fusao',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='itens', to='parties.fusao', verbose_name='fusão'),
        ),
        migrations.AddField(
            model_name='consumidorfundido',
            name='fusao',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='itens', to='parties.fusaodeconsumidores', verbose_name='fusão'),
        ),
        migrations.AddConstraint(
            model_name='consumidorfundido',
            constraint=models.UniqueConstraint(fields=('fusao', 'consumidor'), name='fusao_de_consumidores_sem_repeticao'),
        ),
        migrations.AddConstraint(
            model_name='fornecedorfundido',
            constraint=models.UniqueConstraint(fields=('fusao', 'fornecedor'), name='fusao_sem_repeticao'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='grupoeconomico',
            trigger=pgtrigger.compiler.Trigger(name='alterado_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "parties_grupoeconomicoversao" ("id", "nome", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."id", OLD."nome", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, STATEMENT_TIMESTAMP(), \'alterado\', OLD."id"); RETURN NULL;', hash='317deba330cb2f3eea0390e2ef51724367961eec', operation='UPDATE', pgid='pgtrigger_alterado_update_f9dee', table='parties_grupoeconomico', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='grupoeconomico',
            trigger=pgtrigger.compiler.Trigger(name='apagado_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "parties_grupoeconomicoversao" ("id", "nome", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."id", OLD."nome", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, STATEMENT_TIMESTAMP(), \'apagado\', OLD."id"); RETURN NULL;', hash='400da2ebb055bb43b6a9a09cce16f4030afcab4b', operation='DELETE', pgid='pgtrigger_apagado_delete_e6569', table='parties_grupoeconomico', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consumidor',
            trigger=pgtrigger.compiler.Trigger(name='alterado_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."bairro" IS DISTINCT FROM (NEW."bairro") OR OLD."cep" IS DISTINCT FROM (NEW."cep") OR OLD."complemento" IS DISTINCT FROM (NEW."complemento") OR OLD."cpf" IS DISTINCT FROM (NEW."cpf") OR OLD."criado_em" IS DISTINCT FROM (NEW."criado_em") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."fundido_em_id" IS DISTINCT FROM (NEW."fundido_em_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."logradouro" IS DISTINCT FROM (NEW."logradouro") OR OLD."municipio" IS DISTINCT FROM (NEW."municipio") OR OLD."nascimento" IS DISTINCT FROM (NEW."nascimento") OR OLD."nome" IS DISTINCT FROM (NEW."nome") OR OLD."nome_social" IS DISTINCT FROM (NEW."nome_social") OR OLD."numero" IS DISTINCT FROM (NEW."numero") OR OLD."prioridades" IS DISTINCT FROM (NEW."prioridades") OR OLD."sexo" IS DISTINCT FROM (NEW."sexo") OR OLD."telefone" IS DISTINCT FROM (NEW."telefone") OR OLD."uf" IS DISTINCT FROM (NEW."uf"))', func='INSERT INTO "parties_consumidorversao" ("bairro", "cep", "complemento", "cpf", "criado_em", "email", "fundido_em_id", "id", "logradouro", "municipio", "nascimento", "nome", "nome_social", "numero", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prioridades", "sexo", "telefone", "uf") VALUES (OLD."bairro", OLD."cep", OLD."complemento", OLD."cpf", OLD."criado_em", OLD."email", OLD."fundido_em_id", OLD."id", OLD."logradouro", OLD."municipio", OLD."nascimento", OLD."nome", OLD."nome_social", OLD."numero", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, STATEMENT_TIMESTAMP(), \'alterado\', OLD."id", OLD."prioridades", OLD."sexo", OLD."telefone", OLD."uf"); RETURN NULL;', hash='e9911b479d2c236104140048eeacaa2d731fdff6', operation='UPDATE', pgid='pgtrigger_alterado_update_9b609', table='parties_consumidor', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consumidor',
            trigger=pgtrigger.compiler.Trigger(name='apagado_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "parties_consumidorversao" ("bairro", "cep", "complemento", "cpf", "criado_em", "email", "fundido_em_id", "id", "logradouro", "municipio", "nascimento", "nome", "nome_social", "numero", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prioridades", "sexo", "telefone", "uf") VALUES (OLD."bairro", OLD."cep", OLD."complemento", OLD."cpf", OLD."criado_em", OLD."email", OLD."fundido_em_id", OLD."id", OLD."logradouro", OLD."municipio", OLD."nascimento", OLD."nome", OLD."nome_social", OLD."numero", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, STATEMENT_TIMESTAMP(), \'apagado\', OLD."id", OLD."prioridades", OLD."sexo", OLD."telefone", OLD."uf"); RETURN NULL;', hash='5d00eef1c44343841b9a1774dc46a8c5136659f5', operation='DELETE', pgid='pgtrigger_apagado_delete_c0e6b', table='parties_consumidor', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fornecedor',
            trigger=pgtrigger.compiler.Trigger(name='alterado_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."a_completar" IS DISTINCT FROM (NEW."a_completar") OR OLD."bairro" IS DISTINCT FROM (NEW."bairro") OR OLD."cep" IS DISTINCT FROM (NEW."cep") OR OLD."cip_eletronica" IS DISTINCT FROM (NEW."cip_eletronica") OR OLD."cnae" IS DISTINCT FROM (NEW."cnae") OR OLD."cnpj" IS DISTINCT FROM (NEW."cnpj") OR OLD."complemento" IS DISTINCT FROM (NEW."complemento") OR OLD."cpf" IS DISTINCT FROM (NEW."cpf") OR OLD."criado_em" IS DISTINCT FROM (NEW."criado_em") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."fundido_em_id" IS DISTINCT FROM (NEW."fundido_em_id") OR OLD."grupo_id" IS DISTINCT FROM (NEW."grupo_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."logradouro" IS DISTINCT FROM (NEW."logradouro") OR OLD."municipio" IS DISTINCT FROM (NEW."municipio") OR OLD."nome_fantasia" IS DISTINCT FROM (NEW."nome_fantasia") OR OLD."numero" IS DISTINCT FROM (NEW."numero") OR OLD."razao_social" IS DISTINCT FROM (NEW."razao_social") OR OLD."telefone" IS DISTINCT FROM (NEW."telefone") OR OLD."uf" IS DISTINCT FROM (NEW."uf"))', func='INSERT INTO "parties_fornecedorversao" ("a_completar", "bairro", "cep", "cip_eletronica", "cnae", "cnpj", "complemento", "cpf", "criado_em", "email", "fundido_em_id", "grupo_id", "id", "logradouro", "municipio", "nome_fantasia", "numero", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "razao_social", "telefone", "uf") VALUES (OLD."a_completar", OLD."bairro", OLD."cep", OLD."cip_eletronica", OLD."cnae", OLD."cnpj", OLD."complemento", OLD."cpf", OLD."criado_em", OLD."email", OLD."fundido_em_id", OLD."grupo_id", OLD."id", OLD."logradouro", OLD."municipio", OLD."nome_fantasia", OLD."numero", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, STATEMENT_TIMESTAMP(), \'alterado\', OLD."id", OLD."razao_social", OLD."telefone", OLD."uf"); RETURN NULL;', hash='ba02f120722ca866c5076d701f75ea7af6cfec01', operation='UPDATE', pgid='pgtrigger_alterado_update_0902f', table='parties_fornecedor', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fornecedor',
            trigger=pgtrigger.compiler.Trigger(name='apagado_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "parties_fornecedorversao" ("a_completar", "bairro", "cep", "cip_eletronica", "cnae", "cnpj", "complemento", "cpf", "criado_em", "email", "fundido_em_id", "grupo_id", "id", "logradouro", "municipio", "nome_fantasia", "numero", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "razao_social", "telefone", "uf") VALUES (OLD."a_completar", OLD."bairro", OLD."cep", OLD."cip_eletronica", OLD."cnae", OLD."cnpj", OLD."complemento", OLD."cpf", OLD."criado_em", OLD."email", OLD."fundido_em_id", OLD."grupo_id", OLD."id", OLD."logradouro", OLD."municipio", OLD."nome_fantasia", OLD."numero", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, STATEMENT_TIMESTAMP(), \'apagado\', OLD."id", OLD."razao_social", OLD."telefone", OLD."uf"); RETURN NULL;', hash='62a371ec7f6c6c027e999efdd11e4a1a6045bb05', operation='DELETE', pgid='pgtrigger_apagado_delete_e3f59', table='parties_fornecedor', when='AFTER')),
        ),
        migrations.RunSQL(_gatilhos.DO, _gatilhos.UNDO),
    ])
