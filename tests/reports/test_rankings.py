"""Rankings: whom they count for, by which share, of which cases; and what they answer where there is nothing."""

from __future__ import annotations

import io
import re
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from accounts.models import Atribuicao, Papel, User
from cases.models import Assunto, Reclamado
from parties.models import Fornecedor, GrupoEconomico
from reports.closing import close_year
from reports.ranking import Asked, rank
from reports.totals import fold
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from tests.reports.conftest import at, case, classify, letter, record

LINK = "/relatorios/ranking/?por={}&nivel={}&fonte={}&de=2023-01&ate=2023-12"
YEAR = {"de": date(2023, 1, 1), "ate": date(2024, 1, 1)}


@pytest.fixture
def market(cast: Cast) -> Cast:
    """Of 2023: the shop 2 (one at its branch) and 2 national, the bank 3 and 1 national, a stall 1; one group."""
    health, money = (
        Assunto.objects.update_or_create(codigo=code, defaults={"area": area, "descricao": area})[0]
        for code, area in ((1, "Saúde"), (2, "Finanças"))
    )
    group = GrupoEconomico.objects.create(nome="Grupo Modelo")
    Fornecedor.objects.filter(pk=cast.loja.pk).update(grupo=group)
    branch = Fornecedor.objects.create(razao_social="Loja Filial", cnpj="12ABC34500ZZ99")
    stall = Fornecedor.objects.create(razao_social="Barraca")
    against = [cast.loja, branch, cast.banco, cast.banco, cast.banco, stall]
    for number, supplier in enumerate(against):
        one = case(cast, at(2023, 5, 4), assunto=money if supplier == cast.banco else health)
        party = Reclamado.objects.create(atendimento=one, fornecedor=supplier)
        letter(party, at(2023, 5, 5), "acordo" if number % 2 else "sem_resolucao")
        valor = "fundamentada_atendida" if number == 2 else "fundamentada_nao_atendida"
        classify(cast, party, valor if number < 4 else "nao_fundamentada", at(2023, 9, 1))
    for supplier, name, attended in ((cast.loja, "LOJA", True), (cast.loja, "LOJA", False), (cast.banco, "BCO", True)):
        record(supplier, name, 2023, atendida=attended)
    return cast


def told(nivel: str, por: str = "volume", **fields: object) -> list[tuple[int, str, int, int]]:
    """Place, name, part and total of each line, folded or not."""
    asked = Asked(nivel=nivel, por=por, **{**YEAR, "minimo": 1, **fields})
    before = rank(asked, unidades=None)
    fold()
    after = rank(asked, unidades=None)
    assert before == after
    return [(line.lugar, line.nome, line.parte, line.total) for line in after]


def test_by_cnpj_by_company_and_by_group(market: Cast) -> None:
    assert told("cnpj") == [
        (1, "Banco Exemplo S.A.", 0, 4),
        (2, "LOJA", 0, 3),
        (3, "Barraca", 0, 1),
        (3, "Loja Filial", 0, 1),
    ]
    assert told("radical") == [(1, "Banco Exemplo S.A.", 0, 4), (1, "LOJA", 0, 4), (3, "Barraca", 0, 1)]
    assert told("grupo") == [(1, "Banco Exemplo S.A.", 0, 4), (1, "Grupo Modelo", 0, 4), (3, "Barraca", 0, 1)]


def test_of_one_source_with_a_minimum_volume(market: Cast) -> None:
    assert told("radical", fonte="nacional") == [(1, "LOJA", 0, 2), (2, "BCO", 0, 1)]
    assert told("radical", fonte="casa", minimo=2) == [
        (1, "Banco Exemplo S.A.", 0, 3),
        (2, "Loja Filial", 0, 2),
    ]


def test_by_subject_and_by_area(market: Cast) -> None:
    assert told("radical", assunto=1) == [(1, "LOJA", 0, 2), (2, "Barraca", 0, 1)]
    assert told("radical", area="Finanças") == [(1, "Banco Exemplo S.A.", 0, 3)]
    assert told("radical", "preliminar", area="Saúde") == [(1, "Loja Filial", 1, 2), (2, "Barraca", 1, 1)]
    assert told("radical", area="Nenhuma") == []


def test_founded_complaints_that_were_attended(market: Cast) -> None:
    """The shop 1 of 4 (none of its own two), the bank 2 of 3; the stall's was not founded: it is in no ranking."""
    assert told("radical", "atendidas") == [(1, "LOJA", 1, 4), (2, "Banco Exemplo S.A.", 2, 3)]
    assert told("radical", "atendidas", melhores=True)[0] == (1, "Banco Exemplo S.A.", 2, 3)
    assert told("radical", "atendidas", fonte="casa", minimo=2) == [
        (1, "Loja Filial", 0, 2),
        (2, "Banco Exemplo S.A.", 1, 2),
    ]


