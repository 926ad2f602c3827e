"""The law that a process remembers: read again whenever any path changed a day, a window or a rule."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from deadlines.models import Feriado, SeloDaLei
from deadlines.services import law_under, load_calendar, preview
from tests.conftest import Cast
from workflow.errors import ContentRefused

TODAY = date(2026, 3, 4)
RULE = "antecedencia_audiencia"


def seal() -> UUID:
    return SeloDaLei.objects.get().selo


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO deadlines_feriado (data, nome, ambito, facultativo, fonte) "
        "VALUES ('2026-03-10', 'Luto', 'municipal', false, 'Decreto 1')",
        "UPDATE deadlines_feriado SET nome = nome || '.'",
        "DELETE FROM deadlines_feriado",
        "INSERT INTO deadlines_suspensao (de, ate, motivo, fonte, poupa) "
        "VALUES ('2026-03-10', '2026-03-12', 'Enchente', 'Decreto 2', '{}')",
        "UPDATE deadlines_regradeprazo SET dias = dias + 1",
    ],
)
def test_any_path_that_changes_the_law_changes_its_seal(cast: Cast, statement: str) -> None:
    before = law_under(seal())
    run(statement)

    after = law_under(seal())
    assert after is not before
    assert (after.calendar, [row.dias for row in after.rules]) != (
        before.calendar,
        [row.dias for row in before.rules],
    ) or (after.basis.windows != before.basis.windows)


def test_under_the_same_seal_nothing_is_read(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    known = seal()
    law = law_under(known)
    with django_assert_num_queries(0):
        assert law_under(known) is law
        assert law.ends(RULE, start=TODAY) == law.ends(RULE, start=TODAY)
    assert law.ends(RULE, start=TODAY) == preview(RULE, start=TODAY).ends


def test_what_an_undone_transaction_saw_is_not_taken_for_the_law(cast: Cast) -> None:
    before = seal()
    with transaction.atomic():
        Feriado.objects.all().delete()
        inside = seal()
        law_under(inside)
        transaction.set_rollback(True)

    assert (seal(), law_under(seal()).calendar.years) == (before, frozenset({2026, 2027}))
    load_calendar([2028])
    assert seal() not in {before, inside}
    assert law_under(seal()).calendar.years == {2026, 2027, 2028}


def test_without_a_seal_the_law_is_read_each_time(cast: Cast) -> None:
    assert law_under(None) is not law_under(None)


def test_a_rule_that_nobody_made_is_refused(cast: Cast) -> None:
    with pytest.raises(ContentRefused, match="Não há regra de prazo «nada» em vigor em 04/03/2026"):
        law_under(seal()).rule("nada", on=TODAY)
