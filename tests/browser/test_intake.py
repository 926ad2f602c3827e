"""The registration page in a browser: keys counted, drafts kept, warnings shown; nothing but the keyboard."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from cases.models import Assunto, Atendimento, Rascunho
from cases.services import register
from cases.services.drafts import save_draft
from cases.services.texts import load_texts
from parties.models import Fornecedor
from tests.browser.conftest import NARROW, WIDE
from tests.browser.test_accessibility import look
from tests.browser.typing import Typist
from tests.conftest import NOW, Cast

#: Without it Chromium shows its boxes of dates in English, whatever the page's language.
PORTUGUESE = Path("/usr/lib/chromium/locales/pt-BR.pak")
NEW = "/atendimentos/novo/"
STORY = "Comprei um celular pela internet e a fatura do cartão veio em dobro. Liguei duas vezes e não resolveram."
WISH = "Devolução do que paguei a mais."
#: What the keys beyond the data may be, for a new consumer, two suppliers and eleven fields.
BEYOND_DATA = 24


def typed(page: Page, day: date) -> str:
    """The keys that a date takes in a date box: day first, unless this browser has no Portuguese."""
    american = page.evaluate("() => navigator.language").startswith("en") or not PORTUGUESE.exists()
    return f"{day:%m%d%Y}" if american else f"{day:%d%m%Y}"


def type_the_person(clerk: Typist) -> None:
    """From any page to the supplier's box: the tipo, and a consumer whom nobody knows yet."""
    clerk.press("Alt+n")
    clerk.page.wait_for_url(f"**{NEW}")
    for name, data in (
        ("tipo", "a"),
        ("cpf", "52998224725"),
        ("nome", "Beatriz Lima"),
        ("nascimento", typed(clerk.page, date(1980, 2, 3))),
        ("telefone", "11912345678"),
    ):
        clerk.reaches(name)
        clerk.type(data)
        clerk.press("Enter")
    clerk.reaches("busca_fornecedor")


def type_the_facts(clerk: Typist) -> None:
    """Both suppliers, and what happened."""
    page = clerk.page
    for supplier in ("loja", "banco"):
        clerk.type(supplier)
        clerk.press("Enter")
        page.wait_for_selector(f"#fornecedores input[checked] + label:text('{supplier.capitalize()}')")
        page.wait_for_function("() => document.getElementById('id_busca_fornecedor').value === ''")
    clerk.press("Enter")
    clerk.reaches("assunto")
    clerk.type("telef")
    clerk.press("Enter")
    clerk.reaches("problema")
    page.wait_for_selector("#problemas option:first-child[value='Cobrança indevida/abusiva']", state="attached")
    clerk.type("cobranca")
    clerk.press("Enter", times=2)
    for name, data, key in (("relato", STORY, "Tab"), ("pedido", WISH, "Tab"), ("valor", "389,90", "Enter")):
        clerk.reaches(name)
        clerk.type(data)
        clerk.press(key)
    clerk.reaches("data_compra")
    clerk.type(typed(page, date(2026, 1, 15)))


def type_the_complaint(page: Page) -> Typist:
    """From any page to the registered case of a new consumer against two suppliers, with the keyboard alone."""
    clerk = Typist(page)
    type_the_person(clerk)
    type_the_facts(clerk)
    clerk.press("Control+Enter")
    page.wait_for_selector("h1.protocolo, .resumo-de-erros")
    assert page.locator(".resumo-de-erros").all_inner_texts() == []
    return clerk


def test_a_complaint_against_two_suppliers_takes_few_keys_beyond_the_data(
    office: Cast, open_page: Callable[..., Page]
) -> None:
    page = open_page(office.bruno)
    page.goto("/")
    clerk = type_the_complaint(page)
    print(f"\n{clerk.keys} teclas para {clerk.data} caracteres de dados: {clerk.others} além dos dados.")  # noqa: T201
    case = Atendimento.objects.get()
    person = case.consumidor
    assert (person.nome, person.cpf, f"{person.nascimento:%d/%m/%Y}", person.telefone, person.municipio) == (
        "Beatriz Lima",
        "52998224725",
        "03/02/1980",
        "+5511912345678",
        office.unidade.municipio,
    )
    assert {item.fornecedor for item in case.reclamados.all()} == {office.loja, office.banco}
    assert (str(case.assunto), str(case.problema), case.relato, case.pedido) == (
        "Telefonia Celular",
        "Cobrança indevida/abusiva",
        STORY,
        WISH,
    )
    assert (str(case.valor), f"{case.data_compra:%d/%m/%Y}") == ("389.90", "15/01/2026")
    assert clerk.others <= BEYOND_DATA
    assert list(Rascunho.objects.values_list("atendimento", "dados")) == [(case.pk, {})]


