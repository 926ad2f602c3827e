"""The encarregado's pages: who read what, everything about one person, and what people ask about their data."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from pytest_django import DjangoAssertNumQueries

from accounts.models import Papel, User
from cases.models import CIP, Atendimento, SolicitacaoDoTitular
from cases.services import attach, issue_espelho, record_contact
from cases.services.privacy import answer_request, personal_data, register_request, rows_of_person
from parties.models import Consumidor
from portal.models import ConsumidorDeclarado
from tests.browsing import logged_in
from tests.cases.files import uploaded
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Leitura

Make = Callable[..., Atendimento]


@pytest.fixture
def gil(cast: Cast) -> User:
    """Gil is the encarregado, and nothing else."""
    person = User.objects.create_user("gil", "senha-de-teste-1", nome="Gil Encarregado")
    person.atribuicoes.create(unidade=cast.unidade, papel=Papel.ENCARREGADO)
    return person


def asked(gil: User, **more: object) -> SolicitacaoDoTitular:
    """Ana asks what the office has of her."""
    given = {
        "solicitante": "Ana Souza",
        "pedido": "acesso",
        "texto": "O que vocês têm?",
        "recebida_em": date(2026, 3, 3),
    }
    return register_request(**{**given, **more}, by=gil, at=NOW)


ADDRESSES = ["", "pessoas/{ana}/", "pessoas/{ana}/dados/", "solicitacoes/", "solicitacoes/{request}/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_pages_are_the_encarregados(cast: Cast, gil: User, address: str) -> None:
    path = "/privacidade/" + address.format(ana=cast.ana.pk, request=asked(gil).pk)
    expected = 405 if address.endswith("dados/") else 200
    assert logged_in(gil).get(path).status_code == expected
    for user in (cast.bruno, cast.dora, cast.eva):
        client = logged_in(user)
        method = client.post if expected == 405 else client.get
        assert method(path).status_code == 404


def test_who_read_the_file_of_a_person(cast: Cast, gil: User, ap: Make) -> None:
    case = ap()
    other = Consumidor.objects.create(nome="Beto Lima")
    bruno = logged_in(cast.bruno)
    bruno.get(case.get_absolute_url())
    bruno.get(f"/cadastros/consumidores/{cast.ana.pk}/")
    logged_in(cast.dora).get(case.get_absolute_url())
    client = logged_in(gil)

    def shown(**query: object) -> list[tuple[str, str]]:
        rows = client.get("/privacidade/", query).context["pagina"].rows
        return [(row.leitor.usuario, row.pagina) for row in rows]

    of_ana = [("dora", "atendimento"), ("bruno", "consumidor"), ("bruno", "atendimento")]
    assert shown(pessoa=cast.ana.pk) == of_ana
    assert shown(pessoa=other.pk) == []
    assert shown(leitor=cast.dora.pk) == of_ana[:1]
    assert shown(ate="2020-01-01") == []
    assert shown(de="2020-01-01") == of_ana
    assert case.protocolo in client.get("/privacidade/").content.decode()


def test_a_person_is_found_by_cpf_which_stands_in_no_address(cast: Cast, gil: User) -> None:
    client = logged_in(gil)
    found = client.post("/privacidade/", {"cpf": "111.444.777-35"})
    assert (found.status_code, found["Location"]) == (302, f"/privacidade/pessoas/{cast.ana.pk}/")
    for typed in ("529.982.247-25", "123"):
        assert client.post("/privacidade/", {"cpf": typed})["Location"] == "/privacidade/"
    assert "11144477735" not in client.get(found["Location"]).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_readings_cost_the_same(
    cast: Cast, gil: User, ap: Make, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        logged_in(cast.bruno).get(ap().get_absolute_url())
    client = logged_in(gil)
    with django_assert_num_queries(6):
        client.get("/privacidade/")
    assert Leitura.objects.count() == number


@pytest.fixture
def file_of_ana(
    cast: Cast, gil: User, ap: Make, running_cip: Callable[..., CIP], settings, tmp_path: Path
) -> Atendimento:
    """A case with everything in it, and another person's beside it."""
    settings.MEDIA_ROOT = tmp_path
    case = ap()
    running_cip(case.reclamados.get())
    record_contact(reclamado=case.reclamados.get(), resultado="sem_contato", by=cast.bruno, at=NOW)
    issue_espelho(atendimento=case, by=cast.bruno, at=NOW)
    ConsumidorDeclarado.objects.create(atendimento=case, dados={"nome": "Ana"})
    attach(atendimento=case, arquivo=uploaded(), nome="nota.pdf", origem="consumidor", by=cast.bruno, at=NOW)
    beto = Consumidor.objects.create(nome="Beto Lima", cpf="52998224725")
    Atendimento.objects.filter(pk=ap().pk).update(consumidor=beto, relato="De Beto.", refere_a=case)
    asked(gil, consumidor=cast.ana)
    return case


def test_everything_stored_about_a_person_is_found(cast: Cast, file_of_ana: Atendimento) -> None:
    found = {model._meta.label for model in rows_of_person(cast.ana)}
    assert {
        "parties.Consumidor",
        "cases.Atendimento",
        "cases.AtendimentoVersao",
        "cases.Reclamado",
        "cases.CIP",
        "cases.Contato",
        "cases.Anexo",
        "cases.SolicitacaoDoTitular",
        "documents.Documento",
        "deadlines.Prazo",
        "portal.ConsumidorDeclarado",
        "workflow.Historico",
        "workflow.Evento",
    } <= found
    assert rows_of_person(cast.ana)[Atendimento] == {file_of_ana.pk}


