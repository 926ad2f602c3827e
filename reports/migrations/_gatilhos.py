"""Whoever writes, by whatever path: each fact that comes or goes is a row of the journal (decision 72)."""

DAY = "({} AT TIME ZONE 'America/Sao_Paulo')::date"
CASE = {"unidade": "a.unidade_id"}
SUBJECT = {"assunto": "a.assunto_id", "problema": "a.problema_id"}
SERVED = {"tipo": "a.tipo", "canal": "a.canal", **SUBJECT}
KEYS = ("assunto", "problema", "orgao", "fornecedor", "conciliador")
COLUMNS = (
    "tipo", "canal", "desfecho", "orgao", "nfp", "assunto", "problema", "fornecedor", "situacao", "resultado",
    "conciliador", "meio", "grafia",
)

TABLES = {
    "a": "cases_atendimento",
    "r": "cases_reclamado",
    "c": "cases_cip",
    "h": "hearings_audiencia",
    "p": "cases_reclamacao",
    "k": "cases_classificacao",
    "x": "cases_registronacional",
}
OF_CASE = "LEFT JOIN {a} a ON a.id = %s.atendimento_id"
OF_PARTY = "LEFT JOIN {r} r ON r.id = %s.reclamado_id LEFT JOIN {a} a ON a.id = r.atendimento_id"

# medida → (alias of its own table, FROM, WHERE, day, dimensions). The joins are outer: a row whose case is not there has
# no unidade, which the journal refuses. So nothing is written before its case, nor taken away after it.
MEASURES = {
    1: ("a", "{a} a", "true", DAY.format("a.aberto_em"), {
        **CASE, **SERVED, "desfecho": "a.desfecho", "orgao": "a.orgao_id",
        "nfp": "CASE a.nfp_desbloqueada WHEN true THEN 'sim' WHEN false THEN 'nao' ELSE '' END",
    }),
    2: ("r", "{r} r " + OF_CASE % "r", "true", DAY.format("a.aberto_em"),
        {**CASE, **SERVED, "fornecedor": "r.fornecedor_id"}),
    3: ("c", "{c} c " + OF_PARTY % "c", "true", DAY.format("c.emitida_em"),
        {**CASE, **SUBJECT, "fornecedor": "r.fornecedor_id", "resultado": "c.resultado", "meio": "c.meio"}),
    4: ("h", "{h} h " + OF_CASE % "h", "true", DAY.format("h.inicio"), {
        **CASE, **SUBJECT, "situacao": "h.status", "resultado": "h.resultado", "conciliador": "h.conciliador_id",
        "meio": "h.modalidade",
    }),
    5: ("p", "{p} p " + OF_CASE % "p", "true", DAY.format("p.instaurada_em"), {**CASE, **SERVED}),
    6: ("k", "{k} k " + OF_PARTY % "k", "k.substituida_em IS NULL", DAY.format("k.decidida_em"),
        {**CASE, **SUBJECT, "fornecedor": "r.fornecedor_id", "resultado": "k.valor"}),
    7: ("x", "{x} x", "true", DAY.format("x.arquivado_em"), {
        "unidade": "0", "assunto": "x.assunto_id", "problema": "x.problema_id", "fornecedor": "x.fornecedor_id",
        "resultado": "CASE WHEN x.atendida THEN 'sim' ELSE 'nao' END", "grafia": "x.razao_social",
    }),
}  # fmt: skip
#: What of a row its facts are made of: only a change of these writes into the journal.
COUNTED = {
    "a": ("unidade_id", "aberto_em", "tipo", "canal", "assunto_id", "problema_id", "desfecho", "orgao_id",
          "nfp_desbloqueada"),
    "r": ("atendimento_id", "fornecedor_id"),
    "c": ("reclamado_id", "emitida_em", "resultado", "meio"),
    "h": ("atendimento_id", "inicio", "status", "resultado", "conciliador_id", "modalidade"),
    "p": ("atendimento_id", "instaurada_em"),
    "k": ("reclamado_id", "decidida_em", "valor", "substituida_em"),
    "x": ("ano_calendario", "arquivado_em", "assunto_id", "problema_id", "fornecedor_id", "atendida", "razao_social"),
}  # fmt: skip
#: What of a case, or of a reclamado, is in the facts of the rows below it; which measures, found how.
BELOW = {
    "a": (COUNTED["a"][:6], {
        2: "r.atendimento_id = OLD.id", 3: "r.atendimento_id = OLD.id", 4: "h.atendimento_id = OLD.id",
        5: "p.atendimento_id = OLD.id", 6: "r.atendimento_id = OLD.id",
    }),
    "r": (COUNTED["r"], {3: "c.reclamado_id = OLD.id", 6: "k.reclamado_id = OLD.id"}),
}  # fmt: skip
#: By which rows the case of a row is found, so that it and a correction of the case wait for each other.
CASES_OF = {
    "r": "SELECT s.atendimento_id FROM {} s",
    "c": "SELECT r.atendimento_id FROM {} s JOIN cases_reclamado r ON r.id = s.reclamado_id",
    "h": "SELECT s.atendimento_id FROM {} s",
    "p": "SELECT s.atendimento_id FROM {} s",
    "k": "SELECT r.atendimento_id FROM {} s JOIN cases_reclamado r ON r.id = s.reclamado_id",
}
CHANGED = "(SELECT OLD.* UNION ALL SELECT NEW.*)"


