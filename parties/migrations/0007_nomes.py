"""Names by the beginnings of their words, from an index that never reads a whole table, and at most so many."""

from django.db import migrations

SQL = """
CREATE INDEX consumidor_nomes ON parties_consumidor USING gin (to_tsvector('simple', nome_busca));
CREATE INDEX fornecedor_nomes ON parties_fornecedor USING gin (to_tsvector('simple', nome_busca));

CREATE FUNCTION parties_consumidores_de_nome(pergunta tsquery, teto integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY SELECT id FROM parties_consumidor WHERE to_tsvector('simple', nome_busca) @@ pergunta LIMIT teto;
END $$;

CREATE FUNCTION parties_fornecedores_de_nome(pergunta tsquery, teto integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY SELECT id FROM parties_fornecedor
        WHERE to_tsvector('simple', nome_busca) @@ pergunta AND fundido_em_id IS NULL LIMIT teto;
END $$;
"""
UNDO = """
DROP FUNCTION parties_fornecedores_de_nome(tsquery, integer);
DROP FUNCTION parties_consumidores_de_nome(tsquery, integer);
DROP INDEX fornecedor_nomes;
DROP INDEX consumidor_nomes;
"""


class Migration(migrations.Migration):
    dependencies = [("parties", "0006_contatos")]

    operations = [migrations.RunSQL(SQL, UNDO)]
