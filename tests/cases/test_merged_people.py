"""Two registrations that are one person: one list of cases, one file, one end of retention."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Atribuicao, Papel, User
from cases.models import Anonimizacao, Assunto, Atendimento, PerfilAnonimo, PrazoDeGuarda
from cases.services.counter import open_duplicates
from cases.services.privacy import personal_data
from cases.services.retention import anonymise, due
from parties.models import Consumidor, FusaoDeConsumidores
from parties.services import merge_consumers, undo_merge
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed
from workflow.models import Leitura

Make = Callable[..., Atendimento]
LATER = NOW + timedelta(days=6 * 366)


@pytest.fixture
def iara(cast: Cast) -> User:
    """An auditor of the centre, who is the encarregado too."""
    user = User.objects.create_user("iara", "senha-de-teste-1", nome="Iara Auditora")
    for papel in (Papel.AUDITOR, Papel.ENCARREGADO):
        Atribuicao.objects.create(user=user, unidade=cast.unidade, papel=papel)
    PrazoDeGuarda.objects.update_or_create(tipo="atendimento_preliminar", defaults={"anos": 5, "fonte": "CDC, art. 27"})
    return user


@pytest.fixture
def cases(cast: Cast, ap: Make) -> list[Atendimento]:
    """A case of Ana's, and one of her other registration."""
    twin = Consumidor.objects.create(nome="Ana S. Souza", telefone="11988887777", nascimento=date(1990, 5, 1))
    own, other = ap(), ap(cast.banco)
    Atendimento.objects.filter(pk=other.pk).update(consumidor=twin)
    other.refresh_from_db()
    return [own, other]


def merge(cast: Cast, iara: User, cases: list[Atendimento]) -> FusaoDeConsumidores:
    return merge_consumers(survivor=cast.ana, others=[cases[1].consumidor], motivo="É a mesma.", by=iara, at=NOW)


def close(cases: list[Atendimento], at: datetime) -> None:
    keys = [case.pk for case in cases]
    Atendimento.objects.filter(pk__in=keys).update(status="encerrado", desfecho="desistencia", encerrado_em=at)


def test_the_list_of_a_persons_cases_is_whole(cast: Cast, iara: User, cases: list[Atendimento]) -> None:
    merge(cast, iara, cases)
    client = logged_in(cast.bruno)

    for person in (cast.ana, cases[1].consumidor):
        page = client.get(f"/atendimentos/?consumidor={person.pk}").content.decode()
        assert [case.protocolo in page for case in cases] == [True, True]


def test_an_open_case_of_the_merged_registration_is_alike(cast: Cast, iara: User, cases: list[Atendimento]) -> None:
    told = {"by": cast.bruno, "consumidor": cast.ana, "assunto": Assunto.objects.get(), "fornecedores": [cast.banco]}
    assert open_duplicates(**told) == []

    merge(cast, iara, cases)

    assert open_duplicates(**told) == [cases[1]]


def test_typing_the_cpf_shows_the_open_cases_of_both(cast: Cast, iara: User, cases: list[Atendimento]) -> None:
    merge(cast, iara, cases)

    page = logged_in(cast.bruno).post("/atendimentos/novo/consumidor/", {"cpf": "111.444.777-35"}).content.decode()

    assert [case.protocolo in page for case in cases] == [True, True]


def test_one_persons_data_are_taken_out_whole(cast: Cast, iara: User, cases: list[Atendimento]) -> None:
    alone = personal_data(cast.ana)
    merge(cast, iara, cases)

    whole = personal_data(cast.ana)

    assert len(alone["atendimento"]) == 1
    assert sorted(row["protocolo"] for row in whole["atendimento"]) == sorted(case.protocolo for case in cases)
    assert [row["nome"] for row in whole["consumidor"]] == ["Ana Souza", "Ana S. Souza"]
    assert [row["motivo"] for row in whole["fusão de consumidores"]] == ["É a mesma."]
    assert personal_data(cases[1].consumidor) == whole


def test_the_encarregado_sees_the_person_by_either_registration(
    cast: Cast, iara: User, cases: list[Atendimento]
) -> None:
    merge(cast, iara, cases)

    page = logged_in(iara).get(f"/privacidade/pessoas/{cases[1].consumidor_id}/")

    assert page.context["pessoa"] == cast.ana
    assert [case.protocolo in page.content.decode() for case in cases] == [True, True]


