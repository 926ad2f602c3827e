"""Whom a merge made one person cannot be in two places: reservations are the standing registration's (decision 53)."""

from django.db import migrations

SQL = """
-- Whatever path books a merged registration reserves the time of the one that stands for it. The lock decides between
-- this and a merge at the same moment: it waits for the merge, or the merge waits and finds this reservation. Of all
-- that locks people only a merge conflicts with it: a correction, which then waits for the case's history, does not.
CREATE FUNCTION hearings_reserva_de_quem() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fica bigint;
BEGIN
    SELECT coalesce(fundido_em_id, id) INTO fica FROM parties_consumidor
        WHERE id = split_part(NEW.recurso, ':', 2)::bigint FOR KEY SHARE;
    IF fica IS NOT NULL THEN
        NEW.recurso := 'consumidor:' || fica;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER reserva_de_quem BEFORE INSERT ON hearings_reserva
    FOR EACH ROW WHEN (NEW.recurso ~ '^consumidor:[0-9]+$') EXECUTE FUNCTION hearings_reserva_de_quem();

-- A merge, and its undoing, move the reservations of the hearings to come. Where both people would have to be in two
-- places, the merge is refused, and says which hearings.
CREATE FUNCTION hearings_reservas_de_fundido() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    quem text := 'consumidor:' || coalesce(NEW.fundido_em_id, NEW.id);
    minhas CONSTANT text[] := ARRAY['agendada', 'notificada', 'confirmada'];
    choque record;
BEGIN
    PERFORM 1 FROM parties_consumidor WHERE id IN (NEW.id, NEW.fundido_em_id) ORDER BY id FOR UPDATE;
    SELECT c.protocolo AS um, d.protocolo AS outro,
            to_char(lower(r.durante * o.durante) AT TIME ZONE 'America/Sao_Paulo', 'DD/MM/YYYY "às" HH24:MI') AS quando
        INTO choque
        FROM cases_atendimento c JOIN hearings_audiencia a ON a.atendimento_id = c.id AND a.status = ANY(minhas)
        JOIN hearings_reserva r ON r.audiencia_id = a.id AND r.recurso LIKE 'consumidor:%'
        JOIN hearings_reserva o ON o.recurso = quem AND o.durante && r.durante AND o.id <> r.id
        JOIN hearings_audiencia b ON b.id = o.audiencia_id JOIN cases_atendimento d ON d.id = b.atendimento_id
        WHERE c.consumidor_id = NEW.id ORDER BY lower(r.durante), r.id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'Os dois cadastros têm audiência em % (atendimentos % e %), e ninguém está em dois lugares. Redesigne ou cancele uma delas antes de fundir.',
                choque.quando, choque.um, choque.outro
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fusao_de_consumidores_recusada';
    END IF;
    UPDATE hearings_reserva r SET recurso = quem
        FROM hearings_audiencia a JOIN cases_atendimento c ON c.id = a.atendimento_id
        WHERE r.audiencia_id = a.id AND a.status = ANY(minhas) AND c.consumidor_id = NEW.id
            AND r.recurso LIKE 'consumidor:%';
    RETURN NULL;
END $$;

CREATE TRIGGER consumidor_reservas AFTER UPDATE OF fundido_em_id ON parties_consumidor
    FOR EACH ROW WHEN (OLD.fundido_em_id IS DISTINCT FROM NEW.fundido_em_id)
    EXECUTE FUNCTION hearings_reservas_de_fundido();
"""
UNDO = """
DROP TRIGGER consumidor_reservas ON parties_consumidor;
DROP FUNCTION hearings_reservas_de_fundido();
DROP TRIGGER reserva_de_quem ON hearings_reserva;
DROP FUNCTION hearings_reserva_de_quem();
"""


class Migration(migrations.Migration):
    dependencies = [("hearings", "0006_justificativa"), ("parties", "0008_fusao_de_consumidores")]

    operations = [migrations.RunSQL(SQL, UNDO)]
