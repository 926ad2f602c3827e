"""Batches of CIPs: each item once, whatever is killed or started twice; their pages."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import CIP, Atendimento, ItemDoLote, Lote, Reclamado
from cases.services import cip_lots, issue_cip, issue_cips
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from workflow.errors import ContentRefused

Ap = Callable[..., Atendimento]
LIST = "/atendimentos/cips/"


@pytest.fixture(autouse=True)
def _ready(rules: None, letters_in_tmp: None) -> None:
    """Every test here issues letters."""


def clock() -> datetime:
    return NOW


def asked(cast: Cast, *cases: Atendimento) -> Lote:
    parties = Reclamado.objects.filter(atendimento__in=cases).order_by("pk")
    return cip_lots.ask_issue(reclamados=list(parties), by=cast.bruno, at=NOW)


def issued(cast: Cast, *cases: Atendimento) -> list[CIP]:
    keys = Reclamado.objects.filter(atendimento__in=cases).values_list("pk", flat=True)
    return [made.cip for made in issue_cips(reclamados=list(keys), by=cast.bruno, at=NOW) if made.cip]


def test_a_batch_is_done_and_refused_item_by_item(cast: Cast, ap: Ap) -> None:
    taken, free = ap(), ap()
    issue_cip(reclamado=taken.reclamados.get(), by=cast.bruno, at=NOW)
    lote = asked(cast, taken, free)

    assert cip_lots.run_lots(at_clock=clock) == 2
    assert cip_lots.run_lots(at_clock=clock) == 0
    first, second = lote.itens.order_by("ordem")
    assert (first.recusa[:26], first.cip, first.feito_em) == ("Já há uma CIP em andamento", None, NOW)
    assert (second.recusa, second.cip, second.feito_em) == ("", CIP.objects.get(reclamado__atendimento=free), NOW)


@pytest.mark.django_db(transaction=True)
def test_killed_between_chunks_it_goes_on_where_it_stopped(cast: Cast, ap: Ap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cip_lots, "CHUNK", 1)
    asked(cast, ap(), ap(), ap())
    turns = iter([NOW])

    with pytest.raises(StopIteration):
        cip_lots.run_lots(at_clock=lambda: next(turns))
    assert CIP.objects.count() == 1
    assert cip_lots.run_lots(at_clock=clock) == 2
    assert CIP.objects.count() == 3
    assert list(ItemDoLote.objects.exclude(recusa="")) == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_each_item_once(cast: Cast, ap: Ap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cip_lots, "CHUNK", 1)
    asked(cast, *(ap() for _ in range(4)))

    def work(_: int) -> int:
        try:
            return cip_lots.run_lots(at_clock=clock)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(work, range(2)))
    assert sum(done) == 4
    assert list(ItemDoLote.objects.values_list("recusa", flat=True)) == [""] * 4
    assert CIP.objects.count() == 4


def test_nothing_ticked_is_refused(cast: Cast) -> None:
    with pytest.raises(ContentRefused, match="Marque ao menos uma linha"):
        cip_lots.ask_issue(reclamados=[], by=cast.bruno, at=NOW)


def test_too_many_are_refused(cast: Cast, ap: Ap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cip_lots, "MOST", 1)
    with pytest.raises(ContentRefused, match="São mais de 1"):
        asked(cast, ap(), ap())


def test_an_unknown_way_of_sending_is_refused(cast: Cast, ap: Ap) -> None:
    with pytest.raises(ContentRefused, match="como as CIPs foram enviadas"):
        cip_lots.ask_sending(cips=issued(cast, ap()), rastreios={}, meio="pombo", by=cast.bruno, at=NOW)


def test_from_the_list_of_cases_to_the_letters_sent(cast: Cast, ap: Ap) -> None:
    one, two = ap(), ap(cast.loja, cast.banco)
    bruno = logged_in(cast.bruno)

    page = bruno.post(f"{LIST}emissao/", {"caso": [one.pk, two.pk]}, follow=True)
    assert "0 de 3 tratadas" in page.content.decode()
    cip_lots.run_lots(at_clock=clock)
    page = bruno.get(page.redirect_chain[-1][0])
    assert "3 de 3 tratadas: 3 feitas, 0 recusadas." in page.content.decode()

    cips = list(CIP.objects.order_by("pk"))
    sheet = bruno.post(f"{LIST}impressao/", {"cip": [cip.pk for cip in cips]})
    assert b"".join(sheet.streaming_content).startswith(b"%PDF")
    numbers = {f"rastreio_{cip.pk}": f"AA{cip.pk}BR" for cip in cips}
    bruno.post(f"{LIST}envio/", {"cip": [cip.pk for cip in cips], "meio": "ar", **numbers})
    cip_lots.run_lots(at_clock=clock)
    assert list(CIP.objects.order_by("pk").values_list("status", "rastreio")) == [
        ("enviada", f"AA{cip.pk}BR") for cip in cips
    ]


def test_who_is_from_elsewhere_sees_no_cip_and_no_batch(cast: Cast, ap: Ap) -> None:
    (cip,) = issued(cast, ap())
    lote = asked(cast, ap())
    eva = logged_in(cast.eva)
    assert list(eva.get(LIST).context["pagina"].rows) == []
    assert eva.get(f"{LIST}lotes/{lote.pk}/").status_code == 404
    assert eva.post(f"{LIST}envio/", {"cip": cip.pk, "meio": "ar"}).status_code == 422
    assert Lote.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [("", 2), ("status=enviada", 0), ("meio=ar", 0), ("de=2026-03-05", 0), ("ate=2026-03-04", 2), ("vencida=on", 0)],
)
def test_the_list_is_narrowed(cast: Cast, ap: Ap, query: str, found: int) -> None:
    issued(cast, ap(), ap())
    assert len(logged_in(cast.bruno).get(f"{LIST}?{query}").context["pagina"].rows) == found


def test_the_pages_cost_the_same_queries_however_many(cast: Cast, ap: Ap) -> None:
    bruno = logged_in(cast.bruno)
    for count in (1, 3):
        issued(cast, *(ap() for _ in range(count)))
        lote = asked(cast, *(ap() for _ in range(count)))
        with CaptureQueriesContext(connection) as listing:
            bruno.get(LIST)
        with CaptureQueriesContext(connection) as batch:
            bruno.get(lote.get_absolute_url())
        assert (len(listing), len(batch)) == (5, 4)
