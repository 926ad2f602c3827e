"""Pages of consumers and suppliers: who sees whom, search, correcting."""

from __future__ import annotations

import base64
from datetime import timedelta

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from accounts.models import Papel
from cases.services import register
from listing.pages import keyset_page
from parties.models import Consumidor, Fornecedor
from tests.browsing import logged_in
from tests.conftest import NOW, Cast

PEOPLE, COMPANIES = "/cadastros/consumidores/", "/cadastros/fornecedores/"


@pytest.fixture
def known(cast: Cast) -> Consumidor:
    """Ana, with a case at the centre."""
    told = {"tipo": "simples_consulta", "canal": "pessoal", "consumidor": cast.ana}
    register(by=cast.bruno, at=NOW, unidade=cast.unidade, **told)
    return cast.ana


def form_of(path: str, user) -> dict[str, object]:
    form = logged_in(user).get(path).context["form"]
    return {name: value for name, value in form.initial.items() if value not in (None, [], False)}


def test_eva_sees_neither_the_person_nor_that_they_exist(cast: Cast, known: Consumidor) -> None:
    eva = logged_in(cast.eva)
    assert list(eva.get(PEOPLE).context["pagina"].rows) == []
    assert eva.get(f"{PEOPLE}{known.pk}/").status_code == 404
    assert eva.get(f"{PEOPLE}{known.pk}/corrigir/").status_code == 404
    assert eva.post(f"{PEOPLE}{known.pk}/corrigir/", {"nome": "X"}).status_code == 404
    found = eva.post(PEOPLE, {"q": "111.444.777-35"}, follow=True)
    assert "Nenhum consumidor com o CPF ***.444.777-**" in found.content.decode()


def test_an_administrator_reads_no_supplier(cast: Cast) -> None:
    cast.eva.atribuicoes.update(papel=Papel.ADMINISTRADOR)
    eva = logged_in(cast.eva)
    assert (eva.get(COMPANIES).status_code, eva.get(f"{COMPANIES}{cast.loja.pk}/").status_code) == (404, 404)


def test_a_cpf_finds_the_person_by_post(cast: Cast, known: Consumidor) -> None:
    response = logged_in(cast.bruno).post(PEOPLE, {"q": "111.444.777-35"})
    assert response["Location"] == f"{PEOPLE}{known.pk}/"


def test_the_list_masks_the_cpf_and_searches_names(cast: Cast, known: Consumidor) -> None:
    response = logged_in(cast.bruno).get(PEOPLE, {"q": "souza"})
    assert list(response.context["pagina"].rows) == [known]
    assert "***.444.777-**" in response.content.decode()
    assert "111.444.777-35" not in response.content.decode()


def read(written: str) -> str:
    """What a cursor says."""
    return base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)).decode()


