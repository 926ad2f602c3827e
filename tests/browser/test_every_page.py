"""axe-core on every page that shows work in some state, at a desk and at a telephone's width, with one log-in.

The everyday pages are looked at in test_accessibility.py, also at 200 %. Here is the rest, each with something on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import Atribuicao, Papel, User
from cases.forms.bulk import BULK
from cases.models import Anexo, Assunto, Atendimento, Senha
from cases.services.contingency import reserve_forms
from deadlines.models import Suspensao
from hearings.models import Audiencia, Sala
from hearings.services import block
from notifications.models import Mensagem
from parties.models import Consumidor
from reports.register.services.corrections import Asked, ask_correction
from reports.register.services.publishing import Gazette, publish
from tests.browser import portal, stage
from tests.browser.conduct import conduct_paths
from tests.browser.stage import Staff
from tests.browser.test_accessibility import at_both_widths
from tests.browser.webhooks import webhook_paths
from tests.conftest import Cast
from tests.reports.conftest import at
from tests.reports.register.conftest import MET, UNMET, decided

Open = Callable[..., Page]
#: Zilda does everything: her menu is the longest, and every button that can be offered to her is.
EVERYTHING = [papel for papel in Papel if papel not in (Papel.INTEGRACAO, Papel.SISTEMA)]


@pytest.fixture
def staff(office: Cast) -> Staff:
    """The office, with Zilda, who holds every papel."""
    call_command("carregar_calendario", verbosity=0)
    now = timezone.now()  # noqa: TID251  the pages under test read the real clock
    zilda = User.objects.create_user("zilda", "senha-de-teste-1", nome="Zilda de Tudo", email="zilda@example.org")
    for papel in EVERYTHING:
        Atribuicao.objects.create(user=zilda, unidade=office.unidade, papel=papel)
    people = [office.ana, *(Consumidor.objects.create(nome=name) for name in ("Beto Lima", "Célia Prado", "Davi Reis"))]
    subject = Assunto.objects.get(codigo=187)
    suppliers = [office.loja, office.banco]
    return Staff(office.unidade, zilda, office.edu, people, suppliers, subject, now, auditor=zilda, encarregado=zilda)


def case_pages(staff: Staff) -> Iterator[str]:
    """Cases in a complaint, with an agreement, attachments, tickets, drafts."""
    analysed = stage.complaint(staff, 1, 0, 1, decided=False).atendimento
    appealed = stage.complaint(staff, 2, 0, decided=True).atendimento
    agreed = stage.agreement(staff, 3, 0)
    stage.counter(staff)
    base, ticket = "/atendimentos", staff.made["senha"]
    assert isinstance(ticket, Senha)
    paper = staff.made["anexo"]
    assert isinstance(paper, Anexo)
    yield from (one.get_absolute_url() for one in (analysed, appealed, agreed))
    yield from (f"{agreed.get_absolute_url()}{part}/" for part in ("papeis", "historico", "calculo", "acordos/novo"))
    yield from (f"{base}/{part}/" for part in ("triagem", "prazos", "acordos", "reclamacoes", "calculo", "textos"))
    yield from (f"{base}/calculo/?especie=price", f"{base}/textos/novo/", f"{base}/?mais=1", f"{base}/novo/")
    made = reserve_forms(unidade=staff.unidade, quantidades={"calculo": 2}, by=staff.clerk, at=staff.now)
    yield from (f"{base}/contingencia/?de={made[0]}&ate={made[1]}", f"{base}/novo/?contingencia={made[0]}")
    yield f"{base}/contingencia/{made[1].pk}/anular/"
    yield from (f"{base}/triagem/senhas/{ticket.pk}/", f"{base}/triagem/painel/", "/", "/mensagens/", "/copias/")


def hearing_pages(staff: Staff, case_of: Atendimento) -> Iterator[str]:
    """A hearing that the consumer cannot come to, an absence, the agenda's settings."""
    Sala.objects.create(unidade=staff.unidade, nome="Sala 1")
    made = stage.hearing(staff, case_of)
    away = made.inicio + timedelta(days=3)
    block(
        unidade=staff.unidade, conciliador=made.conciliador, inicio=away, fim=away + timedelta(hours=4),
        motivo="férias", by=staff.clerk, at=staff.now,
    )  # fmt: skip
    staff.made["parte"] = stage.ask_for_another_date(made, staff.now)
    day = f"{timezone.localtime(made.inicio):%Y-%m-%d}"
    yield from (made.get_absolute_url(), f"/audiencias/do-caso/{case_of.protocolo}/")
    yield from message_pages(made)
    yield from (f"/audiencias/{view}/?dia={day}" for view in ("semana", "mes"))
    yield from ("/audiencias/agenda/", f"/audiencias/agenda/{staff.unidade.pk}/")
    yield from (f"/audiencias/?dia={day}&por=conciliador", f"/audiencias/gestao/?de={day}&ate={day}")
    yield f"{made.get_absolute_url()}etiquetas/"
    yield from ("/audiencias/sem-expediente/", f"/audiencias/no-periodo/?de={day}&ate={day}")
    yield f"/audiencias/nova/{case_of.protocolo}/"
    staff.made["mutirao"] = stage.mutirao(staff, 1)
    yield from ("/audiencias/mutirao/", str(staff.made["mutirao"]))


