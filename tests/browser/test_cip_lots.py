"""The list of CIPs, its batches and labels in a browser: no violation, by keyboard, without JavaScript, both widths."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from cases.models import CIP, Lote
from cases.services.cip_lots import run_lots
from tests.browser import letters
from tests.browser.test_accessibility import at_both_widths
from tests.conftest import Cast

Open = Callable[..., Page]
LIST = "/atendimentos/cips/"
STEPS = {"Registrar ciência, pelo AR": "ciencia", "Dar baixa": "baixa", "Etiquetas de AR": "etiquetas"}


@pytest.fixture
def ended(office: Cast) -> Lote:
    """CIPs in every state, and the batch that issued the last of them."""
    return letters.on_the_desk(office, timezone.now())  # noqa: TID251  the pages under test read the real clock


def test_no_violation_on_the_list_its_steps_and_the_batches(office: Cast, ended: Lote, open_page: Open) -> None:
    page, found = open_page(office.bruno), {}
    page.goto(LIST)
    found["list"] = at_both_widths(page)
    for button, name in STEPS.items():
        page.goto(LIST)
        page.get_by_label("Marcar todas desta página").check()
        page.get_by_role("button", name=button, exact=True).click()
        page.wait_for_url(f"**/cips/{name}/")
        found[name] = at_both_widths(page)
    page.goto(ended.get_absolute_url())
    found["ended"] = at_both_widths(page)
    page.goto(letters.running(office, ended.criado_em).get_absolute_url())
    found["running"] = at_both_widths(page)
    page.goto(f"{LIST}lotes/")
    found["lots"] = at_both_widths(page)
    page.goto(f"{LIST}?lote={ended.pk}")
    found["of the lot"] = at_both_widths(page)
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_receipts_are_typed_by_keyboard_and_the_page_follows_the_batch(
    office: Cast, ended: Lote, open_page: Open
) -> None:
    page, day = open_page(office.bruno), timezone.localdate(ended.criado_em)
    page.goto(f"{LIST}?status=enviada&meio=ar")
    page.get_by_label("Em vez das marcadas, todas as deste filtro").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Registrar ciência, pelo AR").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/cips/ciencia/")
    page.get_by_label("Data para todas").fill(day.isoformat())
    page.keyboard.press("Enter")
    page.wait_for_url("**/cips/lotes/*/")
    assert "0 de 2 tratadas: 0 feitas, 0 recusadas; faltam 2." in page.inner_text("#lote")
    run_lots(at_clock=timezone.now)  # noqa: TID251  as above
    page.get_by_role("heading", name="Terminado").wait_for()
    assert "2 de 2 tratadas: 2 feitas, 0 recusadas." in page.inner_text("#lote")
    assert CIP.objects.filter(cientificada_em=day).count() == 2


def test_without_javascript_a_batch_is_asked_for_and_followed(office: Cast, ended: Lote, open_page: Open) -> None:
    page = open_page(office.bruno, java_script_enabled=False)
    page.goto(f"{LIST}?status=respondida")
    page.locator("input[name=cip]").first.check()
    page.get_by_role("button", name="Dar baixa").click()
    page.select_option("#id_resultado", "acordo")
    page.get_by_role("button", name="Dar baixa em 1 CIP").click()
    assert page.locator("meta[http-equiv=refresh]").count() == 1
    run_lots(at_clock=timezone.now)  # noqa: TID251  as above
    page.get_by_role("link", name="Atualizar agora").click()
    assert "1 de 1 tratadas: 1 feita, 0 recusadas." in page.inner_text("#lote")
    assert page.locator("meta[http-equiv=refresh]").count() == 0
