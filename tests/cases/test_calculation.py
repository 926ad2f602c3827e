"""Calculations of a case: what is kept, what is printed, what is refused; and their pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from cases.forms.calculation import FORMS, form_for
from cases.models import Calculo
from cases.services import calculate, close_case, work_out
from documents.models import Documento
from tests.browsing import logged_in
from tests.conftest import NOW, Cast
from workflow.errors import ActNotAllowed, ContentRefused, Refusal

SETTLEMENT = {
    "parcela": Decimal("269.03"),
    "restantes": 2,
    "proximo_vencimento": date(2026, 4, 10),  # Friday
    "taxa": Decimal(3),
    "periodo": "mes",
    "tipo_taxa": "efetiva",
    "liquidacao": date(2026, 3, 10),  # Tuesday, a month before
}
TYPED = {**SETTLEMENT, "parcela": "269,03", "taxa": "3", "proximo_vencimento": "2026-04-10", "liquidacao": "2026-03-10"}


def results(memoria: dict) -> dict[str, str]:
    return {item["rotulo"]: item["valor"] for item in memoria["resultados"]}


def test_an_early_settlement_is_kept_and_printed(cast: Cast, ap) -> None:
    case = ap()

    made = calculate(atendimento=case, especie="liquidacao", entrada=SETTLEMENT, by=cast.bruno, at=NOW)

    made.refresh_from_db()
    # 269.03 ÷ 1.03 = 261.19; ÷ 1.0609 = 253.59
    assert results(made.resultado) == {
        "Soma das parcelas que faltam": "R$ 538,06",
        "Redução dos juros": "R$ 23,28",
        "Valor para liquidar": "R$ 514,78",
    }
    assert made.resultado["fonte"] == "CDC (Lei 8.078/1990), art. 52, § 2º"
    assert (made.entrada["parcela"], made.entrada["liquidacao"], made.versao) == ("269.03", "2026-03-10", 1)
    letter = Documento.objects.get(historico=case.historico)
    assert (letter.tipo, letter.pk) == ("memoria_de_calculo", made.documento_id)
    assert letter.dados["dados"]["totais"] == {"valor": "538.06", "desconto": "23.28", "valor_presente": "514.78"}
    last = case.historico.eventos.last()
    assert (last.ato, last.dados["especie"], last.autor) == ("CALCULAR", "liquidacao", cast.bruno)


@pytest.mark.parametrize(
    ("especie", "entrada", "result"),
    [
        (
            "juros_simples",
            {"principal": "80000", "taxa": "2.5", "periodo": "mes", "prazo": "3", "unidade_prazo": "mes"},
            {"Juros": "R$ 6.000,00", "Valor com os juros": "R$ 86.000,00"},
        ),
        (
            "juros_compostos",
            {
                "principal": "12000", "taxa": "3.5", "periodo": "mes", "tipo_taxa": "efetiva", "prazo": "8",
                "unidade_prazo": "mes",
            },
            {"Juros": "R$ 3.801,71", "Valor com os juros": "R$ 15.801,71"},
        ),
        (
            "price",
            {
                "principal": "10000", "taxa": "10", "periodo": "mes", "tipo_taxa": "efetiva", "parcelas": 4,
                "primeiro_vencimento": date(2026, 4, 10),
            },
            {"Parcela": "R$ 3.154,71", "Total a pagar": "R$ 12.618,83", "Total de juros": "R$ 2.618,83"},
        ),
        (
            "taxa",
            {"principal": "10000", "parcela": "3154.71", "parcelas": 4},
            {
                "Taxa efetiva ao mês": "10,000029%",
                "Taxa efetiva ao ano": "213,843831%",
                "Total das parcelas": "R$ 12.618,84",
                "Juros embutidos": "R$ 2.618,84",
            },
        ),
    ],
)  # fmt: skip
def test_every_kind_is_worked_out_and_printed(cast: Cast, ap, especie: str, entrada: dict, result: dict) -> None:
    given = {k: Decimal(v) if k in ("principal", "taxa", "prazo", "parcela") else v for k, v in entrada.items()}
    made = calculate(atendimento=ap(), especie=especie, entrada=given, by=cast.bruno, at=NOW)
    assert results(made.resultado) == result
    assert made.documento.tamanho > 1000


def test_a_closed_case_may_be_calculated_for(cast: Cast, ap) -> None:
    case = ap()
    close_case(atendimento=case, desfecho="desistencia", by=cast.bruno, at=NOW)
    calculate(atendimento=case, especie="liquidacao", entrada=SETTLEMENT, by=cast.bruno, at=NOW)
    assert Calculo.objects.count() == 1


def test_who_holds_no_papel_there_does_not_calculate(cast: Cast, ap) -> None:
    with pytest.raises(ActNotAllowed, match="fazer cálculo"):
        calculate(atendimento=ap(), especie="liquidacao", entrada=SETTLEMENT, by=cast.eva, at=NOW)
    assert Calculo.objects.count() == 0


@pytest.mark.parametrize(
    ("especie", "changed", "words"),
    [
        ("loteria", {}, "o que calcular"),
        ("taxa", {"principal": Decimal(1000), "parcela": Decimal(1), "parcelas": 3}, "somam menos"),
        (
            "juros_compostos",
            {
                "principal": Decimal(1000), "taxa": Decimal(999), "periodo": "dia", "tipo_taxa": "efetiva",
                "prazo": Decimal(36000), "unidade_prazo": "ano",
            },
            "não cabe em nenhuma conta real",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_worked_out_is_refused(especie: str, changed: dict, words: str) -> None:
    with pytest.raises(ContentRefused, match=words):
        work_out(especie, changed)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_passes_a_form_is_worked_out_or_refused(data: st.DataObject) -> None:
    especie = data.draw(st.sampled_from(list(FORMS)))
    form = form_for(especie)
    typed = {}
    for name, field in form.fields.items():
        if hasattr(field, "choices"):
            typed[name] = data.draw(st.sampled_from([value for value, _ in field.choices]))
        elif "vencimento" in name or name == "liquidacao":
            typed[name] = str(data.draw(st.dates(date(1990, 1, 1), date(2149, 12, 31))))
        elif name in ("parcelas", "restantes"):
            typed[name] = str(data.draw(st.integers(1, 600)))
        else:
            typed[name] = str(data.draw(st.integers(0, 9_999_999)) / 100).replace(".", ",")
    bound = form_for(especie, typed)
    if not bound.is_valid():
        return
    try:
        memoria = work_out(especie, bound.cleaned_data)
    except Refusal:
        return
    assert memoria["resultados"]


# Pages ---------------------------------------------------------------------------------------------------------------


def test_the_page_of_a_case_keeps_and_shows(cast: Cast, ap) -> None:
    case = ap()
    bruno = logged_in(cast.bruno)
    address = f"/atendimentos/{case.protocolo}/calculo/"
    assert address in bruno.get(case.get_absolute_url()).content.decode()
    page = bruno.post(f"{address}?especie=liquidacao", TYPED, follow=True).content.decode()
    made = Calculo.objects.get()
    assert "R$ 514,78" in page
    assert f"/documentos/{made.documento.codigo}" in page
    assert '<td class="num">253,59</td>' in page


def test_without_a_case_nothing_is_kept(cast: Cast) -> None:
    page = logged_in(cast.bruno).post("/atendimentos/calculo/?especie=liquidacao", TYPED).content.decode()
    assert "R$ 514,78" in page
    assert "Aqui nada fica guardado." in page
    assert Calculo.objects.count() == 0


def test_a_refused_calculation_gives_the_form_back(cast: Cast, ap) -> None:
    told = {"principal": "1.000,00", "parcela": "1,00", "parcelas": "3"}
    for address in (f"/atendimentos/{ap().protocolo}/calculo/", "/atendimentos/calculo/"):
        answer = logged_in(cast.bruno).post(f"{address}?especie=taxa", told)
        assert answer.status_code == 422
        assert "As parcelas somam menos que o valor financiado" in answer.content.decode()


def test_eva_finds_no_page_of_this_case(cast: Cast, ap) -> None:
    assert logged_in(cast.eva).get(f"/atendimentos/{ap().protocolo}/calculo/").status_code == 404


def test_who_reads_no_case_finds_no_calculator(cast: Cast) -> None:
    cast.eva.atribuicoes.all().delete()
    assert logged_in(cast.eva).get("/atendimentos/calculo/").status_code == 404


@pytest.mark.parametrize("especie", [*FORMS, "loteria"])
def test_every_kind_has_its_form(cast: Cast, especie: str) -> None:
    page = logged_in(cast.bruno).get(f"/atendimentos/calculo/?especie={especie}").content.decode()
    assert page.count('aria-current="page"') >= 2


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_at_one_and_at_three(
    cast: Cast, ap, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    case = ap()
    for _ in range(number):
        calculate(atendimento=case, especie="liquidacao", entrada=SETTLEMENT, by=cast.bruno, at=NOW)
    client = logged_in(cast.bruno)
    with django_assert_num_queries(5):
        client.get(f"/atendimentos/{case.protocolo}/calculo/")
