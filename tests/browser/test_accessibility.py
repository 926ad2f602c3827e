"""axe-core on the main pages, at a desk and at a telephone's width: no violation of WCAG 2.2 A and AA.

And no page scrolls sideways, neither there nor when a desk's browser is zoomed to 200 %. A page is opened once, and its
window then made narrower: no script of ours asks for the width, and the style sheets follow it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page

from cases.models import CIP, Assunto, Atendimento
from cases.services import acknowledge_cip, answer_cip, issue_cip, record_contact, register, send_cip
from hearings.models import Audiencia, Sala
from hearings.services import announce, first_day, free_slots, schedule
from tests.browser.conftest import NARROW, WIDE
from tests.conftest import Cast

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
#: 1280 px at 200 %: the page has half as many CSS pixels, and two dots for each.
ZOOMED = {"width": 640, "height": 450, "deviceScaleFactor": 2, "mobile": False}
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # what passes is not described node by node
}
#: Every rule at every width: what a style sheet hides at one of them, no rule sees there; and contrast and target size,
#: which must be looked at in each, take most of the time. What is no violation stays in the page.
VIOLATIONS = """async rules => (await axe.run(document, rules)).violations.flatMap(
    ({id, nodes}) => nodes.map(node => `${id}: ${node.html.slice(0, 120)}`))"""
#: The page is there, and so is what it fetches by itself.
SETTLED = "() => document.readyState === 'complete' && !document.querySelector('.htmx-request')"


CUT_OFF = """() => {
    const outside = (item) => {
        const around = item.closest(".cartao, tr, main");
        if (!around || item.closest(".rolagem, .so-leitor, .primeiro-botao, .tabela--cartoes thead")) return false;
        const inner = item.getBoundingClientRect(), outer = around.getBoundingClientRect();
        return inner.width > 1 && (inner.right > outer.right + 1 || inner.left < outer.left - 1);
    };
    const texts = document.querySelectorAll("main a, main button, main .etiqueta, main td span, main label");
    return [...texts].filter((item) => !item.matches(".so-leitor, .primeiro-botao") && outside(item))
        .map((item) => item.innerText);
}"""


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
    page.wait_for_function(SETTLED)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    return list(page.evaluate(VIOLATIONS, RULES))


def paths_of(office: Cast, case: Atendimento) -> list[str]:
    """The main pages, full and empty."""
    hearing = hearing_of(office, case)
    year = timezone.localtime(case.aberto_em).year
    day = f"{timezone.localtime(hearing.inicio):%Y-%m-%d}"
    cases = ["/", "/atendimentos/", "/atendimentos/?q=ninguem", "/atendimentos/novo/"]
    cases += [case.get_absolute_url(), f"{case.get_absolute_url()}papeis/"]
    tables = ["/audiencias/", f"/audiencias/?dia={day}", hearing.get_absolute_url()]
    tables += [f"/audiencias/nova/{case.protocolo}/", f"/audiencias/{hearing.pk}/redesignar/"]
    people = ["/cadastros/consumidores/", f"/cadastros/consumidores/{office.ana.pk}/", "/cadastros/fornecedores/"]
    people += [f"/cadastros/fornecedores/{office.loja.pk}/", f"/cadastros/fornecedores/{office.loja.pk}/corrigir/"]
    reading = ["/mensagens/", "/mensagens/?q=ninguem", "/relatorios/", f"/relatorios/balanco/{year}/"]
    reading += ["/relatorios/perguntar/", "/relatorios/ranking/", f"/relatorios/balanco/{year}/fechamento/"]
    reading += [f"/relatorios/perguntar/?medida=cips&linhas=mes&colunas=resultado&de={year}-01&ate={year}-01&filtro="]
    reading.append(f"/relatorios/balanco/?de={year}-01-10&ate={year}-03-20")
    return [*cases, *tables, *people, *reading, "/relatorios/balanco/2020/"]


def hearing_of(office: Cast, case: Atendimento) -> Audiencia:
    """The supplier answers; a hearing of the case, on the first day that the minimum lead allows."""
    now = timezone.now()  # noqa: TID251  the pages under test read the real clock
    answer_cip(cip=CIP.objects.get(), resposta="Devolveremos.", by=office.bruno, at=now)
    case.refresh_from_db()
    Sala.objects.create(unidade=office.unidade, nome="Sala 1")
    start = first_day(today=timezone.localdate(now))
    slot = free_slots(unidade=office.unidade, start=start, limit=1, consumidor=office.ana)[0]
    made = schedule(
        atendimento=case,
        reclamados=list(case.reclamados.all()),
        sala=slot.sala,
        conciliador=slot.conciliador,
        inicio=slot.inicio,
        by=office.bruno,
        at=now,
    )
    announce(audiencias=[made], by=office.bruno, at=now)
    return made


def public_paths(case: Atendimento) -> list[str]:
    """What is shown without a log-in."""
    letter = case.historico.documentos.get(tipo="cip")
    check = "/publico/documentos/"
    return [
        "/entrar/",
        "/senha/esqueci/",
        check,
        f"{check}?codigo={letter.codigo}",
        f"{check}?codigo=XXXX-XXXX-XXXX",
    ]


def sideways(page: Page) -> bool:
    """Whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def cut_off(page: Page) -> list[str]:
    """Texts of links, buttons, labels and table cells that stick out of their card or of the window."""
    return list(page.evaluate(CUT_OFF))


def look(page: Page) -> list[str]:
    """Everything that is wrong with the page that is open."""
    found = violations(page)
    found += ["the page scrolls sideways"] if sideways(page) else []
    return found + [f"sticks out: {text}" for text in cut_off(page)]


def at_both_widths(page: Page) -> list[str]:
    """What is wrong with the open page, at each width."""
    found = []
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        found += [f"{size['width']}: {line}" for line in look(page)]
    page.set_viewport_size(WIDE)
    return found


def at_200_per_cent(page: Page) -> list[str]:
    """What does not fit when the desk's browser shows the open page twice as large."""
    window = page.context.new_cdp_session(page)
    window.send("Emulation.setDeviceMetricsOverride", ZOOMED)
    assert page.evaluate("[innerWidth, innerHeight, devicePixelRatio]") == [640, 450, 2]
    found = [*(["scrolls"] if sideways(page) else []), *cut_off(page)]
    window.send("Emulation.clearDeviceMetricsOverride")
    window.detach()
    return [f"200 %: {line}" for line in found]


def test_no_violation_on_the_main_pages(office: Cast, case: Atendimento, open_page: Callable[..., Page]) -> None:
    found: dict[str, list[str]] = {}
    for user, paths in ((None, public_paths(case)), (office.dora, paths_of(office, case))):
        page = open_page(user)
        for path in paths:
            page.goto(path)
            assert page.locator(".pessoa").count() == (1 if user else 0), path
            found[path] = at_both_widths(page) + at_200_per_cent(page)
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        page.goto("/atendimentos/novo/")
        page.get_by_role("button", name="Registrar atendimento").click()
        page.wait_for_selector(".resumo-de-erros")
        found[f"errors at {size['width']}"] = look(page)
    assert {path: lines for path, lines in found.items() if lines} == {}
