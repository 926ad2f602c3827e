"""Whom a supplier's totals count for is written at a cost that grows with the suppliers alone."""

from __future__ import annotations

import pytest
from django.db import connection

from reports.totals import wrong_homes

_SUPPLIERS = """
INSERT INTO parties_fornecedor (cnpj, razao_social, nome_fantasia, cep, logradouro, numero, complemento, bairro,
    municipio, uf, cnae, email, telefone, cip_eletronica, a_completar, nome_busca)
SELECT upper(lpad(to_hex(n), 12, '0')) || '00', 'Empresa ' || n, '', '', '', '', '', '', '', '', '', '', '', false,
    false, '' FROM generate_series(1, %s) AS n
"""
#: Rows that an index gave in this transaction; reads of the whole table count apart.
_READ = """
SELECT sum(idx_tup_fetch) + sum(seq_tup_read) FROM pg_stat_xact_user_tables
WHERE relname IN ('parties_fornecedor', 'reports_casa')
"""


@pytest.mark.django_db
def test_many_suppliers_in_a_table_believed_empty_are_not_each_compared_with_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE parties_fornecedor, reports_casa")

        cursor.execute(_SUPPLIERS, [2000])

        cursor.execute(_READ)
        (read,) = cursor.fetchone()
    assert read < 10 * 2000
    assert wrong_homes() == []
