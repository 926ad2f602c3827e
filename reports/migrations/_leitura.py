"""Reading the totals by functions of the database: planned once for each connection, not at each reading (decision 82).

Each is one statement for its reader, who so sees what is kept and what the journal holds in one snapshot.
"""

START = "CASE w.grao WHEN 1 THEN l.dia WHEN 2 THEN date_trunc('month', l.dia)::date ELSE make_date(l.ano, 1, 1) END"
PLANNED = "LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan SET jit = off"

# OFFSET 0: each list's totals are looked up by their place in the index, whatever the planner believes of unknown arrays.
OF_LIST = "s.medida = w.medida AND s.grao = w.grao AND s.inicio = w.inicio AND s.unidade = w.unidade"

# The stretches of which a ranking is made: each measure, in each unidade, of each month or year. The national register
# is of no unidade (0); no unidades are all of them.
LISTS = """
CREATE FUNCTION reports_listas(medidas smallint[], graos smallint[], inicios date[], unidades bigint[])
RETURNS TABLE (medida smallint, grao smallint, inicio date, unidade bigint) LANGUAGE sql STABLE AS $$
    SELECT m.medida, t.grao, t.inicio, u.unidade FROM unnest(medidas) AS m(medida)
    CROSS JOIN unnest(graos, inicios) AS t(grao, inicio) CROSS JOIN LATERAL (
        SELECT 0::bigint WHERE m.medida = 7
        UNION ALL SELECT unnest(unidades) WHERE m.medida <> 7
        UNION ALL SELECT id FROM accounts_unidade WHERE m.medida <> 7 AND unidades IS NULL
    ) AS u(unidade)
$$;
"""

