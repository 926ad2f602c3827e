"""A line that does not use up the server's locks (decision 111).

A lock for every reservation was too much for who writes thousands at once, as an import does: the server keeps all
locks of all transactions in one table of a fixed size.
"""

from django.db import migrations

SQL = """
CREATE OR REPLACE FUNCTION hearings_reserva_em_fila() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    na_fila int := coalesce(nullif(current_setting('procon.reservas_na_fila', true), ''), '0');
BEGIN
    IF na_fila < 256 THEN
        PERFORM set_config('procon.reservas_na_fila', (na_fila + 1)::text, true);
        -- Only of two that cannot both stand does one wait: whoever books much in one transaction meets nobody else's locks.
        PERFORM pg_advisory_xact_lock(hashtextextended(NEW.recurso, extract(epoch FROM lower(NEW.durante))::bigint));
    END IF;
    RETURN NEW;
END $$;
"""
UNDO = """
CREATE OR REPLACE FUNCTION hearings_reserva_em_fila() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.recurso, extract(epoch FROM lower(NEW.durante))::bigint));
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("hearings", "0008_reservas_em_fila")]

    operations = [migrations.RunSQL(SQL, UNDO)]
