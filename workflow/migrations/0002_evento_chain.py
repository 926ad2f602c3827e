"""Events are numbered, chained by hash and append-only in the database, whatever path writes them."""

from django.db import migrations

SQL = """
CREATE FUNCTION workflow_evento_texto(e workflow_evento) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws(E'\\x1f', encode(e.hash_anterior, 'hex'), e.historico_id, e.sequencia, e.objeto, e.objeto_id,
        e.ato, e.de, e.para, e.autor_id, extract(epoch FROM e.quando), e.motivo, e.dados::text)
$$;

CREATE FUNCTION workflow_evento_encadear() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE workflow_historico SET sequencia = sequencia + 1 WHERE id = NEW.historico_id
        RETURNING sequencia, hash INTO NEW.sequencia, NEW.hash_anterior;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'histórico % não existe', NEW.historico_id USING ERRCODE = 'foreign_key_violation';
    END IF;
    NEW.hash := sha256(convert_to(workflow_evento_texto(NEW), 'UTF8'));
    UPDATE workflow_historico SET hash = NEW.hash WHERE id = NEW.historico_id;
    RETURN NEW;
END $$;

CREATE TRIGGER evento_encadear BEFORE INSERT ON workflow_evento
    FOR EACH ROW EXECUTE FUNCTION workflow_evento_encadear();

CREATE FUNCTION workflow_evento_imutavel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'O histórico só cresce: um evento não se altera nem se apaga.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER evento_imutavel BEFORE UPDATE OR DELETE ON workflow_evento
    FOR EACH ROW EXECUTE FUNCTION workflow_evento_imutavel();
"""

UNDO = """
DROP TRIGGER evento_imutavel ON workflow_evento;
DROP TRIGGER evento_encadear ON workflow_evento;
DROP FUNCTION workflow_evento_imutavel();
DROP FUNCTION workflow_evento_encadear();
DROP FUNCTION workflow_evento_texto(workflow_evento);
"""


class Migration(migrations.Migration):
    dependencies = [("workflow", "0001_initial")]

    operations = [migrations.RunSQL(SQL, UNDO)]
