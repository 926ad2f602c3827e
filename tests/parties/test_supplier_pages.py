"""The page of a supplier, and the small pages that keep it."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from cases.services import register
from parties.models import ContatoDeFornecedor, Fornecedor, Grafia, GrupoEconomico
from parties.services import add_contact, add_spelling, enroll_supplier, merge_suppliers, set_group
from tests.browsing import logged_in
from tests.conftest import NOW, Cast

COMPANIES = "/cadastros/fornecedores/"


def path(cast: Cast, more: str = "") -> str:
    return f"{COMPANIES}{cast.loja.pk}/{more}"


def test_the_page_counts_the_cases_that_one_may_see_of_the_whole_family(cast: Cast, iara: User) -> None:
    told = {"tipo": "simples_consulta", "canal": "pessoal", "consumidor": cast.ana, "at": NOW}
    register(by=cast.bruno, unidade=cast.unidade, fornecedores=[cast.loja], **told)
    register(by=cast.bruno, unidade=cast.unidade, fornecedores=[cast.banco], **told)
    register(by=cast.eva, unidade=cast.outra, fornecedores=[cast.loja], **told)
    merge_suppliers(survivor=cast.loja, others=[cast.banco], motivo="Igual.", by=iara, at=NOW)

    context = logged_in(cast.bruno).get(path(cast)).context

    assert (context["casos"], context["casos_abertos"]) == ("2", "0")


def test_a_correction_is_shown_with_its_reason(cast: Cast) -> None:
    dora = logged_in(cast.dora)
    dora.post(path(cast, "corrigir/"), {"razao_social": "Loja Nova", "motivo": "Contrato social"})

    page = dora.get(path(cast)).content.decode()

    assert "razão social: Loja Modelo Ltda → Loja Nova" in page
    assert "«Contrato social»" in page


def test_spellings_are_kept_on_the_page(cast: Cast, iara: User) -> None:
    client = logged_in(iara)

    added = client.post(path(cast, "grafias/"), {"nome": "Lojão"})
    wrong = client.post(path(cast, "grafias/"), {"nome": "\u200f"})
    gone = client.post(f"{COMPANIES}grafias/{Grafia.objects.get().pk}/retirar/", follow=True)

    assert (added["Location"], wrong.status_code) == (path(cast), 422)
    assert "A grafia «Lojão» foi retirada." in gone.content.decode()
    assert logged_in(cast.dora).post(path(cast, "grafias/"), {"nome": "Lojão"}).status_code == 409


def test_a_group_has_its_page(cast: Cast, iara: User) -> None:
    client = logged_in(iara)
    assert "Ainda não há grupos" in client.get("/cadastros/grupos/").content.decode()

    client.post(path(cast, "grupo/"), {"nome": "Grupo Modelo"})

    group = GrupoEconomico.objects.get()
    assert list(client.get(f"/cadastros/grupos/{group.pk}/").context["pagina"].rows) == [cast.loja]
    assert logged_in(cast.dora).get(path(cast, "grupo/")).status_code == 409


@pytest.mark.parametrize("rows", [1, 3])
def test_groups_cost_the_same_at_one_and_at_three(
    cast: Cast, iara: User, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        shop = Fornecedor.objects.create(razao_social=f"Loja {number}")
        set_group(supplier=shop, nome=f"Grupo {number}", by=iara, at=NOW)
        set_group(supplier=shop, nome="Grupo 0", by=iara, at=NOW)
    bruno, first = logged_in(cast.bruno), GrupoEconomico.objects.get(nome="Grupo 0")

    with django_assert_num_queries(4):
        assert len(bruno.get("/cadastros/grupos/").context["pagina"].rows) == rows
    with django_assert_num_queries(5):
        assert len(bruno.get(f"/cadastros/grupos/{first.pk}/").context["pagina"].rows) == rows


def test_contacts_are_kept_by_the_counter(cast: Cast) -> None:
    bruno = logged_in(cast.bruno)

    wrong = bruno.post(path(cast, "contatos/"), {"nome": "Jurídico", "recebe_cip": "on"})
    right = bruno.post(path(cast, "contatos/"), {"nome": "Jurídico", "email": "j@example.org", "recebe_cip": "on"})
    shown = bruno.get(path(cast)).content.decode()
    gone = bruno.post(f"{COMPANIES}contatos/{ContatoDeFornecedor.objects.get().pk}/retirar/")

    assert (wrong.status_code, right["Location"], gone["Location"]) == (422, path(cast), path(cast))
    assert "j@example.org" in shown
    assert ContatoDeFornecedor.objects.count() == 0


def test_a_term_is_recorded_and_ended_by_the_coordenador(cast: Cast) -> None:
    dora = logged_in(cast.dora)
    told = {"termo": "12/2026", "assinado_por": "Diretora", "assinado_em": "2026-03-02"}

    recorded = dora.post(path(cast, "adesao/"), told)
    again = dora.post(path(cast, "adesao/"), told)
    end = f"{COMPANIES}adesoes/{cast.loja.adesoes.get().pk}/encerrar/"
    shown = dora.get(path(cast)).content.decode()
    ended = dora.post(end, {"motivo": "Pediu."})

    assert (recorded["Location"], again.status_code, ended["Location"]) == (path(cast), 409, path(cast))
    assert "Termo 12/2026, assinado por Diretora em 02/03/2026" in shown
    assert dora.get(end).status_code == 404
    assert logged_in(cast.bruno).post(path(cast, "adesao/"), told).status_code == 409


@pytest.mark.parametrize("more", ["", "contatos/", "adesao/", "grupo/"])
def test_an_administrator_sees_none_of_it(cast: Cast, more: str) -> None:
    cast.eva.atribuicoes.update(papel="administrador")
    assert logged_in(cast.eva).get(path(cast, more)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_with_one_and_with_three_of_everything(
    cast: Cast, iara: User, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    enroll_supplier(
        supplier=cast.loja, termo="1", assinado_por="Diretora", assinado_em=NOW.date(), by=cast.dora, at=NOW
    )
    for number in range(rows):
        twin = Fornecedor.objects.create(razao_social=f"Loja {number}")
        merge_suppliers(survivor=cast.loja, others=[twin], motivo="Igual.", by=iara, at=NOW)
        add_spelling(supplier=cast.loja, nome=f"Lojão {number}", by=iara, at=NOW)
        add_contact(supplier=cast.loja, nome=f"Setor {number}", email="a@example.org", by=iara, at=NOW)
    client = logged_in(iara)

    with django_assert_num_queries(14):
        assert client.get(path(cast)).status_code == 200
