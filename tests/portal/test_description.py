"""The API's description is true, committed, in Portuguese, and readable without any script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from jsonschema import Draft202012Validator
from rest_framework import serializers

from cases.models import Assunto, Atendimento
from cases.services import issue_espelho
from portal.api.examples import FOLLOW
from portal.api.problems import KINDS
from portal.api.serializers import CaseAnswer, CaseListAnswer, FollowingAnswer, RegisteredAnswer
from portal.rules.events import EVENTS
from portal.scopes import SCOPES
from portal.tracking import hash_key
from tests.conftest import NOW, Cast
from tests.portal.conftest import Program, answered, case_of, complaint, hearing_of

COMMITTED = Path(__file__).parent.parent.parent / "docs" / "api" / "openapi.yaml"
CASE = "/atendimentos/35.001.001.26-0000001/"


@pytest.fixture(scope="module")
def described() -> Any:
    return yaml.safe_load(COMMITTED.read_text(encoding="utf-8"))


def test_the_committed_file_is_what_the_code_describes(db: None) -> None:
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=out)

    assert COMMITTED.read_text(encoding="utf-8") == out.getvalue(), "manage.py spectacular --file docs/api/openapi.yaml"


def test_it_is_served_as_openapi_3_1_to_anybody(db: None, described: Any) -> None:
    answer = Client().get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})

    served = json.loads(answer.content)
    assert served["openapi"] == "3.1.0"
    assert served["paths"].keys() == described["paths"].keys()


def test_every_operation_is_summed_up_and_names_its_scope(described: Any) -> None:
    assert described["components"]["securitySchemes"]["oauth2"]["flows"] == {
        "clientCredentials": {"tokenUrl": "/oauth/token/", "scopes": SCOPES}
    }
    operations = {
        operation["operationId"]: operation for methods in described["paths"].values() for operation in methods.values()
    }
    assert {name: operation.get("security") for name, operation in operations.items()} == {
        "acompanhar": None,
        "anexar": [{"oauth2": ["atendimentos:escrever"]}],
        "baixar_anexo": [{"oauth2": ["atendimentos:ler"]}],
        "baixar_documento": [{"oauth2": ["atendimentos:ler"]}],
        "buscar_fornecedores": [{"oauth2": []}],
        "criar_webhook": [{"oauth2": ["webhooks:gerir"]}],
        "confirmar_audiencia": [{"oauth2": ["audiencias:escrever"]}],
        "corrigir_contato": [{"oauth2": ["atendimentos:escrever"]}],
        "ler_atendimento": [{"oauth2": ["atendimentos:ler"]}],
        "ler_audiencia": [{"oauth2": ["audiencias:ler"]}],
        "ler_audiencia_ics": [{"oauth2": ["audiencias:ler"]}],
        "ler_cadastro": None,
        "ler_estatisticas": [{"oauth2": ["estatisticas:ler"]}],
        "listar_anexos": [{"oauth2": ["atendimentos:ler"]}],
        "ler_webhook": [{"oauth2": ["webhooks:gerir"]}],
        "listar_entregas": [{"oauth2": ["webhooks:gerir"]}],
        "listar_webhooks": [{"oauth2": ["webhooks:gerir"]}],
        "reenviar_entregas": [{"oauth2": ["webhooks:gerir"]}],
        "remover_webhook": [{"oauth2": ["webhooks:gerir"]}],
        "testar_webhook": [{"oauth2": ["webhooks:gerir"]}],
        "trocar_segredo": [{"oauth2": ["webhooks:gerir"]}],
        "listar_andamentos": [{"oauth2": ["atendimentos:ler"]}],
        "listar_assuntos": [{"oauth2": []}],
        "listar_atendimentos": [{"oauth2": ["atendimentos:ler"]}],
        "listar_documentos": [{"oauth2": ["atendimentos:ler"]}],
        "listar_audiencias": [{"oauth2": ["audiencias:ler"]}],
        "listar_horarios_livres": [{"oauth2": ["audiencias:ler"]}],
        "listar_problemas": [{"oauth2": []}],
        "listar_respostas": [{"oauth2": ["atendimentos:ler"]}],
        "listar_unidades": [{"oauth2": []}],
        "manifestar": [{"oauth2": ["atendimentos:escrever"]}],
        "pedir_remarcacao": [{"oauth2": ["audiencias:escrever"]}],
        "registrar_atendimento": [{"oauth2": ["atendimentos:escrever"]}],
    }
    assert all(operation["summary"] for operation in operations.values())


def test_it_is_in_portuguese(described: Any) -> None:
    text = COMMITTED.read_text(encoding="utf-8")

    assert re.findall(r"(?m)^\s*description: .*\b(?:the|of|by|and|is|are)\b.*$", text) == []


@pytest.mark.parametrize(
    ("method", "path", "body", "shape"),
    [
        ("POST", "/atendimentos/", complaint(), "AtendimentoRegistrado"),
        ("POST", "/atendimentos/", complaint(tipo=None), "Erro"),
        ("GET", CASE, None, "Atendimento"),
        ("GET", "/atendimentos/", None, "PaginaDeAtendimentos"),
        ("GET", "/atendimentos/?contar=1", None, "Total"),
        ("GET", f"{CASE}andamentos/", None, "PaginaDeAndamentos"),
        ("GET", "/assuntos/", None, "PaginaDeAssuntos"),
        ("GET", "/problemas/?assunto=187", None, "PaginaDeProblemas"),
        ("GET", "/fornecedores/?q=loja", None, "PaginaDeFornecedores"),
        ("GET", "/unidades/", None, "PaginaDeUnidades"),
        ("GET", "/nada/", None, "Erro"),
    ],
)
def test_answers_have_the_shape_described(
    cidade: Program, subject: Assunto, described: Any, method: str, path: str, body: Any, shape: str
) -> None:
    cidade.post("/atendimentos/", complaint())

    answer = cidade.send(method, path, b"" if body is None else body).json()

    schema = {"$ref": f"#/components/schemas/{shape}", "components": described["components"]}
    assert [error.message for error in Draft202012Validator(schema).iter_errors(answer)] == []
    properties = described["components"]["schemas"][shape]["properties"]
    assert set(answer) == set(properties)


def test_every_example_has_the_shape_described(described: Any) -> None:
    shown = [
        (media["schema"], example["value"])
        for methods in described["paths"].values()
        for operation in methods.values()
        for body in [operation.get("requestBody", {}), *operation["responses"].values()]
        for media in body.get("content", {}).values()
        for example in media.get("examples", {}).values()
    ]

    faults = [
        error.message
        for schema, value in shown
        for error in Draft202012Validator(schema | {"components": described["components"]}).iter_errors(value)
    ]
    assert (faults, len(shown) >= 6) == ([], True)


@pytest.fixture
def world(cidade: Program, cast: Cast, settings: Any, tmp_path: Path) -> Atendimento:
    """A case in which there is something of everything, followed with the key of the examples."""
    settings.MEDIA_ROOT = tmp_path
    case = case_of(cidade, cast)
    answered(case, cast)
    issue_espelho(atendimento=case, by=cast.bruno, at=NOW)
    [example] = FOLLOW
    Atendimento.objects.filter(pk=case.pk).update(chave_hash=hash_key(example.value["chave"]))
    return case


def _faults(described: Any, schema: Any, value: Any) -> list[str]:
    checker = Draft202012Validator(schema | {"components": described["components"]})
    return [error.message for error in checker.iter_errors(value)]


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        (f"{CASE}anexos/", "PaginaDeAnexos"),
        (f"{CASE}respostas/", "PaginaDeRespostas"),
        (f"{CASE}documentos/", "PaginaDeDocumentos"),
    ],
)
def test_papers_and_replies_have_the_shape_described(
    cidade: Program, world: Atendimento, described: Any, path: str, shape: str
) -> None:
    cidade.upload(f"{CASE}anexos/")

    answer = cidade.get(path).json()

    rows = described["components"]["schemas"][shape]["properties"]["results"]["items"]["$ref"].rpartition("/")[2]
    assert _faults(described, {"$ref": f"#/components/schemas/{shape}"}, answer) == []
    assert set(answer["results"][0]) == set(described["components"]["schemas"][rows]["properties"])


def _examples(described: Any) -> Iterator[tuple[str, str, dict[str, Any], str, str, Any]]:
    """Every example of a request: method, path, operation, media type, name, content."""
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            for media, content in operation.get("requestBody", {}).get("content", {}).items():
                for name, example in content.get("examples", {}).items():
                    yield method, path.removeprefix("/api/v1"), operation, media, name, example["value"]


def test_every_example_is_answered_as_described(
    cidade: Program, cast: Cast, world: Atendimento, described: Any
) -> None:
    hearing = hearing_of(world, cast.carla)
    etag, got, wanted = cidade.get(CASE)["ETag"], {}, {}
    for method, path, operation, media, name, content in _examples(described):
        known = "*" if "{id}" in path else etag
        path = path.replace("{protocolo}", world.protocolo).replace("{id}", str(hearing.pk))
        with transaction.atomic():
            if media == "multipart/form-data":
                texts = {field: text for field, text in content.items() if field != "arquivo"}
                answer = cidade.upload(path, name=content["arquivo"], also=texts)
            else:
                answer = cidade.send(method.upper(), path, content, **{"If-Match": known})
            transaction.set_rollback(True)  # each example meets the same world
        done = next(status for status in operation["responses"] if status.startswith("2"))
        shape = operation["responses"][done]["content"]["application/json"]["schema"]
        example = f"{operation['operationId']}: {name}"
        wanted[example] = (int(done), [])
        got[example] = (answer.status_code, _faults(described, shape, answer.json()))

    assert got == wanted
    spoken = {example.partition(":")[0] for example in got}
    assert {"acompanhar", "anexar", "corrigir_contato", "manifestar", "registrar_atendimento"} <= spoken


def test_what_is_sent_has_the_shape_described(described: Any) -> None:
    schema = {"$ref": "#/components/schemas/NovoAtendimento", "components": described["components"]}
    check = Draft202012Validator(schema)

    assert [error.message for error in check.iter_errors(complaint())] == []
    assert not check.is_valid(complaint(desconhecido=1))
    assert not check.is_valid(complaint(valor=199.9))


@pytest.mark.parametrize("shape", [CaseListAnswer, CaseAnswer, RegisteredAnswer, FollowingAnswer])
def test_every_answer_has_only_required_fields(shape: type[serializers.Serializer[Any]]) -> None:
    assert all(field.required for field in shape().fields.values())


def test_the_page_for_people_lists_every_operation_and_error_without_script_or_style(db: None, described: Any) -> None:
    answer = Client().get("/api/v1/docs/", headers={"Accept": "text/html"})

    page = answer.content.decode()
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/html; charset=utf-8")
    missing = [
        operation["operationId"]
        for methods in described["paths"].values()
        for operation in methods.values()
        if f'id="{operation["operationId"]}"' not in page
    ]
    assert missing == []
    assert all(f'id="{kind.slug}"' in page for kind in KINDS.values())
    assert all(scope in page for scope in SCOPES)
    assert page.count("<p>Exemplo: ") == len(list(_examples(described)))
    assert "&quot;aceita&quot;: true" in page
    assert all(f"<code>{event}</code>" in page for event in EVENTS)
    assert re.findall(r"<style|style=|<script>|onclick", page) == []
