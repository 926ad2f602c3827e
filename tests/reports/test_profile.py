"""Who came in a year, by what; small cells hidden with their companions, everybody still in the totals."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Papel, User
from cases.models import Atendimento, PrazoDeGuarda
from cases.services.retention import anonymise
from parties.models import Consumidor
from reports.period import Periodo
from reports.profile import MOST_BAIRROS, Perfil, profile
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from tests.reports.conftest import at, case

PAGE = "/relatorios/perfil/?ano=2019"
WHEN = at(2019, 5, 4)
BORN = {"até 20": 2002, "21 a 30": 1990, "mais de 70": 1930}


def visit(cast: Cast, who: Consumidor, canal: str = "pessoal", **fields: Any) -> Atendimento:
    """A closed case of 2019 of somebody."""
    made = case(cast, WHEN, "simples_consulta", canal=canal, desfecho="orientado", **fields)
    Atendimento.objects.filter(pk=made.pk).update(consumidor=who)
    return made


def people(cast: Cast, many: int, sexo: str = "F", faixa: str = "21 a 30", bairro: str = "Centro") -> list[Consumidor]:
    """So many people, each of whom came once."""
    born = date(BORN[faixa], 5, 1) if faixa in BORN else None
    made = [
        Consumidor.objects.create(nome=f"Pessoa {number}", sexo=sexo, nascimento=born, bairro=bairro)
        for number in range(many)
    ]
    for person in made:
        visit(cast, person)
    return made


def told(found: Perfil) -> dict[str, dict[str, int | None]]:
    """The tables, without what is zero."""
    return {quadro.chave: {label: n for label, n in quadro.linhas if n != 0} for quadro in found.quadros}


def of(cast: Cast, *pair: str) -> Perfil:
    return profile(Periodo(2019), [cast.unidade.pk], *pair)


def test_one_dimension_at_a_time(cast: Cast) -> None:
    people(cast, 6, "F", "21 a 30", "Centro")
    people(cast, 5, "M", "mais de 70", " vila  são josé ")
    people(cast, 5, "N", "", "VILA SAO JOSE")
    people(cast, 1, "M", "21 a 30", "Longe")
    visit(cast, Consumidor.objects.create(nome="Elsewhere"), unidade=cast.outra)

    found = of(cast)

    assert found.total == 17
    assert told(found) == {
        "sexo": {"Feminino": 6, "Masculino": 6, "Não informado": 5},
        "faixa": {"21 a 30 anos": 7, "mais de 70 anos": 5, "não informada": 5},
        "bairro": {"vila são josé": 10, "Centro": None, "Outros bairros": None},
        "canal": {"Pessoalmente": 17},
    }


def test_small_cells_and_their_companions_are_hidden(cast: Cast) -> None:
    people(cast, 3, "F", "até 20")
    people(cast, 9, "F", "21 a 30")
    people(cast, 7, "M", "até 20")
    people(cast, 8, "M", "21 a 30")
    people(cast, 30, "M", "mais de 70")
    people(cast, 31, "F", "mais de 70")

    crossed = of(cast, "faixa", "sexo").cruzamento

    assert crossed
    assert crossed.titulo == "Faixa etária e sexo"
    assert {label: (cells[:2], total) for label, cells, total in crossed.linhas if total} == {
        "até 20 anos": ([None, None], 10),
        "21 a 30 anos": ([None, None], 17),
        "mais de 70 anos": ([31, 30], 61),
    }
    assert crossed.totais == [43, 45, 0]


def test_somebody_who_came_often_is_one_person(cast: Cast) -> None:
    people(cast, 20, "F")
    (often,) = people(cast, 1, "M")
    for _ in range(8):
        visit(cast, often)

    assert told(of(cast))["sexo"] == {"Feminino": None, "Masculino": None}


def test_registrations_that_were_merged_are_one_person(cast: Cast) -> None:
    people(cast, 20, "F")
    stands, *others = people(cast, 5, "M")
    assert told(of(cast))["sexo"]["Masculino"] == 5
    Consumidor.objects.filter(pk__in=[other.pk for other in others]).update(fundido_em=stands)

    assert told(of(cast))["sexo"]["Masculino"] is None


def test_what_the_balance_tells_by_canal_gives_no_cell_back(cast: Cast) -> None:
    women, men = people(cast, 9, "F"), people(cast, 9, "M")
    for person in (*women[:2], men[0]):
        visit(cast, person, canal="carta")

    crossed = of(cast, "sexo", "canal").cruzamento

    assert crossed
    assert [cells for _, cells, _ in crossed.linhas][:2] == [[None, None], [None, None]]


def test_everybody_alike_in_one_row_is_not_crossed(cast: Cast) -> None:
    who = people(cast, 9, "F")
    visit(cast, who[0], canal="carta")

    found = of(cast, "sexo", "canal")

    assert (found.cruzamento, found.recusado) == (None, True)


def test_who_was_anonymised_stays_in_every_total(cast: Cast) -> None:
    gil = User.objects.create_user("gil", nome="Gil Encarregado")
    gil.atribuicoes.create(unidade=cast.unidade, papel=Papel.ENCARREGADO)
    PrazoDeGuarda.objects.update_or_create(tipo="simples_consulta", defaults={"anos": 5, "fonte": "CDC, art. 27"})
    people(cast, 6, "F", "mais de 70", "Centro")
    (gone, *_) = people(cast, 6, "M", "21 a 30", "Centro")
    before = told(of(cast, "sexo", "faixa")), of(cast, "sexo", "faixa").cruzamento

    anonymise(consumidor=gone, by=gil, at=NOW)

    assert Consumidor.objects.get(pk=gone.pk).nascimento is None
    assert (told(of(cast, "sexo", "faixa")), of(cast, "sexo", "faixa").cruzamento) == before


def test_only_the_largest_bairros_stand_alone(cast: Cast) -> None:
    for number in range(MOST_BAIRROS + 2):
        people(cast, 5, bairro=f"Bairro {number:02d}")

    bairros = told(of(cast))["bairro"]

    assert len(bairros) == MOST_BAIRROS + 1
    assert bairros["Outros bairros"] == 10


def test_too_few_for_any_table(cast: Cast) -> None:
    people(cast, 4)

    html = logged_in(cast.dora).get(PAGE).content.decode()

    assert "Com menos de 5 atendimentos no ano, qualquer quadro apontaria uma pessoa" in html
    assert "<svg" not in html


def test_the_page_and_its_files(cast: Cast) -> None:
    people(cast, 3, "F", "até 20")
    people(cast, 20, "F", "21 a 30")
    people(cast, 20, "M", "21 a 30")
    people(cast, 7, "M", "até 20")
    client = logged_in(cast.dora)

    html = client.get(PAGE).content.decode()
    data = json.loads(client.get(f"{PAGE}&formato=json").content)
    lines = b"".join(client.get(f"{PAGE}&formato=csv").streaming_content).decode().splitlines()

    assert '<h2 id="titulo-cruzamento">Faixa etária e sexo</h2>' in html
    assert "50 atendimentos em 2019" in html
    assert "style=" not in html
    assert data["dimensoes"]["sexo"] == {"Feminino": 23, "Masculino": 27, "Não informado": 0}
    assert data["cruzamento"]["linhas"]["até 20 anos"] == [None, None, 0]
    assert "Faixa etária e sexo;até 20 anos;Feminino;X" in lines
    assert "Sexo;Feminino;;23" in lines


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("ano=2999", "Escreva um ano entre 1990 e"),
        ("ano=1800", "Escreva um ano entre 1990 e"),
        ("ano=x", "Informe um número inteiro."),
        ("ano=2019&linhas=sexo&colunas=sexo", "Linhas e colunas pedem a mesma coisa."),
        ("ano=2019&linhas=sexo&colunas=", "Escolha linhas e colunas, ou deixe as duas em branco."),
        ("ano=2019&linhas=cpf&colunas=sexo", "Faça uma escolha válida"),
        ("ano=2019&formato=doc", "Não há arquivo em «doc»."),
    ],
)
def test_what_cannot_be_is_told(cast: Cast, query: str, sentence: str) -> None:
    response = logged_in(cast.dora).get(f"/relatorios/perfil/?{query}")

    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_a_year_without_anything_says_so(cast: Cast) -> None:
    assert "Nenhum atendimento em 2019." in logged_in(cast.dora).get(PAGE).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_a_fixed_number_of_times(
    cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people(cast, 5 * rows, "F")
    client = logged_in(cast.dora)

    with django_assert_num_queries(4):
        assert client.get(PAGE).context["perfil"].total == 5 * rows