def test_solved_by_the_letter(market: Cast) -> None:
    assert told("radical", "preliminar") == [
        (1, "Banco Exemplo S.A.", 1, 3),
        (2, "Loja Filial", 1, 2),
        (3, "Barraca", 1, 1),
    ]


def test_part_of_a_year_counts_its_months(market: Cast) -> None:
    some = {"de": date(2022, 11, 1), "ate": date(2023, 5, 1)}

    assert told("radical", **some) == []
    assert told("radical", **{**some, "ate": date(2023, 6, 1)}) == [
        (1, "Banco Exemplo S.A.", 0, 3),
        (2, "Loja Filial", 0, 2),
        (3, "Barraca", 0, 1),
    ]


def rows(client: Client, link: str) -> list[list[str]]:
    html = client.get(link).content.decode()
    body = html[html.index("<tbody>") : html.index("</tbody>")]
    return [re.sub(r"<[^>]+>", "|", row).replace("\n", "").split("|") for row in body.split("</tr>")[:-1]]


def test_each_line_leads_to_the_cases_that_one_may_see(market: Cast) -> None:
    client = logged_in(market.dora)

    for nivel, expected in (("cnpj", [3, 1, 1, 1]), ("radical", [3, 2, 1]), ("grupo", [3, 2, 1])):
        linked = [link for *_, link in client.get(LINK.format("volume", nivel, "casa")).context["linhas"]]
        assert [len(client.get(link).context["pagina"].rows) for link in linked] == expected
    assert [len(logged_in(market.eva).get(link).context["pagina"].rows) for link in linked] == [0, 0, 0]
    narrowed = client.get(LINK.format("volume", "radical", "casa") + "&area=Sa%C3%BAde").context["linhas"]
    assert parse_qs(urlsplit(narrowed[0][2]).query) == {
        "radical": ["12ABC345"],
        "area": ["Saúde"],
        "aberto_de": ["2023-01-01"],
        "aberto_ate": ["2023-12-31"],
    }
    assert len(client.get(narrowed[0][2]).context["pagina"].rows) == 2
    assert {link for *_, link in client.get(LINK.format("volume", "cnpj", "nacional")).context["linhas"]} == {""}


def test_whoever_reads_elsewhere_ranks_what_is_there(market: Cast) -> None:
    lines = logged_in(market.eva).get(LINK.format("volume", "radical", "tudo")).context["linhas"]

    assert [(line.nome, line.total) for line, *_ in lines] == [("LOJA", 2), ("BCO", 1)]


def test_the_page_opens_with_this_year_and_pages_by_fifty(cast: Cast) -> None:
    firms = [Fornecedor(razao_social=f"Empresa {number:03d}") for number in range(51)]
    one = case(cast, at(2023, 5, 4))
    Reclamado.objects.bulk_create(
        [Reclamado(atendimento=one, fornecedor=firm) for firm in Fornecedor.objects.bulk_create(firms)]
    )
    client = logged_in(cast.dora)

    first, second = (client.get(f"{LINK.format('volume', 'radical', 'tudo')}&pagina={page}") for page in (1, 2))

    assert "Nada foi contado nestes meses." in client.get("/relatorios/ranking/").content.decode()
    assert (len(first.context["linhas"]), first.context["seguinte"]) == (50, 2)
    assert [(line.lugar, line.nome) for line, *_ in second.context["linhas"]] == [(1, "Empresa 050")]
    assert second.context["seguinte"] == 0
    assert client.get(f"{LINK.format('volume', 'radical', 'tudo')}&pagina=x").context["pagina"] == 1


