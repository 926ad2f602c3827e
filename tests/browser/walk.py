"""The steps of a clerk's day in a browser, for the tests and for the pictures of the manual. Scripts are on."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import Page

from accounts.models import User

PASSWORD = "senha-de-teste-1"


def log_in(page: Page, user: User, password: str = PASSWORD) -> None:
    """From the log-in page to «Meu dia», with Enter."""
    page.goto("/entrar/")
    page.fill("#id_username", user.usuario)
    page.fill("#id_password", password)
    page.keyboard.press("Enter")
    page.wait_for_selector(".pessoa")


def fill_consumer(page: Page, *, cpf: str, nome: str, email: str) -> None:
    """The consumer's part of the intake; the CPF is looked up when it is left."""
    page.fill("#id_cpf", cpf)
    with page.expect_response("**/novo/consumidor/"):
        page.keyboard.press("Tab")
    page.wait_for_load_state("networkidle")
    page.fill("#id_nome", nome)
    page.fill("#id_email", email)
    page.fill("#id_telefone", "(11) 91234-5678")


def choose_supplier(page: Page, *, search: str, pk: int) -> None:
    """Search a supplier by name and tick it."""
    page.fill("#id_busca_fornecedor", "")
    page.locator("#id_busca_fornecedor").press_sequentially(search)
    page.locator(f"#fornecedores label[for=fornecedor-{pk}]").click()
    assert page.locator(f"#fornecedor-{pk}").is_checked()


def fill_facts(page: Page, *, assunto: str, problema: str, relato: str, pedido: str, valor: str) -> None:
    """Subject, problem and story; the problems follow the subject."""
    page.fill("#id_assunto", assunto)
    with page.expect_response("**/novo/problemas/**"):
        page.keyboard.press("Tab")
    page.wait_for_selector(f"#problemas option[value='{problema}']", state="attached")
    page.fill("#id_problema", problema)
    page.fill("#id_relato", relato)
    page.fill("#id_pedido", pedido)
    page.fill("#id_valor", valor)


def submit_intake(page: Page) -> str:
    """Register the case; its protocol."""
    page.get_by_role("button", name="Registrar atendimento").click()
    page.wait_for_selector("h1.protocolo")
    return page.inner_text("h1.protocolo")


def open_act(page: Page, part: int, name: str) -> None:
    """Open the form of an act in one supplier's part of the case (0 is the first)."""
    page.locator("article.parte").nth(part).locator("summary", has_text=name).click()


def record_call(page: Page, part: int, *, result: str, relato: str) -> None:
    """The call to one supplier and its result."""
    open_act(page, part, "Registrar contato")
    here = page.locator("article.parte").nth(part)
    here.locator("label", has_text=result).click()
    here.locator("textarea").first.fill(relato)
    here.get_by_role("button", name="Registrar contato").click()
    page.wait_for_selector(f"article.parte >> nth={part} >> text={relato}")


def issue_letter(page: Page, part: int) -> str:
    """Issue the CIP to one supplier; the address of its PDF."""
    here = page.locator("article.parte").nth(part)
    here.get_by_role("button", name="Emitir CIP").click()
    link = here.get_by_role("link", name="Carta (PDF)")
    link.wait_for()
    return str(link.get_attribute("href"))


def hand_over(page: Page, part: int) -> None:
    """The letter is handed over, and the supplier's notice of it is recorded where it is asked for."""
    here = page.locator("article.parte").nth(part)
    open_act(page, part, "Registrar envio")
    here.get_by_label("Como foi enviada").select_option("em_maos")
    here.get_by_role("button", name="Registrar envio").click()
    here.locator("text=enviada em").wait_for()


def acknowledge(page: Page, part: int, on: date) -> None:
    """Record the proven notice; the term starts."""
    here = page.locator("article.parte").nth(part)
    open_act(page, part, "Registrar ciência")
    here.locator("input[type=date]").fill(on.isoformat())
    here.get_by_role("button", name="Registrar ciência").click()
    here.locator("text=Prazo até").wait_for()


def answer(page: Page, part: int, words: str) -> None:
    """Type the supplier's answer."""
    here = page.locator("article.parte").nth(part)
    open_act(page, part, "Registrar resposta")
    here.get_by_label("Resposta do fornecedor").fill(words)
    here.get_by_role("button", name="Registrar resposta").click()
    here.locator("blockquote", has_text=words).wait_for()


def schedule_first_free(page: Page) -> str:
    """From the case to the first free time on offer; the words of that offer."""
    page.get_by_role("link", name="Agendar audiência").click()
    page.wait_for_selector("#id_horario_0", state="attached")
    offer = page.inner_text("label[for=id_horario_0]")
    page.locator("label[for=id_horario_0]").click()
    page.get_by_role("button", name="Marcar audiência").click()
    page.wait_for_selector("text=Audiência marcada.")
    return offer
