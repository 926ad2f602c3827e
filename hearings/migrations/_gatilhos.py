"""Whose time a reservation takes, decided by the database."""

#: Whom a merge made one person cannot be in two places: reservations are the standing registration's (decision 53).
MERGED = """
-- Whatever path books a merged registration reserves the time of the one that stands for it. The lock decides between
-- this and a merge at the same moment: it waits for the merge, or the merge waits and finds this reservation. Of all
-- that locks people only a merge conflicts with it: a correction, which then waits for the case's history, does not.
CREATE FUNCTION hearings_reserva_de_quem() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fica bigint;
BEGIN
    -- A key-share lock waits for the merge, but an UPDATE that touches no key does not make it read the row again: the
    -- statement that waited still gives the row as it was. The next one has a snapshot of its own, and sees the merge.
    PERFORM 1 FROM parties_consumidor WHERE id = split_part(NEW.recurso, ':', 2)::bigint FOR KEY SHARE;
    SELECT coalesce(fundido_em_id, id) INTO fica FROM parties_consumidor
        WHERE id = split_part(NEW.recurso, ':', 2)::bigint;
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

DO = MERGED

UNDO = """
DROP TRIGGER consumidor_reservas ON parties_consumidor;
DROP TRIGGER reserva_de_quem ON hearings_reserva;
DROP FUNCTION hearings_reservas_de_fundido();
DROP FUNCTION hearings_reserva_de_quem();
"""

#: The agreement that is written after a hearing belongs to its result with that supplier (decision 76).
AGREED = """
-- Cases write agreements and know no hearings. One that was made at a hearing is tied to the one result of a held hearing
-- with this supplier that says «acordo» and has none yet; where there are two of them, nobody can tell, and none is tied.
CREATE FUNCTION hearings_acordo_do_resultado() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE hearings_resultadodoreclamado SET acordo_id = NEW.id WHERE id = (
        SELECT min(r.id) FROM hearings_resultadodoreclamado r JOIN hearings_audiencia a ON a.id = r.audiencia_id
        WHERE r.reclamado_id = NEW.reclamado_id AND r.acordo_id IS NULL AND r.resultado IN ('acordo', 'acordo_parcial')
            AND a.status = 'realizada' AND (a.inicio AT TIME ZONE 'America/Sao_Paulo')::date <= NEW.firmado_em
        HAVING count(*) = 1
    );
    RETURN NULL;
END $$;

CREATE TRIGGER acordo_do_resultado AFTER INSERT ON cases_acordo
    FOR EACH ROW WHEN (NEW.origem = 'audiencia') EXECUTE FUNCTION hearings_acordo_do_resultado();
"""

#: Those that were written before: one agreement of one such result.
AGREED_BEFORE = """
WITH pairs AS (
    SELECT r.id AS resultado, x.id AS acordo, count(*) OVER (PARTITION BY x.id) AS resultados,
        count(*) OVER (PARTITION BY r.id) AS acordos
    FROM cases_acordo x JOIN hearings_resultadodoreclamado r ON r.reclamado_id = x.reclamado_id
    JOIN hearings_audiencia a ON a.id = r.audiencia_id
    WHERE x.origem = 'audiencia' AND r.acordo_id IS NULL AND r.resultado IN ('acordo', 'acordo_parcial')
        AND a.status = 'realizada' AND (a.inicio AT TIME ZONE 'America/Sao_Paulo')::date <= x.firmado_em
        AND NOT EXISTS (SELECT FROM hearings_resultadodoreclamado tied WHERE tied.acordo_id = x.id)
)
UPDATE hearings_resultadodoreclamado r SET acordo_id = pairs.acordo FROM pairs
WHERE r.id = pairs.resultado AND pairs.resultados = 1 AND pairs.acordos = 1
"""

AGREED_UNDO = """
DROP TRIGGER acordo_do_resultado ON cases_acordo;
DROP FUNCTION hearings_acordo_do_resultado();
"""

#: Whose integration's list a hearing is in: the case's, which never changes (decision 89).
OF_INTEGRATION = """
CREATE FUNCTION hearings_audiencia_da_integracao() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.integracao_id := (SELECT integracao_id FROM cases_atendimento WHERE id = NEW.atendimento_id);
    RETURN NEW;
END $$;

CREATE TRIGGER audiencia_da_integracao BEFORE INSERT OR UPDATE OF atendimento_id, integracao_id ON hearings_audiencia
    FOR EACH ROW EXECUTE FUNCTION hearings_audiencia_da_integracao();
"""

OF_INTEGRATION_UNDO = """
DROP TRIGGER audiencia_da_integracao ON hearings_audiencia;
DROP FUNCTION hearings_audiencia_da_integracao();
"""
