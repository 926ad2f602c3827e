"""The published register of founded complaints: rows that nobody rewrites."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


TABLES = {
    "cadastro": "um cadastro publicado não se altera nem se apaga: publique outra versão",
    "linhadocadastro": "um cadastro publicado não se altera nem se apaga: publique outra versão",
    "itemdocadastro": "um cadastro publicado não se altera nem se apaga: publique outra versão",
    "pedidodecorrecao": "um pedido de correção registrado não se altera nem se apaga",
    "respostaaopedido": "uma resposta registrada não se altera nem se apaga",
}
SQL = """
CREATE FUNCTION reports_registro_fica() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION reports_quem_decide_nao_publica() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM cases_classificacao d JOIN reports_linhadocadastro l ON l.id = NEW.linha_id
        JOIN reports_cadastro c ON c.id = l.cadastro_id
        WHERE d.id = NEW.classificacao_id AND d.autoridade_id = c.publicado_por_id
    ) THEN
        RAISE EXCEPTION 'quem decidiu uma reclamação não publica o cadastro em que ela está'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quem_decide_nao_publica BEFORE INSERT ON reports_itemdocadastro
    FOR EACH ROW EXECUTE FUNCTION reports_quem_decide_nao_publica();
""" + "".join(
    f"CREATE TRIGGER registro_fica BEFORE UPDATE OR DELETE ON reports_{table} "
    f"FOR EACH ROW EXECUTE FUNCTION reports_registro_fica('{sentence}');\n"
    for table, sentence in TABLES.items()
)
UNDO = "".join(f"DROP TRIGGER registro_fica ON reports_{table};" for table in TABLES) + """
DROP TRIGGER quem_decide_nao_publica ON reports_itemdocadastro;
DROP FUNCTION reports_registro_fica(); DROP FUNCTION reports_quem_decide_nao_publica();
"""
from workflow.migrations._together import together


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0002_rascunho_registrado'),
        ('deadlines', '0001_base'),
        ('parties', '0002_nomes_de_quem_se_ve'),
        ('reports', '0002_fechamento'),
        ('workflow', '0001_base'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = together([
        migrations.CreateModel(
            name='Cadastro',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ano', models.PositiveSmallIntegerField(verbose_name='ano')),
                ('versao', models.PositiveSmallIntegerField(verbose_name='versão')),
                ('motivo', models.TextField(blank=True, verbose_name='por que foi republicado')),
                ('mudancas', models.JSONField(default=list, help_text='em relação à versão que substitui', verbose_name='o que mudou')),
                ('diario_numero', models.CharField(max_length=40, verbose_name='número do diário oficial')),
                ('diario_data', models.DateField(verbose_name='data do diário oficial')),
                ('diario_pagina', models.CharField(max_length=20, verbose_name='página do diário oficial')),
                ('publicado_em', models.DateTimeField(verbose_name='publicado em')),
                ('resumo', models.CharField(max_length=64, verbose_name='resumo SHA-256')),
                ('historico', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='cadastro', to='workflow.historico', verbose_name='histórico')),
                ('prazo', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='cadastro', to='deadlines.prazo', verbose_name='prazo dos pedidos de correção')),
                ('publicado_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='por')),
                ('substitui', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='substituida_por', to='reports.cadastro', verbose_name='versão que substitui')),
            ],
            options={
                'verbose_name': 'cadastro de reclamações fundamentadas',
                'verbose_name_plural': 'cadastros de reclamações fundamentadas',
                'ordering': ['-ano', '-versao'],
            },
        ),
        migrations.CreateModel(
            name='LinhaDoCadastro',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordem', models.PositiveIntegerField(verbose_name='ordem')),
                ('razao_social', models.CharField(max_length=200, verbose_name='razão social')),
                ('cnpj', models.CharField(blank=True, max_length=14, verbose_name='CNPJ')),
                ('nome_fantasia', models.CharField(blank=True, max_length=200, verbose_name='nome fantasia')),
                ('pessoa_fisica', models.BooleanField(verbose_name='pessoa física, sem nome')),
                ('busca', models.TextField(verbose_name='nomes para busca')),
                ('resumo', models.CharField(max_length=64, verbose_name='resumo SHA-256')),
                ('cadastro', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='linhas', to='reports.cadastro', verbose_name='cadastro')),
                ('fornecedor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='linhas_do_cadastro', to='parties.fornecedor', verbose_name='fornecedor')),
            ],
            options={
                'verbose_name': 'linha do cadastro',
                'verbose_name_plural': 'linhas do cadastro',
                'ordering': ['cadastro', 'ordem'],
            },
        ),
        migrations.CreateModel(
            name='ItemDoCadastro',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('atendida', models.BooleanField(verbose_name='atendida')),
                ('area', models.CharField(blank=True, max_length=60, verbose_name='área')),
                ('assunto', models.CharField(blank=True, max_length=200, verbose_name='assunto')),
                ('problema', models.CharField(blank=True, max_length=200, verbose_name='problema')),
                ('conta_de', models.DateField(verbose_name='os cinco anos contam de')),
                ('publico_ate', models.DateField(verbose_name='último dia em que é mostrado')),
                ('classificacao', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='publicacoes', to='cases.classificacao', verbose_name='decisão')),
                ('linha', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='itens', to='reports.linhadocadastro', verbose_name='linha')),
            ],
            options={
                'verbose_name': 'item do cadastro',
                'verbose_name_plural': 'itens do cadastro',
            },
        ),
        migrations.CreateModel(
            name='PedidoDeCorrecao',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('especie', models.CharField(choices=[('retificacao', 'Retificação de informação inexata'), ('inclusao', 'Inclusão de informação omitida')], max_length=11, verbose_name='o que se pede')),
                ('de_quem', models.CharField(choices=[('fornecedor', 'Fornecedor'), ('consumidor', 'Consumidor')], max_length=10, verbose_name='de quem')),
                ('requerente', models.CharField(max_length=160, verbose_name='nome de quem pede')),
                ('recebido_em', models.DateField(verbose_name='recebido em')),
                ('texto', models.TextField(verbose_name='pedido e fundamentos')),
                ('registrado_em', models.DateTimeField(verbose_name='registrado em')),
                ('cadastro', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pedidos', to='reports.cadastro', verbose_name='cadastro')),
                ('linha', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pedidos', to='reports.linhadocadastro', verbose_name='fornecedor')),
                ('prazo', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='pedido_de_correcao', to='deadlines.prazo', verbose_name='prazo da resposta')),
                ('registrado_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='por')),
            ],
            options={
                'verbose_name': 'pedido de correção',
                'verbose_name_plural': 'pedidos de correção',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='RespostaAoPedido',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('deferido', models.BooleanField(verbose_name='deferido')),
                ('motivo', models.TextField(verbose_name='motivo')),
                ('respondida_em', models.DateTimeField(verbose_name='respondida em')),
                ('pedido', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='resposta', to='reports.pedidodecorrecao', verbose_name='pedido')),
                ('respondida_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='por')),
            ],
            options={
                'verbose_name': 'resposta ao pedido de correção',
                'verbose_name_plural': 'respostas aos pedidos de correção',
            },
        ),
        migrations.AddConstraint(
            model_name='cadastro',
            constraint=models.UniqueConstraint(fields=('ano', 'versao'), name='cadastro_versao_unica', violation_error_message='Outra pessoa publicou este cadastro agora mesmo. Atualize a página e confira.'),
        ),
        migrations.AddConstraint(
            model_name='cadastro',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('substitui__isnull', True), ('versao', 1)), models.Q(('substitui__isnull', False), ('versao__gt', 1), models.Q(('motivo', ''), _negated=True)), _connector='OR'), name='cadastro_republicado_tem_motivo'),
        ),
        migrations.AddConstraint(
            model_name='cadastro',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('diario_numero', ''), _negated=True), models.Q(('diario_pagina', ''), _negated=True)), name='cadastro_tem_diario'),
        ),
        migrations.AddConstraint(
            model_name='linhadocadastro',
            constraint=models.UniqueConstraint(fields=('cadastro', 'ordem'), name='linha_do_cadastro_ordem'),
        ),
        migrations.AddConstraint(
            model_name='linhadocadastro',
            constraint=models.UniqueConstraint(fields=('cadastro', 'fornecedor'), name='linha_do_cadastro_fornecedor'),
        ),
        migrations.AddConstraint(
            model_name='itemdocadastro',
            constraint=models.UniqueConstraint(fields=('linha', 'classificacao'), name='item_do_cadastro_unico'),
        ),
        migrations.AddConstraint(
            model_name='pedidodecorrecao',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('texto', ''), _negated=True), models.Q(('requerente', ''), _negated=True)), name='pedido_de_correcao_fundamentado'),
        ),
        migrations.AddConstraint(
            model_name='respostaaopedido',
            constraint=models.CheckConstraint(condition=models.Q(('motivo', ''), _negated=True), name='resposta_ao_pedido_motivada'),
        ),
        migrations.RunSQL(SQL, UNDO),
    ])
