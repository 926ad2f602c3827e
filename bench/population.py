"""A large office, written by SQL: seeded, so that every run has the same people, suppliers, words and cases.

Words come with the frequencies of a language (the n-th word about 1/n as often as the first). Each relato is four of
some thousands of sentences. Indexes that are no constraint are dropped before and built once after.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SUPPLIERS = 100_000
SENTENCES = 20_000
TABLES = (
    "workflow_historico", "workflow_evento", "parties_consumidor", "parties_fornecedor", "cases_atendimento",
    "cases_reclamado", "cases_textodoatendimento",
)  # fmt: skip
FUNCTIONS = """
CREATE FUNCTION pg_temp.h(n bigint, salt bigint, m bigint) RETURNS int LANGUAGE sql IMMUTABLE AS
    $$ SELECT ((hashint8extended(n, salt) & 9223372036854775807) % m)::int $$;
CREATE FUNCTION pg_temp.z(n bigint, salt bigint, m bigint) RETURNS int LANGUAGE sql IMMUTABLE AS
    $$ SELECT least(m, floor(power(m::float8 + 1, pg_temp.h(n, salt, 1000003) / 1000003.0)))::int - 1 $$;
CREATE FUNCTION pg_temp.opened(n bigint, size bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
    $$ SELECT timestamptz '2022-01-01 12:00:00Z' + n * (interval '1826 days' / size) $$;
CREATE FUNCTION pg_temp.cpf(n bigint) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    base text := lpad((100000000 + n)::text, 9, '0');
    total int;
BEGIN
    FOR size IN 10..11 LOOP
        total := 0;
        FOR k IN 1..size - 1 LOOP
            total := total + substr(base, k, 1)::int * (size + 1 - k);
        END LOOP;
        base := base || CASE WHEN total % 11 < 2 THEN 0 ELSE 11 - total % 11 END;
    END LOOP;
    RETURN base;
END $$;
"""


def names() -> dict[str, list[str]]:
    """First names, surnames, trades and the words of the counter, with a long tail of words nobody knows."""
    first, last, trade, words, roots = (line.split() for line in (HERE / "words.txt").read_text().splitlines())
    endings = ("ado", "eira", "ível", "mento", "ista", "ura")
    tail = [a + "o" + b + end for a in roots for b in roots for end in endings]
    random.Random(7).shuffle(tail)  # noqa: S311  meant to be repeatable
    return {"p": first, "s": last, "f": trade, "v": words + tail}


def sentences(words: list[str]) -> list[str]:
    """Twelve words each, by Zipf's law."""
    weights = [1 / rank for rank in range(3, len(words) + 3)]
    drawn = random.Random(11).choices(words, weights, k=12 * SENTENCES)  # noqa: S311  meant to be repeatable
    return [" ".join(drawn[start : start + 12]).capitalize() + "." for start in range(0, len(drawn), 12)]


def populate(size: int, *, unidade: int, users: list[int], suppliers: int = SUPPLIERS) -> None:
    """Write `size` atendimentos of five years, as many people, the suppliers, and the first events of open cases."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'; SET LOCAL work_mem = '256MB'")
        indexes = drop_indexes(cursor, TABLES)
        _switch(cursor, "DISABLE")
        cursor.execute(FUNCTIONS)
        _words(cursor)
        values: dict[str, Any] = {"size": size, "unidade": unidade, "users": users, "suppliers": suppliers}
        for statement in (HERE / "population.sql").read_text().split(";\n"):
            cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        _switch(cursor, "ENABLE")
        for index in indexes:
            cursor.execute(index)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


_made: dict[int, Any] = {}


def large_office(size: int) -> Any:
    """The cast in an office of `size` atendimentos; whoever asks next for the same finds it, with what was added."""
    from bench.office import empty
    from cases.models import Atendimento
    from tests.conftest import make_cast

    cast = _made.get(size)
    if cast is None or Atendimento.objects.filter(unidade=cast.unidade).count() < size:
        empty()
        cast = _made[size] = make_cast()
        users = [cast.bruno.pk, cast.dora.pk]
        populate(size, unidade=cast.unidade.pk, users=users, suppliers=min(SUPPLIERS, size))
    return cast


def _switch(cursor: Any, word: str) -> None:
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} {word} TRIGGER USER")


def drop_indexes(cursor: Any, tables: Iterable[str]) -> list[str]:
    """Drop the indexes of these tables that are no constraint; the statements that make them again."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) "
        "AND indexname NOT IN (SELECT conname FROM pg_constraint)",
        [list(tables)],
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [definition for _, definition in found]


def _words(cursor: Any) -> None:
    known = names()
    cursor.execute("CREATE TEMPORARY TABLE frases (n int PRIMARY KEY, texto text, vetor tsvector) ON COMMIT DROP")
    with cursor.copy("COPY frases (n, texto) FROM STDIN") as copy:
        for row in enumerate(sentences(known["v"])):
            copy.write_row(row)
    cursor.execute("UPDATE frases SET vetor = to_tsvector('public.procon_pt', cases_singular(texto))")
    cursor.execute("CREATE TEMPORARY TABLE nomes (tipo text, n int, nome text, PRIMARY KEY (tipo, n)) ON COMMIT DROP")
    with cursor.copy("COPY nomes FROM STDIN") as copy:
        for kind, listed in known.items():
            for number, name in enumerate(listed):
                copy.write_row((kind, number, name))
    cursor.execute("ANALYZE frases; ANALYZE nomes")
