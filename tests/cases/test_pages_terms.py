"""The list of running terms: who sees what, filters, spreadsheet, costs."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Atribuicao, Papel
from cases.services import answer_cip
from deadlines.services import extend, set_prazo
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from workflow.models import Leitura

LIST = "/atendimentos/prazos/"


def shown(client: Client, query: str = "") -> list[tuple[str, int, list[str]]]:
    with time_machine.travel(NOW, tick=False):
        return [(row.regra.nome, days, names) for row, days, names in client.get(f"{LIST}{query}").context["linhas"]]


def test_a_running_term_is_listed_with_its_supplier_and_days_left(cast: Cast, ap, running_cip) -> None:
    case = ap(cast.loja, cast.banco)
    running_cip(case.reclamados.first())
    set_prazo("justificativa_ausencia", historico=case.historico, start=(NOW - timedelta(days=20)).date())

    both = [str(cast.loja), str(cast.banco)]
    assert shown(logged_in(cast.bruno)) == [
        ("justificativa_ausencia", -14, both),  # Thu 12 Feb → Carnaval Tue 17 → Ash Wed 18
        ("cip_resposta", 8, [str(cast.loja)]),  # Thu 12 March
    ]


def test_a_term_fulfilled_leaves_the_list(cast: Cast, ap, running_cip) -> None:
    cip = running_cip(ap().reclamados.get())
    answer_cip(cip=cip, resposta="Sim.", by=cast.bruno, at=NOW)
    # What runs now is the consumer's: 30 days from Wed 4 March end on Good Friday 3 April → Mon 6.
    assert shown(logged_in(cast.bruno)) == [("retorno_consumidor", 33, [str(cast.loja)])]


def test_eva_sees_nothing_and_a_lone_administrador_no_page(cast: Cast, ap, running_cip) -> None:
    running_cip(ap().reclamados.get())
    assert shown(logged_in(cast.eva)) == []
    assert b"".join(logged_in(cast.eva).get(f"{LIST}exportar/").streaming_content).count(b"\n") == 1
    cast.eva.atribuicoes.all().delete()
    Atribuicao.objects.create(user=cast.eva, unidade=cast.unidade, papel=Papel.ADMINISTRADOR)
    eva = logged_in(cast.eva)
    assert [eva.get(LIST).status_code, eva.get(f"{LIST}exportar/").status_code] == [404, 404]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 1),
        ("?quando=vencidos", 0),
        ("?quando=hoje", 0),
        ("?quando=semana", 0),  # it has eight days left
        ("?quando=a_vencer", 1),
        ("?regra=cip_resposta", 1),
        ("?regra=defesa", 0),
        ("?de=2026-03-12&ate=2026-03-12", 1),
        ("?de=2026-03-13", 0),
        ("?ate=2026-03-11", 0),
        ("?unidade={unidade}", 1),
        ("?unidade={outra}", 1),  # not one's own: no choice, so no filter
        ("?quando=nunca&regra=x&de=ontem", 1),
        ("?depois=lixo", 1),
    ],
)
def test_filters(cast: Cast, ap, running_cip, query: str, found: int) -> None:
    running_cip(ap().reclamados.get())
    address = query.format(unidade=cast.unidade.pk, outra=cast.outra.pk)
    assert len(shown(logged_in(cast.bruno), address)) == found


def test_the_spreadsheet_holds_what_is_filtered(cast: Cast, ap, running_cip) -> None:
    case = ap()
    cip = running_cip(case.reclamados.get())
    extend(prazo=cip.prazo, dias=5, motivo="pedido do fornecedor", by=cast.bruno, at=NOW)
    with time_machine.travel(NOW, tick=False):
        lines = b"".join(logged_in(cast.bruno).get(f"{LIST}exportar/").streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert lines[1].split(";")[:4] == ["17/03/2026", "13", "Resposta do fornecedor à CIP", case.protocolo]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_at_one_and_at_three_rows(
    cast: Cast, ap, running_cip, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        running_cip(ap().reclamados.get())
    client = logged_in(cast.bruno)
    with django_assert_num_queries(8):
        client.get(LIST)


def test_the_case_shows_its_terms_with_their_words(cast: Cast, ap, running_cip) -> None:
    case = ap()
    cip = running_cip(case.reclamados.get())
    extend(prazo=cip.prazo, dias=5, motivo="pedido do fornecedor", by=cast.bruno, at=NOW)
    page = logged_in(cast.bruno).get(f"/atendimentos/{case.protocolo}/").content.decode()
    assert "prorrogado por 5 dias corridos em 04/03 (pedido do fornecedor); vence terça 17/03" in page
    assert "de «12/03/2026» para «17/03/2026»" in page
    assert '<span class="etiqueta etiqueta--amarela">em curso</span>' in page


def test_the_export_is_written_down(cast: Cast, ap, running_cip) -> None:
    running_cip(ap().reclamados.get())
    logged_in(cast.bruno).get(f"{LIST}exportar/?regra=cip_resposta")
    assert list(Leitura.objects.values_list("leitor", "pagina", "filtro", "linhas")) == [
        (cast.bruno.pk, "prazos", "regra=cip_resposta", 1)
    ]
