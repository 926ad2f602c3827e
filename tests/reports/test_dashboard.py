"""The year at a glance: every number a total, beside the same days of the year before; charts with their tables."""

from __future__ import annotations

import json
from datetime import date

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from accounts.models import Atribuicao, Papel, User
from cases.models import Assunto
from reports.charts import compared
from reports.dashboard import MOST_SUBJECTS, Linha, Painel, dashboard
from tests.browsing import logged_in
from tests.conftest import Cast
from tests.reports.conftest import at, case

PAGE = "/relatorios/painel/?ano=2023"
LATER = date(2026, 3, 4)


def pairs(lines: list[Linha]) -> dict[str, tuple[int | None, int | None]]:
    return {line.nome: (line.agora, line.antes) for line in lines if line.agora or line.antes}


def of(cast: Cast, ano: int = 2023, today: date = LATER) -> Painel:
    return dashboard(ano, [cast.unidade.pk], today=today)


def test_the_year_of_a_known_history(history: Cast) -> None:
    found = of(history)
    tables = {quadro.chave: pairs(quadro.linhas) for quadro in found.quadros}

    assert pairs(found.destaques) == {
        "Atendimentos": (9, 1),
        "Atendimentos preliminares": (4, 1),
        "CIPs emitidas": (3, 0),
        "Audiências realizadas": (2, 0),
        "Reclamações instauradas": (1, 0),
        "Decisões": (1, 0),
    }
    assert pairs(found.meses) == {
        "janeiro": (1, 0), "março": (2, 0), "abril": (4, 0), "maio": (1, 0), "dezembro": (1, 1),
    }  # fmt: skip
    assert tables["canais"] == {"Pessoalmente": (7, 1), "Telefone": (1, 0), "Portal": (1, 0)}
    assert tables["desfechos"]["Em andamento"] == (1, 0)
    assert tables["cips"] == {"Acordo": (1, 0), "Resolução total": (1, 0), "Em andamento": (1, 0)}
    assert tables["audiencias"] == {"Acordo parcial": (1, 0), "Sem acordo": (1, 0), "Fornecedor ausente": (1, 0)}
    assert tables["decisoes"] == {"Fundamentada não atendida": (1, 0)}
    assert tables["assuntos"] == {"Sem assunto": (9, 1)}
    assert tables["bairros"] == {}


def test_a_running_year_stands_beside_the_same_days(history: Cast) -> None:
    found = of(history, 2024, date(2024, 4, 3))

    assert (found.periodo.rotulo, found.anterior.rotulo) == ("01/01/2024 a 03/04/2024", "01/01/2023 a 03/04/2023")
    assert found.destaques[0] == Linha("Atendimentos", 1, 6)
    assert pairs(found.meses)["dezembro"] == (0, 1)


def test_the_most_frequent_subjects_and_the_others_together(cast: Cast) -> None:
    for number in range(MOST_SUBJECTS + 2):
        subject, _ = Assunto.objects.get_or_create(
            codigo=900 + number, defaults={"area": "A", "descricao": f"Assunto {number:02d}"}
        )
        for _ in range(2 if number == 11 else 1):
            case(cast, at(2023, 5, 4), assunto=subject)
    case(cast, at(2022, 5, 4), assunto=Assunto.objects.get(codigo=910))

    lines = next(quadro.linhas for quadro in of(cast).quadros if quadro.chave == "assuntos")

    assert lines[0] == Linha("Assunto 11", 2, 0)
    assert lines[1] == Linha("Assunto 00", 1, 0)
    assert lines[-1] == Linha("Outros assuntos", 2, 1)
    assert len(lines) == MOST_SUBJECTS + 1


@pytest.mark.parametrize(
    ("agora", "antes", "mudanca"), [(9, 8, "+12,5%"), (6, 8, "−25,0%"), (8, 8, "+0,0%"), (8, 0, "–"), (None, 8, "–")]
)
def test_the_change_in_words(agora: int | None, antes: int, mudanca: str) -> None:
    assert Linha("x", agora, antes).mudanca == mudanca