# The first of a ranking, exactly (Fagin's threshold): some of each list's top; what whoever was seen there has in all
# lists; whoever was not seen has at most what the last ones seen have together. Else more is read, and where that is
# much, all is summed. The journal's are always among those seen. Equals are ordered by their key.
HOMES = "CASE nivel WHEN 8192 THEN c.titular WHEN 16384 THEN c.empresa ELSE c.conglomerado END"
TOP = f"""
CREATE FUNCTION reports_maiores(
    nivel int, medidas smallint[], graos smallint[], inicios date[], unidades bigint[], quantos int
) RETURNS TABLE (posto varchar, total bigint) {PLANNED} AS $$
#variable_conflict use_column
DECLARE
    ms smallint[]; gs smallint[]; is_ date[]; us bigint[];
    do_diario varchar[]; a_mais bigint[];
    postos varchar[]; totais bigint[];
    profundidade bigint; limite bigint; ultimo bigint;
BEGIN
    SELECT array_agg(w.medida), array_agg(w.grao), array_agg(w.inicio), array_agg(w.unidade) INTO ms, gs, is_, us
    FROM reports_listas(medidas, graos, inicios, unidades) w CROSS JOIN LATERAL (
        SELECT s.n FROM reports_soma s WHERE {OF_LIST} AND s.conjunto = 0 OFFSET 0
    ) s WHERE s.n <> 0;
    SELECT array_agg(t.p), array_agg(t.n) INTO do_diario, a_mais FROM (
        SELECT {HOMES} AS p, sum(l.n) AS n
        FROM reports_lancamento l JOIN reports_listas(medidas, graos, inicios, unidades) w
            ON w.medida = l.medida AND w.unidade = l.unidade AND {START} = w.inicio
        JOIN reports_casa c ON c.fornecedor = l.fornecedor
        WHERE l.medida = ANY(medidas) GROUP BY 1
    ) t;
    profundidade := 2 * quantos + 6 + coalesce(cardinality(do_diario), 0);
    LOOP
        EXIT WHEN profundidade * cardinality(ms) > 8000;
        WITH listas AS MATERIALIZED (
            SELECT * FROM unnest(ms, gs, is_, us) WITH ORDINALITY AS w(medida, grao, inicio, unidade, lista)
        ), topo AS MATERIALIZED (
            SELECT w.lista, t.a, t.n FROM listas w CROSS JOIN LATERAL (
                SELECT s.a, s.n FROM reports_soma s
                WHERE {OF_LIST} AND s.conjunto = nivel AND s.conjunto >= 8192 AND s.n > 0 AND s.a <> ''
                ORDER BY s.n DESC, s.a LIMIT profundidade
            ) t
        ), vistos AS MATERIALIZED (
            SELECT t.a AS posto FROM topo t UNION SELECT unnest(do_diario)
        ), faltam AS MATERIALIZED (
            SELECT v.posto, w.lista FROM vistos v CROSS JOIN listas w EXCEPT SELECT t.a, t.lista FROM topo t
        ), somados AS (
            SELECT k.posto, sum(k.n)::bigint AS n FROM (
                SELECT t.a AS posto, t.n FROM topo t
                UNION ALL
                SELECT f.posto, s.n FROM faltam f JOIN listas w ON w.lista = f.lista CROSS JOIN LATERAL (
                    SELECT s.n FROM reports_soma s
                    WHERE {OF_LIST} AND s.conjunto = nivel AND s.a = f.posto AND s.b = '' OFFSET 0
                ) s
                UNION ALL SELECT * FROM unnest(do_diario, a_mais)
            ) k GROUP BY 1
        ), primeiros AS (
            SELECT m.posto, m.n FROM somados m WHERE m.n > 0 ORDER BY m.n DESC, m.posto LIMIT quantos
        )
        SELECT array_agg(p.posto), array_agg(p.n), coalesce(min(p.n) FILTER (WHERE p.vez = quantos), 0),
            (SELECT coalesce(sum(x.menor), 0) FROM (
                SELECT min(t.n) AS menor FROM topo t GROUP BY t.lista HAVING count(*) = profundidade) x)
        INTO postos, totais, ultimo, limite
        FROM (SELECT p.*, row_number() OVER (ORDER BY p.n DESC, p.posto) AS vez FROM primeiros p) p;
        IF limite = 0 OR ultimo > limite OR cardinality(ms) = 1 THEN
            RETURN QUERY SELECT * FROM unnest(postos, totais);
            RETURN;
        END IF;
        profundidade := profundidade * 6;
    END LOOP;
    RETURN QUERY
    SELECT t.posto, sum(t.n)::bigint FROM (
        SELECT s.a AS posto, s.n FROM unnest(ms, gs, is_, us) AS w(medida, grao, inicio, unidade) CROSS JOIN LATERAL (
            SELECT s.a, s.n FROM reports_soma s WHERE {OF_LIST} AND s.conjunto = nivel OFFSET 0
        ) s
        UNION ALL SELECT * FROM unnest(do_diario, a_mais)
    ) t WHERE t.posto <> '' GROUP BY 1 HAVING sum(t.n) > 0 ORDER BY 2 DESC, 1 LIMIT quantos;
END $$;
"""

