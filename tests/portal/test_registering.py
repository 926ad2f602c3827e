"""POST /atendimentos/: what it makes, what it answers, what it refuses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest
import time_machine
from django.db import connection

from cases.models import Anonimizacao, Assunto, Atendimento
from parties.models import Consumidor, Fornecedor
from parties.services import register_consumer
from portal.models import ConsumidorDeclarado
from portal.tracking import hash_key
from tests.conftest import NOW, Cast
from tests.portal.conftest import Program, complaint
from workflow.models import Evento


@pytest.fixture(autouse=True)
def _morning() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_contracts_example_becomes_a_case(cidade: Program, subject: Assunto, cast: Cast) -> None:
    answer = cidade.post("/atendimentos/", complaint())

    assert answer.status_code == 201
    body = answer.json()
    key = body.pop("chave")
    assert body == {
        "protocolo": "35.001.001.26-0000001",
        "protocolo_externo": "PORTAL-1",
        "unidade": "35.001.001",
        "tipo": "atendimento_preliminar",
        "canal": "portal",
        "status": "aberto",
        "desfecho": None,
        "aberto_em": "2026-03-04T10:00:00-03:00",
        "encerrado_em": None,
        "assunto": 187,
        "problema": "Cobrança indevida/abusiva",
        "fornecedores": [
            {
                "cnpj": "02558157000162",
                "radical": "02558157",
                "nome": "02.558.157/0001-62",
                "razao_social": "02.558.157/0001-62",
            },
            {"cnpj": None, "radical": None, "nome": "Loja Modelo", "razao_social": "Loja Modelo"},
        ],
        "consumidor": {
            "nome": "Ana Souza",
            "cpf": "11144477735",
            "nascimento": "1958-04-02",
            "email": "ana@example.org",
            "telefone": "+5511912345678",
            "endereco": {
                "cep": "08570000",
                "logradouro": "Rua A",
                "numero": "10",
                "complemento": "",
                "bairro": "Centro",
                "municipio": "3523107",
                "uf": "SP",
            },
        },
        "relato": "Cobraram duas vezes.",
        "pedido": "Devolução em dobro.",
        "valor": "199.90",
        "data_compra": "2026-01-15",
    }
    case = Atendimento.objects.get()
    assert (case.atendente, case.unidade, case.valor) == (cidade.user, cast.unidade, Decimal("199.90"))
    assert (case.data_compra, case.consumidor, case.chave_hash) == (date(2026, 1, 15), cast.ana, hash_key(key))
    assert key not in str(list(Atendimento.objects.values()))
    assert Evento.objects.get(objeto="cases.atendimento").ato == "REGISTRAR"
    assert answer["Location"] == "http://testserver/api/v1/atendimentos/35.001.001.26-0000001/"
    read = cidade.get("/atendimentos/35.001.001.26-0000001/")
    assert (read.json(), read["ETag"]) == (body, answer["ETag"])


def test_who_registers_reads_what_it_declared_and_not_what_the_office_knows(
    cidade: Program, subject: Assunto, cast: Cast
) -> None:
    known = {"nascimento": date(1958, 4, 2), "telefone": "(11) 4642-0000", "email": "ana@example.net", "bairro": "Sé"}
    register_consumer(nome=cast.ana.nome, cpf=cast.ana.cpf, **known)
    told = {"nome": "Quem Pergunta", "cpf": "111.444.777-35", "endereco": {"numero": "7"}}
    address = {"cep": "", "logradouro": "", "numero": "7", "complemento": "", "bairro": "", "municipio": "", "uf": ""}
    shown = {
        "nome": "Quem Pergunta", "cpf": "11144477735", "nascimento": None, "email": "", "telefone": "",
        "endereco": address,
    }  # fmt: skip

    answer = cidade.post("/atendimentos/", complaint(consumidor=told))
    path = answer["Location"].removeprefix("http://testserver/api/v1")
    register_consumer(nome="Ana", cpf=cast.ana.cpf, telefone="(11) 4642-1111", email="nova@example.net")
    read = cidade.get(path)
    changed = cidade.send("PATCH", path, {"email": "quem@example.org"}, **{"If-Match": read["ETag"]})
    again = cidade.get(path)

    assert Atendimento.objects.get().consumidor == cast.ana
    assert [answer.json()["consumidor"], read.json()["consumidor"]] == [shown, shown]
    shown["email"] = "quem@example.org"
    assert [changed.json()["consumidor"], again.json()["consumidor"]] == [shown, shown]
    cast.ana.refresh_from_db()
    assert (cast.ana.nome, cast.ana.email, cast.ana.telefone) == ("Ana Souza", "quem@example.org", "+551146421111")


def test_of_cases_registered_before_name_and_cpf_are_declared(cidade: Program, subject: Assunto, cast: Cast) -> None:
    paths = [
        cidade.post("/atendimentos/", complaint(consumidor=one))["Location"]
        for one in ({"nome": "Eva"}, complaint()["consumidor"])
    ]
    cidade.post("/atendimentos/", complaint(tipo="simples_consulta", consumidor=...))
    ConsumidorDeclarado.objects.all().delete()

    with connection.cursor() as cursor:
        cursor.execute(import_module("portal.migrations.0007_consumidor_declarado").OF_THE_OLD)

    bodies = [cidade.get(path.removeprefix("http://testserver/api/v1")).json() for path in paths]
    told = [{name: value for name, value in body["consumidor"].items() if value} for body in bodies]
    assert [(one["nome"], one.get("cpf"), len(one)) for one in told] == [
        ("Eva", None, 2),  # and the address, empty
        ("Ana Souza", "11144477735", 3),
    ]
    assert ConsumidorDeclarado.objects.count() == 2


def test_nobody_declares_or_changes_a_consumer_made_anonymous(cidade: Program, subject: Assunto, cast: Cast) -> None:
    path = cidade.post("/atendimentos/", complaint())["Location"].removeprefix("http://testserver/api/v1")
    tag = cidade.get(path)["ETag"]
    Anonimizacao.objects.create(consumidor=cast.ana, feita_em=NOW, feita_por=cast.dora)

    refused = cidade.send("PATCH", path, {"email": "quem@example.org"}, **{"If-Match": tag})

    assert (refused.status_code, "anonimizados" in refused.json()["detail"]) == (409, True)
    assert cidade.get(path)["ETag"] == tag


def test_unknown_suppliers_are_marked_for_completion(cidade: Program, subject: Assunto) -> None:
    named = {"cnpj": "11.222.333/0001-81", "nome": "Nova Empresa"}
    cidade.post("/atendimentos/", complaint(fornecedores=[named, {"nome": "Só Nome"}]))

    made = Fornecedor.objects.filter(a_completar=True).order_by("id").values_list("razao_social", "cnpj")
    assert list(made) == [("Nova Empresa", "11222333000181"), ("Só Nome", None)]


def test_a_known_supplier_is_found_by_cnpj_and_keeps_its_name(cidade: Program, subject: Assunto, cast: Cast) -> None:
    answer = cidade.post("/atendimentos/", complaint(fornecedores=[{"cnpj": "12ABC34501DE35", "nome": "LOJA MODELO"}]))

    assert answer.json()["fornecedores"][0]["razao_social"] == "Loja Modelo Ltda"
    assert [grafia.nome for grafia in cast.loja.grafias.all()] == ["LOJA MODELO"]
    assert Fornecedor.objects.get(pk=cast.loja.pk).a_completar is False


def test_names_in_any_script_are_kept_as_they_are(cidade: Program, subject: Assunto) -> None:
    told = "<script>alert(1)</script> 😀 שלום"
    answer = cidade.post("/atendimentos/", complaint(relato=told, consumidor={"nome": "علي 😀"}))

    assert answer.json()["relato"] == told
    assert Consumidor.objects.latest("id").nome == "علي 😀"


def test_masks_in_part_or_of_another_kind_are_read(cidade: Program, subject: Assunto) -> None:
    person = {"nome": "Ana", "cpf": "111444777-35", "endereco": {"cep": "08570 000", "municipio": "3523107"}}
    sent = complaint(consumidor=person, fornecedores=[{"cnpj": "02558157/0001.62"}, {"cnpj": "12.abc.34501de35"}])

    body = cidade.post("/atendimentos/", sent).json()

    assert (body["consumidor"]["cpf"], body["consumidor"]["endereco"]["cep"]) == ("11144477735", "08570000")
    assert [one["cnpj"] for one in body["fornecedores"]] == ["02558157000162", "12ABC34501DE35"]


def test_every_letter_of_a_name_is_kept_and_marks_that_nobody_sees_are_not(cidade: Program, subject: Assunto) -> None:
    names = {
        "<b>Ana</b> & Cia": "<b>Ana</b> & Cia",
        "علي \u200fحسن": "علي حسن",
        "Ana\u202e Souza": "Ana Souza",
        "👩🏽 Ana": "👩🏽 Ana",
        "O'Ana \"D'Ávila\"": "O'Ana \"D'Ávila\"",
    }
    bodies = {
        name: cidade.post("/atendimentos/", complaint(consumidor={"nome": name}, fornecedores=[{"nome": name}])).json()
        for name in names
    }

    assert {name: body["consumidor"]["nome"] for name, body in bodies.items()} == names
    assert {name: body["fornecedores"][0]["nome"] for name, body in bodies.items()} == names


@pytest.mark.parametrize(
    ("changes", "status", "erros"),
    [
        ({"tipo": ...}, 400, {"tipo": "Este campo é obrigatório."}),
        ({"tipo": None}, 400, {"tipo": "Este campo não pode ser nulo: deixe-o fora, ou preencha-o."}),
        ({"tipo": "sermao"}, 400, {"tipo"}),
        ({"tipo": 7}, 400, {"tipo"}),
        ({"canal": ["portal"]}, 400, {"canal"}),
        ({"tipos": "x", "Relato": "x"}, 400, {"tipos", "Relato"}),
        ({"consumidor": {"nome": "Ana", "rg": "1"}}, 400, {"consumidor.rg"}),
        ({"consumidor": "Ana"}, 400, {"consumidor"}),
        ({"consumidor": {}}, 400, {"consumidor.nome"}),
        ({"consumidor": {"nome": " "}}, 400, {"consumidor.nome"}),
        ({"consumidor": {"nome": "A" * 161}}, 400, {"consumidor.nome"}),
        ({"consumidor": {"nome": "Ana", "cpf": "111.444.777-36"}}, 400, {"consumidor.cpf"}),
        ({"consumidor": {"nome": "Ana", "cpf": 11144477735}}, 400, {"consumidor.cpf"}),
        ({"consumidor": {"nome": "Ana", "nascimento": "0000-01-01"}}, 400, {"consumidor.nascimento"}),
        ({"consumidor": {"nome": "Ana", "nascimento": "10000-01-01"}}, 400, {"consumidor.nascimento"}),
        ({"consumidor": {"nome": "Ana", "email": "ana"}}, 400, {"consumidor.email"}),
        ({"consumidor": {"nome": "Ana", "telefone": "12"}}, 422, {"consumidor.telefone"}),
        ({"consumidor": {"nome": "Ana", "endereco": {"cep": "1"}}}, 400, {"consumidor.endereco.cep"}),
        ({"consumidor": {"nome": "Ana", "endereco": {"uf": "São Paulo"}}}, 400, {"consumidor.endereco.uf"}),
        ({"consumidor": {"nome": "Ana", "endereco": {"municipio": 3523107}}}, 400, {"consumidor.endereco.municipio"}),
        ({"consumidor": {"nome": "Ana", "endereco": {"pais": "BR"}}}, 400, {"consumidor.endereco.pais"}),
        ({"consumidor": ...}, 422, {"consumidor"}),
        ({"fornecedores": []}, 422, {"fornecedores"}),
        ({"fornecedores": {"cnpj": "02558157000162"}}, 400, {"fornecedores"}),
        ({"fornecedores": [{}]}, 400, {"fornecedores.0"}),
        ({"fornecedores": [{"cnpj": "02.558.157/0001-63"}]}, 400, {"fornecedores.0.cnpj"}),
        ({"fornecedores": [{"nome": "x"}] * 10_000}, 400, {"fornecedores"}),
        ({"assunto": "187"}, 400, {"assunto"}),
        ({"assunto": True}, 400, {"assunto"}),
        ({"assunto": 10**30}, 400, {"assunto"}),
        ({"assunto": 999}, 422, {"assunto"}),
        ({"problema": "Outro"}, 422, {"problema"}),
        ({"problema": 3746}, 400, {"problema"}),
        ({"relato": "x" * 20_001}, 400, {"relato"}),
        ({"relato": ""}, 422, {"relato"}),
        ({"valor": 199.9}, 400, {"valor"}),
        ({"valor": "-1.00"}, 400, {"valor"}),
        ({"valor": "9" * 30}, 400, {"valor"}),
        ({"valor": "1e9"}, 400, {"valor"}),
        ({"data_compra": "2026-02-30"}, 400, {"data_compra"}),
        ({"data_compra": "20260115"}, 400, {"data_compra"}),
        ({"data_compra": "0000-01-15"}, 400, {"data_compra"}),
        ({"data_compra": "10000-01-15"}, 400, {"data_compra"}),
        ({"valor": "-" + "9" * 30}, 400, {"valor"}),
        ({"valor": "1.999"}, 400, {"valor"}),
        ({"valor": "١٩٩"}, 400, {"valor"}),
        ({"data_compra": "2026-03-05"}, 422, {"data_compra"}),
        ({"unidade": "35.002.001"}, 422, {"unidade"}),
        ({"tipo": "extra_procon"}, 422, {"fornecedores"}),
        ({"tipo": "nota_fiscal_paulista"}, 422, {"tipo"}),
        ({"protocolo_externo": "x" * 61}, 400, {"protocolo_externo"}),
    ],
)
def test_what_does_not_serve_is_refused_by_field_and_leaves_nothing(
    cidade: Program, subject: Assunto, changes: dict[str, Any], status: int, erros: Any
) -> None:
    before = Consumidor.objects.count(), Fornecedor.objects.count()

    answer = cidade.post("/atendimentos/", complaint(**changes))

    problem = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (problem["erros"] if isinstance(erros, dict) else set(problem["erros"])) == erros
    assert problem["detail"]
    assert Atendimento.objects.count() == 0
    assert (Consumidor.objects.count(), Fornecedor.objects.count()) == before


def test_an_integration_without_unidade_cannot_register(cidade: Program, subject: Assunto) -> None:
    cidade.user.atribuicoes.all().delete()

    answer = cidade.post("/atendimentos/", complaint())

    assert (answer.status_code, list(answer.json()["erros"])) == (422, ["unidade"])
