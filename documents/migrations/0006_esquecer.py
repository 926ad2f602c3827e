"""A letter's text goes through one function alone, which writes down that it went (decision 102)."""

from django.db import migrations

DO = """
CREATE FUNCTION documents_esquecer(numeros bigint[], autor bigint) RETURNS integer LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    feitos integer;
BEGIN
    UPDATE documents_documento SET dados = '{}', arquivo = '' WHERE id = ANY(numeros) AND arquivo <> '';
    GET DIAGNOSTICS feitos = ROW_COUNT;
    IF feitos > 0 THEN
        INSERT INTO workflow_esquecimento (tabela, linhas, autor_id) VALUES ('documents_documento', feitos, autor);
    END IF;
    RETURN feitos;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0005_eliminacao"), ("workflow", "0005_esquecimento")]

    operations = [migrations.RunSQL(DO, "DROP FUNCTION documents_esquecer(bigint[], bigint);")]
