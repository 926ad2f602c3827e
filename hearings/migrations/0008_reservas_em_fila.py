"""Who reserves the same resource from the same moment on waits in a line, before the constraint is asked (decision 111).

PostgreSQL looks for what overlaps after it has written the row. Two plain INSERTs at the same moment see each other's row,
wait for each other, and one ends as a deadlock instead of a refusal; two hundred end as a hundred and ninety-nine.
"""

from django.db import migrations

SQL = """
CREATE FUNCTION hearings_reserva_em_fila() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Only of two that cannot both stand does one wait: whoever books much in one transaction meets nobody else's locks.
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.recurso, extract(epoch FROM lower(NEW.durante))::bigint));
    RETURN NEW;
END $$;

-- After `reserva_de_quem`, by the order of names: whose reservation it is, is settled then.
CREATE TRIGGER reserva_em_fila BEFORE INSERT OR UPDATE OF recurso, durante ON hearings_reserva
    FOR EACH ROW EXECUTE FUNCTION hearings_reserva_em_fila();
"""
UNDO = """
DROP TRIGGER reserva_em_fila ON hearings_reserva;
DROP FUNCTION hearings_reserva_em_fila();
"""


class Migration(migrations.Migration):
    dependencies = [("hearings", "0007_indices_da_integracao")]

    operations = [migrations.RunSQL(SQL, UNDO)]
