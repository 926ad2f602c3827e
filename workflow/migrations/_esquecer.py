"""What the application's role cannot do itself, done with the owner's rights: number events, and forget at the end."""

#: The fixed path keeps what somebody else names alike out of the owner's hands.
OWNER = "SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp"

#: The trigger writes the chain's head, which nobody else may.
HEAD = f"""
ALTER FUNCTION workflow_evento_encadear() {OWNER};

CREATE FUNCTION workflow_historico_imutavel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A cabeça de um histórico não muda de número nem se apaga.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER historico_imutavel BEFORE UPDATE OF id OR DELETE ON workflow_historico
    FOR EACH ROW EXECUTE FUNCTION workflow_historico_imutavel();
"""

#: Of an event's data, numbers, codes and days stay: they name nobody. The trigger on the events lets the texts go only
#: where the chain itself says, further on, that it was done.
TEXTS = f"""
CREATE FUNCTION workflow_sem_nomes(valor jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN CASE jsonb_typeof(valor)
        WHEN 'object' THEN (SELECT coalesce(jsonb_object_agg(key, workflow_sem_nomes(value)), valor) FROM jsonb_each(valor))
        WHEN 'array' THEN (SELECT coalesce(jsonb_agg(workflow_sem_nomes(value) ORDER BY ordinality), valor)
            FROM jsonb_array_elements(valor) WITH ORDINALITY)
        WHEN 'string' THEN
            CASE WHEN valor #>> '{{}}' ~ '^([a-z_]*|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})$' THEN valor
                ELSE to_jsonb('(anonimizado)'::text) END
        ELSE valor END;
END $$;

CREATE FUNCTION workflow_esquecer_textos(caso bigint) RETURNS integer LANGUAGE plpgsql {OWNER} AS $$
DECLARE
    feitos integer;
BEGIN
    UPDATE workflow_evento e SET motivo = n.motivo, dados = n.dados, sal = NULL, anonimizado = true
        FROM (SELECT id, CASE motivo WHEN '' THEN '' ELSE '(anonimizado)' END AS motivo, workflow_sem_nomes(dados) AS dados
              FROM workflow_evento WHERE historico_id = caso AND NOT anonimizado AND ato <> 'ANONIMIZAR') n
        WHERE e.id = n.id AND (e.motivo, e.dados) IS DISTINCT FROM (n.motivo, n.dados);
    GET DIAGNOSTICS feitos = ROW_COUNT;
    RETURN feitos;
END $$;
"""

VERSIONS = f"""
CREATE FUNCTION workflow_esquecer_versoes(tabela text, numeros bigint[], autor bigint) RETURNS integer
    LANGUAGE plpgsql {OWNER} AS $$
DECLARE
    feitos integer;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(format('public.%I', tabela))
        AND attname = 'pgh_obj_id') THEN
        RAISE EXCEPTION '% não guarda versões de linhas', tabela USING ERRCODE = 'insufficient_privilege';
    END IF;
    EXECUTE format('DELETE FROM public.%I WHERE pgh_id = ANY($1)', tabela) USING numeros;
    GET DIAGNOSTICS feitos = ROW_COUNT;
    IF feitos > 0 THEN
        INSERT INTO workflow_esquecimento (tabela, linhas, autor_id) VALUES (tabela, feitos, autor);
    END IF;
    RETURN feitos;
END $$;
"""

FIXED = """
CREATE FUNCTION workflow_esquecimento_imutavel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'O registro do que foi esquecido só cresce: não se altera nem se apaga.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER esquecimento_imutavel BEFORE UPDATE OR DELETE ON workflow_esquecimento
    FOR EACH ROW EXECUTE FUNCTION workflow_esquecimento_imutavel();
"""

DO = HEAD + TEXTS + VERSIONS + FIXED

UNDO = """
DROP TRIGGER esquecimento_imutavel ON workflow_esquecimento;
DROP FUNCTION workflow_esquecimento_imutavel();
DROP FUNCTION workflow_esquecer_versoes(text, bigint[], bigint);
DROP FUNCTION workflow_esquecer_textos(bigint);
DROP FUNCTION workflow_sem_nomes(jsonb);
DROP TRIGGER historico_imutavel ON workflow_historico;
DROP FUNCTION workflow_historico_imutavel();
ALTER FUNCTION workflow_evento_encadear() SECURITY INVOKER RESET search_path;
"""