def values(medida):
    """The journal's columns of a measure, but n, and the expressions that fill them."""
    _, _, _, day, dims = MEASURES[medida]
    year = f"extract(year FROM {day})" if medida != 7 else "x.ano_calendario"
    if medida == 7:
        day = f"CASE WHEN extract(year FROM {day}) = x.ano_calendario THEN {day} END"
    found = {"medida": str(medida), "ano": year, "dia": day}
    for name, expression in dims.items():
        found[name] = f"coalesce({expression}::text, '')" if name in KEYS else expression
    return found


def facts(medida, sources=None):
    """FROM … WHERE … of a measure, with other rows in the place of some tables."""
    _, source, condition, _, _ = MEASURES[medida]
    return f"{source.format(**{**TABLES, **(sources or {})})} WHERE {condition}"


def written(medida, n, rest, grouped=False):
    """An INSERT into the journal."""
    found = values(medida)
    insert = f"INSERT INTO reports_lancamento ({', '.join(found)}, n) SELECT {', '.join(found.values())}, {n} FROM {rest}"
    return insert + (f" GROUP BY {', '.join(map(str, range(1, len(found) + 1)))};" if grouped else ";")


def slots(query, shared):
    """Hold a thousandth of all cases, those in `query` among them, until the commit."""
    word = "_shared" if shared else ""
    return f"""PERFORM pg_advisory_xact_lock{word}(3523107, slot) FROM (
        SELECT DISTINCT (c.atendimento_id % 1024)::int AS slot FROM ({query}) c WHERE c.atendimento_id IS NOT NULL
        ORDER BY slot) held;"""


def came_and_went(alias):
    """Rows that came or went, all of one statement at once."""
    medida = next(key for key, made in MEASURES.items() if made[0] == alias)
    hold = slots(CASES_OF[alias].format("linhas"), True) if alias in CASES_OF else ""
    body = written(medida, "sinal * count(*)", facts(medida, {alias: "linhas"}), True)
    table, name = TABLES[alias], f"reports_{TABLES[alias]}"
    return f"""
CREATE FUNCTION {name}_linhas() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    sinal int := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    {hold}
    {body}
    RETURN NULL;
END $$;
CREATE TRIGGER totais_vem AFTER INSERT ON {table} REFERENCING NEW TABLE AS linhas
    FOR EACH STATEMENT EXECUTE FUNCTION {name}_linhas();
CREATE TRIGGER totais_vai AFTER DELETE ON {table} REFERENCING OLD TABLE AS linhas
    FOR EACH STATEMENT EXECUTE FUNCTION {name}_linhas();
CREATE FUNCTION {name}_esvaziada() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(3523107, -1);
    DELETE FROM reports_lancamento WHERE medida = {medida};
    DELETE FROM reports_soma WHERE medida = {medida};
    RETURN NULL;
END $$;
CREATE TRIGGER totais_esvaziam AFTER TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}_esvaziada();
"""


