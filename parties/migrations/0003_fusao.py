"""A merge is a pointer; the database refuses chains, and finds the survivor by the names of what was merged."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


SQL = """
CREATE OR REPLACE FUNCTION parties_fornecedor_nome_busca() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    grafias text;
    fundidos text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT string_agg(nome, ' ' ORDER BY nome COLLATE "C") INTO grafias
            FROM parties_grafia WHERE fornecedor_id = NEW.id;
        SELECT string_agg(concat_ws(' ', f.nome_busca, f.cnpj), ' ' ORDER BY f.id) INTO fundidos
            FROM parties_fornecedor f WHERE f.fundido_em_id = NEW.id;
    END IF;
    NEW.nome_busca := parties_normalizar(
        concat_ws(' ', NEW.razao_social, NEW.nome_fantasia, grafias, fundidos));
    RETURN NEW;
END $$;

CREATE FUNCTION parties_fornecedor_sem_cadeia() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    adiante bigint;
BEGIN
    -- The lock decides between this and a merge of the survivor that runs at the same moment.
    SELECT fundido_em_id INTO adiante FROM parties_fornecedor WHERE id = NEW.fundido_em_id FOR SHARE;
    IF adiante IS NOT NULL OR EXISTS (SELECT 1 FROM parties_fornecedor WHERE fundido_em_id = NEW.id) THEN
        RAISE EXCEPTION 'fornecedor % não pode apontar para %: formaria uma cadeia de fusões', NEW.id, NEW.fundido_em_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fornecedor_sem_cadeia', TABLE = 'parties_fornecedor';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER fornecedor_sem_cadeia BEFORE INSERT OR UPDATE OF fundido_em_id ON parties_fornecedor
    FOR EACH ROW WHEN (NEW.fundido_em_id IS NOT NULL) EXECUTE FUNCTION parties_fornecedor_sem_cadeia();

CREATE FUNCTION parties_fornecedor_fusao() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE parties_fornecedor SET nome_busca = '' WHERE id IN (OLD.fundido_em_id, NEW.fundido_em_id);
    RETURN NULL;
END $$;

CREATE TRIGGER fornecedor_fusao AFTER UPDATE OF fundido_em_id, razao_social, nome_fantasia, cnpj, nome_busca
    ON parties_fornecedor FOR EACH ROW
    WHEN (OLD.fundido_em_id IS DISTINCT FROM NEW.fundido_em_id
        OR NEW.fundido_em_id IS NOT NULL AND (OLD.nome_busca, OLD.cnpj) IS DISTINCT FROM (NEW.nome_busca, NEW.cnpj))
    EXECUTE FUNCTION parties_fornecedor_fusao();
"""

UNDO = """
DROP TRIGGER fornecedor_fusao ON parties_fornecedor;
DROP FUNCTION parties_fornecedor_fusao();
DROP TRIGGER fornecedor_sem_cadeia ON parties_fornecedor;
DROP FUNCTION parties_fornecedor_sem_cadeia();
CREATE OR REPLACE FUNCTION parties_fornecedor_nome_busca() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    grafias text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT string_agg(nome, ' ' ORDER BY nome COLLATE "C") INTO grafias
            FROM parties_grafia WHERE fornecedor_id = NEW.id;
    END IF;
    NEW.nome_busca := parties_normalizar(concat_ws(' ', NEW.razao_social, NEW.nome_fantasia, grafias));
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0002_nome_busca"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FornecedorFundido",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "verbose_name": "fornecedor fundido",
                "verbose_name_plural": "fornecedores fundidos",
            },
        ),
        migrations.CreateModel(
            name="Fusao",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("motivo", models.TextField(verbose_name="motivo")),
                ("feita_em", models.DateTimeField(verbose_name="feita em")),
                ("motivo_de_desfazer", models.TextField(blank=True, verbose_name="motivo de desfazer")),
                ("desfeita_em", models.DateTimeField(blank=True, null=True, verbose_name="desfeita em")),
            ],
            options={
                "verbose_name": "fusão de fornecedores",
                "verbose_name_plural": "fusões de fornecedores",
                "ordering": ["-feita_em", "-id"],
            },
        ),
        migrations.AddField(
            model_name="fornecedor",
            name="fundido_em",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="absorvidos",
                to="parties.fornecedor",
                verbose_name="fundido em",
            ),
        ),
        migrations.AddIndex(
            model_name="fornecedor",
            index=models.Index(
                condition=models.Q(("fundido_em__isnull", False)), fields=["fundido_em"], name="fornecedor_fundidos"
            ),
        ),
        migrations.AddConstraint(
            model_name="fornecedor",
            constraint=models.CheckConstraint(
                condition=models.Q(("fundido_em", models.F("id")), _negated=True), name="fornecedor_nao_fundido_em_si"
            ),
        ),
        migrations.AddField(
            model_name="fornecedorfundido",
            name="fornecedor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parties.fornecedor",
                verbose_name="fornecedor",
            ),
        ),
        migrations.AddField(
            model_name="fusao",
            name="desfeita_por",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="desfeita por",
            ),
        ),
        migrations.AddField(
            model_name="fusao",
            name="feita_por",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="feita por",
            ),
        ),
        migrations.AddField(
            model_name="fusao",
            name="fundidos",
            field=models.ManyToManyField(
                related_name="fundido_por",
                through="parties.FornecedorFundido",
                to="parties.fornecedor",
                verbose_name="fornecedores fundidos",
            ),
        ),
        migrations.AddField(
            model_name="fusao",
            name="sobrevivente",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="fusoes",
                to="parties.fornecedor",
                verbose_name="fornecedor que ficou",
            ),
        ),
        migrations.AddField(
            model_name="fornecedorfundido",
            name="fusao",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="itens",
                to="parties.fusao",
                verbose_name="fusão",
            ),
        ),
        migrations.AddConstraint(
            model_name="fusao",
            constraint=models.CheckConstraint(
                condition=models.Q(("motivo", ""), _negated=True), name="fusao_com_motivo"
            ),
        ),
        migrations.AddConstraint(
            model_name="fusao",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("desfeita_em__isnull", True), ("desfeita_por__isnull", True), ("motivo_de_desfazer", "")),
                    models.Q(
                        ("desfeita_em__isnull", False),
                        ("desfeita_por__isnull", False),
                        models.Q(("motivo_de_desfazer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="fusao_desfeita_por_inteiro",
            ),
        ),
        migrations.AddConstraint(
            model_name="fornecedorfundido",
            constraint=models.UniqueConstraint(fields=("fusao", "fornecedor"), name="fusao_sem_repeticao"),
        ),
        migrations.RunSQL(SQL, UNDO),
    ]