def test_a_power_cut_loses_no_more_than_five_seconds(office: Cast, open_page: Callable[..., Page]) -> None:
    page = open_page(office.bruno)
    page.goto(NEW)
    page.keyboard.type("a")
    page.focus("#id_relato")
    begun = time.monotonic()
    page.keyboard.type("Cobraram duas vezes ", delay=40)
    page.wait_for_function("() => document.getElementById('rascunho').textContent.includes('guardado')")
    assert time.monotonic() - begun < 5
    assert "Cobraram duas" in Rascunho.objects.get().dados["relato"][0]
    page.keyboard.type("e nunca atendem o telefone. " + "Cobraram duas vezes e nunca atendem o telefone. ", delay=20)
    page.wait_for_timeout(3200)
    page.context.close()
    again = open_page(office.bruno)
    again.goto(NEW)
    again.get_by_role("link", name="Continuar o rascunho").click()
    assert again.input_value("#id_relato") == "Cobraram duas vezes e nunca atendem o telefone. " * 2
    assert again.input_value("#id_tipo") == "atendimento_preliminar"


def test_a_supplier_that_nobody_knows_is_made_in_place(office: Cast, open_page: Callable[..., Page]) -> None:
    page = open_page(office.bruno)
    page.goto(NEW)
    page.evaluate("htmx.config.defaultSettleDelay = 500")  # a slow machine: what came is shown long before it is ready
    page.focus("#id_busca_fornecedor")
    clerk = Typist(page)
    clerk.type("Mercado Novo")
    page.wait_for_selector("text=Ninguém com «Mercado Novo»")  # the search of its own accord, which settles later
    clerk.press("Enter")
    clerk.reaches("novo_cnpj")
    clerk.type("02558157000162")
    clerk.press("Enter")
    clerk.reaches("busca_fornecedor")
    assert page.locator("#fornecedores label", has_text="Mercado Novo").count() == 1
    assert Fornecedor.objects.get(cnpj="02558157000162").razao_social == "Mercado Novo"


def test_a_known_consumer_leads_straight_to_the_supplier_and_a_ready_text_is_put_in(
    office: Cast, open_page: Callable[..., Page]
) -> None:
    load_texts()
    page = open_page(office.bruno)
    page.goto(NEW)
    clerk = Typist(page)
    clerk.type("a")
    clerk.press("Enter")
    clerk.type("11144477735")
    clerk.press("Enter")
    clerk.reaches("busca_fornecedor")
    page.focus("#id_texto")
    clerk.type("cobr")
    clerk.press("Enter")
    page.wait_for_function("() => document.getElementById('id_relato').value.startsWith('Ana Souza relata')")
    clerk.reaches("texto")
    assert page.input_value("#id_texto") == ""


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "360"])
def test_the_page_with_every_warning_open_has_no_violation(
    office: Cast, open_page: Callable[..., Page], size: dict[str, int]
) -> None:
    load_texts()
    save_draft(envio=uuid4(), dados={"nome": ["Ana"]}, by=office.dora, at=timezone.now())  # noqa: TID251
    page = open_page(office.dora, size)
    page.goto(NEW)
    page.select_option("#id_tipo", "atendimento_preliminar")
    page.fill("#id_municipio", "Suzano (SP)")
    page.fill("#id_nascimento", "2012-05-01")
    for summary in page.locator("details.mais > summary").all():
        if not summary.locator("xpath=..").get_attribute("open"):
            summary.click()
    page.select_option("#id_forma_compra", "internet")
    page.fill("#id_data_compra", "2026-01-15")
    page.wait_for_selector("text=Mora fora do município")
    page.wait_for_selector("text=Arrependimento da compra à distância")
    page.wait_for_selector("text=menos de 18 anos")
    assert look(page) == []
    for path in ("/atendimentos/textos/", "/atendimentos/textos/novo/"):
        page.goto(path)
        assert look(page) == []
    assert Assunto.objects.count() == 2


def test_a_ready_text_is_called_into_the_record_of_a_call(office: Cast, open_page: Callable[..., Page]) -> None:
    load_texts()
    case = register(
        by=office.bruno,
        at=NOW,
        unidade=office.unidade,
        tipo="atendimento_preliminar",
        canal="pessoal",
        consumidor=office.ana,
        fornecedores=[office.loja],
        assunto=Assunto.objects.get(codigo=187),
        relato="Cobraram duas vezes.",
    )
    page = open_page(office.bruno)
    page.goto(case.get_absolute_url())
    page.locator("article.parte summary", has_text="Registrar contato").click()
    box = page.locator("article.parte").get_by_label("Inserir texto-padrão")
    box.focus()
    page.keyboard.type("sem acordo")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "() => document.querySelector('article.parte textarea').value.startsWith('Contato com Loja Modelo Ltda')"
    )
    assert look(page) == []
    assert box.input_value() == ""
    assert page.url.endswith(case.get_absolute_url())
