"""Questions that people put together: answered from the totals, only of what they may see."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Atribuicao, Papel, User
from cases.models import Assunto, Reclamado
from parties.models import Fornecedor, GrupoEconomico
from parties.services import merge_suppliers
from reports import questions
from reports.measures import Medida
from reports.questions import Question, ask, check, dimensions
from reports.totals import fold
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from tests.reports.conftest import at, case, record
from workflow.errors import ContentRefused

YEAR = {"de": date(2023, 1, 1), "ate": date(2024, 1, 1)}
LINK = "/relatorios/perguntar/?medida={}&linhas={}&colunas={}&de=2023-01&ate=2023-12&filtro={}"


def told(medida: Medida, linhas: str, colunas: str = "", **fields: object) -> tuple[list[str], dict[str, list[int]]]:
    """The columns' heads and the lines."""
    answer = ask(Question(medida, linhas, colunas, **{**YEAR, **fields}), unidades=fields.pop("unidades", None))
    return answer.colunas, {label: numbers or [total] for label, numbers, total in answer.linhas}


def test_two_dimensions(history: Cast) -> None:
    expected = (
        ["Pessoalmente", "Portal", "Telefone"],
        {
            "Atendimento preliminar (AP)": [2, 1, 1],
            "Encaminhamento": [3, 0, 0],
            "Consulta de caso": [1, 0, 0],
            "Nota Fiscal Paulista": [1, 0, 0],
            "Simples consulta": [1, 0, 0],
        },
    )

    before = told(Medida.ATENDIMENTOS, "tipo", "canal")
    fold()

    assert (before, told(Medida.ATENDIMENTOS, "tipo", "canal")) == (expected, expected)


def test_time_is_a_dimension_in_its_own_order(history: Cast) -> None:
    assert told(Medida.ATENDIMENTOS, "mes", de=date(2022, 12, 1), ate=date(2023, 4, 1))[1] == {
        "dezembro de 2022": [1],
        "janeiro de 2023": [1],
        "março de 2023": [2],
    }
    assert told(Medida.ATENDIMENTOS, "ano", de=date(2022, 12, 1), ate=date(2024, 2, 1))[1] == {
        "2022": [1],
        "2023": [10],
        "2024": [1],
    }


def test_a_filter_on_another_dimension(history: Cast) -> None:
    only = {"filtro": "tipo", "valor": "encaminhamento"}

    assert told(Medida.ATENDIMENTOS, "orgao", **only)[1] == {"Banco Central": [2], "Agência de telecomunicações": [1]}
    assert told(Medida.ATENDIMENTOS, "unidade", **only)[1] == {"Procon Centro": [3]}


def test_areas_are_looked_up_from_the_subjects(cast: Cast) -> None:
    for code, area in ((1, "Saúde"), (2, "Saúde"), (3, "Finanças")):
        subject, _ = Assunto.objects.update_or_create(codigo=code, defaults={"area": area, "descricao": f"A{code}"})
        one = case(cast, at(2023, 5, 4), assunto=subject)
        Reclamado.objects.create(atendimento=one, fornecedor=cast.loja)

    assert told(Medida.ATENDIMENTOS, "area")[1] == {"Saúde": [2], "Finanças": [1]}
    assert told(Medida.RECLAMADOS, "empresa", "area") == (["Saúde", "Finanças"], {"Loja Modelo Ltda": [2, 1]})


def test_suppliers_and_groups_follow_merges(cast: Cast) -> None:
    group = GrupoEconomico.objects.create(nome="Grupo Modelo")
    Fornecedor.objects.filter(pk=cast.loja.pk).update(grupo=group)
    branch = Fornecedor.objects.create(razao_social="Loja Filial", cnpj="12ABC34500ZZ99")
    bare = Fornecedor.objects.create(razao_social="Modelo")
    for number, supplier in enumerate((cast.loja, branch, bare, cast.banco)):
        one = case(cast, at(2023, 5, 4), canal="portal" if number % 2 else "pessoal")
        Reclamado.objects.create(atendimento=one, fornecedor=supplier)
    auditor = User.objects.create_user("iara", nome="Iara")
    auditor.atribuicoes.create(unidade=cast.unidade, papel="auditor")
    merge_suppliers(survivor=cast.loja, others=[bare], motivo="É a loja.", by=auditor, at=NOW)

    for _ in range(2):
        heads, lines = told(Medida.RECLAMADOS, "empresa", "canal")
        assert (heads, lines) == (
            ["Pessoalmente", "Portal"],
            {"Loja Modelo Ltda": [2, 1], "Banco Exemplo S.A.": [0, 1]},
        )
        assert told(Medida.RECLAMADOS, "grupo")[1] == {"Grupo Modelo": [3]}
        assert told(Medida.RECLAMADOS, "empresa", filtro="canal", valor="portal")[1] == {
            "Banco Exemplo S.A.": [1],
            "Loja Modelo Ltda": [1],
        }
        assert told(Medida.RECLAMADOS, "mes", "empresa")[1] == {"maio de 2023": [3, 1]}
        fold()


