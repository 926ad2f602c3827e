"""Assuntos, problemas, fornecedores and unidades: what a form needs, searched without accents."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Assunto, Problema, ProblemaDoAssunto
from parties.models import Fornecedor
from tests.conftest import Cast
from tests.portal.conftest import Program


def _results(cidade: Program, path: str) -> object:
    return cidade.get(path).json()["results"]


def test_assuntos_in_use_by_any_part_of_their_words(cidade: Program, subject: Assunto) -> None:
    Assunto.objects.create(codigo=12, area="Saúde", descricao="Plano de Saúde")
    Assunto.objects.create(codigo=13, area="Saúde", descricao="Aposentado", ativo=False)
    phone = {"codigo": 187, "area": "Serviços Essenciais", "descricao": "Telefonia Celular"}
    health = {"codigo": 12, "area": "Saúde", "descricao": "Plano de Saúde"}

    assert _results(cidade, "/assuntos/") == [health, phone]
    assert _results(cidade, "/assuntos/?q=saude") == [health]
    assert _results(cidade, "/assuntos/?q=CELULAR") == [phone]


def test_problems_belong_to_an_assunto(cidade: Program, subject: Assunto) -> None:
    other = Assunto.objects.create(codigo=12, area="Saúde", descricao="Plano de Saúde")
    ProblemaDoAssunto.objects.create(assunto=other, problema=Problema.objects.create(descricao="Recusa"))

    assert _results(cidade, "/problemas/?assunto=187") == [{"codigo": 3746, "descricao": "Cobrança indevida/abusiva"}]
    assert _results(cidade, "/problemas/?assunto=187&q=cobranca") == _results(cidade, "/problemas/?assunto=187")
    assert _results(cidade, "/problemas/?assunto=12") == [{"codigo": None, "descricao": "Recusa"}]
    assert _results(cidade, "/problemas/?assunto=1") == []


def test_suppliers_are_found_by_name_and_number_and_natural_persons_are_not(cidade: Program, cast: Cast) -> None:
    Fornecedor.objects.create(razao_social="Loja de João", cpf="11144477735")
    shop = {
        "cnpj": "12ABC34501DE35",
        "radical": "12ABC345",
        "nome": "Loja Modelo Ltda",
        "razao_social": "Loja Modelo Ltda",
    }

    assert _results(cidade, "/fornecedores/?q=lója") == [shop]
    assert _results(cidade, "/fornecedores/?q=12.ABC.345/01DE-35") == [shop]
    assert _results(cidade, "/fornecedores/") == []


def test_only_the_unidades_where_the_integration_registers(cidade: Program) -> None:
    assert _results(cidade, "/unidades/") == [{"codigo": "35.001.001", "nome": "Procon Centro", "municipio": "3523107"}]


def test_reference_lists_come_in_pages(cidade: Program, subject: Assunto) -> None:
    Assunto.objects.create(codigo=12, area="Saúde", descricao="Plano de Saúde")
    first = cidade.get("/assuntos/?limite=1").json()
    second = cidade.get(first["next"].removeprefix("http://testserver/api/v1")).json()

    assert [row["codigo"] for row in first["results"] + second["results"]] == [12, 187]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("path", "queries"),
    [("/assuntos/", 2), ("/problemas/?assunto=187", 2), ("/fornecedores/?q=loja", 2), ("/unidades/", 3)],
)
@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_rows(
    cidade: Program, subject: Assunto, cast: Cast, path: str, queries: int, count: int
) -> None:
    for number in range(count - 1):
        Assunto.objects.create(codigo=number, area="x", descricao=f"x{number}")
        problema = Problema.objects.create(descricao=f"x{number}")
        ProblemaDoAssunto.objects.create(assunto=subject, problema=problema)
        Fornecedor.objects.create(razao_social=f"Loja {number}")
    cidade.get("/unidades/")  # the note of the last use is written

    with CaptureQueriesContext(connection) as asked:
        answer = cidade.get(path)

    assert len(asked) == queries, [query["sql"][:90] for query in asked]
    assert len(answer.json()["results"]) == (1 if path == "/unidades/" else count)