# What those in a ranking are called, and how many companies they are: the most used of the registered names, and of the
# spellings under which the national register published those that were not merged. Nothing is looked for once for each
# member in what is of all of them: a ranking may be long, and the journal full of an import.
NAMES = f"""
CREATE FUNCTION reports_nomes(
    nivel int, postos varchar[], medidas smallint[], graos smallint[], inicios date[], unidades bigint[]
) RETURNS TABLE (posto varchar, nome varchar, empresas bigint) {PLANNED} AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH listas AS MATERIALIZED (
        SELECT * FROM reports_listas(medidas, graos, inicios, unidades)
    ), do_diario AS MATERIALIZED (
        SELECT l.fornecedor, CASE WHEN l.medida = 7 THEN l.grafia ELSE '' END AS grafia, sum(l.n) AS n
        FROM reports_lancamento l JOIN listas w
            ON w.medida = l.medida AND w.unidade = l.unidade AND {START} = w.inicio
        WHERE l.medida = ANY(medidas) AND l.fornecedor <> '' GROUP BY 1, 2
    ), membros AS MATERIALIZED (
        SELECT {HOMES} AS posto, c.fornecedor, c.empresa, c.fornecedor <> c.titular AS fundido, t.razao_social AS nome,
            coalesce(k.n, 0) + coalesce(d.n, 0) AS n
        FROM (
            SELECT * FROM reports_casa c WHERE nivel = 8192 AND c.titular = ANY(postos)
            UNION ALL SELECT * FROM reports_casa c WHERE nivel = 16384 AND c.empresa = ANY(postos)
            UNION ALL SELECT * FROM reports_casa c WHERE nivel = 32768 AND c.conglomerado = ANY(postos)
        ) c CROSS JOIN LATERAL (
            SELECT f.razao_social FROM parties_fornecedor f WHERE f.id = c.titular::bigint OFFSET 0
        ) t CROSS JOIN LATERAL (
            SELECT sum(s.n) AS n FROM listas w CROSS JOIN LATERAL (
                SELECT s.n FROM reports_soma s
                WHERE {OF_LIST} AND s.conjunto = 1 AND s.a = c.fornecedor AND s.b = '' OFFSET 0
            ) s
        ) k LEFT JOIN (SELECT d.fornecedor, sum(d.n) AS n FROM do_diario d GROUP BY 1) d ON d.fornecedor = c.fornecedor
    ), publicados AS MATERIALIZED (
        SELECT p.fornecedor, p.grafia, sum(p.n) AS n FROM (
            SELECT m.fornecedor, s.b AS grafia, s.n FROM membros m CROSS JOIN listas w CROSS JOIN LATERAL (
                SELECT s.b, s.n FROM reports_soma s WHERE {OF_LIST} AND s.conjunto = 4097 AND s.a = m.fornecedor OFFSET 0
            ) s WHERE w.medida = 7 AND NOT m.fundido AND m.n <> 0
            UNION ALL
            SELECT m.fornecedor, d.grafia, d.n FROM membros m JOIN do_diario d ON d.fornecedor = m.fornecedor
            WHERE NOT m.fundido
        ) p WHERE p.grafia <> '' GROUP BY 1, 2
    ), ditos AS (
        SELECT m.posto, p.grafia AS nome, p.n FROM membros m JOIN publicados p ON p.fornecedor = m.fornecedor
        UNION ALL
        SELECT m.posto, m.nome, m.n - coalesce(p.n, 0) FROM membros m
        LEFT JOIN (SELECT p.fornecedor, sum(p.n) AS n FROM publicados p GROUP BY 1) p ON p.fornecedor = m.fornecedor
    ), nomes AS (
        SELECT DISTINCT ON (t.posto) t.posto, t.nome FROM (
            SELECT d.posto, d.nome COLLATE "C" AS nome, sum(d.n) AS n FROM ditos d GROUP BY 1, 2
        ) t WHERE t.n > 0 ORDER BY t.posto, t.n DESC, t.nome
    )
    SELECT n.posto::varchar, coalesce(g.nome, n.nome)::varchar, coalesce(e.empresas, 0)
    FROM nomes n
    LEFT JOIN (SELECT m.posto, count(DISTINCT m.empresa) AS empresas FROM membros m WHERE m.n <> 0 GROUP BY 1) e
        ON e.posto = n.posto
    LEFT JOIN parties_grupoeconomico g ON nivel = 32768 AND n.posto = 'grupo ' || g.id;
END $$;
"""
SQL = LISTS + TOP + NAMES
UNDO = """
DROP FUNCTION reports_nomes(int, varchar[], smallint[], smallint[], date[], bigint[]);
DROP FUNCTION reports_maiores(int, smallint[], smallint[], date[], bigint[], int);
DROP FUNCTION reports_listas(smallint[], smallint[], date[], bigint[]);
"""
