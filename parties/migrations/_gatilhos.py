"""What the database itself keeps of people and suppliers: names to find them by, merges, enrolments."""

#: nome_busca is kept by the database, whatever path writes a name: services, bulk loads, raw SQL.
NAMES = """
CREATE FUNCTION parties_normalizar(texto text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT btrim(regexp_replace(
        lower(regexp_replace(normalize(texto, NFKD) COLLATE "C", '[\\u0300-\\u036f]', '', 'g')),
        '[^0-9a-z]+', ' ', 'g'))
$$;

CREATE FUNCTION parties_consumidor_nome_busca() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fundidos text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT string_agg(c.nome_busca, ' ' ORDER BY c.id) INTO fundidos
            FROM parties_consumidor c WHERE c.fundido_em_id = NEW.id;
    END IF;
    NEW.nome_busca := parties_normalizar(concat_ws(' ', NEW.nome, NEW.nome_social, fundidos));
    RETURN NEW;
END $$;

CREATE TRIGGER consumidor_nome_busca BEFORE INSERT OR UPDATE OF nome, nome_social, nome_busca ON parties_consumidor
    FOR EACH ROW EXECUTE FUNCTION parties_consumidor_nome_busca();

CREATE FUNCTION parties_fornecedor_nome_busca() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    grafias text;
    fundidos text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT string_agg(nome, ' ' ORDER BY nome COLLATE "C") INTO grafias
            FROM parties_grafia WHERE fornecedor_id = NEW.id;
        SELECT string_agg(concat_ws(' ', f.nome_busca, f.cnpj), ' ' ORDER BY f.id) INTO fundidos
            FROM parties_fornecedor f WHERE f.fundido_em_id = NEW.id;
    END IF;
    NEW.nome_busca := parties_normalizar(
        concat_ws(' ', NEW.razao_social, NEW.nome_fantasia, grafias, fundidos));
    RETURN NEW;
END $$;

CREATE TRIGGER fornecedor_nome_busca BEFORE INSERT OR UPDATE OF razao_social, nome_fantasia, nome_busca
    ON parties_fornecedor FOR EACH ROW EXECUTE FUNCTION parties_fornecedor_nome_busca();

CREATE FUNCTION parties_grafia_nome_busca() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE parties_fornecedor SET nome_busca = '' WHERE id IN (SELECT fornecedor_id FROM mudadas);
    RETURN NULL;
END $$;

CREATE FUNCTION parties_grafia_nome_busca_troca() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE parties_fornecedor SET nome_busca = ''
        WHERE id IN (SELECT fornecedor_id FROM antes UNION SELECT fornecedor_id FROM mudadas);
    RETURN NULL;
END $$;

CREATE TRIGGER grafia_incluida AFTER INSERT ON parties_grafia REFERENCING NEW TABLE AS mudadas
    FOR EACH STATEMENT EXECUTE FUNCTION parties_grafia_nome_busca();
CREATE TRIGGER grafia_excluida AFTER DELETE ON parties_grafia REFERENCING OLD TABLE AS mudadas
    FOR EACH STATEMENT EXECUTE FUNCTION parties_grafia_nome_busca();
CREATE TRIGGER grafia_alterada AFTER UPDATE ON parties_grafia REFERENCING OLD TABLE AS antes NEW TABLE AS mudadas
    FOR EACH STATEMENT EXECUTE FUNCTION parties_grafia_nome_busca_troca();
"""

#: A merge is a pointer; the database refuses chains, and finds the survivor by the names of what was merged.
MERGES = """
CREATE FUNCTION parties_fornecedor_sem_cadeia() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    adiante bigint;
BEGIN
    -- The lock decides between this and a merge of the survivor that runs at the same moment.
    SELECT fundido_em_id INTO adiante FROM parties_fornecedor WHERE id = NEW.fundido_em_id FOR SHARE;
    IF adiante IS NOT NULL OR EXISTS (SELECT 1 FROM parties_fornecedor WHERE fundido_em_id = NEW.id) THEN
        RAISE EXCEPTION 'fornecedor % não pode apontar para %: formaria uma cadeia de fusões', NEW.id, NEW.fundido_em_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fornecedor_sem_cadeia', TABLE = 'parties_fornecedor';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER fornecedor_sem_cadeia BEFORE INSERT OR UPDATE OF fundido_em_id ON parties_fornecedor
    FOR EACH ROW WHEN (NEW.fundido_em_id IS NOT NULL) EXECUTE FUNCTION parties_fornecedor_sem_cadeia();

CREATE FUNCTION parties_fornecedor_fusao() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE parties_fornecedor SET nome_busca = '' WHERE id IN (OLD.fundido_em_id, NEW.fundido_em_id);
    RETURN NULL;
END $$;

CREATE TRIGGER fornecedor_fusao AFTER UPDATE OF fundido_em_id, razao_social, nome_fantasia, cnpj, nome_busca
    ON parties_fornecedor FOR EACH ROW
    WHEN (OLD.fundido_em_id IS DISTINCT FROM NEW.fundido_em_id
        OR NEW.fundido_em_id IS NOT NULL AND (OLD.nome_busca, OLD.cnpj) IS DISTINCT FROM (NEW.nome_busca, NEW.cnpj))
    EXECUTE FUNCTION parties_fornecedor_fusao();

CREATE FUNCTION parties_consumidor_sem_cadeia() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    adiante bigint;
BEGIN
    -- The lock decides between this and a merge of the survivor that runs at the same moment.
    SELECT fundido_em_id INTO adiante FROM parties_consumidor WHERE id = NEW.fundido_em_id FOR SHARE;
    IF adiante IS NOT NULL OR EXISTS (SELECT 1 FROM parties_consumidor WHERE fundido_em_id = NEW.id) THEN
        RAISE EXCEPTION 'consumidor % não pode apontar para %: formaria uma cadeia de fusões', NEW.id, NEW.fundido_em_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consumidor_sem_cadeia', TABLE = 'parties_consumidor';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER consumidor_sem_cadeia BEFORE INSERT OR UPDATE OF fundido_em_id ON parties_consumidor
    FOR EACH ROW WHEN (NEW.fundido_em_id IS NOT NULL) EXECUTE FUNCTION parties_consumidor_sem_cadeia();

CREATE FUNCTION parties_consumidor_fusao() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE parties_consumidor SET nome_busca = '' WHERE id IN (OLD.fundido_em_id, NEW.fundido_em_id);
    RETURN NULL;
END $$;

CREATE TRIGGER consumidor_fusao AFTER UPDATE OF fundido_em_id, nome, nome_social, nome_busca
    ON parties_consumidor FOR EACH ROW
    WHEN (OLD.fundido_em_id IS DISTINCT FROM NEW.fundido_em_id
        OR NEW.fundido_em_id IS NOT NULL AND OLD.nome_busca IS DISTINCT FROM NEW.nome_busca)
    EXECUTE FUNCTION parties_consumidor_fusao();
"""

