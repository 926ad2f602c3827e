"""Who stands for a consumer is read after the lock was had, not with it (decision 53)."""

from django.db import migrations

HEAD = """
CREATE OR REPLACE FUNCTION hearings_reserva_de_quem() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fica bigint;
BEGIN
"""
TAIL = """
    IF fica IS NOT NULL THEN
        NEW.recurso := 'consumidor:' || fica;
    END IF;
    RETURN NEW;
END $$;
"""
# A key-share lock waits for the merge, but an UPDATE that touches no key does not make it read the row again: the
# statement that waited still gives the row as it was. The next one has a snapshot of its own, and sees the merge.
SQL = f"""{HEAD}
    PERFORM 1 FROM parties_consumidor WHERE id = split_part(NEW.recurso, ':', 2)::bigint FOR KEY SHARE;
    SELECT coalesce(fundido_em_id, id) INTO fica FROM parties_consumidor
        WHERE id = split_part(NEW.recurso, ':', 2)::bigint;
{TAIL}"""
UNDO = f"""{HEAD}
    SELECT coalesce(fundido_em_id, id) INTO fica FROM parties_consumidor
        WHERE id = split_part(NEW.recurso, ':', 2)::bigint FOR KEY SHARE;
{TAIL}"""


class Migration(migrations.Migration):
    dependencies = [("hearings", "0010_impedimento")]

    operations = [migrations.RunSQL(SQL, UNDO)]
