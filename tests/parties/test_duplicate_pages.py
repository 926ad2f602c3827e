"""Pages of possible duplicates and of merges: auditor only, one decision after the other."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from parties.models import BuscaDeDuplicados, Fornecedor, Fusao, GrupoDeDuplicados, NaoDuplicado
from parties.services import merge_suppliers, register_supplier, request_search
from parties.tasks import search_duplicates
from tests.browsing import logged_in
from tests.conftest import NOW, Cast

BASE = "/cadastros/duplicados/"


@pytest.fixture
def grupo(cast: Cast, iara: User) -> GrupoDeDuplicados:
    """The shop and a bare name of it."""
    register_supplier(razao_social="LOJA MODELO S/A")
    request_search(by=iara, at=NOW)
    search_duplicates()
    return GrupoDeDuplicados.objects.get()


@pytest.mark.parametrize("path", ["", "andamento/", "1/"])
def test_only_the_auditor_sees_them(cast: Cast, path: str) -> None:
    assert logged_in(cast.dora).get(BASE + path).status_code == 404


def test_only_the_auditor_merges_by_hand(cast: Cast) -> None:
    assert logged_in(cast.dora).get(f"/cadastros/fornecedores/{cast.loja.pk}/fundir/").status_code == 404
    assert logged_in(cast.dora).post(f"{BASE}procurar/").status_code == 409
    assert BuscaDeDuplicados.objects.count() == 0


def test_a_search_is_asked_for_and_shows_its_progress(cast: Cast, iara: User) -> None:
    client = logged_in(iara)

    page = client.post(f"{BASE}procurar/", follow=True).content.decode()

    assert "na fila" in page
    assert client.post(f"{BASE}procurar/").status_code == 409
    search_duplicates()
    done = client.get(f"{BASE}andamento/")
    assert ("0 grupos" in done.content.decode(), done["HX-Refresh"]) == (True, "true")


def test_a_group_is_merged_on_its_page(cast: Cast, iara: User, grupo: GrupoDeDuplicados) -> None:
    client = logged_in(iara)
    shown = client.get(f"{BASE}{grupo.pk}/").content.decode()
    other = Fornecedor.objects.get(razao_social="LOJA MODELO S/A")

    refused = client.post(f"{BASE}{grupo.pk}/", {"sobrevivente": other.pk, "outros": [cast.loja.pk], "motivo": "x"})
    done = client.post(f"{BASE}{grupo.pk}/", {"sobrevivente": cast.loja.pk, "outros": [other.pk], "motivo": "Igual."})

    assert "mesmo nome" in shown
    assert (refused.status_code, "não tem CNPJ nem CPF" in refused.content.decode()) == (422, False)
    assert "Escolha um que tenha CNPJ ou CPF." in refused.content.decode()
    assert (done.status_code, done["Location"]) == (302, BASE)
    assert list(Fusao.objects.get().fundidos.all()) == [other]


def test_not_the_same_leads_to_the_next_group(cast: Cast, iara: User, grupo: GrupoDeDuplicados) -> None:
    other = GrupoDeDuplicados.objects.create(busca=grupo.busca, pontos=10)

    done = logged_in(iara).post(f"{BASE}{grupo.pk}/nao-sao/")

    assert (done.status_code, done["Location"]) == (302, f"{BASE}{other.pk}/")
    assert NaoDuplicado.objects.count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_at_one_and_at_three_groups(
    cast: Cast, iara: User, grupo: GrupoDeDuplicados, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows - 1):
        extra = GrupoDeDuplicados.objects.create(busca=grupo.busca, pontos=50)
        shop = Fornecedor.objects.create(razao_social=f"Outra {number}")
        extra.itens.create(fornecedor=shop, primeiro=True, pontos=100, motivo="o mais usado")
    client = logged_in(iara)

    with django_assert_num_queries(7):
        assert len(client.get(BASE).context["pagina"].rows) == rows


def test_a_merge_by_hand_and_its_undoing(cast: Cast, iara: User) -> None:
    client = logged_in(iara)
    path = f"/cadastros/fornecedores/{cast.loja.pk}/fundir/"

    found = client.post(path, {"q": "banco", "procurar": "1"})
    done = client.post(path, {"q": "banco", "outros": [cast.banco.pk], "motivo": "Sucessão."}, follow=True)

    assert list(found.context["achados"]) == [cast.banco]
    assert "Fusão em Loja Modelo Ltda gravada." in done.content.decode()
    merged = client.get(f"/cadastros/fornecedores/{cast.banco.pk}/").content.decode()
    assert "Este cadastro foi fundido em" in merged
    undo = f"/cadastros/fusoes/{Fusao.objects.get().pk}/desfazer/"
    assert client.post(undo, {"motivo": ""}).status_code == 422
    undone = client.post(undo, {"motivo": "Erro."}, follow=True).content.decode()
    assert "Desfeita em" in undone
    assert client.get(undo).status_code == 404


def test_nothing_chosen_is_refused_with_what_was_typed(cast: Cast, iara: User) -> None:
    path = f"/cadastros/fornecedores/{cast.loja.pk}/fundir/"

    answer = logged_in(iara).post(path, {"q": "banco", "motivo": "Sucessão."})

    assert (answer.status_code, "Sucessão." in answer.content.decode()) == (422, True)


def test_a_case_says_under_which_name_it_was_registered(cast: Cast, iara: User) -> None:
    from cases.services import register

    case = register(
        by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="simples_consulta", canal="pessoal",
        consumidor=cast.ana, fornecedores=[cast.banco],
    )  # fmt: skip
    merge_suppliers(survivor=cast.loja, others=[cast.banco], motivo="Igual.", by=iara, at=NOW)

    page = logged_in(cast.bruno).get(f"/atendimentos/{case.protocolo}/").content.decode()

    assert "Registrado com este nome; hoje é o mesmo que" in page