def differs(columns):
    """Whether one of these columns has another value than before."""
    return f"({', '.join(f'OLD.{c}' for c in columns)}) IS DISTINCT FROM ({', '.join(f'NEW.{c}' for c in columns)})"


def changed(alias):
    """A row that changed: its facts go as they were and come as they are, and so do those of the rows below it."""
    medida = next(key for key, made in MEASURES.items() if made[0] == alias)
    both = [
        written(medida, n, facts(medida, {alias: f"(SELECT {row}.*)"})) for n, row in ((-1, "OLD"), (1, "NEW"))
    ]
    hold = slots(CASES_OF[alias].format(CHANGED), alias != "r") if alias in CASES_OF else ""
    below = ""
    if alias in BELOW:
        columns, found = BELOW[alias]
        rows = [
            written(key, n, f"{facts(key, {alias: f'(SELECT {row}.*)'})} AND {place}")
            for key, place in found.items()
            for n, row in ((-1, "OLD"), (1, "NEW"))
        ]
        alone = slots("SELECT OLD.id AS atendimento_id", False) if alias == "a" else ""
        newline = "\n        "
        below = f"IF {differs(columns)} THEN\n        {newline.join([alone, *rows])}\n    END IF;"
    name = f"reports_{TABLES[alias]}_muda"
    body = "\n    ".join([hold, *both, below])
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {body}
    RETURN NULL;
END $$;
CREATE TRIGGER totais_mudam AFTER UPDATE ON {TABLES[alias]} FOR EACH ROW WHEN ({differs(COUNTED[alias])})
    EXECUTE FUNCTION {name}();
"""


def every_fact():
    """A function that gives all facts as the tables hold them now: for the first fill and for the recount."""
    parts = []
    for medida in MEASURES:
        found = {**dict.fromkeys(COLUMNS, "''"), **values(medida)}
        found = {name: found[name] for name in ("medida", "ano", "dia", "unidade", *COLUMNS)}
        types = {"medida": "smallint", "ano": "smallint", "dia": "date", "unidade": "bigint"}
        shown = ", ".join(f"({expression})::{types.get(name, 'text')}" for name, expression in found.items())
        parts.append(f"SELECT {shown} FROM {facts(medida)}")
    columns = ", ".join(f"{name} text" for name in COLUMNS)
    union = "\nUNION ALL\n".join(parts)
    return f"""
CREATE FUNCTION reports_fatos() RETURNS TABLE (medida smallint, ano smallint, dia date, unidade bigint, {columns})
    LANGUAGE sql STABLE AS $$
{union}
$$;
INSERT INTO reports_lancamento (medida, ano, dia, unidade, {', '.join(COLUMNS)}, n)
    SELECT f.*, 1 FROM reports_fatos() f;
"""


# The journal is emptied every minute: what is dead in it goes soon, and it is never long.
SQL = f"""
ALTER TABLE reports_lancamento SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_insert_threshold = -1);
ALTER TABLE reports_soma SET (fillfactor = 80);
{"".join(came_and_went(alias) + changed(alias) for alias in TABLES)}
{every_fact()}
"""
UNDO = "DROP FUNCTION reports_fatos();" + "".join(
    f"DROP TRIGGER {trigger} ON {table};"
    for table in TABLES.values()
    for trigger in ("totais_vem", "totais_vai", "totais_mudam", "totais_esvaziam")
) + "".join(
    f"DROP FUNCTION reports_{table}_{name}();" for table in TABLES.values() for name in ("linhas", "muda", "esvaziada")
)
