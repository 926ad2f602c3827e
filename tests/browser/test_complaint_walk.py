"""A reclamação from its opening to the archive in a real browser, each page looked at on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page

from cases.models import Assunto, Reclamacao
from cases.services import finalize_due, open_reclamacao, register
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_accessibility import look
from tests.conftest import Cast


def do(page: Page, label: str, **fields: str) -> None:
    """Open an act of the reclamação, fill in its fields by name, and send it."""
    here = page.locator("#reclamacao details.ato", has=page.locator("summary", has_text=label)).first
    here.locator("summary").click()
    for name, value in fields.items():
        field = here.locator(f"[name^='{name}']").first
        if field.evaluate("item => item.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    here.get_by_role("button", name=label).click()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "360"])
def test_from_the_opening_to_the_archive(office: Cast, open_page: Callable[..., Page], size: dict[str, int]) -> None:
    call_command("carregar_calendario", verbosity=0)
    now = timezone.now()  # noqa: TID251  the pages under test read the real clock
    today = timezone.localdate(now).isoformat()
    case = register(
        by=office.bruno,
        at=now,
        unidade=office.unidade,
        tipo="atendimento_preliminar",
        canal="pessoal",
        consumidor=office.ana,
        fornecedores=[office.loja],
        assunto=Assunto.objects.get(codigo=187),
        relato="Cobraram duas vezes.",
    )
    open_reclamacao(atendimento=case, by=office.bruno, at=now, motivo="Sem solução.")
    bruno, edu = open_page(office.bruno, size), open_page(office.edu, size)
    found: dict[str, list[str]] = {}

    def see(page: Page, name: str) -> None:
        page.goto(case.get_absolute_url())
        found[name] = look(page)

    see(bruno, "instaurada")
    do(bruno, "Registrar envio da notificação", meio="em_maos")
    do(bruno, "Registrar recebimento", on=today)
    do(bruno, "Registrar defesa", texto="Não devemos nada.")
    see(bruno, "defesa")
    do(
        bruno,
        "Emitir manifestação técnica",
        analise="Provado.",
        base_legal="CDC",
        valor_="nao_fundamentada",
        motivo_="x",
    )
    see(edu, "parecer")
    do(edu, "Decidir", valor="nao_fundamentada", motivo="Sem prova.", base_legal="CDC, art. 6º")
    see(bruno, "decidida")
    do(bruno, "Registrar intimação das partes", on=today)
    later = now + timedelta(days=30)
    assert finalize_due(today=timezone.localdate(later), at=later) == 1
    see(bruno, "definitiva")
    do(bruno, "Arquivar a reclamação", motivo="Definitiva.")
    see(bruno, "arquivada")
    assert Reclamacao.objects.get().status == "arquivada"
    assert {name: lines for name, lines in found.items() if lines} == {}
