-- A year of hearings: 20 rooms, 40 conciliators, 16 times a day. Room r at time k of a day is with conciliator 2r or 2r+1,
-- so that nobody is in two places. Full for the first %(full)s days, then emptier day by day down to a tenth.
INSERT INTO hearings_audiencia (id, atendimento_id, sala_id, conciliador_id, modalidade, inicio, fim, status, resultado,
                                observacao, dispensa_antecedencia, versao, agendada_em)
SELECT row_number() OVER (ORDER BY dia, k, r), %(case)s, (%(rooms)s::bigint[])[r + 1],
       (%(people)s::bigint[])[2 * r + 1 + (extract(doy FROM dia)::int + k) %% 2], 'presencial', inicio,
       inicio + interval '30 minutes', 'agendada', '', '', '', 0, now()
FROM (SELECT dia, k, r, (dia + time '09:00' + k * interval '30 minutes') AT TIME ZONE 'America/Sao_Paulo' AS inicio,
             dia - %(first)s::date AS n
      FROM unnest(%(days)s::date[]) AS dia, generate_series(0, 15) AS k, generate_series(0, 19) AS r) AS g
WHERE n < %(full)s OR (hashint8extended(n * 1000 + k * 20 + r, 5) & 1023) < 1024 * greatest(0.1, 0.95 - n / 300.0);

INSERT INTO hearings_reserva (audiencia_id, recurso, durante)
SELECT id, recurso, tstzrange(inicio, fim, '[)') FROM hearings_audiencia,
    unnest(ARRAY['sala:' || sala_id, 'conciliador:' || conciliador_id]) AS recurso;
