"""The pictures of docs/img: an office with a small year behind it and today's work on its desk. Run by tools/shots.py.

Pytest collects this file only when it is named. The pages come from the same steps as the tests' walk.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from access.rules import code_of
from access.services.typed import keep_typed
from accounts.models import User
from cases.models import Assunto, Atendimento, ProblemaDoAssunto
from cases.services import acknowledge_cip, answer_cip, issue_cip, record_contact, register, send_cip
from cases.services.texts import load_texts
from deadlines.services import office_calendar
from documents.models import Documento
from hearings.models import Audiencia
from hearings.services import announce, confirm, free_slots, notify, schedule
from parties.models import Consumidor, Fornecedor, GrupoDeConsumidores, GrupoDeDuplicados
from procon.demo.build import build
from procon.demo.cast import PASSWORD
from tests.browser import letters, stage, walk
from tests.browser.conduct import conduct_paths
from tests.browser.conftest import NARROW, WIDE
from tests.browser.conftest import PASSWORD as OFFICE_PASSWORD
from tests.browser.stage import Staff
from tests.conftest import Cast

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("SHOTS_DIR") or ROOT / "docs" / "img")
SCALE = float(os.environ.get("SHOTS_ESCALA") or 0.1)
YEAR = 2023
#: A picture is cut at the first of these heights (px) at which it weighs less than this (bytes).
HEIGHTS, HEAVIEST = (1600, 1250, 900), 250_000
MONTHS = timedelta(days=60)
STORY = "Comprei o aparelho em 12 parcelas e a fatura veio com o valor dobrado. Liguei duas vezes e não resolveram."
WISH = "Devolução do que paguei a mais e fatura corrigida."
ANSWER = "Reconhecemos a cobrança em duplicidade. O valor será devolvido na próxima fatura."


@pytest.fixture
def desk(transactional_db: None, settings: pytest.FixtureRequest, tmp_path: Path) -> Atendimento:
    """A small year of 2023, and what is on the desk today; the case that the pictures follow."""
    settings.MEDIA_ROOT = tmp_path
    build(ano=YEAR, escala=SCALE)
    now = timezone.now()  # noqa: TID251  the pages show the real day
    cases = [_case(number, now) for number in range(9)]
    _todays_hearings(cases[:5], now)
    return cases[0]


def _case(number: int, now: datetime) -> Atendimento:
    """A complaint of the last weeks whose letter is out, and answered in every second one."""
    bruno, begun = User.objects.get(usuario="bruno"), now - timedelta(days=25 - number)
    subject = list(Assunto.objects.order_by("-area", "codigo"))[number * 7]
    offered = ProblemaDoAssunto.objects.filter(assunto=subject).order_by("-frequencia").first()
    suppliers = list(Fornecedor.objects.order_by("pk"))[number : number + 2 - number % 2]
    case = register(
        by=bruno,
        at=begun,
        unidade=bruno.atribuicoes.get().unidade,
        tipo="atendimento_preliminar",
        canal="pessoal",
        consumidor=Consumidor.objects.order_by("pk")[number],
        fornecedores=suppliers,
        assunto=subject,
        problema=offered.problema if offered else None,
        relato=STORY,
        pedido=WISH,
        valor=Decimal("389.90"),
        data_compra=begun.date() - timedelta(days=40),
    )
    for reclamado in case.reclamados.all():
        record_contact(
            reclamado=reclamado,
            resultado="nao_resolvido",
            by=bruno,
            at=begun + timedelta(minutes=20),
            com_quem="Marina, do SAC",
            relato="Não aceitaram devolver.",
        )
        cip = issue_cip(reclamado=reclamado, by=bruno, at=begun + timedelta(minutes=25))
        send_cip(cip=cip, meio="em_maos", by=bruno, at=begun + timedelta(days=1))
        noticed = begun + timedelta(days=1 if number < 5 else 8 + number)
        acknowledge_cip(cip=cip, on=timezone.localdate(noticed), by=bruno, at=noticed)
        if number < 5:
            answer_cip(cip=cip, resposta=ANSWER, by=bruno, at=noticed + timedelta(days=6))
    return case


def _todays_hearings(cases: list[Atendimento], now: datetime) -> None:
    """Today's agenda, or the next working day's."""
    bruno, day, booked = User.objects.get(usuario="bruno"), office_calendar().next_working_day(now.date()), now
    booked -= timedelta(days=14)
    for number, case in enumerate(cases):
        case.refresh_from_db()
        online = number == 3
        slots = free_slots(
            unidade=case.unidade,
            start=day,
            days=1,
            after=booked,
            modalidade="virtual" if online else "presencial",
            consumidor=case.consumidor,
        )
        slot = slots[number * 2]
        made = schedule(
            atendimento=case,
            reclamados=list(case.reclamados.all()),
            sala=slot.sala,
            conciliador=slot.conciliador,
            inicio=slot.inicio,
            modalidade="virtual" if online else "presencial",
            by=bruno,
            at=booked,
        )
        announce(audiencias=[made], by=bruno, at=booked)
        if number < 4:
            notify(audiencia=made, como="e-mail e carta", by=bruno, at=booked + timedelta(hours=1))
        if number < 2:
            confirm(audiencia=made, quem="o fornecedor, por e-mail", by=bruno, at=booked + timedelta(days=1))


def take(page: Page, name: str) -> None:
    """The page at both widths, whole up to a limit, into the folder of pictures."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        page.mouse.move(0, 0)
        page.wait_for_load_state("networkidle")
        page.evaluate("() => { document.activeElement?.blur(); window.scrollTo(0, 0); return document.fonts.ready; }")
        width, path = size["width"], TARGET / f"{name}-{size['width']}.png"
        whole = page.evaluate("document.documentElement.scrollHeight")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls sideways at {width}"
        for tallest in HEIGHTS:
            page.set_viewport_size({"width": width, "height": max(min(whole, tallest), size["height"])})
            page.screenshot(path=path, animations="disabled")
            if path.stat().st_size < HEAVIEST:
                break
    page.set_viewport_size(WIDE)


