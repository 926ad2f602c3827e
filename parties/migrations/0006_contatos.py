"""Contacts, corrections and enrolments; electronic CIP is true only while a signed term is in force."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


SQL = """
CREATE FUNCTION parties_fornecedor_cip_eletronica() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM parties_adesaocipeletronica
            WHERE fornecedor_id = NEW.id AND encerrada_em IS NULL) THEN
        RAISE EXCEPTION 'fornecedor % não tem adesão à CIP eletrônica em vigor', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fornecedor_cip_eletronica_com_termo',
                TABLE = 'parties_fornecedor';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER fornecedor_cip_eletronica_com_termo BEFORE INSERT OR UPDATE OF cip_eletronica ON parties_fornecedor
    FOR EACH ROW WHEN (NEW.cip_eletronica) EXECUTE FUNCTION parties_fornecedor_cip_eletronica();

CREATE FUNCTION parties_adesao_vale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE parties_fornecedor f SET cip_eletronica = EXISTS (
            SELECT 1 FROM parties_adesaocipeletronica WHERE fornecedor_id = f.id AND encerrada_em IS NULL)
        WHERE f.id IN (OLD.fornecedor_id, NEW.fornecedor_id);
    RETURN NULL;
END $$;

CREATE TRIGGER adesao_vale AFTER INSERT OR UPDATE OR DELETE ON parties_adesaocipeletronica
    FOR EACH ROW EXECUTE FUNCTION parties_adesao_vale();

-- What was ticked before had no term behind it: it must be recorded anew.
UPDATE parties_fornecedor SET cip_eletronica = false WHERE cip_eletronica;
"""

UNDO = """
DROP TRIGGER adesao_vale ON parties_adesaocipeletronica;
DROP FUNCTION parties_adesao_vale();
DROP TRIGGER fornecedor_cip_eletronica_com_termo ON parties_fornecedor;
DROP FUNCTION parties_fornecedor_cip_eletronica();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0005_versoes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
                ('fornecedor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adesoes', to='parties.fornecedor', verbose_name='fornecedor')),
                ('registrada_por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='registrada por')),
            ],
            options={
                'verbose_name': 'adesão à CIP eletrônica',
                'verbose_name_plural': 'adesões à CIP eletrônica',
                'ordering': ['-registrada_em', '-id'],
                'indexes': [models.Index(condition=models.Q(('encerrada_em__isnull', True), ('vale_ate__isnull', False)), fields=['vale_ate'], name='adesao_a_vencer')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('encerrada_em__isnull', True)), fields=('fornecedor',), name='adesao_aberta_unica', violation_error_message='Este fornecedor já tem uma adesão em vigor. Encerre-a antes.'), models.CheckConstraint(condition=models.Q(models.Q(('encerrada_em__isnull', True), ('encerrada_por__isnull', True), ('motivo_do_fim', '')), models.Q(('encerrada_em__isnull', False), ('encerrada_por__isnull', False), models.Q(('motivo_do_fim', ''), _negated=True)), _connector='OR'), name='adesao_encerrada_por_alguem'), models.CheckConstraint(condition=models.Q(('vale_ate__isnull', True), ('vale_ate__gte', models.F('assinado_em')), _connector='OR'), name='adesao_vale_depois_de_assinada', violation_error_message='A validade do termo não pode acabar antes da assinatura.')],
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
                'constraints': [models.UniqueConstraint(fields=('fornecedor', 'nome', 'email'), name='contato_de_fornecedor_unico', violation_error_message='Este contato já está no cadastro, com o mesmo nome e e-mail.'), models.CheckConstraint(condition=models.Q(models.Q(('email', ''), _negated=True), models.Q(('telefone', ''), _negated=True), _connector='OR'), name='contato_de_fornecedor_com_meio', violation_error_message='Informe o e-mail ou o telefone do contato.'), models.CheckConstraint(condition=models.Q(models.Q(('recebe_audiencia', False), ('recebe_cip', False)), models.Q(('email', ''), _negated=True), _connector='OR'), name='contato_de_fornecedor_aviso_com_email', violation_error_message='Quem recebe avisos precisa de e-mail.')],
            },
        ),
        migrations.CreateModel(
            name='CorrecaoDeFornecedor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('campos', models.JSONField(help_text='nome do campo: [antes, depois]', verbose_name='campos')),
                ('motivo', models.TextField(blank=True, verbose_name='motivo')),
                ('em', models.DateTimeField(verbose_name='em')),
                ('fornecedor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='correcoes', to='parties.fornecedor', verbose_name='fornecedor')),
                ('por', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='por')),
            ],
            options={
                'verbose_name': 'correção de fornecedor',
                'verbose_name_plural': 'correções de fornecedores',
                'ordering': ['-em', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('campos', {}), _negated=True), name='correcao_com_campos')],
            },
        ),
        migrations.RunSQL(SQL, UNDO),
    ]
