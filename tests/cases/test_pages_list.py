"""The list of cases: who sees what, search, filters, pages by cursor, counting, spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from cases.models import Assunto, Atendimento, Problema
from cases.services import register
from cases.views import listing
from deadlines.services import set_prazo
from listing import pages
from parties.models import Consumidor, Fornecedor, GrupoEconomico
from tests.browsing import logged_in
from tests.conftest import NOW, Cast

LIST = "/atendimentos/"


@pytest.fixture
def cases(cast: Cast) -> Callable[[int], list[Atendimento]]:
    """Register simple questions of Ana's, a minute apart."""

    def make(number: int, **extra: object) -> list[Atendimento]:
        told = {"tipo": "simples_consulta", "canal": "pessoal", "consumidor": cast.ana, **extra}
        return [
            register(by=cast.bruno, at=NOW + timedelta(minutes=minute), unidade=cast.unidade, **told)
            for minute in range(number)
        ]

    return make


def shown(response) -> list[str]:
    return [case.protocolo for case in response.context["pagina"].rows]


def test_an_empty_list_says_so_and_offers_the_first_step(cast: Cast) -> None:
    page = logged_in(cast.bruno).get(LIST).content.decode()
    assert "Ainda não há atendimentos nas suas unidades." in page
    assert "Registrar o primeiro" in page


def test_eva_sees_an_empty_list_and_an_empty_spreadsheet(cast: Cast, cases) -> None:
    cases(2)
    eva = logged_in(cast.eva)
    sheet = b"".join(eva.get(f"{LIST}exportar/").streaming_content).decode()
    assert (shown(eva.get(LIST)), sheet.count("\n")) == ([], 1)


