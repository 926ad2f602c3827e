"""Ready texts: who keeps them, what is refused, and how they come into a case."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from accounts.models import Atribuicao, Papel
from cases.models import Assunto, Atendimento, TextoPadrao
from cases.rules.texts import AFTER_REGISTRATION, unknown, used
from cases.services.texts import load_texts, text_called
from tests.browsing import logged_in
from tests.cases.test_pages_intake import NEW, told
from tests.conftest import Cast

TEXTS = "/atendimentos/textos/"
GOOD = {"uso": "relato", "titulo": "Cobrança em dobro", "texto": "{consumidor} foi cobrado duas vezes."}


@pytest.fixture
def texts(db: None) -> None:
    load_texts()


def test_a_text_is_written_changed_retired_and_brought_back(cast: Cast) -> None:
    dora = logged_in(cast.dora)
    assert dora.post(f"{TEXTS}novo/", GOOD)["Location"] == TEXTS
    text = TextoPadrao.objects.get()
    dora.post(f"{TEXTS}{text.pk}/", {**GOOD, "titulo": "Cobrança repetida"})
    dora.post(f"{TEXTS}{text.pk}/aposentar/")
    text.refresh_from_db()
    assert (text.titulo, text.alterado_por, text.aposentado_em is None) == ("Cobrança repetida", cast.dora, False)
    assert "Aposentado" in dora.get(TEXTS).content.decode()
    dora.post(f"{TEXTS}{text.pk}/aposentar/")
    assert TextoPadrao.objects.in_use("relato").get() == text


REFUSED = {
    "unknown placeholder": ({"texto": "Olá {cliente}"}, "texto", "Não se sabe o que é {cliente}."),
    "too early": ({"texto": "Caso {protocolo}"}, "texto", "{protocolo} ainda não existe"),
    "no text": ({"texto": "  "}, "texto", "Este campo é obrigatório."),
    "no title": ({"titulo": ""}, "titulo", "Este campo é obrigatório."),
    "no use": ({"uso": "x"}, "uso", "Faça uma escolha válida."),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_text_is_refused_at_its_field_and_kept_on_screen(cast: Cast, name: str) -> None:
    change, field, message = REFUSED[name]
    response = logged_in(cast.dora).post(f"{TEXTS}novo/", {**GOOD, **change})
    assert (response.status_code, TextoPadrao.objects.count()) == (422, 0)
    assert response.context["form"].errors[field][0].startswith(message)


def test_a_protocol_may_stand_where_there_is_one(cast: Cast) -> None:
    response = logged_in(cast.dora).post(f"{TEXTS}novo/", {**GOOD, "uso": "resposta", "texto": "Caso {protocolo}"})
    assert (response.status_code, TextoPadrao.objects.count()) == (302, 1)


def test_two_texts_of_one_use_have_two_titles(cast: Cast) -> None:
    dora = logged_in(cast.dora)
    dora.post(f"{TEXTS}novo/", GOOD)
    response = dora.post(f"{TEXTS}novo/", {**GOOD, "titulo": "COBRANÇA EM DOBRO"})
    assert (response.status_code, TextoPadrao.objects.count()) == (409, 1)
    assert "Já há um texto com este título" in response.content.decode()


@pytest.mark.parametrize("path", ["", "novo/"])
def test_only_coordenador_and_administrador_keep_them(cast: Cast, path: str) -> None:
    assert logged_in(cast.bruno).get(TEXTS + path).status_code == 409
    Atribuicao.objects.create(user=cast.bruno, unidade=cast.unidade, papel=Papel.ADMINISTRADOR)
    assert logged_in(type(cast.bruno).objects.get(pk=cast.bruno.pk)).get(TEXTS + path).status_code == 200


def test_an_unknown_text_is_not_found(cast: Cast) -> None:
    dora = logged_in(cast.dora)
    assert {dora.get(f"{TEXTS}99/").status_code, dora.get(f"{TEXTS}{10**30}/").status_code} == {404}


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_at_one_and_three(
    cast: Cast, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in range(number):
        TextoPadrao.objects.create(uso="relato", titulo=f"T{count}", texto="x", alterado_por=cast.dora)
    dora = logged_in(cast.dora)
    with django_assert_num_queries(4):
        dora.get(TEXTS)


def test_the_starter_texts_are_good_and_loading_twice_changes_nothing(db: None) -> None:
    call_command("carregar_textos", verbosity=0)
    changed = TextoPadrao.objects.get(chave="defeito")
    changed.texto = "Do escritório."
    changed.save()
    assert load_texts() == 0
    rows = list(TextoPadrao.objects.all())
    assert len(rows) == 19
    assert [row.titulo for row in rows if unknown(row.texto)] == []
    assert [r.titulo for r in rows if r.uso not in ("contato", "resposta") and used(r.texto) & AFTER_REGISTRATION] == []
    assert TextoPadrao.objects.get(chave="defeito").texto == "Do escritório."


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("cobrança indevida", "Cobrança indevida"),
        ("COBR", "Cobrança indevida"),
        ("essencial", "Serviço essencial interrompido"),
        ("produto", None),  # two begin so
        ("foguete", None),
        ("", None),
    ],
)
def test_a_text_is_called_by_the_beginning_of_its_title(texts: None, typed: str, found: str | None) -> None:
    text = text_called(typed, use="relato")
    assert (text.titulo if text else None) == found


def test_a_text_comes_filled_with_what_is_typed(cast: Cast, phone: Assunto, texts: None) -> None:
    data = told(cast, fornecedores=[cast.loja.pk, cast.banco.pk], texto="cobr")
    page = logged_in(cast.bruno).post(f"{NEW}texto/", data).content.decode()
    assert 'data-campo="relato"' in page
    assert "Ana Souza relata que Banco Exemplo S.A. e Loja Modelo Ltda cobrou R$ 1.199,90, que não reconhece." in page
    assert Atendimento.objects.count() == 0


def test_a_text_of_another_use_is_named_by_it(cast: Cast, texts: None) -> None:
    page = logged_in(cast.bruno).post(f"{NEW}texto/", {"texto": "Pedido: Devolução em dobro"}).content.decode()
    assert 'data-campo="pedido"' in page


@pytest.mark.parametrize("typed", ["produto", "contato", "foguete\x00"])
def test_a_text_that_is_not_there_is_said(cast: Cast, texts: None, typed: str) -> None:
    page = logged_in(cast.bruno).post(f"{NEW}texto/", {"texto": typed}).content.decode()
    assert "data-campo" not in page
    assert "Escolha da lista." in page


def test_without_javascript_the_button_puts_it_after_what_was_typed(
    cast: Cast, phone: Assunto, texts: None, settings, tmp_path: Path
) -> None:
    response = logged_in(cast.bruno).post(NEW, told(cast, texto="devol", inserir="1"))
    form = response.context["form"]
    assert (response.status_code, Atendimento.objects.count()) == (200, 0)
    assert form["pedido"].value().startswith("Devolução.\n\nCancelamento da cobrança e devolução em dobro")
    assert form["relato"].value() == "Cobraram duas vezes."


def test_on_the_case_a_text_comes_filled_with_its_supplier_and_protocol(
    cast: Cast, ap: Callable[..., Atendimento], texts: None
) -> None:
    case = ap(cast.loja, cast.banco)
    party = case.reclamados.get(fornecedor=cast.banco)
    bruno = logged_in(cast.bruno)
    address = f"/atendimentos/reclamados/{party.pk}/textos/resposta/"
    page = bruno.get(address, {"texto": "pedido"}).content.decode()
    assert f"No atendimento {case.protocolo}, Banco Exemplo S.A. informa" in page
    assert 'value="Pedido atendido pelo fornecedor"' in bruno.get(address).content.decode()
    assert f"/reclamados/{party.pk}/textos/contato/" in bruno.get(case.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("who", "use"), [("eva", "contato"), ("bruno", "relato"), ("bruno", "x")])
def test_texts_of_a_case_that_one_may_not_see_or_of_another_use_are_not_there(
    cast: Cast, ap: Callable[..., Atendimento], who: str, use: str
) -> None:
    party = ap().reclamados.get()
    address = f"/atendimentos/reclamados/{party.pk}/textos/{use}/"
    assert logged_in(getattr(cast, who)).get(address).status_code == 404
