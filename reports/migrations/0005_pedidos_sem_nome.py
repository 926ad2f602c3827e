"""A correction request is never rewritten, save that what names a consumer goes when the register's years are over."""

from django.db import migrations

#: Table, what its trigger says, and the columns that may become «(anonimizado)».
TABLES = [
    ("pedidodecorrecao", "um pedido de correção registrado não se altera nem se apaga", ["requerente", "texto"]),
    ("respostaaopedido", "uma resposta registrada não se altera nem se apaga", ["motivo"]),
]
FUNCTION = """
CREATE FUNCTION reports_pedido_fica() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    antes jsonb := to_jsonb(OLD);
    depois jsonb := to_jsonb(NEW);
    campo text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        FOREACH campo IN ARRAY TG_ARGV[1:] LOOP
            IF depois ->> campo = '(anonimizado)' THEN
                antes := antes - campo;
                depois := depois - campo;
            END IF;
        END LOOP;
        IF antes = depois AND antes <> to_jsonb(OLD) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END $$;
"""


def trigger(table: str, function: str, *arguments: str) -> str:
    """Put this trigger in the place of the one that the table has."""
    listed = ", ".join(f"'{text}'" for text in arguments)
    return (
        f"DROP TRIGGER registro_fica ON reports_{table};"
        f"CREATE TRIGGER registro_fica BEFORE UPDATE OR DELETE ON reports_{table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}({listed});"
    )


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_empresas")]

    operations = [
        migrations.RunSQL(
            FUNCTION + "".join(trigger(table, "reports_pedido_fica", told, *names) for table, told, names in TABLES),
            "".join(trigger(table, "reports_registro_fica", told) for table, told, _ in TABLES)
            + "DROP FUNCTION reports_pedido_fica();",
        ),
    ]
