"""What the database itself keeps of cases: the words of their texts, anonymity; and how long each tipo is kept."""

#: Portuguese stems of words without their accents; plurals in -ões first become singulars, which the stemmer would do
#: only with the accent in place. Every text carries marks, words that nobody can type: its unidade and its month.
WORDS = """
CREATE TEXT SEARCH CONFIGURATION public.procon_pt (COPY = pg_catalog.portuguese);
ALTER TEXT SEARCH CONFIGURATION public.procon_pt ALTER MAPPING FOR hword, hword_part, word
    WITH unaccent, portuguese_stem;

CREATE FUNCTION cases_singular(texto text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(texto, '[oõ]es\\M', 'ao', 'gi')
$$;

CREATE FUNCTION cases_palavras(relato text, pedido text, unidade bigint, aberto timestamptz) RETURNS tsvector
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT to_tsvector('public.procon_pt', cases_singular(left(relato || ' ' || pedido, 100000)))
        || array_to_tsvector(ARRAY[
            'u ' || unidade, 'm ' || to_char(aberto AT TIME ZONE 'America/Sao_Paulo', 'YYYYMM')])
$$;

CREATE FUNCTION cases_texto_guardar() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cases_textodoatendimento (atendimento_id, vetor)
        VALUES (NEW.id, cases_palavras(NEW.relato, NEW.pedido, NEW.unidade_id, NEW.aberto_em))
        ON CONFLICT (atendimento_id) DO UPDATE SET vetor = EXCLUDED.vetor;
    RETURN NULL;
END $$;

CREATE TRIGGER atendimento_texto AFTER INSERT OR UPDATE OF relato, pedido, unidade_id, aberto_em
    ON cases_atendimento FOR EACH ROW EXECUTE FUNCTION cases_texto_guardar();

-- Never the whole table, however wrong the planner's guess of how often words come together.
CREATE FUNCTION cases_textos(pergunta tsquery, teto integer) RETURNS SETOF bigint LANGUAGE plpgsql STABLE
    SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY SELECT t.atendimento_id FROM cases_textodoatendimento t WHERE t.vetor @@ pergunta LIMIT teto;
END $$;
"""

#: An anonymous person is merged with nobody, and a merge of theirs stays: the database refuses on any path.
ANONYMOUS = """
CREATE FUNCTION cases_anonimo_nao_se_funde() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM cases_anonimizacao
               WHERE consumidor_id IN (NEW.id, OLD.fundido_em_id, NEW.fundido_em_id)) THEN
        RAISE EXCEPTION 'Um destes cadastros já foi anonimizado: não se funde com outro, nem se separa. Retire-o da lista.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fusao_de_consumidores_recusada';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER consumidor_anonimo BEFORE UPDATE OF fundido_em_id ON parties_consumidor
    FOR EACH ROW WHEN (OLD.fundido_em_id IS DISTINCT FROM NEW.fundido_em_id)
    EXECUTE FUNCTION cases_anonimo_nao_se_funde();
"""

#: Five years for every tipo, until the office says otherwise.
KEPT = """
INSERT INTO cases_prazodeguarda (tipo, anos, fonte)
    SELECT tipo, 5, 'CDC, art. 27 (prescrição em cinco anos); LGPD, art. 16, I' FROM unnest(ARRAY[
        'simples_consulta',
        'atendimento_preliminar',
        'extra_procon',
        'calculo',
        'abertura_direta',
        'de_oficio',
        'encaminhamento',
        'inicial_jec',
        'nota_fiscal_paulista',
        'consulta_de_caso'
    ]) AS tipo;
"""

DO = WORDS + ANONYMOUS + KEPT

UNDO = """
DROP TRIGGER consumidor_anonimo ON parties_consumidor;
DROP TRIGGER atendimento_texto ON cases_atendimento;
DROP FUNCTION cases_anonimo_nao_se_funde();
DROP FUNCTION cases_textos(tsquery, integer);
DROP FUNCTION cases_texto_guardar();
DROP FUNCTION cases_palavras(text, text, bigint, timestamptz);
DROP FUNCTION cases_singular(text);
DROP TEXT SEARCH CONFIGURATION public.procon_pt;
DELETE FROM cases_prazodeguarda;
"""
