-- What bench/facts.sql leaves out, since no total is made of it: protocols without a gap, and the acts behind a status.
SET LOCAL session_replication_role = replica;
UPDATE parties_fornecedor SET fundido_em_id = NULL WHERE fundido_em_id IS NOT NULL;
UPDATE cases_atendimento a SET protocolo = u.codigo || '.22-' || lpad(n.numero::text, 7, '0')
FROM (SELECT id, unidade_id, row_number() OVER (PARTITION BY unidade_id ORDER BY id) AS numero FROM cases_atendimento) AS n
JOIN accounts_unidade u ON u.id = n.unidade_id
WHERE a.id = n.id;
INSERT INTO cases_sequencia (unidade_id, ano, ultimo)
SELECT unidade_id, 2022, count(*) FROM cases_atendimento GROUP BY unidade_id;

-- The database numbers and chains events as it does for everybody.
SET LOCAL session_replication_role = origin;
INSERT INTO workflow_evento (historico_id, sequencia, objeto, objeto_id, ato, de, para, autor_id, quando, motivo, dados,
                             hash_anterior, hash, resumo, anonimizado)
SELECT historico_id, 1, 'cases.atendimento', id, ato, de, para, atendente_id, aberto_em, '', '{}', '', '', '', false
FROM cases_atendimento, (VALUES ('REGISTRAR', '', 'aberto'), ('ENCERRAR', 'aberto', 'encerrado')) AS acts(ato, de, para);
INSERT INTO workflow_evento (historico_id, sequencia, objeto, objeto_id, ato, de, para, autor_id, quando, motivo, dados,
                             hash_anterior, hash, resumo, anonimizado)
SELECT a.historico_id, 1, 'cases.cip', c.id, 'EMITIR', '', c.status, a.atendente_id, c.emitida_em, '', '{}', '', '', '', false
FROM cases_cip c JOIN cases_reclamado r ON r.id = c.reclamado_id JOIN cases_atendimento a ON a.id = r.atendimento_id