def message_pages(of: Audiencia) -> Iterator[str]:
    """A message that came back, and one that waits."""
    back, waits = Mensagem.objects.filter(referencia=of.referencia).order_by("pk")[:2]
    said = "5.1.1 550 5.1.1 <ana@example.org>: Recipient address rejected: User unknown in local recipient table"
    Mensagem.objects.filter(pk=back.pk).update(situacao=Mensagem.Situacao.DEVOLVIDA, motivo=said)
    yield from (f"/mensagens/{row.pk}/" for row in (back, waits))


def term_pages(now: datetime) -> list[str]:
    """The calendar and its settings."""
    year = timezone.localtime(now).year
    Suspensao.objects.create(
        de=date(year, 12, 20), ate=date(year + 1, 1, 20), motivo="recesso", fonte="Decreto 3",
        poupa=["cip_resposta"],
    )  # fmt: skip
    parts = ("", "mudancas/", "regras/", "regras/cip_resposta/nova/", "dias/novo/", "suspensoes/nova/")
    return [f"/prazos/{part}" for part in parts]


def founded_pages(office: Cast, staff: Staff) -> list[str]:
    """The register of founded complaints of last year: published, changed since, with a request."""
    year, today = timezone.localdate(staff.now).year - 1, timezone.localdate(staff.now)
    auditor = Atribuicao.objects.get(user=staff.auditor, papel=Papel.AUDITOR).user
    for supplier, valor in ((office.banco, UNMET), (office.loja, MET), (office.loja, UNMET)):
        decided(office, supplier, valor, date(year, 4, 25), told=date(year, 4, 10), opened=at(year, 2, 3))
    version = publish(ano=year, diario=Gazette("1.234", today, "12"), by=auditor, at=staff.now, today=today)
    asked = Asked("retificacao", "fornecedor", "Rui Preposto", today, "Foi atendida.", version.linhas.first())
    ask_correction(cadastro=version, pedido=asked, by=auditor, at=staff.now)
    decided(office, office.banco, MET, date(year, 6, 25), opened=at(year, 2, 3), motivo=" ")
    return [f"/relatorios/cadastro/{year}/", f"/relatorios/cadastro/{year}/pedidos/", f"/publico/cadastro/{year}/"]