def test_two_years_side_by_side_share_one_scale() -> None:
    drawn = compared("m", "M", ["janeiro", "fevereiro"], ("2022", [50, 100]), ("2023", [1_000, 0]))

    assert [(name, [(mark.x, mark.altura) for mark in marks]) for name, _, marks in drawn.series] == [
        ("2022", [("34", "9"), ("374", "18")]),
        ("2023", [("170", "180"), ("510", "0")]),
    ]
    assert drawn.rotulos == [("170", "228", "jan"), ("510", "228", "fev")]
    assert drawn.descricao == "2023: 1.000. 2022: 150. Os números estão na tabela abaixo."


def test_every_chart_has_its_table(history: Cast) -> None:
    html = logged_in(history.dora).get(PAGE).content.decode()

    assert "style=" not in html
    assert html.count('<svg class="grafico') == 1
    assert (html.count('<ul class="barras"'), html.count('<details class="tabela-do-grafico">')) == (7, 8)
    assert "2023: 9. 2022: 1. Os números estão na tabela abaixo." in html
    assert '<dt>Atendimentos</dt><dd><span class="numero">9</span><span class="discreto">2022: 1 (+800,0%)' in html


def test_files(history: Cast) -> None:
    client = logged_in(history.dora)

    lines = b"".join(client.get(f"{PAGE}&formato=csv").streaming_content).decode().splitlines()
    data = json.loads(client.get(f"{PAGE}&formato=json").content)

    assert lines[:2] == ["\ufeffQuadro;Item;2023;2022", "Destaques;Atendimentos;9;1"]
    assert "CIPs por resultado;Acordo;1;0" in lines
    assert data["quadros"]["Por canal"][0] == {"item": "Pessoalmente", "agora": 7, "antes": 1}


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("ano=2999", "Escreva um ano entre 1990 e"),
        ("ano=x", "Informe um número inteiro."),
        ("ano=2023&formato=doc", "Não há arquivo em «doc»."),
    ],
)
def test_what_cannot_be_is_told(history: Cast, query: str, sentence: str) -> None:
    response = logged_in(history.dora).get(f"/relatorios/painel/?{query}")

    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_two_years_without_anything_say_so(history: Cast) -> None:
    with time_machine.travel(at(2026, 3, 4), tick=False):
        html = logged_in(history.dora).get("/relatorios/painel/").content.decode()

    assert "Nada foi registrado em 2026, nem no ano anterior." in html


def test_managers_open_it_and_see_what_they_manage(history: Cast) -> None:
    Atribuicao.objects.create(user=history.dora, unidade=history.outra, papel=Papel.ATENDENTE)

    assert [logged_in(user).get(PAGE).status_code for user in (history.bruno, history.edu)] == [404, 200]
    dora = logged_in(User.objects.get(pk=history.dora.pk))
    assert dora.get(PAGE).context["painel"].destaques[0].agora == 9


def test_the_reports_lead_to_their_pages(history: Cast) -> None:
    pages = ("painel", "indices", "perfil", "gestao")

    def offered(user: User) -> list[str]:
        html = logged_in(user).get("/relatorios/").content.decode()
        return [name for name in pages if f'href="/relatorios/{name}/"' in html]

    assert offered(history.dora) == list(pages)
    assert offered(history.bruno) == ["indices", "perfil"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_a_fixed_number_of_times(
    cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        subject, _ = Assunto.objects.get_or_create(
            codigo=900 + number, defaults={"area": "A", "descricao": f"{number}"}
        )
        case(cast, at(2023, 5, 4), assunto=subject)
    client = logged_in(cast.dora)

    with django_assert_num_queries(8):
        assert client.get(PAGE).context["painel"].destaques[0].agora == rows