def test_as_files(market: Cast) -> None:
    client = logged_in(market.dora)

    csv = client.get(LINK.format("atendidas", "radical", "tudo") + "&minimo=1&formato=csv")
    xlsx = client.get(LINK.format("volume", "grupo", "tudo") + "&formato=xlsx")

    assert csv["Content-Disposition"] == 'attachment; filename="ranking-atendidas-por-radical-2023-01-2023-12.csv"'
    formula = "fundamentadas atendidas ÷ fundamentadas (atendidas e não atendidas), decididas no período"
    assert b"".join(csv.streaming_content).decode().splitlines() == [
        "\ufeffLugar;Radical do CNPJ;Nome;Fundamentadas atendidas;Numerador;Denominador;Fórmula",
        f"1;12ABC345;LOJA;25,0%;1;4;{formula}",
        f"2;00000000;Banco Exemplo S.A.;66,7%;2;3;{formula}",
    ]
    sheet = load_workbook(io.BytesIO(b"".join(xlsx.streaming_content))).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Lugar", "Grupo econômico", "Empresas", "Reclamações"],
        ["1", "Banco Exemplo S.A.", "1", "4"],
        ["1", "Grupo Modelo", "1", "4"],
        ["3", "Barraca", "1", "1"],
    ]


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        (LINK.format("volume", "radical", "tudo").replace("2023-12", "2999-12"), "Escolha meses de 1990 até"),
        (LINK.format("volume", "radical", "tudo").replace("2023-12", "2022-12"), "O último mês vem depois"),
        (LINK.format("preliminar", "radical", "nacional"), "O cadastro nacional não tem CIPs."),
        (LINK.format("volume", "radical", "tudo") + "&assunto=1&area=Finan%C3%A7as", "Este assunto é da área «Saúde»."),
        (LINK.format("volume", "radical", "tudo") + "&minimo=0", "maior ou igual a 1"),
        (LINK.format("volume", "nada", "tudo"), "Faça uma escolha válida"),
    ],
)
def test_what_cannot_be_ranked_is_told_with_the_form(market: Cast, link: str, sentence: str) -> None:
    response = logged_in(market.dora).get(link)

    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_a_year_without_anything_says_so_everywhere(market: Cast) -> None:
    client = logged_in(market.dora)
    empty = LINK.format("volume", "radical", "tudo").replace("2023", "2001")

    assert "Nada foi contado nestes meses." in client.get(empty).content.decode()
    assert "Nada foi registrado em 2001." in client.get("/relatorios/balanco/2001/").content.decode()
    asked = "/relatorios/perguntar/?medida=reclamados&linhas=empresa&colunas=&de=2001-01&ate=2001-12&filtro="
    assert "Nada foi registrado nestes meses" in client.get(asked).content.decode()


def test_a_period_across_a_closed_year_says_where_the_closed_numbers_are(market: Cast) -> None:
    close_year(ano=2023, unidade=market.unidade, by=market.dora, at=NOW, today=NOW.date())
    client = logged_in(market.dora)
    told = "2023 foi fechado em 04/03/2026. Os números desta página são os de hoje"

    across = LINK.format("volume", "radical", "tudo").replace("de=2023-01", "de=2022-11").replace("2023-12", "2024-02")
    asked = "/relatorios/perguntar/?medida=atendimentos&linhas=mes&colunas=&de=2022-11&ate=2024-02&filtro="
    for link in (across, asked, "/relatorios/balanco/2023/?mes=5"):
        assert told in client.get(link).content.decode()
    assert told not in client.get("/relatorios/balanco/2024/").content.decode()
    assert told not in logged_in(market.eva).get(across).content.decode()


def test_a_dissolved_group_ranks_its_companies_and_its_address_says_so(market: Cast) -> None:
    client, group = logged_in(market.dora), GrupoEconomico.objects.get()
    cases = client.get(LINK.format("volume", "grupo", "casa")).context["linhas"][1][2]
    assert f"grupo={group.pk}" in cases
    Fornecedor.objects.update(grupo=None)
    group.delete()

    lines = client.get(LINK.format("volume", "grupo", "casa")).context["linhas"]

    assert [(line.nome, line.total) for line, *_ in lines] == [
        ("Banco Exemplo S.A.", 3),
        ("Loja Filial", 2),
        ("Barraca", 1),
    ]
    assert "Este grupo não existe mais" in client.get(cases).content.decode()


def test_an_administrador_ranks_nobody_by_that_role_alone(cast: Cast) -> None:
    user = User.objects.create_user("rui", nome="Rui Administrador")
    Atribuicao.objects.create(user=user, unidade=cast.unidade, papel=Papel.ADMINISTRADOR)

    assert logged_in(user).get("/relatorios/ranking/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("por", ["volume", "preliminar"])
def test_a_ranking_asks_a_fixed_number_of_times(
    cast: Cast, por: str, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        firm = Fornecedor.objects.create(razao_social=f"Empresa {number}")
        letter(Reclamado.objects.create(atendimento=case(cast, at(2023, 5, 4)), fornecedor=firm), at(2023, 5, 4))
    client = logged_in(cast.dora)

    with django_assert_num_queries(8):
        assert len(client.get(LINK.format(por, "cnpj", "casa") + "&minimo=1").context["linhas"]) == rows
