"""People of a common name: only those whom one may see are counted against the limit."""

from django.db import migrations

SQL = """
DROP FUNCTION parties_consumidores_de_nome(tsquery, integer);
CREATE FUNCTION parties_consumidores_de_nome(pergunta tsquery, teto integer, unidades bigint[]) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
    -- A person has few cases: they are looked at one person after another, until there are enough. LIMIT 1 and not
    -- EXISTS: of that the planner reads whole unidades first.
    RETURN QUERY SELECT c.id FROM parties_consumidor c
        WHERE to_tsvector('simple', c.nome_busca) @@ pergunta AND c.fundido_em_id IS NULL AND (
            unidades IS NULL
            OR (SELECT true FROM cases_atendimento a
                WHERE a.consumidor_id = c.id AND a.unidade_id = ANY(unidades) LIMIT 1)
            OR (SELECT true FROM parties_consumidor m JOIN cases_atendimento a ON a.consumidor_id = m.id
                WHERE m.fundido_em_id = c.id AND a.unidade_id = ANY(unidades) LIMIT 1))
        LIMIT teto;
END $$;
"""
UNDO = """
DROP FUNCTION parties_consumidores_de_nome(tsquery, integer, bigint[]);
CREATE FUNCTION parties_consumidores_de_nome(pergunta tsquery, teto integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SET enable_seqscan = off AS $$
BEGIN
    RETURN QUERY SELECT id FROM parties_consumidor
        WHERE to_tsvector('simple', nome_busca) @@ pergunta AND fundido_em_id IS NULL LIMIT teto;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0001_base'),
    ]

    operations = [migrations.RunSQL(SQL, UNDO)]
