"""Pages read on while others register: whatever was there before comes exactly once, in one order."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from accounts.models import Unidade
from cases.models import Atendimento
from cases.services.numbering import write_case
from tests.conftest import NOW, make_cast
from tests.portal.conftest import Program, make_program

EARLIER, LATER, WRITERS = 60, 1000, 4


def _write(program: Program, unidade: Unidade, times: list[datetime]) -> None:
    """These cases in one transaction, by the statement by which every case is registered."""
    with transaction.atomic():
        for moment in times:
            case = Atendimento(
                unidade=unidade,
                tipo="simples_consulta",
                canal="portal",
                status="aberto",
                aberto_em=moment,
                atendente=program.user,
                integracao=program.user,
            )
            write_case(case, [], ano=2026)


def _write_many(program: Program, unidade: Unidade) -> None:
    """A fourth of the later cases, among, before and behind the earlier ones; each writer holds its own to another end.

    The number is a unidade's own, so writers of several unidades commit at once, and not in the order of their moments.
    """
    try:
        moments = [NOW + timedelta(seconds=37 * number % 9000 - 2000) for number in range(LATER // WRITERS)]
        size = 1 + unidade.pk % WRITERS * 3
        for start in range(0, len(moments), size):
            _write(program, unidade, moments[start : start + size])
    finally:
        connection.close()


def _walk(program: Program, order: str) -> Iterator[dict[str, Any]]:
    """Every row of every page, as a client reads them."""
    link = f"/atendimentos/?limite=20&ordem={order}"
    while link:
        page = program.get(link.removeprefix("http://testserver/api/v1")).json()
        yield from page["results"]
        link = page["next"]


@pytest.mark.django_db(transaction=True)
def test_a_thousand_cases_registered_meanwhile_hide_and_repeat_none() -> None:
    program = make_program(make_cast(), "Portal da cidade").log_in()
    posts = [
        Unidade.objects.create(codigo=f"35.001.{900 + n}", nome=f"Posto {n}", municipio="3523107")
        for n in range(WRITERS + 1)
    ]
    _write(program, posts.pop(), [NOW + timedelta(minutes=n // 3) for n in range(EARLIER)])
    before = list(Atendimento.objects.order_by("aberto_em", "id").values_list("protocolo", flat=True))

    walks: list[tuple[str, list[dict[str, Any]]]] = []
    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(_write_many, program, post) for post in posts]
        while not walks or not all(each.done() for each in writing):
            order = ("-aberto_em", "aberto_em")[len(walks) % 2]
            walks.append((order, list(_walk(program, order))))
    assert [each.result() for each in writing] == [None] * WRITERS
    assert Atendimento.objects.count() == EARLIER + LATER

    for order, rows in walks:
        seen = [row["protocolo"] for row in rows]
        moments = [row["aberto_em"] for row in rows]
        assert len(seen) == len(set(seen))
        assert [protocol for protocol in seen if protocol in before] == before[:: -1 if order == "-aberto_em" else 1]
        assert moments == sorted(moments, reverse=order == "-aberto_em")
    assert any(EARLIER < len(rows) < EARLIER + LATER for _, rows in walks)  # some were read while others were written
