"""Events are numbered, chained by hash and append-only in the database, and so is the reading log."""

#: The chain hashes a digest of what people wrote, so that the text can go at the end of retention and the chain still
#: holds. The salt goes with the text: without it nobody can try out what the text may have been.
CHAIN = """
CREATE FUNCTION workflow_evento_resumo(sal bytea, motivo text, dados jsonb) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(sal || convert_to(motivo || E'\\x1f' || dados::text, 'UTF8'))
$$;

CREATE FUNCTION workflow_evento_texto(e workflow_evento) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT concat_ws(E'\\x1f', encode(e.hash_anterior, 'hex'), e.historico_id, e.sequencia, e.objeto, e.objeto_id,
        e.ato, e.de, e.para, e.autor_id, extract(epoch FROM e.quando), encode(e.resumo, 'hex'))
$$;

CREATE FUNCTION workflow_evento_encadear() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE workflow_historico SET sequencia = sequencia + 1 WHERE id = NEW.historico_id
        RETURNING sequencia, hash INTO NEW.sequencia, NEW.hash_anterior;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'histórico % não existe', NEW.historico_id USING ERRCODE = 'foreign_key_violation';
    END IF;
    NEW.sal := uuid_send(gen_random_uuid());
    NEW.resumo := workflow_evento_resumo(NEW.sal, NEW.motivo, NEW.dados);
    NEW.anonimizado := false;
    NEW.hash := sha256(convert_to(workflow_evento_texto(NEW), 'UTF8'));
    UPDATE workflow_historico SET hash = NEW.hash WHERE id = NEW.historico_id;
    RETURN NEW;
END $$;

CREATE TRIGGER evento_encadear BEFORE INSERT ON workflow_evento
    FOR EACH ROW EXECUTE FUNCTION workflow_evento_encadear();
"""

#: The one change that is let through: the text goes, all else stays, and the chain itself says that it was done.
FIXED = """
CREATE FUNCTION workflow_evento_imutavel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NOT OLD.anonimizado AND NEW.anonimizado AND NEW.sal IS NULL
        AND to_jsonb(NEW) - '{motivo,dados,sal,anonimizado}'::text[]
            = to_jsonb(OLD) - '{motivo,dados,sal,anonimizado}'::text[]
        AND EXISTS (SELECT FROM workflow_evento e WHERE e.historico_id = OLD.historico_id
            AND e.sequencia > OLD.sequencia AND e.ato = 'ANONIMIZAR')
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'O histórico só cresce: um evento não se altera nem se apaga.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER evento_imutavel BEFORE UPDATE OR DELETE ON workflow_evento
    FOR EACH ROW EXECUTE FUNCTION workflow_evento_imutavel();
"""

READ = """
CREATE FUNCTION workflow_leitura_imutavel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'O registro de leituras só cresce: uma leitura não se altera nem se apaga.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER leitura_imutavel BEFORE UPDATE OR DELETE ON workflow_leitura
    FOR EACH ROW EXECUTE FUNCTION workflow_leitura_imutavel();
"""

DO = CHAIN + FIXED + READ

UNDO = """
DROP TRIGGER leitura_imutavel ON workflow_leitura;
DROP TRIGGER evento_imutavel ON workflow_evento;
DROP TRIGGER evento_encadear ON workflow_evento;
DROP FUNCTION workflow_leitura_imutavel();
DROP FUNCTION workflow_evento_imutavel();
DROP FUNCTION workflow_evento_encadear();
DROP FUNCTION workflow_evento_texto(workflow_evento);
DROP FUNCTION workflow_evento_resumo(bytea, text, jsonb);
"""
