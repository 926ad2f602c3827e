"""Our suppliers beside their conduct on consumidor.gov.br: who is whom, exact shares, what is refused."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.models import Atribuicao, Papel, Unidade, User
from cases.models import Atendimento, Reclamado
from opendata.forms import initial
from opendata.services.conduct import Figures, Row, sort
from parties.models import Fornecedor, Grafia
from tests.conftest import Cast
from tests.opendata.gov import OLD, complaint, counts, may
from tests.opendata.test_export import _clock  # noqa: F401  the fixture acts by itself
from tests.reports.conftest import case

Write = Callable[..., str]
TELECOM = "Operadoras de Telecomunicações (Telefonia, Internet, TV por assinatura)"
PAGE = "/relatorios/consumidor-gov/"
MAY_2019 = {"de": "2019-05", "ate": "2019-05"}
IN_MAY = datetime(2019, 5, 31, 23, 0, tzinfo=ZoneInfo("America/Sao_Paulo"))


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def complained(cast: Cast, *suppliers: Fornecedor, when: datetime = IN_MAY, **fields: object) -> Atendimento:
    """A case of May 2019 against these suppliers."""
    opened = case(cast, when, **fields)
    for supplier in suppliers:
        Reclamado.objects.create(atendimento=opened, fornecedor=supplier)
    return opened


def shown(html: str) -> list[tuple[str, list[list[str]]]]:
    """(company, the cells of each place) as the page shows them."""
    blocks = re.findall(r'<th scope="rowgroup"[^>]*>(.*?)<span(.*?)</tbody>', html, re.DOTALL)
    return [(name, [_cells(row) for row in block.split("<tr>")]) for name, block in blocks]


def _cells(row: str) -> list[str]:
    found = re.findall(r'<th scope="row">(.*?)</th>|<td [^>]*>(.*?)</td>', row)
    return [place or value for place, value in found]


def table(client: Client, **query: str) -> list[list[str]]:
    """The CSV's rows without its source."""
    response = client.get(PAGE, {**MAY_2019, **query, "formato": "csv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return [row[:-1] for row in csv.reader(io.StringIO(text), delimiter=";")]


def test_a_supplier_beside_its_conduct_here_in_the_state_and_in_brazil(cast: Cast, write: Write) -> None:
    counts(write(may(), "2019-05.csv"))
    complained(cast, Fornecedor.objects.create(razao_social="TELE  EXEMPLO"))
    complained(cast, cast.loja)

    html = logged_in(cast.dora).get(PAGE, MAY_2019).content.decode()

    assert shown(html) == [
        (
            "Tele Exemplo",
            [
                ["Itaquaquecetuba", "2", "100,0 %", "50,0 %", "50,0 %", "0,0 %", "3,0", "7,0"],
                ["SP", "3", "100,0 %", "66,7 %", "66,7 %", "0,0 %", "3,0", "6,0"],
                ["Brasil", "4", "100,0 %", "66,7 %", "50,0 %", "25,0 %", "3,0", "5,5"],
            ],
        )
    ]
    assert "1 caso neste Procon" in html
    assert "não são totais oficiais. Último arquivo: 2019-05.csv, somado em 27/11/2026." in html
    assert "Resolvidas, de todas</dt><dd>Que o consumidor disse resolvidas ÷ finalizadas." in html


def test_names_spellings_and_what_was_merged_find_the_company(cast: Cast, write: Write) -> None:
    counts(write(may(), "2019-05.csv"))
    trade = Fornecedor.objects.create(razao_social="T E Telecomunicações S.A.", nome_fantasia="Têle-Exemplo")
    spelled = Fornecedor.objects.create(razao_social="Outra S.A.")
    Grafia.objects.create(fornecedor=spelled, nome="TELE EXEMPLO")
    merged = Fornecedor.objects.create(razao_social="Tele Exemplo")
    Fornecedor.objects.filter(pk=merged.pk).update(fundido_em=cast.loja)
    complained(cast, trade, spelled)
    complained(cast, merged)
    complained(cast, cast.loja)
    complained(cast, cast.banco)
    complained(cast, trade, when=IN_MAY.replace(month=6, day=1, hour=0))
    complained(cast, trade, unidade=cast.outra)

    rows = table(logged_in(cast.dora))[1:]

    assert [row[:6] for row in rows] == [
        ["Tele Exemplo", TELECOM, "Loja Modelo Ltda, Outra S.A., Têle-Exemplo", "3", place, number]
        for place, number in (("Itaquaquecetuba", "2"), ("SP", "3"), ("Brasil", "4"))
    ]
    html = logged_in(cast.dora).get(PAGE, {**MAY_2019, "mostrar": "sem"}).content.decode()
    assert re.findall(r'href="/cadastros/fornecedores/(\d+)/">(.*?)</a>', html) == [
        (str(cast.banco.pk), "Banco Exemplo S.A.")
    ]


def test_a_spelling_that_is_added_is_found_at_once(cast: Cast, write: Write) -> None:
    counts(write(may(), "2019-05.csv"))
    complained(cast, cast.banco)
    client = logged_in(cast.dora)
    assert table(client)[1:] == []

    Grafia.objects.create(fornecedor=cast.banco, nome="Banco Exemplo")

    assert table(client)[1] == [
        "Banco Exemplo", "Bancos", "Banco Exemplo S.A.", "1", "Itaquaquecetuba", "1", "0", "0", "0", "1", "0", "0,0",
        "", "0,0", "100,0", "", "0", "", "0",
    ]  # fmt: skip


def test_months_and_segments_narrow(cast: Cast, write: Write) -> None:
    june = [OLD, complaint(**{"Data Finalização": "03/06/2019"}, Nota_do_Consumidor="2")]
    counts(write(may(), "2019-05.csv"), write(june, "2019-06.csv"))
    tele = Fornecedor.objects.create(razao_social="Tele Exemplo")
    complained(cast, tele, Fornecedor.objects.create(razao_social="Banco Exemplo"))
    client = logged_in(cast.dora)

    assert [row[0] for row in table(client, segmento="Bancos")[1:]] == ["Banco Exemplo"] * 3
    assert [row[5] for row in table(client, ate="2019-06", segmento=TELECOM)[1:]] == ["3", "4", "5"]
    assert [row[5] for row in table(client, de="2019-06", ate="2019-06")[1:]] == []


def test_the_workbook_holds_what_the_csv_holds(cast: Cast, write: Write) -> None:
    counts(write(may(), "2019-05.csv"))
    complained(cast, Fornecedor.objects.create(razao_social="Tele Exemplo"))
    client = logged_in(cast.dora)

    response = client.get(PAGE, {**MAY_2019, "formato": "xlsx"})

    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert [[cell or "" for cell in row][:-1] for row in sheet.iter_rows(values_only=True)] == table(client)
    assert response["Content-Disposition"] == 'attachment; filename="consumidor-gov-2019-05-a-2019-05.xlsx"'


@pytest.mark.parametrize("companies", [1, 3])
def test_the_page_asks_a_fixed_number_of_questions(
    cast: Cast, write: Write, companies: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    names = [f"Empresa {number}" for number in range(companies)]
    counts(write([OLD, *(complaint(Nome_Fantasia=name) for name in names)], "2019-05.csv"))
    for name in names:
        complained(cast, Fornecedor.objects.create(razao_social=name))
    client = logged_in(cast.dora)
    client.get(PAGE, MAY_2019)

    with django_assert_num_queries(9):
        html = client.get(PAGE, MAY_2019).content.decode()
    assert [name for name, _ in shown(html)] == names
    with django_assert_num_queries(7):
        client.get(PAGE, {**MAY_2019, "mostrar": "sem"})


def test_pages_of_fifty(cast: Cast, write: Write) -> None:
    names = [f"Empresa {number:02d}" for number in range(51)]
    counts(write([OLD, *(complaint(Nome_Fantasia=name) for name in names)], "2019-05.csv"))
    complained(cast, *(Fornecedor.objects.create(razao_social=name) for name in names))

    html = logged_in(cast.dora).get(PAGE, {**MAY_2019, "pagina": "2"}).content.decode()

    assert [name for name, _ in shown(html)] == ["Empresa 50"]
    assert "Página 2 de 2" in html
    assert 'rel="prev" href="?de=2019-05&amp;ate=2019-05&amp;pagina=1"' in html


def test_an_office_without_data_is_told_how_to_import(cast: Cast) -> None:
    html = logged_in(cast.dora).get(PAGE).content.decode()

    assert "Ainda não há dados de consumidor.gov.br." in html
    assert "manage.py importar_consumidor_gov ARQUIVO" in html


def test_nobody_of_the_platform_is_complained_against(cast: Cast, write: Write) -> None:
    counts(write(may(), "2019-05.csv"))

    html = logged_in(cast.dora).get(PAGE).content.decode()

    assert "Nenhum fornecedor reclamado aqui nestes meses tem o nome de uma empresa da plataforma." in html
    assert "Todo fornecedor reclamado" in logged_in(cast.dora).get(PAGE, {"mostrar": "sem"}).content.decode()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"de": "2019-06", "ate": "2019-05"}, "O fim vem antes do começo. Troque os meses."),
        ({"de": "maio", "ate": "2019-05"}, "Escreva o mês como 2023-05."),
        ({**MAY_2019, "segmento": "Drones"}, "Drones"),
    ],
)
def test_a_question_that_cannot_be_is_refused(cast: Cast, write: Write, query: dict[str, str], sentence: str) -> None:
    counts(write(may(), "2019-05.csv"))

    response = logged_in(cast.dora).get(PAGE, query)

    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_who_reads_no_totals_finds_nothing(cast: Cast) -> None:
    rui = User.objects.create_user("rui", nome="Rui Administrador")
    Atribuicao.objects.create(user=rui, unidade=cast.unidade, papel=Papel.ADMINISTRADOR)

    assert logged_in(rui).get(PAGE).status_code == 404
    assert Client().get(PAGE)["Location"] == f"/entrar/?next={PAGE}"


