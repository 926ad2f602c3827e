"""nome_busca is kept by the database, whatever path writes a name: services, bulk loads, raw SQL."""

from django.db import migrations, models
from django.db.models.functions import Collate, Left

SQL = """
CREATE FUNCTION parties_normalizar(texto text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT btrim(regexp_replace(
        lower(regexp_replace(normalize(texto, NFKD) COLLATE "C", '[\\u0300-\\u036f]', '', 'g')),
        '[^0-9a-z]+', ' ', 'g'))
$$;

CREATE FUNCTION parties_consumidor_nome_busca() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.nome_busca := parties_normalizar(NEW.nome || ' ' || NEW.nome_social);
    RETURN NEW;
END $$;

CREATE TRIGGER consumidor_nome_busca BEFORE INSERT OR UPDATE OF nome, nome_social, nome_busca ON parties_consumidor
    FOR EACH ROW EXECUTE FUNCTION parties_consumidor_nome_busca();

CREATE FUNCTION parties_fornecedor_nome_busca() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    grafias text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT string_agg(nome, ' ' ORDER BY nome COLLATE "C") INTO grafias
            FROM parties_grafia WHERE fornecedor_id = NEW.id;
    END IF;
    NEW.nome_busca := parties_normalizar(concat_ws(' ', NEW.razao_social, NEW.nome_fantasia, grafias));
    RETURN NEW;
END $$;

CREATE TRIGGER fornecedor_nome_busca BEFORE INSERT OR UPDATE OF razao_social, nome_fantasia, nome_busca
    ON parties_fornecedor FOR EACH ROW EXECUTE FUNCTION parties_fornecedor_nome_busca();

CREATE FUNCTION parties_grafia_nome_busca() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE parties_fornecedor SET nome_busca = '' WHERE id IN (SELECT fornecedor_id FROM mudadas);
    RETURN NULL;
END $$;

CREATE FUNCTION parties_grafia_nome_busca_troca() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE parties_fornecedor SET nome_busca = ''
        WHERE id IN (SELECT fornecedor_id FROM antes UNION SELECT fornecedor_id FROM mudadas);
    RETURN NULL;
END $$;

CREATE TRIGGER grafia_incluida AFTER INSERT ON parties_grafia REFERENCING NEW TABLE AS mudadas
    FOR EACH STATEMENT EXECUTE FUNCTION parties_grafia_nome_busca();
CREATE TRIGGER grafia_excluida AFTER DELETE ON parties_grafia REFERENCING OLD TABLE AS mudadas
    FOR EACH STATEMENT EXECUTE FUNCTION parties_grafia_nome_busca();
CREATE TRIGGER grafia_alterada AFTER UPDATE ON parties_grafia REFERENCING OLD TABLE AS antes NEW TABLE AS mudadas
    FOR EACH STATEMENT EXECUTE FUNCTION parties_grafia_nome_busca_troca();

UPDATE parties_consumidor SET nome_busca = '';
UPDATE parties_fornecedor SET nome_busca = '';
"""

UNDO = """
DROP TRIGGER grafia_alterada ON parties_grafia;
DROP TRIGGER grafia_excluida ON parties_grafia;
DROP TRIGGER grafia_incluida ON parties_grafia;
DROP FUNCTION parties_grafia_nome_busca_troca();
DROP FUNCTION parties_grafia_nome_busca();
DROP TRIGGER fornecedor_nome_busca ON parties_fornecedor;
DROP FUNCTION parties_fornecedor_nome_busca();
DROP TRIGGER consumidor_nome_busca ON parties_consumidor;
DROP FUNCTION parties_consumidor_nome_busca();
DROP FUNCTION parties_normalizar(text);
"""


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_initial")]

    operations = [
        migrations.AlterField(
            "consumidor", "nome_busca", models.TextField("nomes para busca", editable=False, default="")
        ),
        migrations.AlterField(
            "fornecedor", "nome_busca", models.TextField("nomes para busca", editable=False, default="")
        ),
        migrations.AddIndex(
            "consumidor",
            models.Index(Collate(Left("nome_busca", 40), "C"), name="consumidor_nome_inicio"),
        ),
        migrations.AddIndex(
            "fornecedor",
            models.Index(Collate(Left("nome_busca", 40), "C"), name="fornecedor_nome_inicio"),
        ),
        migrations.AddIndex("consumidor", models.Index(fields=["nome", "id"], name="consumidor_lista")),
        migrations.AddIndex("fornecedor", models.Index(fields=["razao_social", "id"], name="fornecedor_lista")),
        migrations.RunSQL(SQL, UNDO),
    ]