def test_retention_ends_when_the_cases_of_both_are_past(cast: Cast, iara: User, cases: list[Atendimento]) -> None:
    merge(cast, iara, cases)
    today = LATER.date()
    close(cases[:1], NOW)
    assert list(due(today=today)) == []

    close(cases[1:], NOW)

    assert list(due(today=today)) == [cast.ana]


def test_anonymising_takes_out_both_registrations(cast: Cast, iara: User, cases: list[Atendimento]) -> None:
    fusao = merge(cast, iara, cases)
    close(cases, NOW)

    anonymise(consumidor=cast.ana, by=iara, at=LATER)

    people = Consumidor.objects.order_by("pk")
    assert [(row.nome, row.cpf, row.telefone, row.nascimento) for row in people] == [
        ("Consumidor anonimizado", None, "", None)
    ] * 2
    assert sorted(people.values_list("nome_busca", flat=True)) == [
        "consumidor anonimizado",
        "consumidor anonimizado consumidor anonimizado",
    ]
    assert Anonimizacao.objects.count() == 2
    assert [row.faixa_etaria for row in PerfilAnonimo.objects.all()] == ["31 a 40", "31 a 40"]
    fusao.refresh_from_db()
    assert fusao.motivo == "(anonimizado)"
    with pytest.raises(ActNotAllowed, match="já foi anonimizado: não se funde com outro, nem se separa"):
        undo_merge(fusao=fusao, motivo="Não é.", by=iara, at=LATER)


def test_an_anonymous_person_is_merged_with_nobody(cast: Cast, iara: User, cases: list[Atendimento]) -> None:
    close(cases[1:], NOW)
    twin = cases[1].consumidor
    assert twin is not None
    anonymise(consumidor=twin, by=iara, at=LATER)

    with pytest.raises(ActNotAllowed, match="já foi anonimizado"):
        merge(cast, iara, cases)
    assert FusaoDeConsumidores.objects.count() == 0


def test_a_persons_page_tells_what_changed(cast: Cast, iara: User, cases: list[Atendimento]) -> None:
    client = logged_in(cast.bruno)
    path = f"/atendimentos/consumidores/{cast.ana.pk}/alteracoes/"
    assert "Nada mudou neste cadastro" in client.get(path).content.decode()
    Consumidor.objects.filter(pk=cast.ana.pk).update(telefone="11977776666", cpf="52998224725", prioridades=["pcd"])

    page = client.get(path, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in page
    told = [word in page for word in ("11977776666", "***.982.247-**", "111.444.777-35", "52998224725", "pcd")]
    assert told == [True, True, False, False, False]
    assert Leitura.objects.filter(pagina="historico", objeto_id=cast.ana.pk).count() == 2


def test_a_person_whom_one_does_not_see_has_no_history(cast: Cast, cases: list[Atendimento]) -> None:
    assert logged_in(cast.eva).get(f"/atendimentos/consumidores/{cast.ana.pk}/alteracoes/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_history_costs_the_same_at_one_and_at_three_changes(
    cast: Cast, cases: list[Atendimento], rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        Consumidor.objects.filter(pk=cast.ana.pk).update(telefone=f"1197777000{number}")
    client = logged_in(cast.bruno)
    client.get("/")

    with django_assert_num_queries(6):
        page = client.get(f"/atendimentos/consumidores/{cast.ana.pk}/alteracoes/", headers={"HX-Request": "true"})
    assert len(page.context["linhas"]) == rows


def test_a_merge_stands_in_the_cases_history(cast: Cast, iara: User, cases: list[Atendimento]) -> None:
    merge(cast, iara, cases)

    page = logged_in(cast.bruno).get(f"/atendimentos/{cases[1].protocolo}/historico/").content.decode()

    assert "Fundido em" in page


def test_a_case_says_who_its_consumer_is_today(cast: Cast, iara: User, cases: list[Atendimento]) -> None:
    merge(cast, iara, cases)

    page = logged_in(cast.bruno).get(f"/atendimentos/{cases[1].protocolo}/").content.decode()

    assert f'hoje é a mesma pessoa que <a href="/cadastros/consumidores/{cast.ana.pk}/">Ana Souza</a>' in page