def test_each_city_of_the_office_is_compared_by_itself(cast: Cast, write: Write) -> None:
    Unidade.objects.filter(pk=cast.outra.pk).update(municipio="3552502")
    Atribuicao.objects.create(user=cast.dora, unidade=cast.outra, papel=Papel.COORDENADOR)
    counts(write(may(), "2019-05.csv"))
    tele = Fornecedor.objects.create(razao_social="Tele Exemplo")
    complained(cast, tele, unidade=cast.outra)
    client = logged_in(User.objects.get(pk=cast.dora.pk))

    assert [(row[3], row[4], row[5]) for row in table(client, cidade="3552502")[1:]] == [
        ("1", "Suzano", "1"), ("1", "SP", "3"), ("1", "Brasil", "4"),
    ]  # fmt: skip
    assert table(client)[1:] == []


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (date(2019, 5, 1), date(2019, 6, 1), ("2019-05", "2019-06")),
        (date(2014, 1, 1), date(2019, 6, 1), ("2018-07", "2019-06")),
        (date(2014, 1, 1), date(2019, 12, 1), ("2019-01", "2019-12")),
    ],
)
def test_the_last_twelve_months_are_shown_first(first: date, last: date, told: tuple[str, str]) -> None:
    assert tuple(initial((first, last)).values()) == told


def row(name: str, here: int, **sums: int) -> Row:
    return Row(name, "", here, (), [("BR", "Brasil", Figures(**sums))])


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("aqui", "cab"),
        ("nome", "abc"),
        ("reclamacoes", "bac"),
        ("respondidas", "bac"),
        ("avaliadas", "abc"),
        ("todas", "abc"),
        ("nota", "abc"),
        ("dias", "bac"),
    ],
)
def test_the_worst_come_first_and_those_without_a_value_last(order: str, names: str) -> None:
    rows = [
        row("c", 9),
        row(
            "b", 1, reclamacoes=4, respondidas=1, resolvidas=2, nao_avaliadas=2, notas=2, notas_soma=9, respostas=1,
            dias_soma=9,
        ),
        row("a", 2, reclamacoes=3, respondidas=3, nao_resolvidas=3, notas=3, notas_soma=3, respostas=3, dias_soma=3),
    ]  # fmt: skip

    assert "".join(found.empresa for found in sort(rows, order, "BR")) == names
