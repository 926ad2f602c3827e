"""Protocol numbers have no gaps, whoever comes at once and whatever is rolled back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from cases.models import Atendimento
from cases.services import register
from tests.conftest import NOW, Cast, make_cast


class UndoError(Exception):
    """Rolls a registration back."""


def _register(cast: Cast, number: int, *, undo: bool) -> str:
    try:
        with transaction.atomic():
            case = register(by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="simples_consulta", canal="telefone")
            if undo:
                raise UndoError
            return case.protocolo
    except UndoError:
        return ""
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_hundred_parallel_registrations_with_a_fifth_undone_give_eighty_consecutive_numbers() -> None:
    cast = make_cast()
    assert cast.bruno.papeis  # read once, so that the threads share it

    with ThreadPoolExecutor(16) as pool:
        given = list(pool.map(lambda n: _register(cast, n, undo=n % 5 == 4), range(100)))

    numbers = sorted(filter(None, given))
    assert numbers == [f"35.001.001.26-{n:07d}" for n in range(1, 81)]
    assert sorted(Atendimento.objects.values_list("protocolo", flat=True)) == numbers
