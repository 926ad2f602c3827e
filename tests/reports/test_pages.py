"""The pages that read: who sees what, what is drawn, which files they give."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Atribuicao, Papel, User
from tests.conftest import Cast
from tests.reports.conftest import at, case


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def summary(html: str) -> dict[str, str]:
    return dict(re.findall(r'<div><dt>(.*?)</dt><dd class="numero">(.*?)</dd></div>', html))


def test_the_years_with_something_to_count(history: Cast) -> None:
    html = logged_in(history.dora).get("/relatorios/").content.decode()

    assert re.findall(r'href="(/relatorios/balanco/\d+/)"', html) == [
        f"/relatorios/balanco/{ano}/" for ano in (2024, 2023, 2022)
    ]
    assert re.findall(r'<td class="num">(\d+)</td>', html) == ["1", "0", "9", "0", "1", "0"]


def test_an_office_without_history_says_so(cast: Cast) -> None:
    html = logged_in(cast.dora).get("/relatorios/").content.decode()

    assert "Ainda não há o que contar." in html


def test_the_balance_of_one_s_own_unidade(history: Cast) -> None:
    html = logged_in(history.dora).get("/relatorios/balanco/2023/").content.decode()

    assert summary(html) == {
        "Atendimentos": "9",
        "Atendimentos preliminares abertos": "4",
        "Atendimentos preliminares resolvidos no atendimento": "1",
        "CIPs emitidas": "3",
        "Audiências agendadas": "5",
        "Audiências realizadas": "2",
        "Reclamações instauradas": "1",
        "Encaminhamentos": "3",
        "Senhas da Nota Fiscal Paulista desbloqueadas": "1",
        "Consultas de caso": "1",
    }
    assert "foram realizados 9 atendimentos em 2023" in html
    assert "APs encerrados como resolvidos no atendimento ou pela CIP ÷ APs abertos no período: 2 ÷ 4." in html


def test_eva_from_elsewhere_sees_only_her_unidade(history: Cast) -> None:
    html = logged_in(history.eva).get("/relatorios/balanco/2023/").content.decode()

    assert summary(html)["Atendimentos"] == "1"
    assert summary(html)["CIPs emitidas"] == "0"
    assert "Banco Exemplo" not in html


@pytest.mark.parametrize("path", ["/relatorios/", "/relatorios/balanco/2023/"])
def test_an_administrador_reads_no_totals_by_that_role_alone(history: Cast, path: str) -> None:
    user = User.objects.create_user("rui", nome="Rui Administrador")
    Atribuicao.objects.create(user=user, unidade=history.unidade, papel=Papel.ADMINISTRADOR)

    assert logged_in(user).get(path).status_code == 404


def test_whoever_has_not_logged_in_is_sent_to_do_so(db: None) -> None:
    response = Client().get("/relatorios/balanco/2023/")

    assert (response.status_code, response["Location"]) == (302, "/entrar/?next=/relatorios/balanco/2023/")


def test_a_month(history: Cast) -> None:
    html = logged_in(history.dora).get("/relatorios/balanco/2023/?mes=4").content.decode()

    assert "<h1>Balanço de abril de 2023</h1>" in html
    assert summary(html)["Atendimentos"] == "4"
    assert 'rel="prev" href="/relatorios/balanco/2023/?mes=3"' in html
    assert 'rel="next" href="/relatorios/balanco/2023/?mes=5"' in html


def test_an_empty_year_says_so(history: Cast) -> None:
    html = logged_in(history.dora).get("/relatorios/balanco/2021/").content.decode()

    assert "Nada foi registrado em 2021." in html
    assert "<svg" not in html


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("0/", "Não há balanço do ano «0»"),
        ("99999/", "Não há balanço do ano «99999»"),
        ("2999/", "Não há balanço do ano «2999»"),
        ("2023/?mes=13", "«13» não é um mês."),
        ("2023/?formato=doc", "Não há balanço em «doc»."),
        ("%3Cscript%3E/", "Não há balanço do ano «&lt;script&gt;»"),
    ],
)
def test_bad_input_is_told_in_a_sentence(history: Cast, address: str, sentence: str) -> None:
    response = logged_in(history.dora).get(f"/relatorios/balanco/{address}")

    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_charts_need_no_inline_style_and_have_their_table(history: Cast) -> None:
    html = logged_in(history.dora).get("/relatorios/balanco/2023/").content.decode()

    assert "style=" not in html
    assert (html.count('<svg class="grafico"'), html.count("<desc id="), html.count('<ul class="barras"')) == (1, 1, 5)
    assert html.count('<details class="tabela-do-grafico">') == 6
    assert "Total 9. Maior: abril, 4. Menor: fevereiro, 0. Os números estão na tabela abaixo." in html


def test_charts_keep_their_coordinates_when_counts_are_large(history: Cast) -> None:
    from reports.charts import bars, columns

    lying = bars("x", "X", [("A", 12_000), ("B", 0), ("C", 6_000)])
    standing = columns("y", "Y", [("janeiro", 1_500), ("fevereiro", 0)])

    assert [(mark.rotulo, mark.largura, mark.valor) for mark in lying.marcas] == [
        ("A", "370", "12.000"),
        ("C", "185", "6.000"),
    ]
    assert [(mark.rotulo, mark.altura, mark.valor) for mark in standing.marcas] == [
        ("jan", "180", "1.500"),
        ("fev", "0", ""),
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_balance_page_asks_a_fixed_number_of_times(
    cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        case(cast, at(2023, 5, 4))
    client = logged_in(cast.dora)

    with django_assert_num_queries(8):
        assert client.get("/relatorios/balanco/2023/").status_code == 200
    with django_assert_num_queries(8):
        assert client.get("/relatorios/balanco/?de=2023-01-15&ate=2023-06-14").status_code == 200


def test_any_days_have_a_balance_beside_the_days_before(history: Cast) -> None:
    client = logged_in(history.dora)
    page = client.get("/relatorios/balanco/?de=2023-03-31&ate=2023-04-03")
    text = page.content.decode()

    assert "Balanço de 31/03/2023 a 03/04/2023" in text
    assert "foram realizados 4 atendimentos de 31/03/2023 a 03/04/2023" in text
    assert page.context["comparacao"].colunas == (
        "Contador", "31/03/2023 a 03/04/2023", "27/03/2023 a 30/03/2023", "Mudança",
    )  # fmt: skip
    assert page.context["comparacao"].linhas[0] == ("Atendimentos", 4, 0, "–")
    assert "aparecem em períodos de meses inteiros" in text
    assert [rotulo for _, rotulo, _ in page.context["vizinhos"]] == [
        "27/03/2023 a 30/03/2023", "04/04/2023 a 07/04/2023",
    ]  # fmt: skip
    file = client.get("/relatorios/balanco/?de=2023-03-31&ate=2023-04-03&formato=json")
    assert file["Content-Disposition"] == 'attachment; filename="balanco-2023-03-31-2023-04-03.json"'
    assert file.json()["periodo"] == {"de": "2023-03-31", "ate": "2023-04-03"}


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ("de=2023-05-01&ate=2023-04-01", "O último dia vem depois do primeiro."),
        ("de=ontem&ate=2023-04-01", "Informe uma data válida"),
        ("de=1900-01-01&ate=2023-04-01", "Escolha dias de 01/01/1990"),
        ("de=9999-01-01&ate=9999-12-31", "O período ainda não começou"),
    ],
)
def test_days_that_make_no_period_are_told_so(cast: Cast, days: str, told: str) -> None:
    page = logged_in(cast.dora).get(f"/relatorios/balanco/?{days}")
    assert (page.status_code, told in page.content.decode()) == (422, True)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_index_asks_a_fixed_number_of_times(
    cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for ano in range(2010, 2010 + rows):
        case(cast, at(ano, 5, 4))
    client = logged_in(cast.dora)

    with django_assert_num_queries(4):
        assert len(client.get("/relatorios/").context["anos"]) == rows
