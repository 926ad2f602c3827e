-- A large office. `frases` and `nomes` are there already (bench/population.py); pg_temp.h(n, salt, m) is a number from 0
-- to m - 1 that looks random and is the same in every run; pg_temp.z(n, salt, m) likewise, the k-th about 1/k as often.
INSERT INTO workflow_historico (id, sequencia, hash)
SELECT n + 1000, 1, '' FROM generate_series(1, %(size)s) AS n;

INSERT INTO parties_consumidor (id, nome, nome_social, sexo, email, telefone, prioridades, cep, logradouro, numero,
                                complemento, bairro, municipio, uf, nome_busca, cpf)
SELECT n + 1000, nome, '', 'N', '', '', '{}', '', '', '', '', '', '', '', parties_normalizar(nome), pg_temp.cpf(n)
FROM (SELECT g.n, p.nome || ' ' || s.nome || ' ' || t.nome AS nome FROM generate_series(1, %(size)s::bigint) AS g(n)
      JOIN nomes p ON p.tipo = 'p' AND p.n = pg_temp.z(g.n, 1, (SELECT count(*) FROM nomes WHERE tipo = 'p'))
      JOIN nomes s ON s.tipo = 's' AND s.n = pg_temp.z(g.n, 2, (SELECT count(*) FROM nomes WHERE tipo = 's'))
      JOIN nomes t ON t.tipo = 's' AND t.n = pg_temp.h(g.n, 3, (SELECT count(*) FROM nomes WHERE tipo = 's'))) AS named;

INSERT INTO parties_fornecedor (id, razao_social, nome_fantasia, cnae, email, telefone, cip_eletronica, a_completar,
                                cep, logradouro, numero, complemento, bairro, municipio, uf, nome_busca)
SELECT n + 1000, nome, '', '', '', '', false, true, '', '', '', '', '', '', '', parties_normalizar(nome)
FROM (SELECT g.n, f.nome || ' ' || v.nome || ' ' || g.n || ' Ltda' AS nome
      FROM generate_series(1, %(suppliers)s::bigint) AS g(n)
      JOIN nomes f ON f.tipo = 'f' AND f.n = pg_temp.h(g.n, 4, (SELECT count(*) FROM nomes WHERE tipo = 'f'))
      JOIN nomes v ON v.tipo = 'v' AND v.n = pg_temp.z(g.n, 5, (SELECT count(*) FROM nomes WHERE tipo = 'v'))) AS named;

INSERT INTO cases_atendimento (id, protocolo, unidade_id, tipo, canal, status, desfecho, consumidor_id, relato, pedido,
                               prioridade, protocolo_externo, chave_hash, aberto_em, encerrado_em, atendente_id,
                               historico_id, assunto_id)
SELECT g.n + 1000, '35.001.001.' || ano %% 100 || '-' || lpad(numero::text, 7, '0'), %(unidade)s,
       (ARRAY['atendimento_preliminar', 'simples_consulta', 'nota_fiscal_paulista', 'calculo', 'extra_procon'])
           [1 + pg_temp.z(g.n, 6, 5)],
       (ARRAY['pessoal', 'telefone', 'portal', 'email', 'carta'])[1 + pg_temp.z(g.n, 7, 5)],
       status, CASE WHEN status = 'encerrado' THEN
           (ARRAY['orientado', 'resolvido_no_atendimento', 'resolvido_cip', 'sem_resolucao', 'desistencia',
                  'litispendencia'])[1 + pg_temp.z(g.n, 8, 6)] ELSE '' END,
       g.n + 1000, a.texto || ' ' || b.texto || ' ' || c.texto || ' ' || d.texto, '',
       CASE WHEN pg_temp.h(g.n, 9, 100) < 2 THEN 0 WHEN pg_temp.h(g.n, 9, 100) < 20 THEN 1 ELSE 3 END,
       CASE WHEN g.n %% 50 = 0 THEN 'PORTAL-' || g.n ELSE '' END, '', aberto,
       CASE WHEN status = 'encerrado' THEN aberto + interval '20 days' END,
       (%(users)s::bigint[])[1 + g.n %% cardinality(%(users)s::bigint[])], g.n + 1000, assunto.codigo
FROM (SELECT *, pg_temp.opened(n, %(size)s) AS aberto,
             CASE WHEN n > %(size)s * 0.97 THEN
                 (ARRAY['aberto', 'aguarda_fornecedor', 'aguarda_consumidor', 'em_reclamacao', 'encerrado'])
                     [1 + pg_temp.h(n, 10, 5)]
                  WHEN pg_temp.h(n, 10, 200) = 0 THEN 'em_reclamacao' ELSE 'encerrado' END AS status,
             2022 + (n - 1) * 5 / %(size)s AS ano, 1 + (n - 1) - ((n - 1) * 5 / %(size)s) * %(size)s / 5 AS numero
      FROM generate_series(1, %(size)s::bigint) AS n) AS g
JOIN frases a ON a.n = pg_temp.h(g.n, 11, 20000) JOIN frases b ON b.n = pg_temp.h(g.n, 12, 20000)
JOIN frases c ON c.n = pg_temp.h(g.n, 13, 20000) JOIN frases d ON d.n = pg_temp.h(g.n, 14, 20000)
JOIN (SELECT codigo, row_number() OVER (ORDER BY codigo) - 1 AS k FROM cases_assunto) AS assunto
    ON assunto.k = pg_temp.z(g.n, 15, (SELECT count(*) FROM cases_assunto));

INSERT INTO cases_reclamado (atendimento_id, fornecedor_id)
SELECT n + 1000, 1001 + pg_temp.z(n, 16, %(suppliers)s) FROM generate_series(1, %(size)s::bigint) AS n
UNION SELECT n + 1000, 1001 + pg_temp.z(n, 17, %(suppliers)s) FROM generate_series(1, %(size)s::bigint, 8) AS n;

INSERT INTO cases_textodoatendimento (atendimento_id, vetor)
SELECT g.n + 1000, a.vetor || b.vetor || c.vetor || d.vetor || array_to_tsvector(ARRAY['u ' || %(unidade)s,
    'm ' || to_char(pg_temp.opened(g.n, %(size)s) AT TIME ZONE 'America/Sao_Paulo', 'YYYYMM')])
FROM generate_series(1, %(size)s::bigint) AS g(n)
JOIN frases a ON a.n = pg_temp.h(g.n, 11, 20000) JOIN frases b ON b.n = pg_temp.h(g.n, 12, 20000)
JOIN frases c ON c.n = pg_temp.h(g.n, 13, 20000) JOIN frases d ON d.n = pg_temp.h(g.n, 14, 20000);

INSERT INTO workflow_evento (historico_id, sequencia, objeto, objeto_id, ato, de, para, autor_id, quando, motivo, dados,
                             hash_anterior, hash, resumo, anonimizado)
SELECT historico_id, 1, 'cases.atendimento', id, 'REGISTRAR', '', 'aberto', atendente_id, aberto_em, '', '{}', '', '', '', false
FROM cases_atendimento WHERE status <> 'encerrado';
