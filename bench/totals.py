"""The totals: a year's balance beside a plain pre-summed table, questions, what they cost, and their recount."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date
from itertools import product
from typing import TYPE_CHECKING, Any

from bench.figures import Figure, milliseconds

if TYPE_CHECKING:
    from reports.period import Periodo

YEARS = (2022, 2023, 2024)
COUNTED = ("cases_atendimento", "cases_reclamado")
ROUNDS, PER_ROUND = 10, 15
#: A second recount, of what was registered without triggers, is not made of more cases than these.
PROVOKED = 1_000_000


def measure(size: int) -> list[Figure]:
    """In an office of its own, which holds only what totals are made of; written once, for all of these."""
    figures = [*_fill(size), *_balance(size), _questions(), _recount(size), _registering()]
    return figures if size > PROVOKED else [*figures, _provoked()]


def _fill(size: int) -> list[Figure]:
    """Write the facts without triggers; count the whole office at once, as its first fold does.

    That nothing differs from the facts afterwards is what the recount shows further on.
    """
    from django.db import connection

    from bench.facts import write_facts
    from bench.office import empty
    from reports.totals import refill
    from tests.conftest import make_cast

    empty()
    cast = make_cast()
    begun = time.perf_counter()
    write_facts(size, units=[cast.unidade.pk, cast.outra.pk], user=cast.bruno.pk)
    start = time.perf_counter()
    refill()
    done = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reports_fatos()")
        (facts,) = cursor.fetchone()
    return [
        Figure(
            f"escrever {size:,} atendimentos e contar seus totais",
            done - begun,
            "s",
            goal="até 300 s em 1 milhão, 2.700 s em 10",
        ),
        Figure("totais: contar tudo de uma vez", facts / (done - start), "fatos/s"),
    ]


#: The counters of a year as anybody would sum them beforehand, and each company's number with its name: once plain,
#: once written down in the order of the ranking.
FLOORS = """
CREATE TABLE bancada_somas AS
    SELECT extract(year FROM inicio)::int AS ano, medida, conjunto, a, b, sum(n)::bigint AS n FROM reports_soma
    WHERE grao = 3 AND (medida, conjunto) IN ({sets}) GROUP BY 1, 2, 3, 4, 5
    UNION ALL SELECT extract(year FROM inicio)::int, medida, 0, inicio::text, '', sum(n) FROM reports_soma
    WHERE grao = 2 AND medida = 1 AND conjunto = 0 GROUP BY 1, 2, 4;
CREATE INDEX ON bancada_somas (ano);
CREATE TABLE bancada_empresas AS
    SELECT extract(year FROM s.inicio)::int AS ano, coalesce(f.radical, '#' || f.id) AS empresa,
        min(f.razao_social) AS nome, sum(s.n)::bigint AS n
    FROM reports_soma s JOIN parties_fornecedor f ON f.id = s.a::bigint
    WHERE s.grao = 3 AND s.medida = 2 AND s.conjunto = 1 GROUP BY 1, 2;