def test_lists_stand_by_name_whatever_its_accents_and_no_address_has_a_name(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(keyset_page.__kwdefaults__, "size", 2)
    for name in ("Zélia Dias", "Átila Reis", "Bia Lima"):
        person = Consumidor.objects.create(nome=name)
        told = {"tipo": "simples_consulta", "canal": "pessoal", "consumidor": person}
        register(by=cast.bruno, at=NOW, unidade=cast.unidade, **told)
    Fornecedor.objects.create(razao_social="Ótica Boa Vista")
    bruno = logged_in(cast.bruno)
    people, companies = (bruno.get(path).context["pagina"] for path in (PEOPLE, COMPANIES))

    assert [row.nome for row in people.rows] == ["Átila Reis", "Bia Lima"]
    assert [row.nome for row in bruno.get(PEOPLE, {"depois": people.next}).context["pagina"].rows] == ["Zélia Dias"]
    assert [row.razao_social for row in companies.rows] == ["Banco Exemplo S.A.", "Loja Modelo Ltda"]
    last = bruno.get(COMPANIES, {"depois": companies.next}).context["pagina"]
    assert [row.razao_social for row in last.rows] == ["Ótica Boa Vista"]
    assert [read(one) for one in (people.next, companies.next, last.previous)] == [
        f'["{row.pk}"]' for row in (people.rows[-1], companies.rows[-1], last.rows[0])
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_lists_cost_the_same_at_one_and_at_three_rows(
    cast: Cast, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Fornecedor.objects.exclude(pk=cast.loja.pk).delete()
    for order in range(number):
        person = Consumidor.objects.create(nome=f"Pessoa {order}")
        register(
            by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="simples_consulta", canal="pessoal", consumidor=person
        )
        if order:
            Fornecedor.objects.create(razao_social=f"Loja {order}")
    bruno = logged_in(cast.bruno)
    with django_assert_num_queries(4):
        assert len(bruno.get(PEOPLE).context["pagina"].rows) == number
    with django_assert_num_queries(4):
        assert len(bruno.get(COMPANIES).context["pagina"].rows) == number


def test_a_correction_is_recorded_in_the_persons_cases(cast: Cast, known: Consumidor) -> None:
    path = f"{PEOPLE}{known.pk}/corrigir/"
    data = {**form_of(path, cast.dora), "nome": "Ana Maria Souza"}
    response = logged_in(cast.dora).post(path, data)
    known.refresh_from_db()
    event = known.atendimentos.get().historico.eventos.order_by("-sequencia")[0]
    assert (response.status_code, known.nome) == (302, "Ana Maria Souza")
    assert (event.ato, event.autor, event.dados) == ("CORRIGIR_CONSUMIDOR", cast.dora, {"campos": ["nome"]})


def test_an_atendente_corrects_on_the_day_and_not_later(cast: Cast, known: Consumidor) -> None:
    path = f"{PEOPLE}{known.pk}/corrigir/"
    data = {**form_of(path, cast.bruno), "telefone": "(11) 91234-5678"}
    same_day = logged_in(cast.bruno).post(path, data)
    with time_machine.travel(known.criado_em + timedelta(days=2)):
        later = logged_in(cast.bruno).post(path, data)
    assert (same_day.status_code, later.status_code) == (302, 409)
    assert "cabe a Coordenador ou Auditor" in later.content.decode()


def test_somebody_elses_cpf_is_refused_at_the_field(cast: Cast, known: Consumidor) -> None:
    Consumidor.objects.create(nome="Beto Lima", cpf="52998224725")
    path = f"{PEOPLE}{known.pk}/corrigir/"
    response = logged_in(cast.dora).post(path, {**form_of(path, cast.dora), "cpf": "529.982.247-25"})
    assert response.status_code == 422
    assert response.context["form"].errors["cpf"] == [
        "Já há outro consumidor com este CPF. Confira o número no documento."
    ]


def test_a_supplier_is_registered_with_its_cnpj_checked(cast: Cast) -> None:
    bruno = logged_in(cast.bruno)
    wrong = bruno.post(f"{COMPANIES}novo/", {"razao_social": "Mercado Novo", "cnpj": "02.558.157/0001-63"})
    right = bruno.post(f"{COMPANIES}novo/", {"razao_social": "Mercado Novo", "cnpj": "02.558.157/0001-62"})
    made = Fornecedor.objects.get(cnpj="02558157000162")
    assert wrong.status_code == 422
    assert "CNPJ inválido" in wrong.content.decode()
    assert (right.status_code, right["Location"]) == (302, f"{COMPANIES}{made.pk}/")


def test_a_conciliador_registers_no_supplier(cast: Cast) -> None:
    assert logged_in(cast.carla).get(f"{COMPANIES}novo/").status_code == 409


def test_correcting_a_supplier_keeps_the_old_name_as_a_spelling(cast: Cast) -> None:
    path = f"{COMPANIES}{cast.loja.pk}/corrigir/"
    response = logged_in(cast.dora).post(path, {**form_of(path, cast.dora), "razao_social": "Loja Modelo S.A."})
    cast.loja.refresh_from_db()
    assert (response.status_code, cast.loja.razao_social) == (302, "Loja Modelo S.A.")
    assert [item.nome for item in cast.loja.grafias.all()] == ["Loja Modelo Ltda"]


def test_an_atendente_completes_a_bare_name_on_any_day(cast: Cast) -> None:
    bare = Fornecedor.objects.create(razao_social="Quitanda", a_completar=True)
    with time_machine.travel(bare.criado_em + timedelta(days=30)):
        data = {"razao_social": "Quitanda", "cnpj": "02558157000162"}
        response = logged_in(cast.bruno).post(f"{COMPANIES}{bare.pk}/corrigir/", data)
    bare.refresh_from_db()
    assert (response.status_code, bare.cnpj, bare.a_completar) == (302, "02558157000162", False)
