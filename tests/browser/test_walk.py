"""A clerk's walk in a real browser: with the keyboard alone, and without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

from django.core.management import call_command
from playwright.sync_api import Page

from cases.models import CIP, Atendimento
from hearings.models import Audiencia, Sala
from tests.browser import walk
from tests.conftest import Cast


def reach(page: Page, selector: str, steps: int = 40) -> None:
    """Press Tab until the element has the focus."""
    for _ in range(steps):
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} was not reached with the Tab key")


def test_a_complaint_is_registered_with_the_keyboard_alone(office: Cast, open_page: Callable[..., Page]) -> None:
    page = open_page(office.bruno)
    page.goto("/atendimentos/novo/")
    page.keyboard.type("Atendimento p")
    reach(page, "#id_cpf")
    page.keyboard.type("11144477735")
    page.keyboard.press("Tab")
    page.wait_for_selector("text=já é conhecido")
    reach(page, "#id_busca_fornecedor")
    page.keyboard.type("loja")
    page.wait_for_selector("text=Encontrados")
    reach(page, f"#fornecedor-{office.loja.pk}")
    page.keyboard.press("Space")
    reach(page, "#id_assunto")
    page.keyboard.type("Telefonia Celular (187)")
    reach(page, "#id_problema")
    page.wait_for_selector("#problemas option:first-child[value='Cobrança indevida/abusiva']", state="attached")
    reach(page, "#id_problema")
    page.keyboard.type("Cobran")
    reach(page, "#id_relato")
    page.keyboard.type("Cobraram duas vezes.")
    reach(page, "#id_valor")
    page.keyboard.type("199,90")
    reach(page, "#novo button.large")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1.protocolo, .resumo-de-erros")
    assert page.locator(".resumo-de-erros").all_inner_texts() == []
    page.wait_for_selector("h1.protocolo")
    case = Atendimento.objects.get()
    assert page.inner_text("h1.protocolo") == case.protocolo
    assert (case.consumidor, case.tipo, str(case.problema), str(case.valor)) == (
        office.ana,
        "atendimento_preliminar",
        "Cobrança indevida/abusiva",
        "199.90",
    )
    assert [item.fornecedor for item in case.reclamados.all()] == [office.loja]


def test_the_walk_from_the_log_in_to_the_hearing_without_javascript(
    office: Cast, open_page: Callable[..., Page]
) -> None:
    call_command("carregar_calendario", verbosity=0)
    page = open_page(java_script_enabled=False)
    walk.log_in(page, office.bruno)
    page.get_by_role("link", name="Novo atendimento").click()
    page.select_option("#id_tipo", "atendimento_preliminar")
    page.fill("#id_cpf", "529.982.247-25")
    page.fill("#id_nome", "Beto Lima")
    page.fill("#id_assunto", "187")
    page.fill("#id_relato", "Não entregaram.")
    page.fill("#id_busca_fornecedor", "banco")
    page.get_by_role("button", name="Procurar", exact=True).click()
    page.locator("label", has_text="Banco Exemplo").click()
    page.get_by_role("button", name="Registrar atendimento").click()
    case = Atendimento.objects.get()
    assert page.inner_text("h1.protocolo") == case.protocolo
    page.locator("summary", has_text="Registrar contato").click()
    page.locator("label", has_text="Não resolvido").click()
    page.get_by_role("button", name="Registrar contato").click()
    page.get_by_role("button", name="Emitir CIP").click()
    page.locator("summary", has_text="Registrar envio").click()
    page.get_by_label("Como foi enviada").select_option("em_maos")
    page.get_by_role("button", name="Registrar envio").click()
    page.locator("summary", has_text="Registrar resposta").click()
    page.get_by_label("Resposta do fornecedor").fill("Entregaremos amanhã.")
    page.get_by_role("button", name="Registrar resposta").click()
    assert page.locator(".cip blockquote", has_text="Entregaremos amanhã.").count() == 1
    assert CIP.objects.get().status == "respondida"
    Sala.objects.create(unidade=office.unidade, nome="Sala 1")
    page.get_by_role("link", name="Agendar audiência").click()
    page.locator("label[for=id_horario_0]").click()
    page.get_by_role("button", name="Marcar audiência").click()
    hearing = Audiencia.objects.get()
    assert (page.url.removeprefix(page.url.split("/audiencias/")[0]), hearing.atendimento) == (
        hearing.get_absolute_url(),
        case,
    )
    page.goto(case.get_absolute_url())
    page.get_by_role("link", name="Ver as audiências deste caso").click()
    assert page.get_by_text("Sala 1").count() == 1


def test_what_was_typed_stays_when_somebody_was_faster(office: Cast, open_page: Callable[..., Page]) -> None:
    page = open_page(office.bruno)
    page.goto("/atendimentos/novo/")
    page.select_option("#id_tipo", "calculo")
    page.fill("#id_nome", "Beto Lima")
    page.get_by_role("button", name="Registrar atendimento").click()
    page.wait_for_selector("h1.protocolo")
    path = page.url
    other = open_page(office.dora)
    other.goto(path)
    for window, words in ((other, "Foi embora."), (page, "Desistiu por telefone.")):
        window.locator("summary", has_text="Encerrar").last.click()
        window.get_by_label("Desfecho").first.select_option("desistencia")
        window.get_by_label("Observação").last.fill(words)
        window.locator("button[type=submit]", has_text="Encerrar").last.click()
    page.wait_for_selector("text=Alguém foi mais rápido: Dora Coordenadora fez «Encerrar» em")
    assert "Não foi feito." in page.inner_text("main")
    assert "Desistiu por telefone." in page.inner_text("section[aria-labelledby=t-digitado]")
    assert "Dora Coordenadora: Encerrar" in page.inner_text("section[aria-labelledby=t-desde]")
    assert Atendimento.objects.get().desfecho == "desistencia"