#: Electronic CIP is true only while a signed term is in force.
ENROLMENTS = """
CREATE FUNCTION parties_fornecedor_cip_eletronica() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM parties_adesaocipeletronica
            WHERE fornecedor_id = NEW.id AND encerrada_em IS NULL) THEN
        RAISE EXCEPTION 'fornecedor % não tem adesão à CIP eletrônica em vigor', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fornecedor_cip_eletronica_com_termo',
                TABLE = 'parties_fornecedor';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER fornecedor_cip_eletronica_com_termo BEFORE INSERT OR UPDATE OF cip_eletronica ON parties_fornecedor
    FOR EACH ROW WHEN (NEW.cip_eletronica) EXECUTE FUNCTION parties_fornecedor_cip_eletronica();

CREATE FUNCTION parties_adesao_vale() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE parties_fornecedor f SET cip_eletronica = EXISTS (
            SELECT 1 FROM parties_adesaocipeletronica WHERE fornecedor_id = f.id AND encerrada_em IS NULL)
        WHERE f.id IN (OLD.fornecedor_id, NEW.fornecedor_id);
    RETURN NULL;
END $$;

CREATE TRIGGER adesao_vale AFTER INSERT OR UPDATE OR DELETE ON parties_adesaocipeletronica
    FOR EACH ROW EXECUTE FUNCTION parties_adesao_vale();
"""

#: Names by the beginnings of their words, from an index that never reads a whole table, and at most so many. The sample
#: is larger than usual: of a rare name the planner else expects a thousand, and reads the whole table.
INDEXES = """
CREATE INDEX consumidor_nomes ON parties_consumidor USING gin (to_tsvector('simple', nome_busca));
CREATE INDEX fornecedor_nomes ON parties_fornecedor USING gin (to_tsvector('simple', nome_busca));

CREATE FUNCTION parties_consumidores_de_nome(pergunta tsquery, teto integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY SELECT id FROM parties_consumidor
        WHERE to_tsvector('simple', nome_busca) @@ pergunta AND fundido_em_id IS NULL LIMIT teto;
END $$;

CREATE FUNCTION parties_fornecedores_de_nome(pergunta tsquery, teto integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY SELECT id FROM parties_fornecedor
        WHERE to_tsvector('simple', nome_busca) @@ pergunta AND fundido_em_id IS NULL LIMIT teto;
END $$;

ALTER TABLE parties_fornecedor ALTER COLUMN nome_busca SET STATISTICS 1000;
ALTER TABLE parties_fornecedor ALTER COLUMN cnpj SET STATISTICS 1000;
"""

DO = NAMES + MERGES + ENROLMENTS + INDEXES

UNDO = """
DROP INDEX fornecedor_nomes;
DROP INDEX consumidor_nomes;
DROP TRIGGER adesao_vale ON parties_adesaocipeletronica;
DROP TRIGGER fornecedor_cip_eletronica_com_termo ON parties_fornecedor;
DROP TRIGGER consumidor_fusao ON parties_consumidor;
DROP TRIGGER consumidor_sem_cadeia ON parties_consumidor;
DROP TRIGGER fornecedor_fusao ON parties_fornecedor;
DROP TRIGGER fornecedor_sem_cadeia ON parties_fornecedor;
DROP TRIGGER grafia_alterada ON parties_grafia;
DROP TRIGGER grafia_excluida ON parties_grafia;
DROP TRIGGER grafia_incluida ON parties_grafia;
DROP TRIGGER fornecedor_nome_busca ON parties_fornecedor;
DROP TRIGGER consumidor_nome_busca ON parties_consumidor;
DROP FUNCTION parties_fornecedores_de_nome(tsquery, integer);
DROP FUNCTION parties_consumidores_de_nome(tsquery, integer);
DROP FUNCTION parties_adesao_vale();
DROP FUNCTION parties_fornecedor_cip_eletronica();
DROP FUNCTION parties_consumidor_fusao();
DROP FUNCTION parties_consumidor_sem_cadeia();
DROP FUNCTION parties_fornecedor_fusao();
DROP FUNCTION parties_fornecedor_sem_cadeia();
DROP FUNCTION parties_grafia_nome_busca_troca();
DROP FUNCTION parties_grafia_nome_busca();
DROP FUNCTION parties_fornecedor_nome_busca();
DROP FUNCTION parties_consumidor_nome_busca();
DROP FUNCTION parties_normalizar(text);
"""
