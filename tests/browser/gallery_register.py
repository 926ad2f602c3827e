"""The pictures of the register of founded complaints: draft and gaps, publication, what the public sees, requests.

Run by tools/shots.py, like gallery.py; pytest collects this file only when it is named.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils import timezone
from playwright.sync_api import Page

from cases.models import Assunto, Classificacao, Problema
from parties.models import Fornecedor
from tests.browser.gallery import take
from tests.conftest import Cast
from tests.reports.conftest import at
from tests.reports.register.conftest import MET, UNMET, auditor, decided


def _decisions(office: Cast, year: int) -> None:
    """Decisions of one year: most of them final, one without its reason, one that still admits appeal."""
    subject, problem = Assunto.objects.get(codigo=187), Problema.objects.get(descricao="Cobrança indevida/abusiva")
    firm = Fornecedor.objects.create(
        razao_social="Móveis Exemplo Ltda", nome_fantasia="Móveis Exemplo", cnpj="11222333000181"
    )
    founded = [(supplier, valor) for supplier in (office.banco, office.loja, firm) for valor in (UNMET, MET)]
    for place, (supplier, valor) in enumerate(founded):
        day, told = date(year, 3 + place, 25), date(year, 3 + place, 10)
        facts = {"opened": at(year, 1, 12), "assunto": subject, "problema": problem}
        decided(office, supplier, valor, day, told=told, **facts)
    decided(office, firm, UNMET, date(year, 10, 25), told=date(year, 10, 10), opened=at(year, 2, 3), motivo=" ")
    decided(office, office.banco, UNMET, None, opened=at(year, 2, 3))


def test_pictures_of_the_register(office: Cast, open_page: Callable[..., Page]) -> None:
    """A year of decisions, published by the auditor, and a supplier's request."""
    today = timezone.localdate()
    year, alice = today.year - 1, auditor("alice", office.unidade, also="coordenador")
    _decisions(office, year)
    page = open_page(alice)
    page.goto(f"/relatorios/cadastro/{year}/")
    take(page, "cadastro-rascunho")
    Classificacao.objects.filter(motivo=" ").update(motivo="Não entregou o que vendeu.")
    page.reload()
    page.get_by_label("Número do diário oficial").fill("1.234")
    page.get_by_label("Data do diário").fill(today.isoformat())
    page.get_by_label("Página").fill("12")
    page.locator("#titulo-publicar").scroll_into_view_if_needed()
    take(page, "cadastro-publicar")
    page.get_by_role("button", name=f"Publicar o cadastro de {year}").click()
    page.get_by_text("O que mudou desde a publicação").first.wait_for()
    page.goto(f"/relatorios/cadastro/{year}/pedidos/")
    page.get_by_label("Fornecedor no cadastro").select_option(index=1)
    page.get_by_label("Nome de quem pede").fill("Rui Preposto")
    page.get_by_label("Recebido em").fill(today.isoformat())
    page.get_by_label("Pedido e fundamentos").fill("A reclamação foi atendida antes da decisão; segue o comprovante.")
    page.get_by_role("button", name="Registrar").first.click()
    page.get_by_text("Rui Preposto").first.wait_for()
    take(page, "cadastro-pedidos")
    page.get_by_role("link", name="Retificação").first.click()
    take(page, "cadastro-pedido")
    public = open_page()
    public.goto(f"/publico/cadastro/{year}/")
    take(public, "cadastro-publico")