def test_every_status_but_the_last_at_once(cast: Cast, cases) -> None:
    ended, waits, begun = cases(3)
    Atendimento.objects.filter(pk=waits.pk).update(status="aguarda_fornecedor", desfecho="", encerrado_em=None)
    Atendimento.objects.filter(pk=begun.pk).update(status="aberto", desfecho="", encerrado_em=None)
    client = logged_in(cast.bruno)

    assert shown(client.get(f"{LIST}?status=em_andamento")) == [begun.protocolo, waits.protocolo]
    assert shown(client.get(f"{LIST}?status=encerrado")) == [ended.protocolo]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_at_one_and_at_three_rows(
    cast: Cast, cases, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for case in cases(number):
        case.reclamados.create(fornecedor=cast.loja)
    client = logged_in(cast.bruno)
    with django_assert_num_queries(6):
        client.get(LIST)


def test_the_cpf_is_masked(cast: Cast, cases) -> None:
    cases(1)
    page = logged_in(cast.bruno).get(LIST).content.decode()
    assert "***.444.777-**" in page
    assert "11144477735" not in page
    assert "111.444.777-35" not in page


def test_searching_a_cpf_answers_with_an_address_without_it(cast: Cast, cases) -> None:
    (case,) = cases(1)
    bruno = logged_in(cast.bruno)
    response = bruno.post(LIST, {"q": "111.444.777-35", "ordem": "recentes"})
    assert response["Location"] == f"{LIST}?ordem=recentes&consumidor={cast.ana.pk}"
    assert shown(bruno.get(response["Location"])) == [case.protocolo]


def test_searching_an_unknown_cpf_says_so_without_showing_it(cast: Cast) -> None:
    response = logged_in(cast.bruno).post(LIST, {"q": "529.982.247-25"}, follow=True)
    page = response.content.decode()
    assert "Nenhum atendimento para o CPF ***.982.247-**" in page
    assert "529.982.247-25" not in page


def test_a_cpf_known_elsewhere_is_unknown_here(cast: Cast, cases) -> None:
    cases(1)
    response = logged_in(cast.eva).post(LIST, {"q": "11144477735"}, follow=True)
    assert "Nenhum atendimento para o CPF" in response.content.decode()


@pytest.mark.parametrize("text", ["35.001.001.26-0000002", "2", "0000002", "ana souza", "SOUZA", "loja modelo"])
def test_search_by_protocol_number_consumer_and_supplier(cast: Cast, cases, text: str) -> None:
    other = Consumidor.objects.create(nome="Beto Lima")
    cases(1, consumidor=other)
    case = cases(1, fornecedores=[cast.loja])[0]
    assert case.protocolo == "35.001.001.26-0000002"
    assert shown(logged_in(cast.bruno).get(LIST, {"q": text})) == [case.protocolo]


def test_filters_narrow_the_list(cast: Cast, cases) -> None:
    first = cases(1)[0]
    later = register(
        by=cast.bruno, at=NOW + timedelta(days=2), unidade=cast.unidade, tipo="calculo", canal="telefone",
        consumidor=cast.ana,
    )  # fmt: skip
    bruno = logged_in(cast.bruno)
    found = {
        "status": shown(bruno.get(LIST, {"status": "aberto"})),
        "tipo": shown(bruno.get(LIST, {"tipo": "simples_consulta"})),
        "canal": shown(bruno.get(LIST, {"canal": "telefone"})),
        "de": shown(bruno.get(LIST, {"aberto_de": "2026-03-05"})),
        "ate": shown(bruno.get(LIST, {"aberto_ate": "2026-03-04"})),
    }
    assert found == {
        "status": [later.protocolo],
        "tipo": [first.protocolo],
        "canal": [later.protocolo],
        "de": [later.protocolo],
        "ate": [first.protocolo],
    }


def test_priority_by_law_comes_first_when_asked(cast: Cast, cases) -> None:
    ordinary = cases(1)[0]
    elder = Consumidor.objects.create(nome="Célia Prado", nascimento=date(1940, 1, 1))
    urgent = cases(2, consumidor=elder)[1]
    listed = logged_in(cast.bruno).get(LIST, {"ordem": "prioridade"})
    assert shown(listed)[-1] == ordinary.protocolo
    assert urgent.prioridade == 0
    assert "80 anos ou mais" in listed.content.decode()


def test_pages_go_forward_and_back_without_gap_or_repeat(cast: Cast, cases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pages.keyset_page.__kwdefaults__, "size", 2)
    made = [case.protocolo for case in cases(5)][::-1]
    bruno = logged_in(cast.bruno)
    walk, query = [], {}
    while True:
        response = bruno.get(LIST, query)
        walk.append(shown(response))
        if response.context["pagina"].next is None:
            break
        query = {"depois": response.context["pagina"].next}
    assert walk == [made[:2], made[2:4], made[4:]]
    back = bruno.get(LIST, {"antes": response.context["pagina"].previous})
    assert shown(back) == made[2:4]
    first = bruno.get(LIST, {"antes": back.context["pagina"].previous})
    assert (shown(first), first.context["pagina"].previous) == (made[:2], None)


@pytest.mark.parametrize(
    "cursor", ["lixo", "W10", "WyJ4IiwgInkiXQ", "W251bGwsIG51bGxd", "é", "WyIyMDI2LTAxLTAxIiwgIlx1MDAwMCJd"]
)
def test_a_cursor_that_cannot_be_read_gives_the_first_page(cast: Cast, cases, cursor: str) -> None:
    made = [case.protocolo for case in cases(2)][::-1]
    assert shown(logged_in(cast.bruno).get(LIST, {"depois": cursor})) == made


@pytest.mark.parametrize(
    "query", [{"q": "\x00"}, {"unidade": "x"}, {"consumidor": "9" * 30}, {"aberto_de": "2026-13-40"}, {"status": "?"}]
)
def test_hostile_filters_are_no_error(cast: Cast, cases, query: dict[str, str]) -> None:
    cases(1)
    assert logged_in(cast.bruno).get(LIST, query).status_code == 200


def test_counting_is_on_request_and_capped(cast: Cast, cases, monkeypatch: pytest.MonkeyPatch) -> None:
    cases(3)
    bruno = logged_in(cast.bruno)
    assert bruno.get(LIST).context["total"] is None
    assert bruno.get(LIST, {"contar": "1"}).context["total"] == "3"
    assert pages.capped_count(Atendimento.objects.all(), 2) == "mais de 2"


def test_the_spreadsheet_masks_cpf_and_carries_no_formula(cast: Cast, cases) -> None:
    villain = Fornecedor.objects.create(razao_social="=CMD|'/c calc'!A1")
    case = cases(1, fornecedores=[villain])[0]
    response = logged_in(cast.bruno).get(f"{LIST}exportar/")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert lines[0].split(";")[:3] == ["Protocolo", "Tipo", "Canal"]
    assert lines[1] == (
        f"{case.protocolo};Simples consulta;Pessoalmente;Encerrado;Orientado;04/03/2026 10:00;04/03/2026 10:00;"
        "Procon Centro;Ana Souza;***.444.777-**;'=CMD|'/c calc'!A1;;"
    )


def test_a_fragment_is_given_to_htmx(cast: Cast, cases) -> None:
    cases(1)
    page = logged_in(cast.bruno).get(LIST, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert "Ana Souza" in page


def test_what_is_typed_stands_in_no_address(cast: Cast, cases) -> None:
    (case,) = cases(1)
    bruno = logged_in(cast.bruno)
    address = bruno.post(LIST, {"q": "ana souza", "status": "encerrado"})["Location"]
    assert "souza" not in address
    assert address.startswith(f"{LIST}?status=encerrado&busca=")
    assert shown(bruno.get(address)) == [case.protocolo]
    assert 'value="ana souza"' in bruno.get(address).content.decode()


def test_the_words_of_the_relato_narrow_the_list(cast: Cast, cases) -> None:
    cases(1, relato="A porta não fecha.")
    case = cases(1, relato="Houve cobrança indevida.")[0]
    assert shown(logged_in(cast.bruno).get(LIST, {"q": "cobranças", "em": "textos"})) == [case.protocolo]


@pytest.mark.parametrize(
    "filters", ["desfecho", "prioridade", "assunto", "problema", "atendente", "grupo", "parado", "prazo"]
)
def test_each_of_the_other_filters_narrows_the_list(cast: Cast, cases, filters: str) -> None:
    subject = Assunto.objects.create(codigo=187, area="Serviços", descricao="Telefonia")
    problem = Problema.objects.create(descricao="Cobrança")
    group = GrupoEconomico.objects.create(nome="Grupo Banco")
    cast.banco.grupo = group
    cast.banco.save()
    cases(1)
    case = register(
        by=cast.dora, at=NOW - timedelta(days=40), unidade=cast.unidade, tipo="atendimento_preliminar", canal="pessoal",
        consumidor=Consumidor.objects.create(nome="Célia Prado", nascimento=date(1940, 1, 1)), assunto=subject,
        fornecedores=[cast.banco], relato="Cobraram.",
    )  # fmt: skip
    Atendimento.objects.filter(pk=case.pk).update(problema=problem)
    set_prazo("cip_resposta", historico=case.historico, start=date(2026, 2, 2))
    values = {
        "desfecho": "orientado", "prioridade": "0", "assunto": "187", "problema": str(problem.pk),
        "atendente": str(cast.dora.pk),
        "grupo": str(group.pk), "parado": "30", "prazo": "vencido",
    }  # fmt: skip
    with time_machine.travel(NOW):
        found = shown(logged_in(cast.bruno).get(LIST, {filters: values[filters]}))
    assert (found == [case.protocolo]) is (filters != "desfecho")
    assert len(found) == 1


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("kind", ["", "xlsx/"])
def test_a_sheet_costs_the_same_for_one_and_for_three_rows(
    cast: Cast, cases, rows: int, kind: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for case in cases(rows):
        case.reclamados.create(fornecedor=cast.loja)
    client = logged_in(cast.bruno)
    with django_assert_num_queries(7):
        b"".join(client.get(f"{LIST}exportar/{kind}").streaming_content)


def test_the_workbook_holds_what_is_filtered_and_no_formula(cast: Cast, cases) -> None:
    villain = Fornecedor.objects.create(razao_social="=CMD|'/c calc'!A1")
    case = cases(1, fornecedores=[villain])[0]
    cases(1, canal="telefone")
    response = logged_in(cast.bruno).get(f"{LIST}exportar/xlsx/", {"canal": "pessoal"})
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value}
    assert (len(rows), rows[0][0], rows[1][0], rows[1][9], rows[1][10], kinds) == (
        2, "Protocolo", case.protocolo, "***.444.777-**", "'=CMD|'/c calc'!A1", {"s"},
    )  # fmt: skip


def test_a_workbook_of_too_many_rows_is_refused(cast: Cast, cases, monkeypatch: pytest.MonkeyPatch) -> None:
    cases(2)
    monkeypatch.setattr(listing, "SHEET_ROWS", 1)
    response = logged_in(cast.bruno).get(f"{LIST}exportar/xlsx/")
    assert (response.status_code, "Filtre mais" in response.content.decode()) == (422, True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.dictionaries(
        st.sampled_from(
            [
                "q",
                "status",
                "tipo",
                "canal",
                "aberto_de",
                "unidade",
                "assunto",
                "problema",
                "grupo",
                "atendente",
                "prioridade",
                "desfecho",
                "prazo",
                "parado",
                "consumidor",
                "fornecedor",
                "ordem",
                "em",
                "busca",
                "depois",
                "antes",
                "contar",
                "mais",
            ]
        ),
        st.one_of(
            st.text(max_size=12), st.sampled_from(["1", "-1", "9" * 25, "NaN", "1e9", "vencido", "textos", "\x00"])
        ),
        max_size=6,
    )
)
def test_no_address_of_the_list_is_an_error(cast: Cast, query: dict[str, str]) -> None:
    assert logged_in(cast.bruno).get(LIST, query).status_code in (200, 302)
