"""A merge of consumers is a pointer, as one of suppliers is; the finder looks among people, too."""

import django.db.models.deletion
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

SQL = """
CREATE OR REPLACE FUNCTION parties_consumidor_nome_busca() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fundidos text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT string_agg(c.nome_busca, ' ' ORDER BY c.id) INTO fundidos
            FROM parties_consumidor c WHERE c.fundido_em_id = NEW.id;
    END IF;
    NEW.nome_busca := parties_normalizar(concat_ws(' ', NEW.nome, NEW.nome_social, fundidos));
    RETURN NEW;
END $$;

CREATE FUNCTION parties_consumidor_sem_cadeia() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    adiante bigint;
BEGIN
    -- The lock decides between this and a merge of the survivor that runs at the same moment.
    SELECT fundido_em_id INTO adiante FROM parties_consumidor WHERE id = NEW.fundido_em_id FOR SHARE;
    IF adiante IS NOT NULL OR EXISTS (SELECT 1 FROM parties_consumidor WHERE fundido_em_id = NEW.id) THEN
        RAISE EXCEPTION 'consumidor % não pode apontar para %: formaria uma cadeia de fusões', NEW.id, NEW.fundido_em_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consumidor_sem_cadeia', TABLE = 'parties_consumidor';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER consumidor_sem_cadeia BEFORE INSERT OR UPDATE OF fundido_em_id ON parties_consumidor
    FOR EACH ROW WHEN (NEW.fundido_em_id IS NOT NULL) EXECUTE FUNCTION parties_consumidor_sem_cadeia();

CREATE FUNCTION parties_consumidor_fusao() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE parties_consumidor SET nome_busca = '' WHERE id IN (OLD.fundido_em_id, NEW.fundido_em_id);
    RETURN NULL;
END $$;

CREATE TRIGGER consumidor_fusao AFTER UPDATE OF fundido_em_id, nome, nome_social, nome_busca
    ON parties_consumidor FOR EACH ROW
    WHEN (OLD.fundido_em_id IS DISTINCT FROM NEW.fundido_em_id
        OR NEW.fundido_em_id IS NOT NULL AND OLD.nome_busca IS DISTINCT FROM NEW.nome_busca)
    EXECUTE FUNCTION parties_consumidor_fusao();

CREATE OR REPLACE FUNCTION parties_consumidores_de_nome(pergunta tsquery, teto integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY SELECT id FROM parties_consumidor
        WHERE to_tsvector('simple', nome_busca) @@ pergunta AND fundido_em_id IS NULL LIMIT teto;
END $$;
"""

