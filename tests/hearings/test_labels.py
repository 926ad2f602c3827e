"""AR labels of a hearing's notices: whose, from which place of the sheet, and who has no address."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from accounts.models import Papel, User
from hearings.models import Audiencia, NotificacaoDaAudiencia
from hearings.services import addressees, print_notice_labels
from parties.models import Consumidor, Fornecedor
from tests.browsing import logged_in
from tests.conftest import NOW
from tests.hearings.conftest import Stage
from tests.hearings.test_pages import body
from workflow.errors import ActNotAllowed, ContentRefused

STREET = {"logradouro": "Avenida B", "numero": "200", "bairro": "Centro", "municipio": "3550308", "uf": "SP"}


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def audiencia(stage: Stage) -> Audiencia:
    """Ana and the shop have an address; the bank has a street and neither CEP nor city."""
    Consumidor.objects.filter(pk=stage.cast.ana.pk).update(**STREET, cep="08570000")
    Fornecedor.objects.filter(pk=stage.cast.loja.pk).update(**STREET, cep="01000000")
    Fornecedor.objects.filter(pk=stage.cast.banco.pk).update(logradouro="Rua A")
    made = stage.schedule(reclamados=[stage.loja, stage.banco])
    return Audiencia.objects.select_related("atendimento__consumidor").get(pk=made.pk)


@pytest.fixture
def bruno(stage: Stage) -> Client:
    return logged_in(stage.cast.bruno)


def words(pdf: bytes) -> list[str]:
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(BytesIO(pdf)).pages]


def keys(stage: Stage) -> tuple[str, str, str]:
    return tuple(
        f"consumidor:{stage.cast.ana.pk} fornecedor:{stage.cast.loja.pk} fornecedor:{stage.cast.banco.pk}".split()
    )


def test_a_label_has_the_address_and_the_case(stage: Stage, audiencia: Audiencia) -> None:
    ana, loja, banco = keys(stage)
    told = {"audiencia": audiencia, "start": 3, "by": stage.cast.bruno}
    (sheet,) = words(print_notice_labels(partes=[ana, loja, banco], **told))
    assert "Loja Modelo Ltda Avenida B, 200 – Centro CEP 01000-000 São Paulo/SP" in sheet
    assert "Ana Souza Avenida B, 200 – Centro CEP 08570-000 São Paulo/SP" in sheet
    assert (sheet.count(stage.caso.protocolo), "Banco" in sheet) == (2, False)
    (only,) = words(print_notice_labels(partes=[loja], **told))
    assert ("Ana Souza" in only, only.count(stage.caso.protocolo)) == (False, 1)


def test_what_was_merged_is_written_to_where_it_stands(stage: Stage, audiencia: Audiencia) -> None:
    Fornecedor.objects.filter(pk=stage.cast.banco.pk).update(fundido_em=stage.cast.loja)
    by_key = {one.parte: one for one in addressees(audiencia)}
    merged = by_key[keys(stage)[2]]
    assert (merged.nome, merged.lugar.cep, merged.fornecedor) == ("Banco Exemplo S.A.", "01000000", stage.cast.loja.pk)


def test_the_page_offers_who_is_not_proven_told_and_names_who_has_no_address(
    stage: Stage, audiencia: Audiencia, bruno: Client
) -> None:
    ana, loja, _ = keys(stage)
    NotificacaoDaAudiencia.objects.create(
        audiencia=audiencia, parte=ana, meio="em_maos", enviada_em=NOW, recebida_em=NOW, registrada_por=stage.cast.bruno
    )
    assert f'href="/audiencias/{audiencia.pk}/etiquetas/"' in body(bruno.get(f"/audiencias/{audiencia.pk}/"))
    page = bruno.get(f"/audiencias/{audiencia.pk}/etiquetas/")
    assert [one.parte for one in page.context["com"]] == [ana, loja]
    assert page.context["form"].initial["partes"] == [loja]
    assert f'href="/cadastros/fornecedores/{stage.cast.banco.pk}/"' in body(page)


def test_the_sheet_comes_as_a_pdf_that_nobody_keeps(stage: Stage, audiencia: Audiencia, bruno: Client) -> None:
    ana, loja, _ = keys(stage)
    answer = bruno.post(f"/audiencias/{audiencia.pk}/etiquetas/", {"partes": [ana, loja], "inicio": "14"})
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store")
    assert len(words(answer.content)) == 2


@pytest.mark.parametrize("changes", [{"partes": []}, {"partes": ["fornecedor:999999"]}, {"inicio": "15"}])
def test_refusals_of_the_form(stage: Stage, audiencia: Audiencia, bruno: Client, changes: dict[str, Any]) -> None:
    data = {"partes": [keys(stage)[1]], "inicio": "1", **changes}
    assert bruno.post(f"/audiencias/{audiencia.pk}/etiquetas/", data).status_code == 422


def test_refuses_labels_of_who_has_no_address(stage: Stage, audiencia: Audiencia) -> None:
    with pytest.raises(ContentRefused, match="Não há etiqueta para imprimir"):
        print_notice_labels(audiencia=audiencia, partes=[keys(stage)[2]], start=1, by=stage.cast.bruno)


def test_refuses_who_does_not_sit_at_the_table(stage: Stage, audiencia: Audiencia, bruno: Client) -> None:
    stage.cast.bruno.atribuicoes.update(papel=Papel.AUDITOR)
    assert bruno.get(f"/audiencias/{audiencia.pk}/etiquetas/").status_code == 409
    auditor = User.objects.get(usuario="bruno")
    with pytest.raises(ActNotAllowed, match="imprimir etiquetas de AR"):
        print_notice_labels(audiencia=audiencia, partes=[keys(stage)[1]], start=1, by=auditor)


def test_from_elsewhere_there_is_no_page(stage: Stage, audiencia: Audiencia) -> None:
    assert logged_in(stage.cast.eva).get(f"/audiencias/{audiencia.pk}/etiquetas/").status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_costs_the_same_for_one_and_for_three(
    stage: Stage, bruno: Client, many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    others = [
        stage.loja,
        stage.banco,
        stage.caso.reclamados.create(fornecedor=Fornecedor.objects.create(razao_social="C")),
    ]
    made = stage.schedule(reclamados=others[:many])
    with django_assert_num_queries(15):
        assert len(bruno.get(f"/audiencias/{made.pk}/etiquetas/").context["sem"]) == many + 1
