"""The suppliers' inbox in a browser: no violation at a desk and on a telephone, by keyboard, without JavaScript."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page

from cases.models import CIP, Assunto
from cases.services import issue_cip, register, send_cip
from notifications.models import Mensagem
from parties.services import enroll_supplier
from portal.services import ask_for_link
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_accessibility import look
from tests.conftest import Cast

DOOR = "/publico/fornecedor/caixa/"


@pytest.fixture
def letters(office: Cast) -> list[CIP]:
    """Three CIPs of the enrolled shop, two of them electronic."""
    call_command("carregar_calendario", verbosity=0)
    cache.clear()
    now = timezone.now()  # noqa: TID251  the pages under test read the real clock
    told = {"termo": "12/2026", "assinado_por": "Rui", "assinado_em": timezone.localdate(now)}
    enroll_supplier(supplier=office.loja, by=office.dora, at=now, **told)

    def letter(meio: str, days: int) -> CIP:
        case = register(
            by=office.bruno,
            at=now - timedelta(days=days),
            unidade=office.unidade,
            tipo="atendimento_preliminar",
            canal="pessoal",
            consumidor=office.ana,
            fornecedores=[office.loja],
            assunto=Assunto.objects.get(codigo=187),
            relato="Cobraram duas vezes.",
            pedido="Devolução.",
        )
        cip = issue_cip(reclamado=case.reclamados.get(), by=office.bruno, at=now - timedelta(days=days))
        return send_cip(cip=cip, meio=meio, by=office.bruno, at=now - timedelta(days=days))

    return [letter("ar", 3), letter("portal", 2), letter("portal", 1)]


def link() -> str:
    """The address in the newest message."""
    found = re.search(
        r"/publico/fornecedor/caixa/entrar/[\w-]+/", Mensagem.objects.filter(tipo="cip_caixa").latest("pk").corpo
    )
    assert found is not None
    return found[0]


def seen(page: Page, name: str) -> list[str]:
    """What is wrong with the page; its picture goes where RETRATOS says, for somebody to look at."""
    found = look(page)
    if os.environ.get("RETRATOS"):
        width = (page.viewport_size or WIDE)["width"]
        page.screenshot(path=Path(os.environ["RETRATOS"]) / f"{name}-{width}.png", full_page=True)
    return [f"{name}: {line}" for line in found]


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "360"])
def test_the_inbox_is_opened_by_keyboard_without_a_violation(
    letters: list[CIP], open_page: Callable[..., Page], size: dict[str, int]
) -> None:
    page = open_page(None, size)
    page.goto("/publico/fornecedor/")
    found = seen(page, "fornecedor")
    page.goto(DOOR)
    found += seen(page, "porta")
    page.focus("#id_cnpj")
    page.keyboard.type("12.ABC.345/01DE-35")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{DOOR}pedido/")
    found += seen(page, "pedida")
    page.goto(link())
    found += seen(page, "link")
    page.get_by_role("button", name="Entrar na caixa").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/cips/")
    found += seen(page, "lista")
    page.goto(f"{DOOR}cips/{letters[2].pk}/")
    found += seen(page, "abrir")
    page.get_by_role("button", name="Abrir a carta").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#id_respondente")
    found += seen(page, "carta")
    assert (found, CIP.objects.get(pk=letters[2].pk).status) == ([], "cientificada")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "360"])
def test_several_are_answered_by_keyboard_without_a_violation(
    letters: list[CIP], open_page: Callable[..., Page], size: dict[str, int]
) -> None:
    now = timezone.now()  # noqa: TID251  the pages under test read the real clock
    ask_for_link(cnpj="12ABC34501DE35", at=now)
    page = open_page(None, size)
    page.goto(link())
    page.get_by_role("button", name="Entrar na caixa").click()
    page.wait_for_url("**/cips/")
    for box in page.get_by_role("checkbox", name=re.compile("Marcar 35")).all():
        box.focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Responder as marcadas").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#id_respondente")
    page.get_by_role("button", name="Enviar a resposta a todas").click()
    page.wait_for_selector(".resumo-de-erros")
    found = seen(page, "varias")
    page.get_by_label("Atendemos ao pedido do consumidor").focus()
    page.keyboard.press("Space")
    for field, words in (("respondente", "Rui"), ("qualidade", "preposto")):
        page.focus(f"#id_{field}")
        page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.wait_for_selector("#t-feitas")
    found += seen(page, "feitas")
    page.goto(f"{DOOR}cips/{letters[2].pk}/recibo/")
    found += seen(page, "recibo")
    page.goto(f"{DOOR}cips/?quais=todas")
    found += seen(page, "todas")
    assert (found, list(CIP.objects.values_list("status", flat=True))) == ([], ["respondida"] * 3)


def test_the_inbox_works_without_javascript(letters: list[CIP], open_page: Callable[..., Page]) -> None:
    page = open_page(None, WIDE, java_script_enabled=False)
    page.goto(DOOR)
    page.fill("#id_cnpj", "12ABC34501DE35")
    page.get_by_role("button", name="Pedir o link").click()
    page.goto(link())
    page.get_by_role("button", name="Entrar na caixa").click()
    page.get_by_role("checkbox", name=re.compile("Marcar 35")).first.check()
    page.get_by_role("button", name="Responder as marcadas").click()
    page.locator("label", has_text="Atendemos ao pedido").click()
    page.fill("#id_respondente", "Rui")
    page.fill("#id_qualidade", "preposto")
    page.get_by_role("button", name="Enviar a resposta a todas").click()
    page.get_by_role("heading", name="Respondidas: 1").wait_for()
    page.get_by_role("button", name="Sair da caixa").click()
    page.goto(f"{DOOR}cips/")
    assert (page.url.endswith(DOOR), CIP.objects.filter(status="respondida").count()) == (True, 1)