def test_the_national_register_is_asked_alike(cast: Cast) -> None:
    record(cast.banco, "BANCO", 2023, atendida=True, filed=at(2023, 2, 1))
    record(cast.banco, "BANCO", 2023, atendida=False)

    assert told(Medida.REGISTROS, "resultado")[1] == {"Fundamentada atendida": [1], "Fundamentada não atendida": [1]}


def test_every_pair_of_every_measure_is_answered_or_refused_in_words(history: Cast) -> None:
    fold()
    wrong = {}
    for medida in Medida:
        names = dimensions(medida)
        whole = ask(Question(medida, "ano", "", **YEAR), unidades=None).total
        for linhas, colunas in product(names, [*names, ""]):
            question = Question(medida, linhas, colunas, **YEAR)
            try:
                check(question)
            except ContentRefused:
                continue
            total = ask(question, unidades=None).total
            if "grupo" not in (linhas, colunas) and total != whole:
                wrong[medida.name, linhas, colunas] = total
    assert wrong == {}


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        (LINK.format("audiencias", "canal", "", ""), "«Audiências» não se contam por canal."),
        (LINK.format("atendimentos", "tipo", "tipo", ""), "Linhas e colunas pedem a mesma coisa."),
        (LINK.format("atendimentos", "tipo", "canal", "desfecho:acordo"), "Os totais são guardados aos pares"),
        (LINK.format("atendimentos", "tipo", "", "").replace("2023-12", "2022-12"), "O último mês vem depois"),
        (LINK.format("atendimentos", "tipo", "", "").replace("2023-12", "2999-12"), "Escolha meses de 1990 até"),
        (LINK.format("atendimentos", "tipo", "", "").replace("2023-12", "x"), "Escreva o mês como 2023-05."),
        (LINK.format("nada", "tipo", "", ""), "Faça uma escolha válida"),
    ],
)
def test_what_has_no_totals_is_told_with_the_form(history: Cast, link: str, sentence: str) -> None:
    response = logged_in(history.dora).get(link)

    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_the_page_opens_with_a_question_and_gives_it_as_csv(history: Cast) -> None:
    client = logged_in(history.dora)

    page = client.get("/relatorios/perguntar/")
    csv = client.get(LINK.format("atendimentos", "tipo", "canal", "") + "&formato=csv")

    assert page.status_code == 200
    assert page.context["maiores"] == 0
    assert client.get(LINK.format("reclamados", "mes", "empresa", "")).context["maiores"] == 10
    assert csv["Content-Disposition"] == 'attachment; filename="atendimentos-por-tipo-canal-2023-01-2023-12.csv"'
    assert b"".join(csv.streaming_content).decode().splitlines() == [
        "\ufeffTipo;Pessoalmente;Portal;Telefone;Total",
        "Atendimento preliminar (AP);2;1;1;4",
        "Encaminhamento;3;0;0;3",
        "Consulta de caso;1;0;0;1",
        "Nota Fiscal Paulista;1;0;0;1",
    ]


def test_only_one_s_own_unidades_are_counted(history: Cast) -> None:
    def total(client: Client, link: str) -> int:
        return client.get(link).context["total"]

    link = LINK.format("atendimentos", "tipo", "", "")
    assert total(logged_in(history.eva), link) == 1
    assert total(logged_in(history.dora), link) == 9
    assert logged_in(history.dora).get(f"{link}&unidade={history.outra.pk}").context["total"] == 9
    Atribuicao.objects.create(user=history.dora, unidade=history.outra, papel=Papel.COORDENADOR)
    both = User.objects.get(pk=history.dora.pk)
    assert total(logged_in(both), link) == 10
    assert total(logged_in(both), f"{link}&unidade={history.outra.pk}") == 1