def test_pictures(desk: Atendimento, open_page: Callable[..., Page], tmp_path: Path) -> None:
    """Walk through the office and take the pictures."""
    page = open_page()
    page.goto("/entrar/")
    take(page, "entrar")
    letter = Documento.objects.filter(historico=desk.historico, tipo="cip").first()
    page.goto(f"/publico/documentos/?codigo={letter.codigo}")
    take(page, "conferencia")
    page.goto("/publico/dados-abertos/")
    take(page, "dados-abertos")
    walk.log_in(page, User.objects.get(usuario="dora"), PASSWORD)
    take(page, "inicio")
    hearing = Audiencia.objects.get(atendimento=desk)
    day: date = timezone.localdate(hearing.inicio)
    for name, path in (
        ("atendimentos", "/atendimentos/"),
        ("atendimento", desk.get_absolute_url()),
        ("audiencias", f"/audiencias/?dia={day.isoformat()}"),
        ("audiencia", hearing.get_absolute_url()),
        ("audiencia-nova", f"/audiencias/nova/{desk.protocolo}/"),
        ("mensagens", "/mensagens/"),
        ("relatorios", "/relatorios/"),
        ("balanco", f"/relatorios/balanco/{YEAR}/"),
        ("painel-do-ano", f"/relatorios/painel/?ano={YEAR}"),
        ("indices", f"/relatorios/indices/?de={YEAR}-01-01&ate={YEAR}-12-31"),
        ("perfil", f"/relatorios/perfil/?ano={YEAR}"),
        ("gestao", "/relatorios/gestao/"),
        ("ranking", f"/relatorios/ranking/?por=volume&nivel=radical&fonte=tudo&de={YEAR}-01&ate={YEAR}-12"),
        ("fornecedores", "/cadastros/fornecedores/"),
    ):
        page.goto(path)
        take(page, name)
    _conduct(page, tmp_path)
    _intake(page)
    _more(open_page, desk)


def test_pictures_of_letters(office: Cast, open_page: Callable[..., Page]) -> None:
    """CIPs: the list, what is asked before a batch, how one gets on, the labels' page, the supplier's inbox."""
    now = timezone.now()  # noqa: TID251  the pages show the real day
    ended, page = letters.on_the_desk(office, now), open_page(office.bruno)
    page.goto("/atendimentos/cips/")
    take(page, "cips")
    for button, name in (("Registrar ciência, pelo AR", "cips-ciencia"), ("Etiquetas de AR", "cips-etiquetas")):
        page.goto("/atendimentos/cips/?status=enviada" if name == "cips-ciencia" else "/atendimentos/cips/")
        page.get_by_label("Marcar todas desta página").check()
        page.get_by_role("button", name=button, exact=True).click()
        page.wait_for_url(f"**/{name.replace('-', '/')}/")
        take(page, name)
    page.goto(ended.get_absolute_url())
    take(page, "cip-lote")
    page.goto(letters.running(office, now).get_absolute_url())
    take(page, "cip-lote-andamento")
    page = open_page()
    page.goto(letters.inbox_link(office, now))
    page.get_by_role("button", name="Entrar na caixa").click()
    page.wait_for_url("**/caixa/cips/")
    take(page, "caixa")