def people_pages(office: Cast) -> list[str]:
    """Who works here, one of them, and who may do what."""
    one = f"/cadastros/usuarios/{office.bruno.pk}/"
    parts = ("", "corrigir/", f"papeis/{office.unidade.pk}/", "desativar/", "segundo-fator/")
    units = ("", "nova/", f"{office.unidade.pk}/")
    pages = ["/cadastros/usuarios/", "/cadastros/usuarios/novo/", "/quem-pode/"]
    return [*pages, *(f"/cadastros/unidades/{part}" for part in units), *(f"{one}{part}" for part in parts)]


def test_no_violation_on_any_page_with_work_on_it(office: Cast, staff: Staff, open_page: Open, tmp_path: Path) -> None:
    heard = stage.complaint(staff, 0, 0, decided=False).atendimento
    paths = [*case_pages(staff), *hearing_pages(staff, heard), *term_pages(staff.now)]
    paths += conduct_paths(tmp_path, [str(staff.suppliers[0])], staff.now)
    stage.registers(staff)
    paths += stage.register_paths(staff) + founded_pages(office, staff)
    paths += webhook_paths(office, staff.now)
    paths += people_pages(office)
    paths += [f"/relatorios/{name}/" for name in ("painel", "indices", "perfil", "gestao")]
    paths += [*portal.integration_paths(staff), f"{heard.get_absolute_url()}chave/"]
    page, found = open_page(staff.clerk), {}
    for path in [*paths, *stage.account_paths(staff)]:  # after the log-in: the next one asks for the second factor
        answer = page.goto(path)
        assert answer is not None
        assert (path, answer.status, page.locator("h1").count()) == (path, 200, 1)
        found[path] = at_both_widths(page)
    page.goto("/")
    assert menu_lines(page) == 1
    assert page.locator("#menu-lista [aria-current]").count() == 1
    stage.preview(page, str(staff.made["mutirao"]))
    found["prévia do mutirão"] = at_both_widths(page)
    found |= searched_and_in_bulk(page)
    assert {path: lines for path, lines in found.items() if lines} == {}


def menu_lines(page: Page) -> int:
    """On how many lines the main menu stands."""
    script = "items => new Set(items.map(item => Math.round(item.getBoundingClientRect().top))).size"
    return int(page.locator("#menu-lista > li").evaluate_all(script))


def searched_and_in_bulk(page: Page) -> dict[str, list[str]]:
    """The search box's results, and one act on many cases."""
    found = {}
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("loja")
    page.keyboard.press("Enter")
    page.wait_for_url("**/busca/**")
    found["busca"] = at_both_widths(page)
    page.goto("/atendimentos/")
    page.locator("input[name=caso]").first.check()
    page.get_by_role("button", name="Tratar os marcados").click()
    page.wait_for_url("**/lote/**")
    found["lote"] = at_both_widths(page)
    chosen = page.url
    for act in BULK:
        page.goto(f"{chosen}?ato={act}")
        found[f"lote {act}"] = at_both_widths(page)
    return found


def test_no_violation_on_what_the_parties_see(staff: Staff, open_page: Open) -> None:
    list(hearing_pages(staff, stage.complaint(staff, 0, 0, decided=False).atendimento))
    code = stage.mailed_letter(staff, 1, 0)
    page, found = open_page(), {}
    parts = ("", "fornecedor/", "dados-abertos/", "balanco/")
    for path in (*(f"/publico/{part}" for part in parts), str(staff.made["parte"])):
        page.goto(path)
        found[path] = at_both_widths(page)
    portal.open_case(page, staff, portal.answered_case(staff))
    found["acompanhamento"] = at_both_widths(page)
    page.goto("/publico/fornecedor/")
    page.get_by_label("Código").fill(code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/fornecedor/cip/")
    found["cip"] = at_both_widths(page)
    page.locator("label[for=id_especie_1]").click()
    page.locator("[name=resposta]").fill("Devolvemos em dez dias.")
    page.locator("form", has=page.locator("[name=resposta]")).locator("button[type=submit]").click()
    page.wait_for_selector(".resumo-de-erros")
    found["errors"] = at_both_widths(page)
    assert {path: lines for path, lines in found.items() if lines} == {}