def test_only_who_manages_counts_by_conciliator(history: Cast) -> None:
    link = LINK.format("audiencias", "conciliador", "", "")

    assert logged_in(history.bruno).get(link).status_code == 422
    assert logged_in(history.dora).get(link).context["linhas"] == [("Carla Conciliadora", [], 5)]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_question_asks_a_fixed_number_of_times(
    cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        case(cast, at(2023, 5, 4 + number))
    client = logged_in(cast.dora)

    with django_assert_num_queries(9):
        assert client.get(LINK.format("atendimentos", "tipo", "canal", "")).context["total"] == rows


def test_many_columns_are_told_together_on_the_page_and_one_by_one_in_the_file(cast: Cast) -> None:
    subjects = [
        Assunto.objects.update_or_create(codigo=code, defaults={"area": "A", "descricao": f"Assunto {code}"})[0]
        for code in range(1, 23)
    ]
    for number, subject in enumerate([*subjects, *subjects[:20]]):
        case(cast, at(2023, 5, 4), assunto=subject, canal="portal" if number == 20 else "pessoal")
    client = logged_in(cast.dora)
    link = LINK.format("atendimentos", "canal", "assunto", "")

    page, csv = client.get(link), client.get(f"{link}&formato=csv")

    assert page.context["cabecas"][-2:] == ["Demais", "Total"]
    assert page.context["linhas"] == [("Pessoalmente", [2] * 20 + [1], 41), ("Portal", [0] * 20 + [1], 1)]
    assert "As 20 maiores colunas; as outras estão em «Demais»" in page.content.decode()
    head = b"".join(csv.streaming_content).decode().splitlines()[0]
    assert head.endswith(";Assunto 21;Assunto 22;Total")


def test_a_page_tells_fewer_companies_than_the_file(cast: Cast) -> None:
    question = Question(Medida.RECLAMADOS, "empresa", "", **YEAR)
    firms = [Fornecedor.objects.create(razao_social=f"Empresa {number}") for number in range(26)]
    Reclamado.objects.bulk_create(
        [Reclamado(atendimento=case(cast, at(2023, 5, 4)), fornecedor=firm) for firm in firms]
    )

    assert [len(ask(question, unidades=None, whole=whole).linhas) for whole in (False, True)] == [25, 26]


def test_beside_companies_the_columns_are_the_largest_of_the_period(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the one company told is most complained of for stands among the others: the period's largest is another."""
    monkeypatch.setattr(questions, "COLUMNS", 1)
    monkeypatch.setattr(questions, "FIRMS", 1)
    usual, rare = (
        Assunto.objects.update_or_create(codigo=code, defaults={"area": "A", "descricao": name})[0]
        for code, name in ((1, "Usual"), (2, "Raro"))
    )
    for supplier, subject, times in ((cast.loja, rare, 2), (cast.loja, usual, 1), (cast.banco, usual, 2)):
        for _ in range(times):
            made = case(cast, at(2023, 5, 4), assunto=subject)
            Reclamado.objects.create(atendimento=made, fornecedor=supplier)
    expected = (["Usual", "Demais"], {cast.loja.razao_social: [1, 2]})

    before = told(Medida.RECLAMADOS, "empresa", "assunto")
    fold()

    assert (before, told(Medida.RECLAMADOS, "empresa", "assunto")) == (expected, expected)


def test_a_company_by_the_assunto_that_is_filtered_has_no_others(cast: Cast) -> None:
    one, two = (
        Assunto.objects.update_or_create(codigo=code, defaults={"area": "A", "descricao": name})[0]
        for code, name in ((1, "Um"), (2, "Dois"))
    )
    for subject in (one, one, two):
        Reclamado.objects.create(atendimento=case(cast, at(2023, 5, 4), assunto=subject), fornecedor=cast.loja)
    fold()
    asked = told(Medida.RECLAMADOS, "empresa", "assunto", filtro="assunto", valor="1")
    assert asked == (["Um"], {cast.loja.razao_social: [2]})
