"""A document is frozen when issued: only `substituido_por` may be set, once."""

from django.db import migrations

SQL = """
CREATE FUNCTION documents_documento_congelado() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.substituido_por_id IS NULL
        AND to_jsonb(NEW) - 'substituido_por_id' = to_jsonb(OLD) - 'substituido_por_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Um documento emitido não se altera nem se apaga: emita outro que o substitua.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER documento_congelado BEFORE UPDATE OR DELETE ON documents_documento
    FOR EACH ROW EXECUTE FUNCTION documents_documento_congelado();
"""

UNDO = """
DROP TRIGGER documento_congelado ON documents_documento;
DROP FUNCTION documents_documento_congelado();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [migrations.RunSQL(SQL, UNDO)]