CREATE INDEX ON bancada_empresas (ano);
CREATE TABLE bancada_maiores AS SELECT * FROM bancada_empresas;
CREATE INDEX ON bancada_maiores (ano, n DESC, nome, empresa);
ANALYZE bancada_somas;
ANALYZE bancada_empresas;
ANALYZE bancada_maiores
"""
RANKING = "SELECT empresa, nome, n FROM bancada_empresas WHERE ano = %s ORDER BY n DESC, nome LIMIT %s"
#: Nobody could read less: the ten are there, named and in their order.
BARE = "SELECT empresa, nome, n FROM bancada_maiores WHERE ano = %s ORDER BY n DESC, nome LIMIT 10"


def _rows(statement: str, *values: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.fetchall()


def _slowest(work: Callable[[Periodo], object]) -> float:
    from reports.period import Periodo

    return max(milliseconds(lambda year=year: work(Periodo(year))) for year in YEARS)  # type: ignore[misc]


def _balance(size: int) -> list[Figure]:
    """The slowest of some years; the floor is one read of the same numbers from plain tables, summed beforehand."""
    from django.db import connection

    from reports import queries
    from reports.balance import TOP_SUPPLIERS, balance, wanted
    from reports.period import Periodo, starts
    from reports.ranking import MOST, SOURCES

    sets = ", ".join(str(one.key) for one in wanted(Periodo(YEARS[0]))[:-1])
    with connection.cursor() as cursor:
        cursor.execute(FLOORS.format(sets=sets))
    try:
        floor = _slowest(lambda p: _rows("SELECT medida, conjunto, a, b, n FROM bancada_somas WHERE ano = %s", p.ano))
        firms = _slowest(lambda p: _rows(RANKING, p.ano, TOP_SUPPLIERS))
        many = _slowest(lambda p: _rows(RANKING, p.ano, MOST))
        bare = _slowest(lambda p: _rows(BARE, p.ano))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE bancada_somas, bancada_empresas, bancada_maiores")
    counters = _slowest(lambda p: queries.cells(wanted(p), p.first_day, p.next_day, None))
    ranked = _slowest(lambda p: queries.ranked(p, None, top=TOP_SUPPLIERS))
    whole = _slowest(lambda p: balance(p))
    counted = SOURCES["tudo"][1]
    longest = _slowest(lambda p: queries.first(["empresa"], counted, starts(p.first_day, p.next_day), None, top=MOST))
    name = f"balanço do ano, {size:,} atendimentos"
    return [
        Figure(f"{name}: contadores", counters, "ms", floor, "tabela já somada", "até 3×"),
        Figure(f"{name}: fornecedores e grupos", ranked, "ms", round(2 * firms, 2), "já somada, 2×", "até 3×"),
        Figure(f"{name}: inteiro", whole, "ms", round(floor + 2 * firms, 2), "as mesmas tabelas", "até 3×"),
        Figure(f"{name}: inteiro", whole, "ms", round(floor + 2 * bare, 2), "contadores e dez nomes já em ordem, 2×"),
        Figure(f"ranking de {MOST:,} empresas, {size:,} atendimentos", longest, "ms", many, "tabela já somada"),
    ]


def _questions() -> Figure:
    """Every pair that can be asked of a year; the slowest is the figure."""
    from reports.measures import Medida
    from reports.questions import Question, ask, check, dimensions
    from workflow.errors import ContentRefused

    taken: dict[str, float] = {}
    for medida in (Medida.ATENDIMENTOS, Medida.RECLAMADOS):
        for linhas, colunas in product(dimensions(medida), repeat=2):
            question = Question(medida, linhas, colunas, date(2024, 1, 1), date(2025, 1, 1))
            try:
                check(question)
            except ContentRefused:
                continue
            name = f"{medida.name.lower()} por {linhas} e {colunas}"
            taken[name] = milliseconds(lambda q=question: ask(q, unidades=None), times=3)  # type: ignore[misc]
    worst = max(taken, key=lambda name: taken[name])
    firms = [ms for name, ms in taken.items() if "empresa" in name or "grupo" in name]
    others = [ms for ms in taken.values() if ms not in firms]
    slow = sum(ms > 50 for ms in taken.values())
    told = f"{len(taken)} pares, {slow} acima de 50 ms; sem fornecedor: "
    told += f"mediana {statistics.median(others):.1f}, maior {max(others):.1f}"
    return Figure(f"pergunta mais lenta ({worst}; {told})", taken[worst], "ms", goal="até 50 ms")


def _registering() -> Figure:
    """The same service with and without the triggers, in turns, so that both meet the same machine."""
    from django.db import connection

    from accounts.models import Unidade, User
    from bench.registration import _by_service
    from cases.models import Assunto
    from parties.models import Consumidor, Fornecedor
    from tests.conftest import Cast

    def switch(word: str) -> None:
        with connection.cursor() as cursor:
            for table in COUNTED:
                for trigger in ("totais_vem", "totais_mudam"):
                    cursor.execute(f"ALTER TABLE {table} {word} TRIGGER {trigger}")

    who: dict[str, Any] = {user.usuario: user for user in User.objects.all()}
    place, other = Unidade.objects.order_by("codigo")[:2]
    people = {name: who[name] for name in ("bruno", "carla", "dora", "edu", "eva", "sistema")}
    cast = Cast(
        unidade=place,
        outra=other,
        ana=Consumidor.objects.get(cpf="11144477735"),
        loja=Fornecedor.objects.get(cnpj="12ABC34501DE35"),
        banco=Fornecedor.objects.get(cnpj="00000000000191"),
        **people,
    )
    subject = Assunto.objects.all()[0]
    taken: dict[str, list[float]] = {"ENABLE": [], "DISABLE": []}
    for _ in range(ROUNDS):
        for word, times in taken.items():
            switch(word)
            times.append(milliseconds(lambda: _by_service(cast, subject), times=PER_ROUND))
    switch("ENABLE")
    with_totals, without = (statistics.median(taken[word]) for word in ("ENABLE", "DISABLE"))
    return Figure(
        "registrar com os totais", round(with_totals, 2), "ms", round(without, 2), "sem os gatilhos", "até 1,2×"
    )


def _recount(size: int) -> Figure:
    """What `verificar` does with the totals; nothing may differ."""
    from reports.selfcheck import wrong_totals

    start = time.perf_counter()
    wrong = len(list(wrong_totals()))
    return Figure(f"recontagem dos totais ({wrong} diferenças)", size / (time.perf_counter() - start), "atendimentos/s")


def _provoked() -> Figure:
    """What was registered without triggers is what the recount must find."""
    from reports.selfcheck import wrong_totals
    from reports.totals import fold

    fold()
    return Figure("recontagem: diferenças depois de registrar sem gatilhos", len(list(wrong_totals())), "diferenças")
