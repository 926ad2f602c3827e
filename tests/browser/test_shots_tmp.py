from tests.browser.test_walk import *  # noqa


def test_shots(office, open_page):
    page = open_page(office.bruno)
    page.goto("/atendimentos/novo/")
    page.select_option("#id_tipo", "calculo")
    page.fill("#id_nome", "Beto Lima")
    page.get_by_role("button", name="Registrar atendimento").click()
    page.wait_for_selector("h1.protocolo")
    path = page.url
    page.locator("summary", has_text="Anotar número").click()
    page.get_by_label("Número", exact=True).fill("FA 0123.456/2019-7")
    page.get_by_role("button", name="Anotar", exact=True).click()
    page.wait_for_selector("text=Número anotado")
    page.screenshot(path="/tmp/wt/counter-var/numeros.png", full_page=True)
    other = open_page(office.dora)
    other.goto(path)
    for window, words in ((other, "Foi embora."), (page, "Desistiu por telefone.")):
        window.locator("summary", has_text="Encerrar").last.click()
        window.get_by_label("Desfecho").first.select_option("desistencia")
        window.get_by_label("Observação").last.fill(words)
        window.locator("button[type=submit]", has_text="Encerrar").last.click()
    page.wait_for_selector("text=Alguém foi mais rápido")
    page.screenshot(path="/tmp/wt/counter-var/segundo.png")
    page.set_viewport_size({"width": 360, "height": 900})
    page.screenshot(path="/tmp/wt/counter-var/segundo360.png")
    page.goto(path)
    page.locator("#numeros").scroll_into_view_if_needed()
    page.screenshot(path="/tmp/wt/counter-var/numeros360.png")