UNDO = """
CREATE OR REPLACE FUNCTION parties_consumidores_de_nome(pergunta tsquery, teto integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY SELECT id FROM parties_consumidor WHERE to_tsvector('simple', nome_busca) @@ pergunta LIMIT teto;
END $$;
DROP TRIGGER consumidor_fusao ON parties_consumidor;
DROP FUNCTION parties_consumidor_fusao();
DROP TRIGGER consumidor_sem_cadeia ON parties_consumidor;
DROP FUNCTION parties_consumidor_sem_cadeia();
CREATE OR REPLACE FUNCTION parties_consumidor_nome_busca() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.nome_busca := parties_normalizar(NEW.nome || ' ' || NEW.nome_social);
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0007_nomes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ConsumidorFundido',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': 'consumidor fundido',
                'verbose_name_plural': 'consumidores fundidos',
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
            ],
            options={
                'verbose_name': 'fusão de consumidores',
                'verbose_name_plural': 'fusões de consumidores',
                'ordering': ['-feita_em', '-id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='GrupoDeConsumidores',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pontos', models.PositiveSmallIntegerField(verbose_name='pontos (até 100)')),
                ('decidido_em', models.DateTimeField(blank=True, null=True, verbose_name='decidido em')),
            ],
            options={
                'verbose_name': 'grupo de consumidores parecidos',
                'verbose_name_plural': 'grupos de consumidores parecidos',
                'ordering': ['-pontos', '-id'],
                'abstract': False,
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
            ],
            options={
                'verbose_name': 'item de grupo de consumidores',
                'verbose_name_plural': 'itens de grupos de consumidores',
                'ordering': ['-primeiro', '-pontos', '-casos', 'id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PessoasDiferentes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('declarado_em', models.DateTimeField(verbose_name='declarado em')),
            ],
            options={
                'verbose_name': 'par de pessoas diferentes',
                'verbose_name_plural': 'pares de pessoas diferentes',
                'abstract': False,
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='consumidor',
            name='alterado_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='consumidor',
            name='apagado_delete',
        ),
        migrations.RemoveConstraint(
            model_name='buscadeduplicados',
            name='busca_uma_por_vez',
        ),
        migrations.RemoveConstraint(
            model_name='grupodeduplicados',
            name='grupo_decidido_por_alguem',
        ),
        migrations.RemoveConstraint(
            model_name='naoduplicado',
            name='nao_duplicado_em_ordem',
        ),
        migrations.RemoveConstraint(
            model_name='naoduplicado',
            name='nao_duplicado_unico',
        ),
        migrations.AddField(
            model_name='buscadeduplicados',
            name='alvo',
            field=models.CharField(choices=[('fornecedores', 'Fornecedores'), ('consumidores', 'Consumidores')], default='fornecedores', max_length=12, verbose_name='entre'),
        ),
        migrations.AddField(
            model_name='consumidor',
            name='fundido_em',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='absorvidos', to='parties.consumidor', verbose_name='fundido em'),
        ),
        migrations.AddField(
            model_name='consumidorversao',
            name='fundido_em',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='parties.consumidor', verbose_name='fundido em'),
        ),
        migrations.AlterField(
            model_name='grupodeduplicados',
            name='busca',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.buscadeduplicados', verbose_name='busca'),
        ),
        migrations.AddIndex(
            model_name='consumidor',
            index=models.Index(condition=models.Q(('fundido_em__isnull', False)), fields=['fundido_em'], name='consumidor_fundidos'),
        ),
        migrations.AddIndex(
            model_name='consumidor',
            index=models.Index(django.db.models.functions.comparison.Coalesce('fundido_em', 'id'), name='consumidor_pessoa'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consumidor',
            trigger=pgtrigger.compiler.Trigger(name='alterado_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."bairro" IS DISTINCT FROM (NEW."bairro") OR OLD."cep" IS DISTINCT FROM (NEW."cep") OR OLD."complemento" IS DISTINCT FROM (NEW."complemento") OR OLD."cpf" IS DISTINCT FROM (NEW."cpf") OR OLD."criado_em" IS DISTINCT FROM (NEW."criado_em") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."fundido_em_id" IS DISTINCT FROM (NEW."fundido_em_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."logradouro" IS DISTINCT FROM (NEW."logradouro") OR OLD."municipio" IS DISTINCT FROM (NEW."municipio") OR OLD."nascimento" IS DISTINCT FROM (NEW."nascimento") OR OLD."nome" IS DISTINCT FROM (NEW."nome") OR OLD."nome_social" IS DISTINCT FROM (NEW."nome_social") OR OLD."numero" IS DISTINCT FROM (NEW."numero") OR OLD."prioridades" IS DISTINCT FROM (NEW."prioridades") OR OLD."sexo" IS DISTINCT FROM (NEW."sexo") OR OLD."telefone" IS DISTINCT FROM (NEW."telefone") OR OLD."uf" IS DISTINCT FROM (NEW."uf"))', func='INSERT INTO "parties_consumidorversao" ("bairro", "cep", "complemento", "cpf", "criado_em", "email", "fundido_em_id", "id", "logradouro", "municipio", "nascimento", "nome", "nome_social", "numero", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prioridades", "sexo", "telefone", "uf") VALUES (OLD."bairro", OLD."cep", OLD."complemento", OLD."cpf", OLD."criado_em", OLD."email", OLD."fundido_em_id", OLD."id", OLD."logradouro", OLD."municipio", OLD."nascimento", OLD."nome", OLD."nome_social", OLD."numero", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, STATEMENT_TIMESTAMP(), \'alterado\', OLD."id", OLD."prioridades", OLD."sexo", OLD."telefone", OLD."uf"); RETURN NULL;', hash='e9911b479d2c236104140048eeacaa2d731fdff6', operation='UPDATE', pgid='pgtrigger_alterado_update_9b609', table='parties_consumidor', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consumidor',
            trigger=pgtrigger.compiler.Trigger(name='apagado_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "parties_consumidorversao" ("bairro", "cep", "complemento", "cpf", "criado_em", "email", "fundido_em_id", "id", "logradouro", "municipio", "nascimento", "nome", "nome_social", "numero", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prioridades", "sexo", "telefone", "uf") VALUES (OLD."bairro", OLD."cep", OLD."complemento", OLD."cpf", OLD."criado_em", OLD."email", OLD."fundido_em_id", OLD."id", OLD."logradouro", OLD."municipio", OLD."nascimento", OLD."nome", OLD."nome_social", OLD."numero", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, STATEMENT_TIMESTAMP(), \'apagado\', OLD."id", OLD."prioridades", OLD."sexo", OLD."telefone", OLD."uf"); RETURN NULL;', hash='5d00eef1c44343841b9a1774dc46a8c5136659f5', operation='DELETE', pgid='pgtrigger_apagado_delete_c0e6b', table='parties_consumidor', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='buscadeduplicados',
            constraint=models.UniqueConstraint(condition=models.Q(('aberta', True)), fields=('alvo',), name='busca_uma_por_vez', violation_error_message='Já há uma busca de duplicados em andamento. Espere que termine.'),
        ),
        migrations.AddConstraint(
            model_name='consumidor',
            constraint=models.CheckConstraint(condition=models.Q(('fundido_em', models.F('id')), _negated=True), name='consumidor_nao_fundido_em_si'),
        ),
        migrations.AddConstraint(
            model_name='grupodeduplicados',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decidido_em__isnull', True), ('decidido_por__isnull', True), ('fusao__isnull', True)), models.Q(('decidido_em__isnull', False), ('decidido_por__isnull', False)), _connector='OR'), name='grupodeduplicados_decidido_por_alguem'),
        ),
        migrations.AddConstraint(
            model_name='naoduplicado',
            constraint=models.CheckConstraint(condition=models.Q(('um__lt', models.F('outro'))), name='naoduplicado_em_ordem'),
        ),
        migrations.AddConstraint(
            model_name='naoduplicado',
            constraint=models.UniqueConstraint(fields=('um', 'outro'), name='naoduplicado_unico'),
        ),
        migrations.AddField(
            model_name='consumidorfundido',
            name='consumidor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.consumidor', verbose_name='consumidor'),
        ),
        migrations.AddField(
            model_name='fusaodeconsumidores',
            name='desfeita_por',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='desfeita por'),
        ),
        migrations.AddField(
            model_name='fusaodeconsumidores',
            name='feita_por',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='feita por'),
        ),
        migrations.AddField(
            model_name='fusaodeconsumidores',
            name='fundidos',
            field=models.ManyToManyField(related_name='fundido_por', through='parties.ConsumidorFundido', to='parties.consumidor', verbose_name='consumidores fundidos'),
        ),
        migrations.AddField(
            model_name='fusaodeconsumidores',
            name='sobrevivente',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='fusoes', to='parties.consumidor', verbose_name='consumidor que ficou'),
        ),
        migrations.AddField(
            model_name='consumidorfundido',
            name='fusao',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='itens', to='parties.fusaodeconsumidores', verbose_name='fusão'),
        ),
        migrations.AddField(
            model_name='grupodeconsumidores',
            name='busca',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.buscadeduplicados', verbose_name='busca'),
        ),
        migrations.AddField(
            model_name='grupodeconsumidores',
            name='decidido_por',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decidido por'),
        ),
        migrations.AddField(
            model_name='grupodeconsumidores',
            name='fusao',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.fusaodeconsumidores', verbose_name='fusão'),
        ),
        migrations.AddField(
            model_name='itemdeconsumidores',
            name='consumidor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.consumidor', verbose_name='consumidor'),
        ),
        migrations.AddField(
            model_name='itemdeconsumidores',
            name='grupo',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='itens', to='parties.grupodeconsumidores', verbose_name='grupo'),
        ),
        migrations.AddField(
            model_name='pessoasdiferentes',
            name='declarado_por',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='declarado por'),
        ),
        migrations.AddField(
            model_name='pessoasdiferentes',
            name='outro',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.consumidor', verbose_name='outro'),
        ),
        migrations.AddField(
            model_name='pessoasdiferentes',
            name='um',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.consumidor', verbose_name='um'),
        ),
        migrations.AddConstraint(
            model_name='fusaodeconsumidores',
            constraint=models.CheckConstraint(condition=models.Q(('motivo', ''), _negated=True), name='fusaodeconsumidores_com_motivo'),
        ),
        migrations.AddConstraint(
            model_name='fusaodeconsumidores',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('desfeita_em__isnull', True), ('desfeita_por__isnull', True), ('motivo_de_desfazer', '')), models.Q(('desfeita_em__isnull', False), ('desfeita_por__isnull', False), models.Q(('motivo_de_desfazer', ''), _negated=True)), _connector='OR'), name='fusaodeconsumidores_desfeita_por_inteiro'),
        ),
        migrations.AddConstraint(
            model_name='consumidorfundido',
            constraint=models.UniqueConstraint(fields=('fusao', 'consumidor'), name='fusao_de_consumidores_sem_repeticao'),
        ),
        migrations.AddIndex(
            model_name='grupodeconsumidores',
            index=models.Index(condition=models.Q(('decidido_em__isnull', True)), fields=['-pontos', '-id'], name='pessoas_a_decidir'),
        ),
        migrations.AddConstraint(
            model_name='grupodeconsumidores',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decidido_em__isnull', True), ('decidido_por__isnull', True), ('fusao__isnull', True)), models.Q(('decidido_em__isnull', False), ('decidido_por__isnull', False)), _connector='OR'), name='grupodeconsumidores_decidido_por_alguem'),
        ),
        migrations.AddConstraint(
            model_name='itemdeconsumidores',
            constraint=models.UniqueConstraint(fields=('grupo', 'consumidor'), name='item_de_pessoa_sem_repeticao'),
        ),
        migrations.AddConstraint(
            model_name='pessoasdiferentes',
            constraint=models.CheckConstraint(condition=models.Q(('um__lt', models.F('outro'))), name='pessoasdiferentes_em_ordem'),
        ),
        migrations.AddConstraint(
            model_name='pessoasdiferentes',
            constraint=models.UniqueConstraint(fields=('um', 'outro'), name='pessoasdiferentes_unico'),
        ),
        migrations.RunSQL(SQL, UNDO),
    ]
