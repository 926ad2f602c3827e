"""The queue, the calculator and the calendar in a real browser: nothing breaks the policy, nothing is cut off."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import Atribuicao, Papel
from cases.models import Atendimento, Senha
from cases.services import register
from cases.services.queue import issue_ticket
from deadlines.models import Suspensao
from deadlines.services import load_calendar, set_prazo
from tests.browser.conftest import NARROW, WIDE
from tests.conftest import Cast

PICTURES = os.environ.get("QUEUE_SHOTS", "")
Open = Callable[..., Page]


def _cut_off(page: Page) -> int:
    """How many pixels one would have to scroll sideways."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def _picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@pytest.fixture
def case(office: Cast) -> Atendimento:
    """A case of Ana's with a term of three weeks ago and one of today, and three people waiting."""
    now = timezone.now()  # noqa: TID251  the pages show the real day
    today = timezone.localdate(now)
    load_calendar(range(today.year - 1, today.year + 2))
    made = register(
        by=office.bruno, at=now, unidade=office.unidade, tipo="calculo", canal="pessoal", consumidor=office.ana,
        relato="Quer quitar o empréstimo.",
    )  # fmt: skip
    for days in (30, 3):
        set_prazo("cip_resposta", historico=made.historico, start=today - timedelta(days=days))
    for ordem in (3, 1, 0):
        issue_ticket(unidade=office.unidade, ordem=ordem, by=office.bruno, at=now - timedelta(minutes=5 * ordem + 1))
    Suspensao.objects.create(
        de=date(today.year, 12, 20), ate=date(today.year + 1, 1, 20), motivo="recesso", fonte="Decreto 3",
        poupa=["cip_resposta"],
    )  # fmt: skip
    Atribuicao.objects.create(user=office.bruno, unidade=office.unidade, papel=Papel.ADMINISTRADOR)
    return made


@pytest.mark.parametrize(("width", "size"), [("1280", WIDE), ("360", NARROW)])
def test_the_pages_fit_and_keep_the_policy(
    office: Cast, case: Atendimento, open_page: Open, width: str, size: dict[str, int]
) -> None:
    page = open_page(user=office.bruno, size=size)
    cut = {}
    for name, address in {
        "calendario": "/prazos/",
        "regras": "/prazos/regras/",
        "suspensao": "/prazos/suspensoes/nova/",
        "prazos": "/atendimentos/prazos/",
        "triagem": "/atendimentos/triagem/",
        "senha": f"/atendimentos/triagem/senhas/{Senha.objects.get(ordem=1).pk}/",
        "calculo": f"/atendimentos/{case.protocolo}/calculo/?especie=price",
        "painel": "/atendimentos/triagem/painel/",
    }.items():
        page.goto(address)
        cut[name] = _cut_off(page)
        _picture(page, f"{name}-{width}")
    assert {name: by for name, by in cut.items() if by > 0} == {}


def test_a_clerk_calls_with_the_keyboard_and_the_panel_follows(
    office: Cast, case: Atendimento, open_page: Open
) -> None:
    panel, desk = open_page(), open_page(user=office.bruno)
    panel.goto("/atendimentos/triagem/painel/")
    desk.goto("/atendimentos/triagem/")
    desk.get_by_label("Seu guichê").fill("2")
    desk.keyboard.press("Alt+c")
    desk.get_by_text("Senha S-003 chamada ao guichê 2.").wait_for()
    panel.get_by_text("S-003").wait_for()
    _picture(panel, "painel-chamado")
    _picture(desk, "triagem-chamada")
    assert panel.locator(".painel__guiche").inner_text() == "guichê 2"


def test_a_calculation_by_hand_shows_its_table(office: Cast, case: Atendimento, open_page: Open) -> None:
    page = open_page(user=office.bruno)
    page.goto(f"/atendimentos/{case.protocolo}/calculo/?especie=price")
    page.get_by_label("Valor financiado").fill("10.000,00")
    page.get_by_label("Taxa de juros").fill("10")
    page.get_by_label("Número de parcelas").fill("4")
    page.get_by_label("Vencimento da primeira").fill("2026-04-10")
    page.get_by_role("button", name="Calcular e guardar").click()
    page.get_by_text("Cálculo guardado no caso").wait_for()
    _picture(page, "calculo-feito")
    assert page.locator("tfoot .num").all_inner_texts() == ["12.618,83", "2.618,83", "10.000,00", ""]
