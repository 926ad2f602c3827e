"""The chain hashes a digest of what people wrote in an event, so that the text can go and the chain still holds.

The chains that exist are checked and then made anew over the digests; one that does not hold stops the migration.
"""

from django.db import migrations, models

CHECK = """
DO $$
DECLARE broken record;
BEGIN
    SELECT historico_id, sequencia INTO broken FROM (
        SELECT e.historico_id, e.sequencia, e.hash, e.hash_anterior,
            sha256(convert_to(workflow_evento_texto(e), 'UTF8')) AS counted,
            coalesce(lag(e.hash) OVER w, ''::bytea) AS before
        FROM workflow_evento e WINDOW w AS (PARTITION BY e.historico_id ORDER BY e.sequencia)
    ) link WHERE hash <> counted OR hash_anterior <> before LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'O histórico % não confere no evento %: rode «manage.py verificar» antes de migrar.',
            broken.historico_id, broken.sequencia;
    END IF;
END $$;
"""

#: Every chain again, from its first event to its head, as `workflow_evento_texto` now says.
AGAIN = """
ALTER TABLE workflow_evento DISABLE TRIGGER evento_imutavel;
DO $$
DECLARE
    row workflow_evento;
    before bytea := '';
    chain bigint := 0;
BEGIN
    FOR row IN SELECT * FROM workflow_evento ORDER BY historico_id, sequencia LOOP
        IF row.historico_id <> chain THEN
            chain := row.historico_id;
            before := '';
        END IF;
        {digest}
        row.hash_anterior := before;
        row.hash := sha256(convert_to(workflow_evento_texto(row), 'UTF8'));
        UPDATE workflow_evento SET hash_anterior = before, hash = row.hash, sal = row.sal, resumo = row.resumo
            WHERE id = row.id;
        before := row.hash;
    END LOOP;
    UPDATE workflow_historico h SET hash = last.hash FROM (
        SELECT DISTINCT ON (historico_id) historico_id, hash FROM workflow_evento
        ORDER BY historico_id, sequencia DESC
    ) last WHERE last.historico_id = h.id;
END $$;
ALTER TABLE workflow_evento ENABLE TRIGGER evento_imutavel;
"""

TEXT = """
CREATE OR REPLACE FUNCTION workflow_evento_texto(e workflow_evento) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws(E'\\x1f', encode(e.hash_anterior, 'hex'), e.historico_id, e.sequencia, e.objeto, e.objeto_id,
        e.ato, e.de, e.para, e.autor_id, extract(epoch FROM e.quando), {last})
$$;
"""
DIGESTED, PLAIN = TEXT.format(last="encode(e.resumo, 'hex')"), TEXT.format(last="e.motivo, e.dados::text")

#: The salt goes with the text: without it nobody can try out what the text may have been.
DIGEST = """
CREATE FUNCTION workflow_evento_resumo(sal bytea, motivo text, dados jsonb) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(sal || convert_to(motivo || E'\\x1f' || dados::text, 'UTF8'))
$$;
"""

CHAIN = """
CREATE OR REPLACE FUNCTION workflow_evento_encadear() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE workflow_historico SET sequencia = sequencia + 1 WHERE id = NEW.historico_id
        RETURNING sequencia, hash INTO NEW.sequencia, NEW.hash_anterior;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'histórico % não existe', NEW.historico_id USING ERRCODE = 'foreign_key_violation';
    END IF;
    {digest}
    NEW.hash := sha256(convert_to(workflow_evento_texto(NEW), 'UTF8'));
    UPDATE workflow_historico SET hash = NEW.hash WHERE id = NEW.historico_id;
    RETURN NEW;
END $$;
"""
CHAINED = CHAIN.format(
    digest="""NEW.sal := uuid_send(gen_random_uuid());
    NEW.resumo := workflow_evento_resumo(NEW.sal, NEW.motivo, NEW.dados);
    NEW.anonimizado := false;"""
)

FIXED = """
CREATE OR REPLACE FUNCTION workflow_evento_imutavel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {exception}
    RAISE EXCEPTION 'O histórico só cresce: um evento não se altera nem se apaga.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
#: The one change that is let through: the text goes, all else stays, and the chain itself says that it was done.
FORGETTING = FIXED.format(
    exception="""IF TG_OP = 'UPDATE' AND NOT OLD.anonimizado AND NEW.anonimizado AND NEW.sal IS NULL
        AND to_jsonb(NEW) - '{motivo,dados,sal,anonimizado}'::text[]
            = to_jsonb(OLD) - '{motivo,dados,sal,anonimizado}'::text[]
        AND EXISTS (SELECT FROM workflow_evento e WHERE e.historico_id = OLD.historico_id
            AND e.sequencia > OLD.sequencia AND e.ato = 'ANONIMIZAR')
    THEN RETURN NEW; END IF;"""
)

SALTED = """row.sal := uuid_send(gen_random_uuid());
        row.resumo := workflow_evento_resumo(row.sal, row.motivo, row.dados);"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0003_leitura")]

    operations = [
        migrations.RunSQL(CHECK, migrations.RunSQL.noop),
        migrations.AddField(
            "evento", "sal", models.BinaryField("sal do resumo", max_length=16, null=True, editable=False)
        ),
        migrations.AddField(
            "evento", "resumo", models.BinaryField("resumo do texto", max_length=32, default=b"", editable=False)
        ),
        migrations.AddField(
            "evento",
            "anonimizado",
            models.BooleanField(
                "texto apagado", default=False, editable=False, help_text="ao fim da guarda; o resumo fica"
            ),
        ),
        migrations.RunSQL(
            DIGEST + DIGESTED + CHAINED + FORGETTING + AGAIN.format(digest=SALTED),
            PLAIN
            + CHAIN.format(digest="")
            + FIXED.format(exception="")
            + AGAIN.format(digest="")
            + "DROP FUNCTION workflow_evento_resumo(bytea, text, jsonb);",
        ),
    ]