def _conduct(page: Page, tmp_path: Path) -> None:
    """Suppliers beside their conduct on consumidor.gov.br."""
    now = timezone.now()  # noqa: TID251  the pages show the real day
    names = [str(row) for row in Fornecedor.objects.filter(reclamacoes__atendimento__aberto_em__gt=now - MONTHS)]
    compared, alone = conduct_paths(tmp_path, sorted(set(names))[:6], now)
    for name, path in (("consumidor-gov", compared), ("consumidor-gov-sem", alone)):
        page.goto(path)
        take(page, name)


def _staff(desk: Atendimento) -> Staff:
    """Dora does the work of the pictures, Alice audits, Otto answers for privacy."""
    users = {user.usuario: user for user in User.objects.all()}
    people, subject = list(Consumidor.objects.order_by("pk")[20:26]), Assunto.objects.get(codigo=187)
    suppliers = list(Fornecedor.objects.exclude(email="").exclude(cnpj="").order_by("pk")[5:20:5])
    now = timezone.now()  # noqa: TID251  the pages show the real day
    return Staff(
        desk.unidade,
        users["dora"],
        users["edu"],
        people,
        suppliers,
        subject,
        now,
        auditor=users["auditor"],
        encarregado=users["encarregado"],
    )


def _more(open_page: Callable[..., Page], desk: Atendimento) -> None:
    """The counter, a complaint, an agreement, the registers, privacy, and what the parties see."""
    staff = _staff(desk)
    analysed = stage.complaint(staff, 0, 0, 1, decided=True).atendimento
    agreed = stage.agreement(staff, 1, 0)
    stage.counter(staff)
    stage.registers(staff)
    load_texts()
    hearing = stage.hearing(staff, analysed)
    invited = stage.ask_for_another_date(hearing, staff.now)
    shop, group = staff.suppliers[0], staff.made["grupo"]
    assert isinstance(group, GrupoDeDuplicados)
    day = timezone.localdate(hearing.inicio).isoformat()
    page = open_page(size=WIDE)
    walk.log_in(page, staff.clerk, PASSWORD)
    for name, path in (
        ("triagem", "/atendimentos/triagem/"),
        ("painel", "/atendimentos/triagem/painel/"),
        ("textos", "/atendimentos/textos/"),
        ("prazos-em-curso", "/atendimentos/prazos/"),
        ("reclamacao", analysed.get_absolute_url()),
        ("reclamacoes", "/atendimentos/reclamacoes/"),
        ("acordo", agreed.get_absolute_url()),
        ("acordos", "/atendimentos/acordos/"),
        ("papeis", f"{agreed.get_absolute_url()}papeis/"),
        ("historico", f"{agreed.get_absolute_url()}historico/"),
        ("calendario", "/prazos/"),
        ("semana", f"/audiencias/semana/?dia={day}"),
        ("mes", f"/audiencias/mes/?dia={day}"),
        ("agenda", f"/audiencias/agenda/{staff.unidade.pk}/"),
        ("pedido-de-data", hearing.get_absolute_url()),
        ("fornecedor", f"/cadastros/fornecedores/{shop.pk}/"),
    ):
        page.goto(path)
        take(page, name)
    page.goto(stage.mutirao(staff, 2))
    take(page, "mutirao")
    stage.preview(page, page.url)
    take(page, "mutirao-previa")
    page.goto(f"/audiencias/gestao/?de={YEAR}-01-01&ate={YEAR}-12-31")
    take(page, "audiencias-numeros")
    _calculated(page, agreed)
    _found(page)
    registers = {"duplicados": "/cadastros/duplicados/", "duplicado": f"/cadastros/duplicados/{group.pk}/"}
    people = staff.made["pessoas"]
    assert isinstance(people, GrupoDeConsumidores)
    base = "/cadastros/consumidores"
    registers |= {"consumidor": f"{base}/{staff.people[0].pk}/", "pessoas-duplicadas": f"{base}/duplicados/"}
    _all(open_page(), staff.auditor, registers | {"pessoa-duplicada": f"{base}/duplicados/{people.pk}/"})
    privacy = {"privacidade": "/privacidade/", "privacidade-pessoa": f"/privacidade/pessoas/{staff.people[0].pk}/"}
    _all(open_page(), staff.encarregado, privacy | {"solicitacoes": "/privacidade/solicitacoes/"})
    _outside(open_page(), invited, stage.mailed_letter(staff, 3, 1))


