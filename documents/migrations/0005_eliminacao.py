"""At the end of retention a letter loses its data and its file, and nothing else: number, kind, date and hash stay."""

from django.db import migrations

HEAD = "CREATE OR REPLACE FUNCTION documents_documento_congelado() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
SET_ONCE = """
    IF TG_OP = 'UPDATE' AND OLD.substituido_por_id IS NULL
        AND to_jsonb(NEW) - 'substituido_por_id' = to_jsonb(OLD) - 'substituido_por_id' THEN
        RETURN NEW;
    END IF;
"""
ERASE = """
    IF TG_OP = 'UPDATE' AND NEW.dados = '{}'::jsonb AND NEW.arquivo = ''
        AND to_jsonb(NEW) - 'dados' - 'arquivo' = to_jsonb(OLD) - 'dados' - 'arquivo' THEN
        RETURN NEW;
    END IF;
"""
TAIL = """
    RAISE EXCEPTION 'Um documento emitido não se altera nem se apaga: emita outro que o substitua.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_novos_documentos")]

    operations = [migrations.RunSQL(HEAD + SET_ONCE + ERASE + TAIL, HEAD + SET_ONCE + TAIL)]
