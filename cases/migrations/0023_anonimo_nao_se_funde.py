"""An anonymous person is merged with nobody, and a merge of theirs stays: the database refuses on any path."""

from django.db import migrations

SQL = """
CREATE FUNCTION cases_anonimo_nao_se_funde() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM cases_anonimizacao
               WHERE consumidor_id IN (NEW.id, OLD.fundido_em_id, NEW.fundido_em_id)) THEN
        RAISE EXCEPTION 'Um destes cadastros já foi anonimizado: não se funde com outro, nem se separa. Retire-o da lista.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fusao_de_consumidores_recusada';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER consumidor_anonimo BEFORE UPDATE OF fundido_em_id ON parties_consumidor
    FOR EACH ROW WHEN (OLD.fundido_em_id IS DISTINCT FROM NEW.fundido_em_id)
    EXECUTE FUNCTION cases_anonimo_nao_se_funde();
"""
UNDO = """
DROP TRIGGER consumidor_anonimo ON parties_consumidor;
DROP FUNCTION cases_anonimo_nao_se_funde();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0022_lotes_de_ciencia_e_baixa"), ("parties", "0008_fusao_de_consumidores")]

    operations = [migrations.RunSQL(SQL, UNDO)]