def _all(page: Page, user: User, paths: dict[str, str]) -> None:
    walk.log_in(page, user, PASSWORD)
    for name, path in paths.items():
        page.goto(path)
        take(page, name)


def _calculated(page: Page, case: Atendimento) -> None:
    page.goto(f"{case.get_absolute_url()}calculo/?especie=price")
    page.get_by_label("Valor financiado").fill("10.000,00")
    page.get_by_label("Taxa de juros").fill("2,5")
    page.get_by_label("Número de parcelas").fill("6")
    page.get_by_label("Vencimento da primeira").fill("2026-04-10")
    page.get_by_role("button", name="Calcular e guardar").click()
    page.get_by_text("Cálculo guardado no caso").wait_for()
    take(page, "calculo")


def _found(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("aparelho fatura")
    page.keyboard.press("Enter")
    page.wait_for_url("**/busca/**")
    take(page, "busca")
    page.goto("/atendimentos/")
    for number in range(4):
        page.locator("input[name=caso]").nth(number).check()
    page.get_by_role("button", name="Tratar os marcados").click()
    page.wait_for_url("**/lote/**")
    take(page, "lote")


def _outside(page: Page, invited: str, code: str) -> None:
    page.goto(invited)
    take(page, "parte")
    page.goto("/publico/fornecedor/")
    take(page, "fornecedor-publico")
    page.get_by_label("Código").fill(code)
    page.keyboard.press("Enter")
    page.wait_for_url("**/fornecedor/cip/")
    take(page, "cip-publica")


def _intake(page: Page) -> None:
    supplier = Fornecedor.objects.order_by("pk")[3]
    subject = Assunto.objects.get(codigo=187)
    offered = ProblemaDoAssunto.objects.filter(assunto=subject).order_by("-frequencia").first()
    page.goto("/atendimentos/novo/")
    page.select_option("#id_tipo", "atendimento_preliminar")
    walk.fill_consumer(page, cpf="529.982.247-25", nome="Beatriz Lima", email="beatriz@example.org")
    walk.choose_supplier(page, search=str(supplier), pk=supplier.pk)
    walk.fill_facts(
        page,
        assunto=f"{subject} (187)",
        problema=str(offered.problema),
        relato=STORY,
        pedido=WISH,
        valor="389,90",
    )
    take(page, "atendimento-novo")


def test_pictures_of_the_account(office: Cast, open_page: Callable[..., Page]) -> None:
    """Log-in, second factor, one's own account."""
    page = open_page(office.bruno)
    for name, path in (
        ("segundo-fator", ""),
        ("segundo-fator-aplicativo", "aplicativo/"),
        ("segundo-fator-chave", "chave/"),
    ):
        page.goto(f"/conta/segundo-fator/{path}")
        take(page, name)
    page.goto("/conta/segundo-fator/aplicativo/")
    secret = page.locator(".segredo").inner_text().replace(" ", "")
    page.fill("#id_codigo", code_of(secret, int(time.time()) // 30))
    page.get_by_role("button", name="Confirmar").click()
    page.wait_for_selector(".codigos")
    take(page, "segundo-fator-codigos")
    step = open_page()
    step.goto("/entrar/")
    step.fill("#id_username", "bruno")
    step.fill("#id_password", OFFICE_PASSWORD)
    step.keyboard.press("Enter")
    step.wait_for_url("**/segundo-fator/")
    take(step, "entrar-segundo-fator")
    now = timezone.now()  # noqa: TID251  the pages show the real day
    fields = {"nome": ["Ana Souza"], "relato": [STORY], "pedido": [WISH]}
    kept = keep_typed(caminho="/atendimentos/novo/", fields=fields, files=["nota.pdf"], by=office.bruno, at=now)
    digitado = f"/conta/digitado/{kept.pk}/"
    for name, path in (("conta", "/conta/"), ("conta-senha", "/conta/senha/"), ("conta-digitado", digitado)):
        page.goto(path)
        take(page, name)
