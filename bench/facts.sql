-- What totals are made of, and nothing else: no texts, no words. pg_temp.h and pg_temp.z as in population.sql.
INSERT INTO parties_grupoeconomico (id, nome) SELECT n, 'Grupo ' || n FROM generate_series(1, 200) AS n;

INSERT INTO parties_fornecedor (id, cnpj, razao_social, nome_fantasia, grupo_id, fundido_em_id, cnae, email, telefone,
                                cip_eletronica, a_completar, cep, logradouro, numero, complemento, bairro, municipio, uf,
                                nome_busca)
SELECT n + 1000, CASE WHEN n %% 10 > 0 THEN lpad((n / 3)::text, 8, '0') || lpad((n %% 3 + 1)::text, 4, '0') || '00' END,
       'Empresa ' || n, '', CASE WHEN n %% 60 = 1 THEN 1 + n / 60 %% 200 END, CASE WHEN n %% 100 = 10 THEN n + 999 END, '',
       '', '', false, n %% 10 = 0, '', '', '', '', '', '', '', ''
FROM generate_series(1, %(suppliers)s::bigint) AS n;

INSERT INTO workflow_historico (id, sequencia, hash)
SELECT n + 1000, 0, '' FROM generate_series(1, %(size)s::bigint) AS n;

INSERT INTO cases_atendimento (id, protocolo, unidade_id, tipo, canal, status, desfecho, relato, pedido, prioridade,
                               protocolo_externo, chave_hash, aberto_em, encerrado_em, atendente_id, historico_id,
                               assunto_id, problema_id)
SELECT g.n + 1000, '35.' || lpad((100 + n / 9999999)::text, 3, '0') || '.001.22-' || lpad((n %% 9999999)::text, 7, '0'),
       (%(units)s::bigint[])[1 + (pg_temp.h(n, 20, 5) / 4)],
       (ARRAY['atendimento_preliminar', 'simples_consulta', 'nota_fiscal_paulista', 'calculo', 'extra_procon'])
           [1 + pg_temp.z(n, 6, 5)],
       (ARRAY['pessoal', 'telefone', 'portal', 'email', 'carta'])[1 + pg_temp.z(n, 7, 5)], 'encerrado',
       (ARRAY['orientado', 'resolvido_no_atendimento', 'resolvido_cip', 'sem_resolucao', 'desistencia',
              'litispendencia'])[1 + pg_temp.z(n, 8, 6)], '', '', 3, '', '', aberto, aberto, %(user)s, n + 1000,
       (%(subjects)s::int[])[1 + pg_temp.z(n, 15, cardinality(%(subjects)s::int[]))],
       (%(problems)s::int[])[1 + pg_temp.z(n, 15, cardinality(%(problems)s::int[]))]
FROM (SELECT n, pg_temp.opened(n, %(size)s) AS aberto FROM generate_series(1, %(size)s::bigint) AS n) AS g;

INSERT INTO cases_reclamado (id, atendimento_id, fornecedor_id)
SELECT n, n + 1000, 1001 + pg_temp.z(n, 16, %(suppliers)s) FROM generate_series(1, %(size)s::bigint) AS n
UNION ALL
SELECT n + %(size)s, n + 1000, CASE WHEN one = two THEN 1001 + (two - 1000) %% %(suppliers)s ELSE two END
FROM (SELECT n, 1001 + pg_temp.z(n, 16, %(suppliers)s) AS one, 1001 + pg_temp.z(n, 17, %(suppliers)s) AS two
      FROM generate_series(1, %(size)s::bigint, 8) AS n) AS second;

INSERT INTO cases_cip (status, resultado, meio, emitida_em, baixada_em, especie, resposta, proposta, respondente,
                       respondente_qualidade, recibo, codigo_hash, rastreio, reclamado_id)
SELECT 'baixada', (ARRAY['acordo', 'sem_resolucao', 'resolucao_total', 'decurso', 'mera_liberalidade'])
           [1 + pg_temp.z(n, 21, 5)], (ARRAY['ar', 'email', 'portal'])[1 + pg_temp.z(n, 22, 3)],
       pg_temp.opened(n, %(size)s), pg_temp.opened(n, %(size)s), '', '', '', '', '', '', '', '', n
FROM generate_series(1, %(size)s::bigint, 5) AS n;

INSERT INTO cases_classificacao (valor, motivo, base_legal, decidida_em, a_fiscalizacao, autoridade_id, reclamado_id)
SELECT (ARRAY['fundamentada_atendida', 'fundamentada_nao_atendida', 'nao_fundamentada'])[1 + pg_temp.h(n, 23, 3)], 'x', 'x',
       pg_temp.opened(n, %(size)s), false, %(user)s, n
FROM generate_series(1, %(size)s::bigint, 20) AS n;

INSERT INTO cases_registronacional (impressao, ano_calendario, arquivado_em, uf, fornecedor_id, razao_social, nome_fantasia,
                                    tipo, cnpj, radical, atendida, assunto_id, problema_id, sexo, faixa_etaria, cep, original)
SELECT decode(md5(n::text), 'hex'), extract(year FROM pg_temp.opened(n, %(size)s)), pg_temp.opened(n, %(size)s), 'SP', f,
       'EMPRESA ' || f || (ARRAY['', ' SA', ' S.A.'])[1 + pg_temp.z(n, 25, 3)], '', 1, '', '', pg_temp.h(n, 24, 2) = 1,
       (%(subjects)s::int[])[1 + pg_temp.z(n, 15, cardinality(%(subjects)s::int[]))], NULL, '', '', '', ''
FROM (SELECT n, 1001 + pg_temp.z(n, 26, %(suppliers)s) AS f FROM generate_series(1, %(size)s::bigint, 20) AS n) AS r;

SELECT setval(pg_get_serial_sequence('parties_grupoeconomico', 'id'), max(id)) FROM parties_grupoeconomico;
SELECT setval(pg_get_serial_sequence('parties_fornecedor', 'id'), max(id)) FROM parties_fornecedor;
SELECT setval(pg_get_serial_sequence('workflow_historico', 'id'), max(id)) FROM workflow_historico;
SELECT setval(pg_get_serial_sequence('cases_atendimento', 'id'), max(id)) FROM cases_atendimento;
SELECT setval(pg_get_serial_sequence('cases_reclamado', 'id'), max(id)) FROM cases_reclamado
