"""axe-core on the main pages, at a desk and at a telephone's width: no violation of WCAG 2.2 A and AA."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page

from cases.models import Assunto, Atendimento
from cases.services import acknowledge_cip, issue_cip, record_contact, register, send_cip
from tests.browser.conftest import NARROW, WIDE
from tests.conftest import Cast

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def case(office: Cast) -> Atendimento:
    """A case with a call and a running CIP."""
    call_command("carregar_calendario", verbosity=0)
    now = timezone.now()  # noqa: TID251  the pages under test read the real clock
    made = register(
        by=office.bruno,
        at=now - timedelta(days=3),
        unidade=office.unidade,
        tipo="atendimento_preliminar",
        canal="pessoal",
        consumidor=office.ana,
        fornecedores=[office.loja, office.banco],
        assunto=Assunto.objects.get(codigo=187),
        relato="Cobraram duas vezes.",
    )
    shop, _ = made.reclamados.all()
    record_contact(reclamado=shop, resultado="nao_resolvido", by=office.bruno, at=now)
    cip = issue_cip(reclamado=shop, by=office.bruno, at=now)
    send_cip(cip=cip, meio="em_maos", by=office.bruno, at=now)
    acknowledge_cip(cip=cip, on=timezone.localdate(now), by=office.bruno, at=now)
    return made


def violations(page: Page) -> list[str]:
    """What axe finds, in one line each."""
    page.wait_for_load_state("networkidle")
    page.evaluate(AXE.read_text())
    found: list[dict[str, Any]] = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
    return [f"{item['id']}: {node['html'][:120]}" for item in found for node in item["nodes"]]


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "360"])
def test_no_violation_on_the_main_pages(
    office: Cast, case: Atendimento, open_page: Callable[..., Page], size: dict[str, int]
) -> None:
    found = {}
    page = open_page(None, size)
    page.goto("/entrar/")
    found["/entrar/"] = violations(page)
    page = open_page(office.dora, size)
    paths = ["/", "/atendimentos/", "/atendimentos/?q=ninguem", case.get_absolute_url(), "/atendimentos/novo/"]
    paths += ["/cadastros/consumidores/", f"/cadastros/consumidores/{office.ana.pk}/", "/cadastros/fornecedores/"]
    paths += [f"/cadastros/fornecedores/{office.loja.pk}/", f"/cadastros/fornecedores/{office.loja.pk}/corrigir/"]
    for path in paths:
        page.goto(path)
        assert page.locator(".pessoa").count() == 1, path
        found[path] = violations(page)
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        if wide:
            found[path].append("the page scrolls sideways")
    page.goto("/atendimentos/novo/")
    page.get_by_role("button", name="Registrar atendimento").click()
    page.wait_for_selector(".resumo-de-erros")
    found["errors"] = violations(page)
    assert {path: lines for path, lines in found.items() if lines} == {}
