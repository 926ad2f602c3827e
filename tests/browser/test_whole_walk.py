"""One complaint from the log-in to the balance, as a clerk does it with scripts on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from cases.models import CIP, Atendimento, Contato
from hearings.models import Audiencia, Reserva, Sala
from tests.browser import walk
from tests.conftest import Cast

ANSWER = "Devolveremos o valor cobrado duas vezes."


@pytest.fixture
def office_with_a_room(office: Cast) -> Cast:
    """The cast, with one room for hearings."""
    Sala.objects.create(unidade=office.unidade, nome="Sala 1")
    return office


def test_a_complaint_from_the_log_in_to_the_balance(office_with_a_room: Cast, open_page: Callable[..., Page]) -> None:
    office, page = office_with_a_room, open_page()
    walk.log_in(page, office.bruno)
    protocol = register_complaint(page, office)
    case = Atendimento.objects.get(protocolo=protocol)
    letter = letter_goes_out(page, case)
    answer_comes_in(page, case)
    hearing_is_agreed(page, case)
    case_is_closed(page, case)
    balance_counts_it(open_page(office.dora), case)
    public_check_knows_the_letter(open_page(), letter)


def register_complaint(page: Page, office: Cast) -> str:
    page.get_by_role("link", name="Novo atendimento").click()
    page.select_option("#id_tipo", "atendimento_preliminar")
    walk.fill_consumer(page, cpf="529.982.247-25", nome="Beto Lima", email="beto@example.org")
    walk.choose_supplier(page, search="loja", pk=office.loja.pk)
    walk.choose_supplier(page, search="banco", pk=office.banco.pk)
    walk.fill_facts(
        page,
        assunto="Telefonia Celular (187)",
        problema="Cobrança indevida/abusiva",
        relato="Cobraram duas vezes.",
        pedido="Devolver.",
        valor="1.199,90",
    )
    protocol = walk.submit_intake(page)
    case = Atendimento.objects.get()
    assert (protocol, str(case.consumidor), str(case.valor), case.status) == (
        case.protocolo,
        "Beto Lima",
        "1199.90",
        "aberto",
    )
    assert [item.fornecedor for item in case.reclamados.all()] == [office.banco, office.loja]
    return protocol


def letter_goes_out(page: Page, case: Atendimento) -> str:
    walk.record_call(page, 0, result="Não resolvido", relato="Não aceitaram devolver.")
    assert Contato.objects.get().resultado == "nao_resolvido"
    address = walk.issue_letter(page, 0)
    answer = page.request.get(address)
    assert (answer.status, answer.headers["content-type"], answer.body()[:5]) == (200, "application/pdf", b"%PDF-")
    walk.hand_over(page, 0)
    walk.acknowledge(page, 0, timezone.localdate())
    cip = CIP.objects.select_related("prazo", "documento").get()
    assert (cip.status, cip.meio, str(cip.prazo.regra)) == (
        "cientificada",
        "em_maos",
        "cip_resposta v1: 10 dias corridos",
    )
    case.refresh_from_db()
    assert case.status == "aguarda_fornecedor"
    return str(cip.documento.codigo)


def answer_comes_in(page: Page, case: Atendimento) -> None:
    walk.answer(page, 0, ANSWER)
    case.refresh_from_db()
    assert (CIP.objects.get().status, case.status) == ("respondida", "aguarda_consumidor")


def hearing_is_agreed(page: Page, case: Atendimento) -> None:
    offer = walk.schedule_first_free(page)
    hearing = Audiencia.objects.get(atendimento=case)
    start = timezone.localtime(hearing.inicio)
    assert (offer, hearing.status) == (f"{start:%d/%m/%Y às %H:%M} (Sala 1, Carla Conciliadora)", "agendada")
    assert Reserva.objects.filter(audiencia=hearing).count() == 3
    page.goto(f"/audiencias/?dia={start:%Y-%m-%d}")
    row = page.locator("tr", has_text=case.protocolo)
    assert (row.count(), f"{start:%H:%M}" in row.inner_text(), "Beto Lima" in row.inner_text()) == (1, True, True)
    page.goto(case.get_absolute_url())
    page.wait_for_selector(f"text={start:%d/%m/%Y, %H:%M}")


def case_is_closed(page: Page, case: Atendimento) -> None:
    closing = page.locator("details.ato", has=page.get_by_label("Desfecho"))
    closing.locator("summary").click()
    closing.get_by_label("Desfecho").select_option("resolvido_cip")
    closing.get_by_label("Observação").fill("O consumidor aceitou a devolução.")
    closing.locator("button[type=submit]").click()
    page.wait_for_selector(".etiqueta >> text=Encerrado")
    case.refresh_from_db()
    assert (case.status, case.desfecho) == ("encerrado", "resolvido_cip")


def balance_counts_it(page: Page, case: Atendimento) -> None:
    hearing = Audiencia.objects.get(atendimento=case)
    this_year, its_year = (timezone.localtime(moment).year for moment in (case.aberto_em, hearing.inicio))
    shown = balance_of(page, this_year)
    wanted = {"Atendimentos": "1", "Atendimentos preliminares abertos": "1", "CIPs emitidas": "1"}
    assert {name: shown.get(name) for name in wanted} == wanted
    assert balance_of(page, its_year)["Audiências agendadas"] == "1"


def balance_of(page: Page, year: int) -> dict[str, str]:
    page.goto(f"/relatorios/balanco/{year}/")
    summary = page.locator("section", has=page.locator("#titulo-resumo")).locator("dl")
    return dict(zip(summary.locator("dt").all_inner_texts(), summary.locator("dd").all_inner_texts(), strict=True))


def public_check_knows_the_letter(page: Page, code: str) -> None:
    page.goto("/publico/documentos/")
    page.get_by_label("Código").fill(code)
    page.get_by_role("button", name="Conferir").click()
    page.wait_for_selector("text=Documento verdadeiro e válido")
