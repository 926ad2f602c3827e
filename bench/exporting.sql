-- An office in which every atendimento was decided as founded in one year; nine of ten people live behind two hundred
-- CEPs, and the tenth where nobody else of that sex and age does.
INSERT INTO workflow_historico (id, sequencia, hash) SELECT n + 1000, 0, '' FROM generate_series(1, %(size)s::bigint) AS n;

INSERT INTO parties_consumidor (id, nome, nome_social, sexo, nascimento, email, telefone, prioridades, cep, logradouro,
                                numero, complemento, bairro, municipio, uf, nome_busca)
SELECT n + 1000, 'Consumidor ' || n, '', (ARRAY['F', 'M', 'N'])[1 + n %% 3], date '1940-01-01' + (n %% 23000)::int, '', '',
       '{}', CASE n %% 10 WHEN 3 THEN lpad((10000 + n %% 70000)::text, 5, '0') || '000'
                 ELSE '08' || lpad((n %% 200 * 500)::text, 6, '0') END, '', '', '', '', '', '', ''
FROM generate_series(1, %(size)s::bigint) AS n;

INSERT INTO parties_fornecedor (id, razao_social, nome_fantasia, cnpj, cnae, email, telefone, cip_eletronica,
                                a_completar, cep, logradouro, numero, complemento, bairro, municipio, uf, nome_busca)
SELECT n + 1000, 'Fornecedor ' || n || ' Ltda', 'Loja ' || n, lpad((n + 10000)::text, 14, '0'), '4754702', '', '', false, false, '',
       '', '', '', '', '', '', ''
FROM generate_series(1, 5000) AS n;

INSERT INTO cases_atendimento (id, protocolo, unidade_id, tipo, canal, status, desfecho, consumidor_id, relato, pedido,
                               prioridade, protocolo_externo, chave_hash, aberto_em, encerrado_em, atendente_id,
                               historico_id, assunto_id, problema_id)
SELECT n + 1000, '35.001.001.24-' || lpad((n - 1)::text, 7, '0'), %(unidade)s, 'abertura_direta', 'pessoal', 'encerrado',
       'fundamentada_atendida', n + 1000, 'Relato ' || n, '', 3, '', '', opened, opened + interval '90 days', %(user)s,
       n + 1000, pair.assunto_id, pair.problema_id
FROM (SELECT n, timestamptz '2024-06-01 12:00Z' + n %% 200 * interval '1 day' AS opened
      FROM generate_series(1, %(size)s::bigint) AS n) AS g
JOIN (SELECT assunto_id, problema_id, row_number() OVER (ORDER BY id) - 1 AS k FROM cases_problemadoassunto) AS pair
    ON pair.k = g.n %% (SELECT count(*) FROM cases_problemadoassunto);

INSERT INTO cases_reclamado (id, atendimento_id, fornecedor_id)
SELECT n + 1000, n + 1000, 1001 + n %% 5000 FROM generate_series(1, %(size)s::bigint) AS n;

INSERT INTO cases_classificacao (reclamado_id, valor, motivo, base_legal, autoridade_id, decidida_em, a_fiscalizacao,
                                 transitada_em)
SELECT n + 1000, (ARRAY['fundamentada_atendida', 'fundamentada_nao_atendida'])[1 + n %% 2], '', '', %(user)s,
       timestamptz '2024-12-01 12:00Z', false, date '2025-01-01' + (n %% 365)::int
FROM generate_series(1, %(size)s::bigint) AS n
