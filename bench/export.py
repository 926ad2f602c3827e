"""The open-data export's rows a second, beside bare COPY TO of the same rows from a flat table in the same run."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from bench.figures import Figure

YEAR = 2025
#: Every atendimento of this office was decided as founded in one year; people live behind two hundred CEPs.
FILL = """
    WITH numbered AS (
        SELECT n + 1000 AS n, timestamptz '2024-06-01 12:00Z' + n %% 200 * interval '1 day' AS opened
        FROM generate_series(1, %(size)s::bigint) AS n
    ), histories AS (
        INSERT INTO workflow_historico (id, sequencia, hash) SELECT n, 0, '' FROM numbered
    ), people AS (
        INSERT INTO parties_consumidor (id, nome, nome_social, sexo, nascimento, email, telefone, prioridades, cep,
                                        logradouro, numero, complemento, bairro, municipio, uf, nome_busca)
        SELECT n, 'Consumidor ' || n, '', (ARRAY['F', 'M', 'N'])[1 + n %% 3], date '1940-01-01' + (n %% 23000)::int, '',
               '', '{}', '08' || lpad((n %% 200 * 500)::text, 6, '0'), '', '', '', '', '', '', '' FROM numbered
    ), suppliers AS (
        INSERT INTO parties_fornecedor (id, razao_social, nome_fantasia, cnpj, cnae, email, telefone, cip_eletronica,
                                        a_completar, cep, logradouro, numero, complemento, bairro, municipio, uf,
                                        nome_busca)
        SELECT n, 'Fornecedor ' || n || ' Ltda', 'Loja ' || n, lpad(n::text, 14, '0'), '4754702', '', '', false, false,
               '', '', '', '', '', '', '', '' FROM numbered WHERE n <= 6000
    ), cases AS (
        INSERT INTO cases_atendimento (id, protocolo, unidade_id, tipo, canal, status, desfecho, consumidor_id, relato,
                                       pedido, prioridade, protocolo_externo, chave_hash, aberto_em, encerrado_em,
                                       atendente_id, historico_id, assunto_id, problema_id)
        SELECT n, '35.001.001.24-' || lpad(n::text, 7, '0'), %(unidade)s, 'abertura_direta', 'pessoal', 'encerrado',
               'fundamentada_atendida', n, 'Relato ' || n, '', 3, '', '', opened, opened + interval '90 days', %(user)s,
               n, pair.assunto_id, pair.problema_id
        FROM numbered JOIN (SELECT assunto_id, problema_id, row_number() OVER (ORDER BY id) - 1 AS k
                            FROM cases_problemadoassunto) AS pair ON pair.k = n %% 1000
    ), parts AS (
        INSERT INTO cases_reclamado (id, atendimento_id, fornecedor_id) SELECT n, n, 1001 + n %% 5000 FROM numbered
    )
    INSERT INTO cases_classificacao (reclamado_id, valor, motivo, base_legal, autoridade_id, decidida_em,
                                     a_fiscalizacao, transitada_em)
    SELECT n, (ARRAY['fundamentada_atendida', 'fundamentada_nao_atendida'])[1 + n %% 2], '', '', %(user)s,
           opened + interval '90 days', false, date '2025-01-01' + (n %% 365)::int FROM numbered
"""


def measure(size: int) -> list[Figure]:
    """Both files of a year in which every atendimento became a founded complaint, each beside its floor."""
    from django.db import connection, transaction

    from bench.office import empty
    from opendata.exports import files_of
    from tests.conftest import make_cast

    empty()
    cast = make_cast()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger: nobody reads these rows but COPY
        cursor.execute(FILL, {"size": size, "unidade": cast.unidade.pk, "user": cast.edu.pk})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    figures = []
    for one in files_of(YEAR):
        rows, seconds = _timed(one.lines())
        if rows != size + 1:
            raise RuntimeError(f"{one.nome} has {rows} lines")
        bare, bare_seconds = _timed(_bare(one))
        figures.append(
            Figure(
                f"exportar {one.nome}, {size:,} linhas",
                round(rows / seconds),
                "linhas/s",
                round(bare / bare_seconds),
                "COPY TO de uma tabela plana com as mesmas linhas",
                "≥ 50.000 linhas/s",
            )
        )
    empty()
    return figures


def _timed(pieces: Iterator[bytes]) -> tuple[int, float]:
    """(lines, seconds) of reading a file to its end."""
    start = time.perf_counter()
    lines = sum(piece.count(b"\n") for piece in pieces)
    return lines, time.perf_counter() - start


def _bare(one: Any) -> Iterator[bytes]:
    """The same rows from a flat table, which is filled before the first is given."""
    from django.db import connection

    names = [field["name"] for field in one.resource()["schema"]["fields"]]
    delimiter = ";" if one.sindec else ","
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE bancada_export ({', '.join(f'{name} text' for name in names)})")
        with cursor.copy(f"COPY bancada_export FROM STDIN WITH (FORMAT csv, HEADER, DELIMITER '{delimiter}')") as copy:
            for piece in one.lines():
                copy.write(piece)
    return _flat(delimiter)


def _flat(delimiter: str) -> Iterator[bytes]:
    from django.db import connection

    with connection.cursor() as cursor:
        with cursor.copy(f"COPY bancada_export TO STDOUT WITH (FORMAT csv, DELIMITER '{delimiter}')") as copy:
            for row in copy:
                yield bytes(row)
        cursor.execute("DROP TABLE bancada_export")
