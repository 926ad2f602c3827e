"""Finding a case: its numbers elsewhere, the words of its texts kept by the database, saved filters, list indexes."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

# Portuguese stems of words without their accents; plurals in -ões first become singulars, which the stemmer would do
# only with the accent in place. Every text carries marks, words that nobody can type: its unidade and its month.
SQL = """
CREATE TEXT SEARCH CONFIGURATION public.procon_pt (COPY = pg_catalog.portuguese);
ALTER TEXT SEARCH CONFIGURATION public.procon_pt ALTER MAPPING FOR hword, hword_part, word
    WITH unaccent, portuguese_stem;

CREATE FUNCTION cases_singular(texto text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(texto, '[oõ]es\\M', 'ao', 'gi')
$$;

CREATE FUNCTION cases_palavras(relato text, pedido text, unidade bigint, aberto timestamptz) RETURNS tsvector
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('public.procon_pt', cases_singular(left(relato || ' ' || pedido, 100000)))
        || array_to_tsvector(ARRAY[
            'u ' || unidade, 'm ' || to_char(aberto AT TIME ZONE 'America/Sao_Paulo', 'YYYYMM')])
$$;

CREATE FUNCTION cases_texto_guardar() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cases_textodoatendimento (atendimento_id, vetor)
        VALUES (NEW.id, cases_palavras(NEW.relato, NEW.pedido, NEW.unidade_id, NEW.aberto_em))
        ON CONFLICT (atendimento_id) DO UPDATE SET vetor = EXCLUDED.vetor;
    RETURN NULL;
END $$;

CREATE TRIGGER atendimento_texto AFTER INSERT OR UPDATE OF relato, pedido, unidade_id, aberto_em
    ON cases_atendimento FOR EACH ROW EXECUTE FUNCTION cases_texto_guardar();

-- Never the whole table, however wrong the planner's guess of how often words come together.
CREATE FUNCTION cases_textos(pergunta tsquery, teto integer) RETURNS SETOF bigint LANGUAGE plpgsql STABLE
    SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY SELECT t.atendimento_id FROM cases_textodoatendimento t WHERE t.vetor @@ pergunta LIMIT teto;
END $$;

INSERT INTO cases_textodoatendimento (atendimento_id, vetor)
    SELECT id, cases_palavras(relato, pedido, unidade_id, aberto_em) FROM cases_atendimento;
"""

UNDO = """
DROP FUNCTION cases_textos(tsquery, integer);
DROP TRIGGER atendimento_texto ON cases_atendimento;
DROP FUNCTION cases_texto_guardar();
DROP FUNCTION cases_palavras(text, text, bigint, timestamptz);
DROP FUNCTION cases_singular(text);
DROP TEXT SEARCH CONFIGURATION public.procon_pt;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_sistema"),
        ("cases", "0011_versoes"),
        ("parties", "0003_fusao"),
        ("workflow", "0003_leitura"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FiltroSalvo",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nome", models.CharField(max_length=60, verbose_name="nome")),
                ("consulta", models.CharField(blank=True, max_length=1000, verbose_name="filtros")),
                ("ordem", models.PositiveSmallIntegerField(default=0, verbose_name="ordem")),
                ("padrao", models.BooleanField(default=False, verbose_name="abre com a lista")),
            ],
            options={
                "verbose_name": "filtro salvo",
                "verbose_name_plural": "filtros salvos",
                "ordering": ["ordem", "id"],
            },
        ),
        migrations.CreateModel(
            name="NumeroExterno",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "sistema",
                    models.CharField(
                        choices=[
                            ("sindec", "SINDEC"),
                            ("proconsumidor", "ProConsumidor"),
                            ("consumidor_gov", "consumidor.gov.br"),
                            ("processo", "Processo administrativo ou judicial"),
                            ("outro", "Outro sistema"),
                        ],
                        max_length=14,
                        verbose_name="sistema",
                    ),
                ),
                ("numero", models.CharField(max_length=60, verbose_name="número")),
                (
                    "busca",
                    models.GeneratedField(
                        db_persist=True,
                        expression=django.db.models.functions.text.Upper(
                            models.Func(
                                "numero",
                                models.Value("[^0-9A-Za-z]"),
                                models.Value(""),
                                models.Value("g"),
                                function="regexp_replace",
                            )
                        ),
                        output_field=models.CharField(max_length=60),
                    ),
                ),
                ("anotado_em", models.DateTimeField(verbose_name="anotado em")),
            ],
            options={
                "verbose_name": "número externo",
                "verbose_name_plural": "números externos",
                "ordering": ["sistema", "numero"],
            },
        ),
        migrations.CreateModel(
            name="TextoDoAtendimento",
            fields=[
                (
                    "atendimento",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="texto",
                        serialize=False,
                        to="cases.atendimento",
                        verbose_name="atendimento",
                    ),
                ),
                ("vetor", django.contrib.postgres.search.SearchVectorField(verbose_name="palavras")),
            ],
            options={
                "verbose_name": "texto do atendimento",
                "verbose_name_plural": "textos dos atendimentos",
            },
        ),
        migrations.RemoveIndex(
            model_name="atendimento",
            name="atendimento_status",
        ),
        migrations.AddIndex(
            model_name="atendimento",
            index=models.Index(fields=["unidade", "status", "-aberto_em", "-id"], name="atendimento_por_status"),
        ),
        migrations.AddIndex(
            model_name="atendimento",
            index=models.Index(fields=["-aberto_em", "-id"], name="atendimento_por_data"),
        ),
        migrations.AddIndex(
            model_name="atendimento",
            index=models.Index(fields=["unidade", "tipo", "-aberto_em", "-id"], name="atendimento_por_tipo"),
        ),
        migrations.AddIndex(
            model_name="atendimento",
            index=models.Index(fields=["unidade", "canal", "-aberto_em", "-id"], name="atendimento_por_canal"),
        ),
        migrations.AddIndex(
            model_name="atendimento",
            index=models.Index(fields=["unidade", "desfecho", "-aberto_em", "-id"], name="atendimento_por_desfecho"),
        ),
        migrations.AddIndex(
            model_name="atendimento",
            index=models.Index(fields=["unidade", "prioridade", "aberto_em", "id"], name="atendimento_por_prioridade"),
        ),
        migrations.AddIndex(
            model_name="atendimento",
            index=models.Index(fields=["assunto", "-aberto_em", "-id"], name="atendimento_por_assunto"),
        ),
        migrations.AddIndex(
            model_name="atendimento",
            index=models.Index(fields=["problema", "-aberto_em", "-id"], name="atendimento_por_problema"),
        ),
        migrations.AddIndex(
            model_name="atendimento",
            index=models.Index(
                condition=models.Q(("status", "encerrado"), _negated=True),
                fields=["unidade", "-aberto_em", "-id"],
                name="atendimento_em_andamento",
            ),
        ),
        migrations.AddIndex(
            model_name="atendimento",
            index=models.Index(
                django.db.models.functions.text.Upper(
                    models.Func(
                        "protocolo_externo",
                        models.Value("[^0-9A-Za-z]"),
                        models.Value(""),
                        models.Value("g"),
                        function="regexp_replace",
                    )
                ),
                condition=models.Q(("protocolo_externo", ""), _negated=True),
                name="atendimento_externo",
            ),
        ),
        migrations.AddField(
            model_name="filtrosalvo",
            name="dono",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="filtros",
                to=settings.AUTH_USER_MODEL,
                verbose_name="dono",
            ),
        ),
        migrations.AddField(
            model_name="filtrosalvo",
            name="unidade",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="filtros",
                to="accounts.unidade",
                verbose_name="partilhado com a unidade",
            ),
        ),
        migrations.AddField(
            model_name="numeroexterno",
            name="anotado_por",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="anotado por",
            ),
        ),
        migrations.AddField(
            model_name="numeroexterno",
            name="atendimento",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="numeros",
                to="cases.atendimento",
                verbose_name="atendimento",
            ),
        ),
        migrations.AddIndex(
            model_name="textodoatendimento",
            index=django.contrib.postgres.indexes.GinIndex(fields=["vetor"], name="texto_palavras"),
        ),
        migrations.AddConstraint(
            model_name="filtrosalvo",
            constraint=models.UniqueConstraint(
                fields=("dono", "nome"),
                name="filtro_nome_unico",
                violation_error_message="Você já tem um filtro com este nome. Escolha outro nome.",
            ),
        ),
        migrations.AddConstraint(
            model_name="filtrosalvo",
            constraint=models.UniqueConstraint(
                condition=models.Q(("padrao", True)), fields=("dono",), name="filtro_um_padrao"
            ),
        ),
        migrations.AddIndex(
            model_name="numeroexterno",
            index=models.Index(fields=["busca"], name="numero_externo_busca"),
        ),
        migrations.AddConstraint(
            model_name="numeroexterno",
            constraint=models.UniqueConstraint(
                fields=("atendimento", "sistema", "numero"),
                name="numero_externo_unico",
                violation_error_message="Este número já está anotado neste caso.",
            ),
        ),
        migrations.AddConstraint(
            model_name="numeroexterno",
            constraint=models.CheckConstraint(
                condition=models.Q(("busca__regex", "[0-9]")),
                name="numero_externo_tem_digitos",
                violation_error_message="Escreva o número como está no outro sistema, com os seus algarismos.",
            ),
        ),
        migrations.RunSQL(SQL, UNDO),
    ]
