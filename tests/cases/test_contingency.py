"""Contingency paper: numbers reserved without gaps, each typed in once with its real date, or voided with a reason."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from cases.models import Atendimento, FormularioDeContingencia, NumeroExterno, Reclamacao
from cases.services.contingency import AlreadyTyped, reserve_forms, void_form
from cases.services.counter import register_at_counter
from cases.services.numbers import add_number, take_number_back
from cases.tipos import RULES
from tests.browsing import logged_in
from tests.conftest import NOW, SAO_PAULO, Cast, make_cast
from workflow.errors import ActNotAllowed, ContentRefused
from workflow.models import Evento

#: The paper was printed in December, filled in on its last day, and typed in when the new year's work had begun.
PRINTED = datetime(2025, 12, 1, 9, 0, 30, tzinfo=SAO_PAULO)
HAPPENED = datetime(2025, 12, 30, 15, 20, tzinfo=SAO_PAULO)
PAGE, NEW = "/atendimentos/contingencia/", "/atendimentos/novo/"


def reserve(cast: Cast, by: User | None = None, at: datetime = PRINTED, **many: int) -> list[FormularioDeContingencia]:
    return reserve_forms(unidade=cast.unidade, quantidades=many or {"simples_consulta": 1}, by=by or cast.bruno, at=at)


def type_in(cast: Cast, paper: FormularioDeContingencia, when: datetime = HAPPENED, **other: Any) -> Atendimento:
    told = {"unidade": cast.unidade, "tipo": "simples_consulta", "canal": "pessoal", "consumer": {}}
    told |= {"fornecedores": [], "relato": "Perguntou da troca.", "by": cast.dora, "at": NOW}
    return register_at_counter(**{**told, **other}, formulario=(paper, when))


def test_numbers_run_through_all_tipos_by_unidade_and_year_with_who_took_them(cast: Cast) -> None:
    made = reserve(cast, simples_consulta=2, calculo=1)
    next_year = reserve(cast, at=NOW)
    elsewhere = reserve_forms(unidade=cast.outra, quantidades={"calculo": 1}, by=cast.eva, at=PRINTED)

    assert [(row.codigo, row.tipo) for row in [*made, *next_year, *elsewhere]] == [
        ("C-35.001.001.25-00001", "simples_consulta"),
        ("C-35.001.001.25-00002", "simples_consulta"),
        ("C-35.001.001.25-00003", "calculo"),
        ("C-35.001.001.26-00001", "simples_consulta"),
        ("C-35.002.001.25-00001", "calculo"),
    ]
    assert {(row.reservado_por, row.reservado_em) for row in made} == {(cast.bruno, PRINTED)}


@pytest.mark.parametrize(
    ("many", "words"),
    [({"calculo": 0}, "ao menos um tipo"), ({"calculo": 201}, "até 200 formulários"), ({"orkut": 1}, "não existe")],
)
def test_refuses_no_form_too_many_and_no_such_tipo(cast: Cast, many: dict[str, int], words: str) -> None:
    with pytest.raises(ContentRefused, match=words):
        reserve(cast, **many)
    assert FormularioDeContingencia.objects.count() == 0


def test_refuses_who_is_not_at_the_counter(cast: Cast) -> None:
    with pytest.raises(ActNotAllowed, match="o ato cabe a"):
        reserve(cast, by=cast.carla)
    paper = reserve(cast)[0]
    with pytest.raises(ActNotAllowed, match="o ato cabe a Coordenador"):
        void_form(formulario=paper, motivo="Rasgou.", by=cast.bruno, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_reserve_at_once_get_one_run_each() -> None:
    cast = make_cast()

    def run(_: int) -> list[str]:
        try:
            return [row.codigo[-5:] for row in reserve(cast, simples_consulta=5)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        runs = sorted(pool.map(run, range(4)))
    assert runs == [[f"{number:05d}" for number in range(first, first + 5)] for first in (1, 6, 11, 16)]


def test_typed_in_with_its_real_date_and_its_number_kept(cast: Cast) -> None:
    paper = reserve(cast)[0]
    case = type_in(cast, paper)
    paper.refresh_from_db()

    assert (case.aberto_em, case.encerrado_em, case.atendente) == (HAPPENED, HAPPENED, cast.dora)
    assert case.protocolo == "35.001.001.25-0000001"
    assert (paper.atendimento, paper.digitado_por, paper.digitado_em) == (case, cast.dora, NOW)
    number = NumeroExterno.objects.get()
    assert (number.atendimento, number.sistema, number.numero) == (case, "contingencia", paper.codigo)
    assert list(Atendimento.objects.visible_to(cast.bruno).search("c350010012500001", user=cast.bruno)) == [case]
    events = Evento.objects.filter(historico=case.historico).order_by("sequencia")
    assert list(events.values_list("ato", "quando")) == [("REGISTRAR", NOW), ("DIGITAR_FORMULARIO", NOW)]


def test_a_complaint_on_paper_is_as_old_as_the_paper(cast: Cast, phone: Any, letters_in_tmp: None) -> None:
    paper = reserve(cast, abertura_direta=1)[0]
    consumer = {"nome": "Ana Souza", "cpf": "11144477735", "municipio": "3523107", "uf": "SP"}
    case = type_in(
        cast, paper, tipo="abertura_direta", consumer=consumer, fornecedores=[cast.loja], assunto=phone, pedido="Troca."
    )
    assert Reclamacao.objects.get(atendimento=case).instaurada_em == HAPPENED
    assert case.historico.documentos.get().emitido_em == NOW


def test_a_form_is_typed_in_once(cast: Cast) -> None:
    paper = reserve(cast)[0]
    case = type_in(cast, paper)
    with pytest.raises(AlreadyTyped, match=f"já foi digitado: é o atendimento {case.protocolo}") as refusal:
        type_in(cast, paper)
    assert (refusal.value.protocolo, Atendimento.objects.count()) == (case.protocolo, 1)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (NOW + timedelta(minutes=1), "não pode ser de depois de agora"),
        (PRINTED - timedelta(minutes=1), "só existe desde 01/12/2025 às 09:00"),
    ],
)
def test_refuses_a_moment_that_cannot_be(cast: Cast, when: datetime, words: str) -> None:
    paper = reserve(cast)[0]
    with pytest.raises(ContentRefused, match=words) as refusal:
        type_in(cast, paper, when)
    assert list(refusal.value.errors) == ["ocorrido_em"]
    assert type_in(cast, paper, PRINTED.replace(second=0)).aberto_em == PRINTED.replace(second=0)


def test_refuses_another_unidade_than_the_paper_s(cast: Cast) -> None:
    paper = reserve(cast)[0]
    with pytest.raises(ContentRefused, match="é de Procon Centro"):
        type_in(cast, paper, unidade=cast.outra, by=cast.eva)


def test_a_voided_form_is_not_typed_in_and_its_number_never_comes_back(cast: Cast) -> None:
    paper = reserve(cast)[0]
    with pytest.raises(ContentRefused, match="por que o formulário é anulado"):
        void_form(formulario=paper, motivo=" ", by=cast.dora, at=NOW)
    void_form(formulario=paper, motivo="Molhou.", by=cast.dora, at=NOW)
    with pytest.raises(ActNotAllowed, match="foi anulado em 04/03/2026 por Dora Coordenadora: Molhou"):
        type_in(cast, paper)
    with pytest.raises(ActNotAllowed, match="foi anulado"):
        void_form(formulario=paper, motivo="De novo.", by=cast.dora, at=NOW)
    assert reserve(cast)[0].codigo == "C-35.001.001.25-00002"


def test_a_typed_form_is_not_voided(cast: Cast) -> None:
    paper = reserve(cast)[0]
    type_in(cast, paper)
    with pytest.raises(AlreadyTyped):
        void_form(formulario=paper, motivo="Engano.", by=cast.dora, at=NOW)


def test_the_number_of_a_form_is_neither_written_by_hand_nor_taken_back(cast: Cast) -> None:
    case = type_in(cast, reserve(cast)[0])
    with pytest.raises(ContentRefused, match="Escolha na lista"):
        add_number(atendimento=case, sistema="contingencia", numero="C1", by=cast.bruno, at=NOW)
    with pytest.raises(ActNotAllowed, match="não se retira"):
        take_number_back(numero=NumeroExterno.objects.get(), motivo="Engano.", by=cast.dora, at=NOW)


def test_on_the_page_reserved_printed_typed_in_and_refused_with_a_link(cast: Cast) -> None:
    bruno = logged_in(cast.bruno)
    answer = bruno.post(PAGE, {"unidade": cast.unidade.pk, **{f"quantos_{tipo}": 1 for tipo in RULES}}, follow=True)
    assert "Reservados 10 formulários" in answer.content.decode()
    run = answer.redirect_chain[0][0].partition("?")[2]
    printed = bruno.get(f"{PAGE}imprimir/?{run}")
    with pikepdf.open(BytesIO(printed.content)) as pdf:
        assert (printed["Content-Type"], len(pdf.pages)) == ("application/pdf", 10)

    paper = FormularioDeContingencia.objects.get(tipo="simples_consulta")
    answer = bruno.post(f"{PAGE}digitar/", {"formulario": paper.codigo.lower()}, follow=True)
    form = answer.context["form"]
    assert (form["tipo"].value(), answer.context["formulario"]) == ("simples_consulta", paper)
    told = {
        "contingencia": paper.codigo, "unidade": cast.unidade.pk, "tipo": "simples_consulta", "canal": "pessoal",
        "orientacao": "Orientada.",
    }  # fmt: skip
    answer = bruno.post(NEW, told)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["ocorrido_em", "ocorrido_as"])
    at = timezone_minutes_after(paper.reservado_em)
    answer = bruno.post(NEW, {**told, "ocorrido_em": f"{at:%Y-%m-%d}", "ocorrido_as": f"{at:%H:%M}"})
    case = Atendimento.objects.get()
    assert (answer.status_code, answer.url) == (302, case.get_absolute_url())
    assert paper.codigo in bruno.get(answer.url).content.decode()

    for answer in (bruno.get(f"{NEW}?contingencia={paper.codigo}"), again(bruno, told, at)):
        assert (answer.status_code, answer.context["recusa"].protocolo) == (409, case.protocolo)
        assert f'href="{case.get_absolute_url()}"' in answer.content.decode()
    assert bruno.get(f"{PAGE}imprimir/?de={paper.codigo}&ate={paper.codigo}").status_code == 409


def timezone_minutes_after(moment: datetime) -> datetime:
    """The minute in which the paper was printed: the earliest that may stand on it, and never ahead of the clock."""
    return moment.astimezone(SAO_PAULO).replace(second=0, microsecond=0)


def again(client: Client, told: dict[str, Any], at: datetime) -> Any:
    return client.post(NEW, {**told, "ocorrido_em": f"{at:%Y-%m-%d}", "ocorrido_as": f"{at:%H:%M}"})


def test_a_number_that_is_not_there_is_told(cast: Cast) -> None:
    answer = logged_in(cast.bruno).post(f"{PAGE}digitar/", {"formulario": "C-35.001.001.25-00099"})
    assert (answer.status_code, "Não há formulário C-35.001.001.25-00099" in answer.content.decode()) == (422, True)
    told = {"contingencia": "C-35.001.001.25-00099", "unidade": cast.unidade.pk, "tipo": "simples_consulta"}
    answer = again(logged_in(cast.bruno), {**told, "canal": "pessoal", "relato": "Perguntou."}, NOW)
    assert (answer.status_code, Atendimento.objects.count()) == (422, 0)


def test_dora_voids_on_the_page(cast: Cast) -> None:
    paper = reserve(cast)[0]
    dora, address = logged_in(cast.dora), f"{PAGE}{paper.pk}/anular/"
    assert (dora.get(address).status_code, dora.post(address, {"motivo": ""}).status_code) == (200, 422)
    answer = dora.post(address, {"motivo": "Molhou."}, follow=True)
    assert "Molhou." in answer.content.decode()
    assert dora.post(address, {"motivo": "Molhou."}).status_code == 409
    assert logged_in(cast.bruno).post(address, {"motivo": "x"}).status_code == 409


def test_eva_sees_nothing_and_carla_is_told_whose_it_is(cast: Cast) -> None:
    paper = reserve(cast)[0]
    eva = logged_in(cast.eva)
    assert paper.codigo not in eva.get(PAGE).content.decode()
    assert eva.get(f"{PAGE}{paper.pk}/anular/").status_code == 404
    assert eva.get(f"{PAGE}imprimir/?de={paper.codigo}&ate={paper.codigo}").status_code == 409
    assert "contingencia" not in eva.get(f"{NEW}?contingencia={paper.codigo}").context["form"].initial
    carla = logged_in(cast.carla)
    assert [carla.get(f"{PAGE}{part}").status_code for part in ("", "imprimir/")] == [409, 409]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_often_for_three_as_for_one(cast: Cast, rows: int, django_assert_num_queries: Any) -> None:
    type_in(cast, reserve(cast, simples_consulta=rows)[0])
    bruno = logged_in(cast.bruno)
    with django_assert_num_queries(8):
        bruno.get(PAGE)