def test_nobody_elses_data_come_along(cast: Cast, file_of_ana: Atendimento) -> None:
    text = json.dumps(personal_data(cast.ana), ensure_ascii=False)
    assert ("Ana Souza" in text, "Cobraram duas vezes." in text, "nota.pdf" in text) == (True, True, True)
    assert ("Beto" in text, "52998224725" in text) == (False, False)


def test_no_table_of_people_is_out_of_reach() -> None:
    """Every model with a CPF or a birth date is reached from the consumer, or stands here with why."""
    elsewhere = {
        "accounts.User",  # who works here
        "parties.Fornecedor",  # companies
        "parties.FornecedorVersao",
        "accounts.Unidade",
        "opendata",
    }
    personal = {"cpf", "nascimento"}
    holding = {
        model._meta.label
        for model in apps.get_models()
        if personal & {item.name for item in model._meta.fields} and model._meta.label not in elsewhere
    }
    reached, waiting = {Consumidor}, [Consumidor]
    from cases.services.privacy import _pointing_to

    while waiting:
        for source, _ in _pointing_to(waiting.pop()):
            if source not in reached:
                reached.add(source)
                waiting.append(source)
    assert holding - {model._meta.label for model in reached} == set()


def test_the_export_is_written_down_and_kept_by_no_cache(cast: Cast, gil: User, file_of_ana: Atendimento) -> None:
    client = logged_in(gil)
    path = f"/privacidade/pessoas/{cast.ana.pk}/dados/"
    as_json, as_page = client.post(path, {"formato": "json"}), client.post(path, {"formato": "pagina"})
    assert json.loads(as_json.content)["consumidor"][0]["nome"] == "Ana Souza"
    assert as_json["Content-Disposition"] == f'attachment; filename="dados-pessoais-{cast.ana.pk}.json"'
    assert (as_json["Cache-Control"], as_page["Cache-Control"]) == ("no-store", "no-store")
    assert "Cobraram duas vezes." in as_page.content.decode()
    rows = Leitura.objects.values_list("leitor__usuario", "pagina", "objeto_id")
    assert list(rows) == [("gil", "exportacao_lgpd", cast.ana.pk)] * 2


def test_a_request_has_its_term_and_its_answer(cast: Cast, gil: User) -> None:
    request = asked(gil, consumidor=cast.ana)
    assert request.responder_ate == date(2026, 3, 18)  # fifteen days from Tuesday 3 March: a Wednesday
    answer_request(solicitacao=request, resposta="Enviamos os dados.", by=gil, at=NOW)
    request.refresh_from_db()
    assert (request.resposta, request.respondida_por, request.respondida_em) == ("Enviamos os dados.", gil, NOW)


def test_a_request_is_answered_once(gil: User) -> None:
    request = asked(gil)
    answer_request(solicitacao=request, resposta="Sim.", by=gil, at=NOW)
    with pytest.raises(ActNotAllowed, match="já foi respondida"):
        answer_request(solicitacao=request, resposta="Não.", by=gil, at=NOW)


def test_an_answer_says_something(gil: User) -> None:
    with pytest.raises(ContentRefused, match="Escreva o que foi respondido"):
        answer_request(solicitacao=asked(gil), resposta=" ", by=gil, at=NOW)


def test_an_unknown_request_is_refused(gil: User) -> None:
    with pytest.raises(ContentRefused, match="Escolha o que a pessoa pede"):
        asked(gil, pedido="sumir")


def test_a_term_before_the_receipt_is_refused(gil: User) -> None:
    with pytest.raises(ActNotAllowed, match="não pode ser anterior ao recebimento"):
        asked(gil, responder_ate=date(2026, 3, 2))


def test_requests_are_the_encarregados(cast: Cast) -> None:
    with pytest.raises(ActNotAllowed, match="Isto cabe ao Encarregado de dados"):
        asked(cast.dora)


@time_machine.travel(NOW, tick=False)
def test_the_register_by_page(cast: Cast, gil: User) -> None:
    client = logged_in(gil)
    given = {
        "solicitante": "Ana Souza",
        "cpf": "111.444.777-35",
        "pedido": "acesso",
        "texto": "O que vocês têm?",
        "recebida_em": "2026-02-10",
    }
    codes = [
        client.post("/privacidade/solicitacoes/", data).status_code
        for data in (given, {**given, "cpf": "123"}, {**given, "texto": ""}, {**given, "responder_ate": "2026-02-01"})
    ]
    assert codes == [302, 422, 422, 409]
    request = SolicitacaoDoTitular.objects.get()
    assert request.consumidor == cast.ana
    assert "Atrasada desde 25/02/2026" in client.get("/privacidade/solicitacoes/").content.decode()
    address = f"/privacidade/solicitacoes/{request.pk}/"
    assert [client.post(address, {"resposta": text}).status_code for text in ("", "Eis.", "De novo.")] == [
        422,
        302,
        409,
    ]
    assert "Eis." in client.get(address).content.decode()


def test_the_menu_shows_privacy_to_the_encarregado_only(cast: Cast, gil: User) -> None:
    shown = ["/privacidade/" in logged_in(user).get("/").content.decode() for user in (gil, cast.dora)]
    assert shown == [True, False]
