"""TEMP look"""
from datetime import date, datetime, timedelta
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone

from cases.models import Assunto
from cases.services import acknowledge_cip, issue_cip, record_contact, register, send_cip
from tests.browser.conftest import NARROW, WIDE

OUT = Path("/tmp/shots")
OUT.mkdir(exist_ok=True)

def shot(page, name):
    page.wait_for_load_state("networkidle")
    page.screenshot(path=OUT / f"{name}.png", full_page=True)

def test_look(office, open_page):
    call_command("carregar_calendario", verbosity=0)
    o = office
    now = timezone.now()
    past = now - timedelta(days=14)
    cases = []
    for k in range(4):
        cases.append(register(by=o.bruno, at=past, unidade=o.unidade, tipo="atendimento_preliminar", canal="pessoal", consumidor=o.ana, fornecedores=[o.loja, o.banco][: 1 + k % 2], assunto=Assunto.objects.get(codigo=187), relato="Cobraram duas vezes a mesma fatura.\nLiguei e não resolveram.", pedido="Devolução em dobro.", valor="199.90", data_compra=date(2026, 1, 15)))
    register(by=o.bruno, at=past, unidade=o.unidade, tipo="simples_consulta", canal="telefone", relato="Dúvida sobre garantia.")
    a, b = cases[1].reclamados.all()
    record_contact(reclamado=a, resultado="nao_resolvido", com_quem="SAC, Marcos", relato="Disse que a cobrança é devida.", by=o.bruno, at=past)
    record_contact(reclamado=b, resultado="sem_contato", by=o.bruno, at=past)
    c = issue_cip(reclamado=a, by=o.bruno, at=past)
    send_cip(cip=c, meio="email", by=o.bruno, at=past)
    acknowledge_cip(cip=c, on=timezone.localdate(past), by=o.bruno, at=now)
    issue_cip(reclamado=b, by=o.bruno, at=past)
    for size, tag in ((WIDE, "w"), (NARROW, "n")):
        page = open_page(o.bruno, size)
        shot(page, f"inicio-{tag}")
        page.goto("/atendimentos/")
        shot(page, f"lista-{tag}")
        page.goto(cases[1].get_absolute_url())
        page.get_by_text("Registrar resposta").first.click()
        shot(page, f"caso-{tag}")
        page.goto("/atendimentos/novo/")
        page.select_option("#id_tipo", "atendimento_preliminar")
        page.fill("#id_cpf", "111.444.777-35")
        page.press("#id_cpf", "Tab")
        page.wait_for_selector("text=já é conhecido")
        page.get_by_label("Procurar fornecedor").press_sequentially("loja")
        page.wait_for_selector("text=Encontrados")
        page.get_by_text("Endereço, nome social").click()
        page.get_by_text("Fornecedor que não está").click()
        shot(page, f"novo-{tag}")
        page.get_by_role("button", name="Registrar atendimento").click()
        page.wait_for_selector(".resumo-de-erros")
        shot(page, f"erros-{tag}")
        page.goto("/cadastros/consumidores/")
        shot(page, f"consumidores-{tag}")
        page.goto(f"/cadastros/consumidores/{o.ana.pk}/")
        shot(page, f"consumidor-{tag}")
        page.goto("/cadastros/fornecedores/")
        shot(page, f"fornecedores-{tag}")
        page.goto(f"/cadastros/fornecedores/{o.loja.pk}/corrigir/")
        shot(page, f"corrigir-{tag}")
