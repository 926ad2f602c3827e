"""Shares with their formula and terms; what nobody evaluated is a number of its own; days from the rows."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from accounts.models import Atribuicao, Papel, User
from cases.models import CIP, Atendimento, Reclamado
from deadlines.models import Prazo, RegraDePrazo
from reports.indices import Indice, indices
from reports.period import Intervalo
from tests.browsing import logged_in
from tests.conftest import Cast
from tests.reports.conftest import at, case, classify, hearing, letter

YEAR = Intervalo(date(2023, 1, 1), date(2023, 12, 31))
PAGE = "/relatorios/indices/?de=2023-01-01&ate=2023-12-31"


def told(cast: Cast, periodo: Intervalo = YEAR) -> dict[str, tuple[Any, ...]]:
    found = indices(periodo, [cast.unidade.pk]).indices
    return {one.chave: (one.numerador, one.denominador, one.em_andamento, one.sem_avaliacao) for one in found}


def days(cast: Cast) -> dict[str, tuple[Any, ...]]:
    found = indices(YEAR, [cast.unidade.pk]).tempos
    return {one.chave: (one.casos, one.sem, one.mediana, one.p95) for one in found}


def test_the_shares_of_a_known_history(history: Cast) -> None:
    assert told(history) == {
        "preliminar": (2, 4, 1, 0),
        "ap": (1, 4, 1, 0),
        "cip": (2, 3, 1, 0),
        "acordos": (1, 2, None, None),
        "fundamentadas": (0, 1, None, None),
    }


def test_what_ended_without_a_verdict_is_never_among_the_solved(cast: Cast) -> None:
    for desfecho in ("resolvido_no_atendimento", "resolvido_parcial", "sem_resolucao", "desistencia", "orientado", ""):
        one = case(cast, at(2023, 5, 4), desfecho=desfecho)
        for supplier in (cast.loja, cast.banco):
            Reclamado.objects.create(atendimento=one, fornecedor=supplier)
    results = ("mera_liberalidade", "resolucao_parcial", "decurso", "cancelada", "desistencia", "")
    for party, resultado in zip(Reclamado.objects.filter(fornecedor=cast.loja), results, strict=True):
        letter(party, at(2023, 5, 5), resultado)

    found = {one.chave: one for one in indices(YEAR, [cast.unidade.pk]).indices}

    assert told(cast)["ap"] == (1, 6, 1, 2)
    assert told(cast)["cip"] == (1, 6, 1, 2)
    assert (found["ap"].valor, found["ap"].avaliados, found["ap"].valor_dos_avaliados) == ("16,7%", 3, "33,3%")
    assert found["preliminar"].nota == "Resolvidos em parte (1) contam como não resolvidos."
    assert found["cip"].nota == "Resolução parcial (1) conta como não resolvida."


def test_any_days_and_only_one_s_own_unidade(history: Cast) -> None:
    case(history, at(2023, 3, 10), desfecho="resolvido_no_atendimento", unidade=history.outra)

    assert told(history, Intervalo(date(2023, 3, 1), date(2023, 3, 31)))["preliminar"] == (1, 2, 1, 0)
    assert indices(YEAR, [history.outra.pk]).indices[0].denominador == 1


def test_decisions_that_are_not_founded_are_told_apart(history: Cast) -> None:
    parties = Reclamado.objects.exclude(classificacoes__isnull=False).order_by("pk")
    for party, valor in zip(parties, ("fundamentada_atendida", "encerrada"), strict=False):
        classify(history, party, valor, at(2023, 6, 1))

    founded = indices(YEAR, [history.unidade.pk]).indices[-1]

    assert (founded.numerador, founded.denominador) == (1, 2)
    assert founded.nota == "Outras decisões (1) não entram na conta, nem o registro nacional."


@pytest.mark.parametrize(
    ("now", "before", "change"),
    [
        ((1, 2), (1, 4), "+25,0 p.p."),
        ((1, 4), (1, 2), "−25,0 p.p."),
        ((1, 3), (1, 3), "+0,0 p.p."),
        ((1, 2), (0, 0), "–"),
        ((0, 0), (1, 2), "–"),
    ],
)
def test_the_change_is_told_in_points(now: tuple[int, int], before: tuple[int, int], change: str) -> None:
    assert Indice("x", "X", "a ÷ b", *now).change_from(Indice("x", "X", "a ÷ b", *before)) == change


def answered(cip: CIP, cast: Cast, after: int) -> None:
    """The letter as received on the day it was issued, and answered so many days later."""
    day = cip.emitida_em.date()
    term = Prazo.objects.create(
        regra=RegraDePrazo.objects.filter(nome="cip_resposta").first(), historico=cip.reclamado.atendimento.historico,
        inicio=day, vence_em=day + timedelta(days=10), explicacao="10 dias",
    )  # fmt: skip
    CIP.objects.filter(pk=cip.pk).update(
        cientificada_em=day, prazo=term, respondida_em=cip.emitida_em + timedelta(days=after)
    )


def test_days_to_answer_to_close_and_to_the_hearing(cast: Cast) -> None:
    for number, lasted in enumerate((1, 2, 3, 10)):
        one = case(cast, at(2023, 5, 2 + number), desfecho="acordo")
        Atendimento.objects.filter(pk=one.pk).update(encerrado_em=one.aberto_em + timedelta(days=lasted))
        cip = letter(Reclamado.objects.create(atendimento=one, fornecedor=cast.loja), one.aberto_em)
        answered(cip, cast, lasted)
        made = hearing(cast, one, at(2023, 6, 1 + number), "realizada", "acordo")
        type(made).objects.filter(pk=made.pk).update(agendada_em=made.inicio - timedelta(days=2 * lasted))
    still = case(cast, at(2023, 5, 20))
    letter(Reclamado.objects.create(atendimento=still, fornecedor=cast.loja), at(2023, 5, 20))
    case(cast, at(2023, 5, 20), "simples_consulta", desfecho="orientado")

    assert days(cast) == {
        "resposta": (4, 1, 2.5, pytest.approx(8.95)),
        "encerramento": (4, 1, 2.5, pytest.approx(8.95)),
        "audiencia": (4, 0, 5.0, pytest.approx(17.9)),
    }


def test_the_page_prints_formula_and_terms_beside_the_year_before(history: Cast) -> None:
    html = logged_in(history.dora).get(PAGE).content.decode()

    assert "2023, ao lado do período anterior: 2022" in html
    assert '<span class="numero">50,0%</span> <span class="formula">2 ÷ 4</span>' in html
    assert "APs encerrados como resolvidos no atendimento ou pela CIP ÷ APs abertos no período." in html
    assert "<dt>Entre os avaliados</dt><dd>66,7% (2 ÷ 3)</dd>" in html
    assert "<dt>Período anterior</dt><dd>100,0% (1 ÷ 1)</dd>" in html
    assert "<dt>Diferença</dt><dd>−50,0 p.p.</dd>" in html
    assert "style=" not in html


def test_a_year_that_runs_stands_beside_as_many_days_of_the_last(history: Cast) -> None:
    with time_machine.travel(at(2024, 2, 15), tick=False):
        context = logged_in(history.dora).get("/relatorios/indices/").context

    assert (context["periodo"].rotulo, context["anterior"].rotulo) == (
        "01/01/2024 a 15/02/2024", "01/01/2023 a 15/02/2023",
    )  # fmt: skip


def test_years_together_have_shares_and_no_days(history: Cast) -> None:
    html = logged_in(history.dora).get("/relatorios/indices/?de=2022-01-01&ate=2023-12-31").content.decode()

    assert "Os dias são contados caso por caso, de períodos de até um ano (366 dias)." in html
    assert '<span class="formula">3 ÷ 5</span>' in html


def test_files(history: Cast) -> None:
    client = logged_in(history.dora)

    lines = b"".join(client.get(f"{PAGE}&formato=csv").streaming_content).decode().splitlines()
    data = json.loads(client.get(f"{PAGE}&formato=json").content)
    sheet = client.get(f"{PAGE}&formato=xlsx")

    formula = "APs encerrados como resolvidos no atendimento ou pela CIP ÷ APs abertos no período"
    assert lines[1] == f"2023;Solução preliminar (AP e CIP);{formula};2;4;1;0;50,0%;66,7%;;;;"
    assert len(lines) == 17
    assert (data["periodo"]["de"], data["anterior"]["de"]) == ("2023-01-01", "2022-01-01")
    assert data["periodo"]["indices"]["cip"]["em_andamento"] == 1
    assert sheet["Content-Disposition"] == 'attachment; filename="indices-2023-01-01-2023-12-31.xlsx"'
    sheet.close()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("de=2023-05-02&ate=2023-05-01", "O último dia vem depois do primeiro."),
        ("de=2999-01-01&ate=2999-12-31", "O período ainda não começou."),
        ("de=2023-01-01&ate=2999-12-31", "Escolha dias de 01/01/1990 até"),
        ("de=1800-01-01&ate=1800-12-31", "Escolha dias de 01/01/1990 até"),
        ("de=ontem", "Informe uma data válida."),
        ("de=2023-01-01&ate=2023-12-31&formato=doc", "Não há arquivo em «doc»."),
    ],
)
def test_what_cannot_be_is_told(history: Cast, query: str, sentence: str) -> None:
    response = logged_in(history.dora).get(f"/relatorios/indices/?{query}")

    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_a_period_without_anything_says_so(history: Cast) -> None:
    html = logged_in(history.dora).get("/relatorios/indices/?de=2021-01-01&ate=2021-12-31").content.decode()

    assert "Não há o que dividir: nenhum atendimento preliminar, CIP, audiência ou decisão em 2021." in html


def test_who_reads_no_cases_reads_no_shares(history: Cast) -> None:
    user = User.objects.create_user("rui", nome="Rui Administrador")
    Atribuicao.objects.create(user=user, unidade=history.unidade, papel=Papel.ADMINISTRADOR)

    assert logged_in(user).get(PAGE).status_code == 404


def test_one_unidade_of_several(history: Cast) -> None:
    Atribuicao.objects.create(user=history.dora, unidade=history.outra, papel=Papel.COORDENADOR)
    case(history, at(2023, 3, 10), desfecho="resolvido_no_atendimento", unidade=history.outra)
    client = logged_in(User.objects.get(pk=history.dora.pk))

    def first(query: str) -> int:
        return client.get(f"{PAGE}{query}").context["agora"].indices[0].denominador

    assert (first(""), first(f"&unidade={history.outra.pk}"), first(f"&unidade={history.unidade.pk}")) == (5, 1, 4)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_a_fixed_number_of_times(
    cast: Cast, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows):
        case(cast, at(2023, 5, 4))
    client = logged_in(cast.dora)

    with django_assert_num_queries(9):
        assert client.get(PAGE).context["agora"].indices[0].denominador == rows
