"""Whoever changes a day, a window or a rule, by whatever path, changes the law's seal with it."""

SEALED = ("feriado", "suspensao", "regradeprazo")

DO = """
CREATE FUNCTION deadlines_selar() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A value that never comes again: one that was seen by a transaction that is undone is not mistaken for another's.
    INSERT INTO deadlines_selodalei (id, selo) VALUES (1, gen_random_uuid())
        ON CONFLICT (id) DO UPDATE SET selo = EXCLUDED.selo;
    RETURN NULL;
END $$;

INSERT INTO deadlines_selodalei (id) VALUES (1);
""" + "".join(
    f"""
CREATE TRIGGER {name}_selar AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON deadlines_{name}
    FOR EACH STATEMENT EXECUTE FUNCTION deadlines_selar();
"""
    for name in SEALED
)

UNDO = (
    "".join(f"DROP TRIGGER {name}_selar ON deadlines_{name};\n" for name in SEALED)
    + "DROP FUNCTION deadlines_selar();\nDELETE FROM deadlines_selodalei;"
)
