"""Whom each supplier's totals are counted for, kept by triggers; totals move when it changes (decision 82)."""

# Of many suppliers none is looked up by itself: a planner that still believes the table to be all but empty (an import
# right after the first rows) takes every index for as good as the right one, and compares each with all others.
# Locks: -1 is that of the fold; -2 keeps a supplier that is being registered from missing a group that its company is
# being given. Both are held until the commit, the second one exclusively by whoever moves totals.
SQL = """
CREATE FUNCTION reports_casas(chaves bigint[]) RETURNS TABLE (fornecedor text, titular text, empresa text, conglomerado text)
    LANGUAGE sql STABLE AS $$
WITH ditos AS MATERIALIZED (
    SELECT f.id, coalesce(s.id, f.id) AS titular,
        nullif(CASE WHEN s.id IS NULL THEN f.radical ELSE s.radical END, '') AS radical,
        CASE WHEN s.id IS NULL THEN f.grupo_id ELSE s.grupo_id END AS grupo
    FROM parties_fornecedor f LEFT JOIN parties_fornecedor s ON s.id = f.fundido_em_id
    WHERE chaves IS NULL OR f.id = ANY(chaves)
), do_radical AS (
    SELECT radical, min(grupo_id) AS grupo FROM parties_fornecedor
    WHERE grupo_id IS NOT NULL AND fundido_em_id IS NULL AND radical IN (SELECT radical FROM ditos)
    GROUP BY radical HAVING min(grupo_id) = max(grupo_id)
), empresas AS (
    SELECT d.id, d.titular, coalesce(d.radical, '#' || lpad(d.titular::text, 12, '0')) AS empresa,
        coalesce(d.grupo, r.grupo) AS grupo
    FROM ditos d LEFT JOIN do_radical r ON r.radical = d.radical
)
SELECT id::text, titular::text, empresa, CASE WHEN grupo IS NULL THEN empresa ELSE 'grupo ' || grupo END FROM empresas
$$;

CREATE FUNCTION reports_casas_de_muitos(chaves bigint[])
    RETURNS TABLE (fornecedor text, titular text, empresa text, conglomerado text)
    LANGUAGE sql STABLE SET enable_nestloop = off AS 'SELECT * FROM reports_casas(chaves)';

CREATE FUNCTION reports_muda_de_casa(chaves bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(3523107, -1);
    WITH mudam AS MATERIALIZED (
        SELECT c.*, n.titular AS novo_titular, n.empresa AS nova_empresa, n.conglomerado AS novo_conglomerado
        FROM reports_casas(chaves) n JOIN reports_casa c ON c.fornecedor = n.fornecedor
        WHERE (n.titular, n.empresa, n.conglomerado) IS DISTINCT FROM (c.titular, c.empresa, c.conglomerado)
    ), casas AS (
        UPDATE reports_casa c SET titular = novo_titular, empresa = nova_empresa, conglomerado = novo_conglomerado
        FROM mudam m WHERE m.fornecedor = c.fornecedor
    ), passos AS (
        SELECT s.medida, v.conjunto, s.grao, s.inicio, s.unidade, v.a, sum(v.vezes * s.n) AS n
        FROM mudam m CROSS JOIN (SELECT * FROM reports_soma WHERE conjunto = 0 AND grao IN (2, 3)) z CROSS JOIN LATERAL (
            SELECT s.* FROM reports_soma s WHERE s.medida = z.medida AND s.conjunto = 1 AND s.grao = z.grao
                AND s.inicio = z.inicio AND s.unidade = z.unidade AND s.a = m.fornecedor AND s.b = '' OFFSET 0
        ) s
        CROSS JOIN LATERAL (VALUES
            (8192, -1, m.titular), (8192, 1, m.novo_titular), (16384, -1, m.empresa), (16384, 1, m.nova_empresa),
            (32768, -1, m.conglomerado), (32768, 1, m.novo_conglomerado)
        ) AS v(conjunto, vezes, a)
        GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(v.vezes * s.n) <> 0
    )
    INSERT INTO reports_soma AS s (medida, conjunto, grao, inicio, unidade, a, b, n)
    SELECT medida, conjunto, grao, inicio, unidade, a, '', n FROM passos
    ON CONFLICT (medida, conjunto, grao, inicio, unidade, a, b) DO UPDATE SET n = s.n + EXCLUDED.n;
END $$;

CREATE FUNCTION reports_dos_radicais(radicais text[]) RETURNS bigint[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(id), '{}') FROM (
        SELECT id FROM parties_fornecedor WHERE radical = ANY(radicais)
        UNION
        SELECT f.id FROM parties_fornecedor s JOIN parties_fornecedor f ON f.fundido_em_id = s.id
        WHERE s.radical = ANY(radicais)
    ) t
$$;

CREATE FUNCTION reports_fornecedor_vem() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    chaves bigint[] := ARRAY(SELECT id FROM linhas);
    em_grupo text[] := ARRAY(SELECT radical FROM linhas WHERE grupo_id IS NOT NULL AND radical <> '');
    novas bigint;
BEGIN
    IF cardinality(em_grupo) > 0 THEN
        PERFORM pg_advisory_xact_lock(3523107, -2);
    ELSIF EXISTS (SELECT FROM linhas WHERE radical <> '') THEN
        PERFORM pg_advisory_xact_lock_shared(3523107, -2);
    END IF;
    IF cardinality(chaves) > 50 THEN
        INSERT INTO reports_casa (fornecedor, titular, empresa, conglomerado)
        SELECT * FROM reports_casas_de_muitos(chaves) ON CONFLICT (fornecedor) DO NOTHING;
    ELSE
        INSERT INTO reports_casa (fornecedor, titular, empresa, conglomerado)
        SELECT * FROM reports_casas(chaves) ON CONFLICT (fornecedor) DO NOTHING;
    END IF;
    GET DIAGNOSTICS novas = ROW_COUNT;
    IF cardinality(em_grupo) > 0 OR novas < cardinality(chaves) THEN
        PERFORM reports_muda_de_casa(chaves || reports_dos_radicais(em_grupo));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER casas_vem AFTER INSERT ON parties_fornecedor REFERENCING NEW TABLE AS linhas
    FOR EACH STATEMENT EXECUTE FUNCTION reports_fornecedor_vem();

CREATE FUNCTION reports_fornecedor_muda() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(3523107, -2);
    PERFORM reports_muda_de_casa(
        ARRAY(SELECT NEW.id UNION SELECT id FROM parties_fornecedor WHERE fundido_em_id = NEW.id)
        || reports_dos_radicais(ARRAY[OLD.radical, NEW.radical]));
    RETURN NULL;
END $$;
CREATE TRIGGER casas_mudam AFTER UPDATE ON parties_fornecedor FOR EACH ROW
    WHEN ((OLD.radical, OLD.grupo_id, OLD.fundido_em_id) IS DISTINCT FROM (NEW.radical, NEW.grupo_id, NEW.fundido_em_id))
    EXECUTE FUNCTION reports_fornecedor_muda();

CREATE FUNCTION reports_fornecedor_vai() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(3523107, -2);
    PERFORM reports_muda_de_casa(reports_dos_radicais(ARRAY[OLD.radical]));
    RETURN NULL;
END $$;
CREATE TRIGGER casas_vao AFTER DELETE ON parties_fornecedor FOR EACH ROW
    WHEN (OLD.grupo_id IS NOT NULL AND OLD.radical <> '') EXECUTE FUNCTION reports_fornecedor_vai();

CREATE FUNCTION reports_fornecedor_esvaziada() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM reports_casa;
    RETURN NULL;
END $$;
CREATE TRIGGER casas_esvaziam AFTER TRUNCATE ON parties_fornecedor
    FOR EACH STATEMENT EXECUTE FUNCTION reports_fornecedor_esvaziada();
"""
UNDO = """
DROP TRIGGER casas_vem ON parties_fornecedor;
DROP TRIGGER casas_mudam ON parties_fornecedor;
DROP TRIGGER casas_vao ON parties_fornecedor;
DROP TRIGGER casas_esvaziam ON parties_fornecedor;
DROP FUNCTION reports_fornecedor_vem(), reports_fornecedor_muda(), reports_fornecedor_vai(), reports_fornecedor_esvaziada(),
    reports_muda_de_casa(bigint[]), reports_dos_radicais(text[]), reports_casas_de_muitos(bigint[]), reports_casas(bigint[]);
"""
