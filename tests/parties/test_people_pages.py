"""The finder among consumers and its pages: an auditor, who sees everybody of a group, decides."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Atribuicao, Papel, User
from cases.services import register
from parties.models import (
    BuscaDeDuplicados,
    Consumidor,
    FusaoDeConsumidores,
    GrupoDeConsumidores,
    PessoasDiferentes,
)
from parties.services import merge_consumers, register_consumer, request_search
from parties.tasks import search_duplicates
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from workflow.models import Leitura

BASE = "/cadastros/consumidores/duplicados/"
BORN = date(1990, 5, 1)


def case_of(cast: Cast, person: Consumidor) -> None:
    register(
        by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="simples_consulta", canal="pessoal",
        consumidor=person, fornecedores=[cast.loja],
    )  # fmt: skip


@pytest.fixture
def twin(cast: Cast) -> Consumidor:
    """Ana once more, without her CPF."""
    Consumidor.objects.filter(pk=cast.ana.pk).update(nascimento=BORN)
    person = register_consumer(nome="ANA SOUZA", nascimento=BORN)
    for somebody in (cast.ana, person):
        case_of(cast, somebody)
    return person


def search(iara: User) -> list[list[tuple[str, int, str, int]]]:
    request_search(by=iara, at=NOW, alvo="consumidores")
    search_duplicates()
    return [
        [(item.consumidor.nome, item.pontos, item.motivo, item.casos) for item in grupo.itens.all()]
        for grupo in GrupoDeConsumidores.objects.filter(decidido_em__isnull=True)
    ]


@pytest.fixture
def grupo(cast: Cast, iara: User, twin: Consumidor) -> GrupoDeConsumidores:
    """What the finder found."""
    search(iara)
    return GrupoDeConsumidores.objects.get()


def test_the_finder_stores_groups_with_their_evidence(cast: Cast, iara: User, twin: Consumidor) -> None:
    assert search(iara) == [
        [
            ("Ana Souza", 100, "o mais usado, ou o que tem CPF", 1),
            ("ANA SOUZA", 95, "mesmo nome e mesma data de nascimento", 1),
        ]
    ]
    done = BuscaDeDuplicados.objects.get()
    assert (done.alvo, done.encontrados, done.aberta) == ("consumidores", 1, False)


def test_what_was_merged_is_not_brought_up(cast: Cast, iara: User, twin: Consumidor) -> None:
    merge_consumers(survivor=cast.ana, others=[twin], motivo="Igual.", by=iara, at=NOW)

    assert search(iara) == []


def test_both_searches_may_be_open_at_once(cast: Cast, iara: User, twin: Consumidor) -> None:
    request_search(by=iara, at=NOW)
    request_search(by=iara, at=NOW, alvo="consumidores")

    assert search_duplicates() == 1
    assert BuscaDeDuplicados.objects.filter(aberta=True).count() == 0


def test_not_the_same_is_remembered(cast: Cast, iara: User, grupo: GrupoDeConsumidores) -> None:
    done = logged_in(iara).post(f"{BASE}{grupo.pk}/nao-sao/")

    assert (done.status_code, done["Location"]) == (302, BASE)
    assert PessoasDiferentes.objects.count() == 1
    assert search(iara) == []
    assert logged_in(iara).post(f"{BASE}{grupo.pk}/nao-sao/").status_code == 409


def test_a_group_is_merged_on_its_page(cast: Cast, iara: User, twin: Consumidor, grupo: GrupoDeConsumidores) -> None:
    client = logged_in(iara)
    shown = client.get(f"{BASE}{grupo.pk}/").content.decode()
    answer = {"sobrevivente": twin.pk, "outros": [cast.ana.pk], "motivo": "Mesmo documento."}

    refused = client.post(f"{BASE}{grupo.pk}/", answer)
    done = client.post(f"{BASE}{grupo.pk}/", {**answer, "sobrevivente": cast.ana.pk, "outros": [twin.pk]})

    assert ["***.444.777-**" in shown, "111.444.777-35" in shown, "01/05/1990" in shown] == [True, False, True]
    assert Leitura.objects.filter(pagina="duplicados", objeto="parties.consumidor").count() == 6
    assert (refused.status_code, "Mesmo documento." in refused.content.decode()) == (422, True)
    assert "Escolha para ficar o cadastro com o CPF." in refused.content.decode()
    assert (done.status_code, done["Location"]) == (302, BASE)
    assert list(FusaoDeConsumidores.objects.get().fundidos.all()) == [twin]
    assert client.post(f"{BASE}{grupo.pk}/", answer).status_code == 409


@pytest.mark.parametrize("path", ["", "andamento/", "1/"])
def test_only_the_auditor_sees_them(cast: Cast, path: str) -> None:
    assert logged_in(cast.dora).get(BASE + path).status_code == 404


def test_an_auditor_who_does_not_see_everybody_of_a_group_does_not_see_it(
    cast: Cast, iara: User, grupo: GrupoDeConsumidores
) -> None:
    other = User.objects.create_user("olga", "senha-de-teste-1", nome="Olga Auditora")
    Atribuicao.objects.create(user=other, unidade=cast.outra, papel=Papel.AUDITOR)
    client = logged_in(other)

    assert client.get(BASE).context["pagina"].rows == []
    assert client.get(f"{BASE}{grupo.pk}/").status_code == 404
    assert client.post(f"{BASE}{grupo.pk}/nao-sao/").status_code == 404
    assert client.get(f"/cadastros/consumidores/{cast.ana.pk}/fundir/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_at_one_and_at_three_groups(
    cast: Cast, iara: User, grupo: GrupoDeConsumidores, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows - 1):
        extra = GrupoDeConsumidores.objects.create(busca=grupo.busca, pontos=50)
        person = register_consumer(nome=f"Outra {number}")
        case_of(cast, person)
        extra.itens.create(consumidor=person, primeiro=True, pontos=100, motivo="o mais usado")
    client = logged_in(iara)

    with django_assert_num_queries(7):
        assert len(client.get(BASE).context["pagina"].rows) == rows


def test_a_merge_by_hand_and_its_undoing(cast: Cast, iara: User, twin: Consumidor) -> None:
    client = logged_in(iara)
    path = f"/cadastros/consumidores/{cast.ana.pk}/fundir/"

    found = client.post(path, {"q": "ana souza", "procurar": "1"})
    done = client.post(path, {"q": "ana souza", "outros": [twin.pk], "motivo": "Mesmo documento."}, follow=True)

    assert list(found.context["achados"]) == [twin]
    assert "Fusão em Ana Souza gravada." in done.content.decode()
    assert "«Mesmo documento.»" in done.content.decode()
    merged = client.get(f"/cadastros/consumidores/{twin.pk}/").content.decode()
    assert ["Este cadastro foi fundido em" in merged, "Fundir outros neste" in merged] == [True, False]
    assert [row.pk for row in client.get("/cadastros/consumidores/").context["pagina"].rows] == [cast.ana.pk]
    undo = f"/cadastros/consumidores/fusoes/{FusaoDeConsumidores.objects.get().pk}/desfazer/"
    assert client.post(undo, {"motivo": ""}).status_code == 422
    assert "Desfeita em" in client.post(undo, {"motivo": "Erro."}, follow=True).content.decode()
    assert client.get(undo).status_code == 404
