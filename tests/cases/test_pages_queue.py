"""The pages of the walk-in queue: reception, the clerk, the public panel."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from cases.models import Atendimento, Senha
from cases.services import register
from cases.services.queue import call_next, issue_ticket, lead_to
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed

NEW = "/atendimentos/novo/"
HERE, PANEL = "/atendimentos/triagem/", "/atendimentos/triagem/painel/"


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def issue(cast: Cast, ordem: int = 3) -> Senha:
    return issue_ticket(unidade=cast.unidade, ordem=ordem, by=cast.bruno, at=NOW, primeiro_nome="Ana")


def test_reception_gives_out_a_ticket_to_be_printed(cast: Cast) -> None:
    bruno = logged_in(cast.bruno)
    issue(cast, 1)
    page = bruno.post(f"{HERE}emitir/", {"ordem": "3", "primeiro_nome": "Rui Lima"}, follow=True).content.decode()
    assert '<h1 id="t-senha" class="senha__numero">N-002</h1>' in page
    assert "1 pessoa antes" in page
    assert "data-imprimir" in page
    assert "Lima" not in page


def test_a_clerk_calls_attends_and_ends(cast: Cast) -> None:
    ticket = issue(cast)
    bruno = logged_in(cast.bruno)
    assert "N-001" in bruno.get(HERE).content.decode()

    called = bruno.post(f"{HERE}chamar/", {"guiche": "3"}, follow=True).content.decode()
    assert "Senha N-001 chamada ao guichê 3." in called
    assert "Chamar de novo" in called
    bruno.post(f"{HERE}senhas/{ticket.pk}/rechamar/")
    begun = bruno.post(f"{HERE}senhas/{ticket.pk}/iniciar/")
    assert begun["Location"] == f"/atendimentos/novo/?senha={ticket.pk}"
    assert bruno.get(begun["Location"]).status_code == 200
    assert "Registrar atendimento" in bruno.get(HERE).content.decode()
    done = bruno.post(f"{HERE}senhas/{ticket.pk}/concluir/", follow=True).content.decode()

    assert "Senha N-001 concluída." in done
    assert 'value="3"' in done  # the counter is remembered
    ticket.refresh_from_db()
    assert (ticket.chamadas, ticket.guiche, ticket.concluida_em) == (2, "3", NOW)


def test_an_absence_frees_the_clerk(cast: Cast) -> None:
    ticket = issue(cast)
    bruno = logged_in(cast.bruno)
    bruno.post(f"{HERE}chamar/", {"guiche": "3"})
    page = bruno.post(f"{HERE}senhas/{ticket.pk}/ausente/", follow=True).content.decode()
    assert "Senha N-001 registrada como ausente." in page
    assert "Chamar próxima" in page


def test_nobody_waiting_and_no_counter_are_said(cast: Cast) -> None:
    bruno = logged_in(cast.bruno)
    assert "Ninguém espera." in bruno.post(f"{HERE}chamar/", {"guiche": "3"}, follow=True).content.decode()
    assert "Escreva o seu guichê" in bruno.post(f"{HERE}chamar/", {}, follow=True).content.decode()
    assert "Escolha a prioridade" in bruno.post(f"{HERE}emitir/", {"ordem": "9"}, follow=True).content.decode()


def test_a_second_call_is_refused_with_what_to_do(cast: Cast) -> None:
    issue(cast), issue(cast)
    bruno = logged_in(cast.bruno)
    bruno.post(f"{HERE}chamar/", {"guiche": "3"})
    answer = bruno.post(f"{HERE}chamar/", {"guiche": "3"})
    assert (answer.status_code, "Conclua o atendimento" in answer.content.decode()) == (409, True)


def test_the_queue_of_elsewhere_does_not_exist(cast: Cast) -> None:
    ticket = issue(cast)
    eva = logged_in(cast.eva)
    assert "N-001" not in eva.get(HERE).content.decode()
    assert eva.get(f"{HERE}?unidade={cast.unidade.codigo}").status_code == 404
    assert eva.get(f"{HERE}senhas/{ticket.pk}/").status_code == 404
    assert eva.post(f"{HERE}senhas/{ticket.pk}/iniciar/").status_code == 404
    assert logged_in(cast.edu).get(HERE).status_code == 404


def test_the_panel_needs_no_log_in_and_names_nobody(cast: Cast) -> None:
    issue(cast), issue(cast, 0)
    assert "Nenhuma senha foi chamada hoje." in Client().get(PANEL).content.decode()
    for minute, clerk in enumerate((cast.bruno, cast.dora)):
        call_next(unidade=cast.unidade, guiche=clerk.usuario, by=clerk, at=NOW + timedelta(minutes=minute))

    page = Client().get(f"{PANEL}?unidade={cast.unidade.codigo}").content.decode()

    assert '<span class="painel__senha">N-001</span>' in page  # called last
    assert "<strong>S-002</strong> guichê bruno" in page
    assert "guichê dora" in page
    assert "Ana" not in page
    assert '<meta http-equiv="refresh" content="5">' in page
    assert Client().get(f"{PANEL}?unidade=99.999.999").status_code == 404


def test_the_panel_s_fragment_is_only_the_tickets(cast: Cast) -> None:
    page = Client().get(PANEL, headers={"HX-Request": "true"}).content.decode()
    assert ("<html" in page, "Nenhuma senha foi chamada hoje." in page) == (False, True)


@pytest.mark.parametrize("number", [1, 3])
def test_the_pages_cost_the_same(cast: Cast, number: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for _ in range(number):
        issue(cast)
    client = logged_in(cast.bruno)
    with django_assert_num_queries(8):
        client.get(HERE)
    with django_assert_num_queries(2):
        Client().get(PANEL)


def called(cast: Cast) -> Senha:
    issue(cast)
    found = call_next(unidade=cast.unidade, guiche="3", by=cast.bruno, at=NOW)
    assert found is not None
    return found


def typed(cast: Cast, ticket: Senha) -> dict[str, object]:
    return {
        "tipo": "simples_consulta",
        "canal": "pessoal",
        "unidade": cast.unidade.pk,
        "relato": "x",
        "senha": ticket.pk,
    }


def test_the_registration_page_shows_the_ticket_called_and_its_name(cast: Cast) -> None:
    ticket = called(cast)
    page = logged_in(cast.bruno).get(f"{NEW}?senha={ticket.pk}")
    assert page.context["form"]["nome"].value() == "Ana"
    assert "Senha <strong>N-001</strong> · Ana · espera desde 10:00" in page.content.decode()


def test_registering_finishes_the_ticket_which_says_the_case(cast: Cast) -> None:
    ticket, bruno = called(cast), logged_in(cast.bruno)
    page = bruno.post(NEW, typed(cast, ticket), follow=True).content.decode()
    case = Atendimento.objects.get()
    ticket.refresh_from_db()
    assert (ticket.atendimento, ticket.atendida_em, ticket.concluida_em) == (case, NOW, NOW)
    assert "Senha N-001 concluída." in page
    assert case.protocolo in bruno.get(HERE).content.decode()


def test_a_refused_page_keeps_the_ticket(cast: Cast) -> None:
    ticket = called(cast)
    page = logged_in(cast.bruno).post(NEW, typed(cast, ticket) | {"tipo": "abertura_direta"})
    ticket.refresh_from_db()
    assert (page.status_code, page.context["form"]["senha"].value(), ticket.concluida_em) == (422, str(ticket.pk), None)


def test_another_clerks_ticket_is_neither_shown_nor_finished(cast: Cast) -> None:
    ticket, dora = called(cast), logged_in(cast.dora)
    assert dora.get(f"{NEW}?senha={ticket.pk}").context["senha"] is None
    dora.post(NEW, typed(cast, ticket))
    ticket.refresh_from_db()
    assert (ticket.concluida_em, ticket.atendimento, Atendimento.objects.count()) == (None, None, 1)


def test_a_ticket_ended_meanwhile_does_not_hinder_the_case(cast: Cast) -> None:
    ticket, bruno = called(cast), logged_in(cast.bruno)
    bruno.post(f"{HERE}senhas/{ticket.pk}/ausente/")
    assert bruno.post(NEW, typed(cast, ticket)).status_code == 302
    ticket.refresh_from_db()
    assert ticket.atendimento is None


def test_only_who_called_leads_a_ticket_to_a_case(cast: Cast) -> None:
    ticket = called(cast)
    case = register(by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="simples_consulta", canal="pessoal")
    with pytest.raises(ActNotAllowed, match="Só quem chamou"):
        lead_to(senha=ticket, atendimento=case, by=cast.dora, at=NOW)
