"""An office of many atendimentos, written by SQL in one go; the first page of their list beside the bare SQL."""

from __future__ import annotations

from typing import Any

from bench.figures import Figure, milliseconds

YEARS = 5
FILL = """
    WITH numbered AS (
        SELECT n + 1000 AS n, 2019 + n %% {years} AS year, (n - 1) / {years} + 1 AS seq
        FROM generate_series(1, %(size)s) AS n
    ), histories AS (
        INSERT INTO workflow_historico (id, sequencia, hash) SELECT n, 0, '' FROM numbered
    ), people AS (
        INSERT INTO parties_consumidor (id, nome, nome_social, sexo, email, telefone, prioridades, cep, logradouro,
                                        numero, complemento, bairro, municipio, uf, nome_busca)
        SELECT n, 'Consumidor ' || md5(n::text), '', 'N', '', '', '{{}}', '', '', '', '', '', '', '', '' FROM numbered
    )
    INSERT INTO cases_atendimento (id, protocolo, unidade_id, tipo, canal, status, desfecho, consumidor_id, relato,
                                   pedido, prioridade, protocolo_externo, chave_hash, aberto_em, encerrado_em,
                                   atendente_id, historico_id, assunto_id)
    SELECT n, '35.001.001.' || year %% 100 || '-' || lpad(seq::text, 7, '0'), %(unidade)s,
           (ARRAY['atendimento_preliminar', 'simples_consulta', 'nota_fiscal_paulista'])[1 + n %% 3],
           (ARRAY['pessoal', 'telefone'])[1 + n %% 2],
           CASE WHEN n %% 10 = 0 THEN 'aberto' ELSE 'encerrado' END, CASE WHEN n %% 10 = 0 THEN '' ELSE 'orientado' END,
           n, 'Relato ' || n, '', 3, '', '', opened, CASE WHEN n %% 10 = 0 THEN NULL ELSE opened END,
           %(user)s, n, %(assunto)s
    FROM (SELECT *, make_timestamptz(year, 1 + seq %% 12, 1 + seq %% 28, 12, 0, 0, 'UTC') AS opened
          FROM numbered) AS dated
"""
LIST = """
    SELECT a.*, c.nome FROM cases_atendimento a LEFT JOIN parties_consumidor c ON c.id = a.consumidor_id
    WHERE a.unidade_id = %s ORDER BY a.aberto_em DESC, a.id DESC LIMIT 51
"""


def measure(size: int) -> list[Figure]:
    """The list's first page over HTTP's own test client, beside its floor."""
    from django.db import connection
    from django.test import Client

    from bench.office import empty
    from tests.conftest import make_cast

    empty()
    cast = make_cast()
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(years=YEARS), _values(cast, size))
        cursor.execute("ANALYZE")
    client = Client(headers={"host": "localhost"})
    client.force_login(cast.bruno)

    def first_page() -> None:
        if client.get("/atendimentos/").status_code != 200:
            raise RuntimeError("the list did not answer")

    def rows(sql: str, *values: Any) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall()

    page = milliseconds(first_page)
    bare = milliseconds(lambda: rows(LIST, cast.unidade.pk))
    return [Figure(f"lista de 50, página inteira, {size:,} atendimentos", page, "ms", bare, "SQL das mesmas linhas")]


def _values(cast: Any, size: int) -> dict[str, Any]:
    from cases.models import Assunto

    assunto = Assunto.objects.values_list("pk", flat=True).first()
    return {"size": size, "unidade": cast.unidade.pk, "user": cast.bruno.pk, "assunto": assunto}
