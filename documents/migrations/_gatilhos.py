"""A document is frozen when issued: one may name its successor, once, and it loses its text at the end of retention."""

FROZEN = """
CREATE FUNCTION documents_documento_congelado() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.substituido_por_id IS NULL
        AND to_jsonb(NEW) - 'substituido_por_id' = to_jsonb(OLD) - 'substituido_por_id' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.dados = '{}'::jsonb AND NEW.arquivo = ''
        AND to_jsonb(NEW) - 'dados' - 'arquivo' = to_jsonb(OLD) - 'dados' - 'arquivo' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Um documento emitido não se altera nem se apaga: emita outro que o substitua.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER documento_congelado BEFORE UPDATE OR DELETE ON documents_documento
    FOR EACH ROW EXECUTE FUNCTION documents_documento_congelado();
"""

DO = FROZEN

UNDO = """
DROP TRIGGER documento_congelado ON documents_documento;
DROP FUNCTION documents_documento_congelado();
"""
