"""The addresses by which an integration keeps its webhooks."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator

from portal.models import Entrega, Webhook
from portal.rules.addresses import LONGEST, TEXTS
from portal.rules.events import EVENTS
from portal.rules.retries import MOST
from portal.services import body_of, identity_of, send_test
from tests.conftest import NOW, Cast
from tests.portal.conftest import Program
from tests.portal.receiver import Listener, deliver, register_for

DESCRIBED = yaml.safe_load(
    (Path(__file__).parent.parent.parent / "docs" / "api" / "openapi.yaml").read_text(encoding="utf-8")
)
URL = "http://127.0.0.1/avisos"


@pytest.fixture
def portal(ninguem: Program) -> Program:
    """The program behind `ouvinte`, with a token."""
    return ninguem.log_in()


def wrong(shape: str, answer: Any) -> list[str]:
    """What of an answer is not as the API's description says."""
    schema = {"$ref": f"#/components/schemas/{shape}", "components": DESCRIBED["components"]}
    missing = set(DESCRIBED["components"]["schemas"][shape]["properties"]) ^ set(answer)
    return [error.message for error in Draft202012Validator(schema).iter_errors(answer)] + sorted(missing)


def test_a_webhook_is_created_and_its_secret_shown_once(cidade: Program, here: None) -> None:
    answer = cidade.post("/webhooks/", {"url": URL, "eventos": ["cip.respondida", "cip.respondida"]})

    made = answer.json()
    assert (answer.status_code, wrong("WebhookComSegredo", made)) == (201, [])
    assert made["segredo"].startswith("whsec_")
    assert (made["url"], made["eventos"], made["situacao"]) == (URL, ["cip.respondida"], "ativo")
    read = cidade.get(answer["Location"].partition("/api/v1")[2]).json()
    assert read == {name: value for name, value in made.items() if name != "segredo"}
    assert cidade.get("/webhooks/").json() == {"next": None, "previous": None, "results": [read]}
    assert made["segredo"].encode() not in bytes(Webhook.objects.get().segredo)


def test_without_a_choice_it_is_told_of_everything_that_there_is(cidade: Program, here: None) -> None:
    assert cidade.post("/webhooks/", {"url": URL}).json()["eventos"] == list(EVENTS)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://8.8.8.8/avisos", TEXTS["https"]),
        ("https://8.8.8.8:22/avisos", TEXTS["port"]),
        ("https://usuario:senha@8.8.8.8/", TEXTS["credentials"]),
        ("https://8.8.8.8/#a", TEXTS["fragment"]),
        ("https://8.8.8.8/\nHost: a", TEXTS["shape"]),
        ("https://nao-existe.invalid/", "O nome nao-existe.invalid não foi encontrado na internet. Confira-o."),
    ],
)
def test_an_address_to_which_nothing_may_be_sent_is_refused_with_the_reason(
    cidade: Program, here: None, url: str, said: str
) -> None:
    answer = cidade.post("/webhooks/", {"url": url})

    assert (answer.status_code, answer.json()["erros"]) == (422, {"url": said})
    assert Webhook.objects.count() == 0


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "100.64.0.1", "[::ffff:10.0.0.1]", "2130706433"],
)
def test_an_address_inside_is_refused_unless_the_office_allowed_it(cidade: Program, host: str) -> None:
    answer = cidade.post("/webhooks/", {"url": f"https://{host}/avisos"})

    assert answer.status_code == 422
    assert "que não é um endereço público da internet" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "url"),
        ({"url": 5}, "url"),
        ({"url": "x" * (LONGEST + 1)}, "url"),
        ({"url": URL, "eventos": []}, "eventos"),
        ({"url": URL, "eventos": "cip.respondida"}, "eventos"),
        ({"url": URL, "eventos": ["webhook.teste"]}, "eventos.0"),
        ({"url": URL, "eventos": None}, "eventos"),
        ({"url": URL, "segredo": "whsec_AAAA"}, "segredo"),
    ],
)
def test_a_body_of_another_form_is_refused(cidade: Program, here: None, body: Any, field: str) -> None:
    answer = cidade.post("/webhooks/", body)

    assert (answer.status_code, list(answer.json()["erros"])) == (400, [field])


def test_one_address_one_webhook_until_it_is_removed(cidade: Program, vizinha: Program, here: None) -> None:
    pk = cidade.post("/webhooks/", {"url": URL}).json()["id"]
    again = cidade.post("/webhooks/", {"url": "HTTP://127.0.0.1:80/avisos"})

    assert (again.status_code, "já tem um webhook ativo neste endereço" in again.json()["detail"]) == (409, True)
    assert vizinha.post("/webhooks/", {"url": URL}).status_code == 201
    removed = cidade.send("DELETE", f"/webhooks/{pk}/", b"")
    assert (removed.status_code, removed.content) == (204, b"")
    assert [cidade.get(f"/webhooks/{pk}/{rest}").status_code for rest in ("", "entregas/")] == [404, 404]
    assert cidade.send("DELETE", f"/webhooks/{pk}/", b"").status_code == 404
    assert cidade.get(f"/webhooks/{10**30}/").status_code == 404
    assert cidade.post("/webhooks/", {"url": URL}).status_code == 201


def test_no_more_than_the_limit(cidade: Program, here: None) -> None:
    answers = [cidade.post("/webhooks/", {"url": f"{URL}/{number}"}).status_code for number in range(MOST)]
    more = cidade.post("/webhooks/", {"url": URL})

    assert answers == [201] * MOST
    assert (more.status_code, "que é o limite" in more.json()["detail"]) == (409, True)


@pytest.mark.django_db(transaction=True)
def test_the_limit_holds_for_many_at_once(cidade: Program, here: None) -> None:
    def post(number: int) -> int:
        try:
            return int(cidade.post("/webhooks/", {"url": f"{URL}/{number}"}).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(post, range(MOST + 4)))

    assert answers == [201] * MOST + [409] * 4


def test_a_repeated_request_gives_the_same_secret_and_no_second_webhook(cidade: Program, here: None) -> None:
    first = cidade.post("/webhooks/", {"url": URL}, **{"Idempotency-Key": "um"})
    again = cidade.post("/webhooks/", {"url": URL}, **{"Idempotency-Key": "um"})

    assert (again.status_code, again.json()) == (201, first.json())
    assert again["Idempotent-Replayed"] == "true"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_and_the_deliveries_cost_the_same_however_many(
    cast: Cast, portal: Program, ouvinte: Listener, rows: int
) -> None:
    for number in range(rows - 1):
        portal.post("/webhooks/", {"url": f"{URL}/{number}"})
    for _ in range(rows):
        register_for(ouvinte.webhook.integracao, cast)
    portal.get("/webhooks/")  # notes the last use of the token
    with CaptureQueriesContext(connection) as listed:
        assert len(portal.get("/webhooks/").json()["results"]) == rows
    with CaptureQueriesContext(connection) as delivered:
        assert len(portal.get(f"/webhooks/{ouvinte.webhook.pk}/entregas/").json()["results"]) == rows

    assert (len(listed), len(delivered)) == (2, 3)


def test_deliveries_tell_how_they_went_page_by_page(cast: Cast, portal: Program, ouvinte: Listener) -> None:
    for _ in range(3):
        register_for(ouvinte.webhook.integracao, cast)
    ouvinte.server.script = [204, 500]
    deliver()
    path = f"/webhooks/{ouvinte.webhook.pk}/entregas/"

    first = portal.get(f"{path}?limite=2").json()
    second = portal.get(first["next"].partition("/api/v1")[2]).json()
    shown = [*first["results"], *second["results"]]
    assert [row["id"] for row in shown] == [identity_of(row) for row in reversed(ouvinte.entregas())]
    assert (second["next"], [wrong("Entrega", row) for row in shown]) == (None, [[], [], []])
    assert [(row["situacao"], row["resposta"]) for row in shown] == [
        ("entregue", "HTTP 204"),
        ("pendente", "HTTP 500"),
        ("entregue", "HTTP 204"),
    ]
    (waits,) = portal.get(f"{path}?situacao=pendente").json()["results"]
    assert (waits["tentativas"], waits["concluida_em"]) == (1, None)
    assert waits["proxima_tentativa_em"] > waits["ultima_tentativa_em"]
    assert portal.get(f"{path}?situacao=perdida").status_code == 400


def test_what_is_told_has_the_shape_described(cast: Cast, ouvinte: Listener) -> None:
    register_for(ouvinte.webhook.integracao, cast)
    send_test(webhook=ouvinte.webhook, at=NOW)

    assert [wrong("Aviso", json.loads(body_of(row))) for row in ouvinte.entregas()] == [[], []]


def test_dead_letters_are_seen_and_sent_again_all_or_by_name(cast: Cast, portal: Program, ouvinte: Listener) -> None:
    for _ in range(3):
        register_for(ouvinte.webhook.integracao, cast)
    Entrega.objects.update(situacao="falhou", motivo="HTTP 500", concluida_em=NOW)
    path, hook = f"/webhooks/{ouvinte.webhook.pk}/reenvio/", f"/webhooks/{ouvinte.webhook.pk}/"

    assert portal.get(hook).json()["falhadas"] == 3
    one = identity_of(ouvinte.entregas()[0])
    assert portal.post(path, {"entregas": [one]}).json() == {"reenviadas": 1}
    assert portal.post(path, {"entregas": [one]}).status_code == 409
    assert portal.post(path, {}).json() == {"reenviadas": 2}
    assert (portal.get(hook).json()["falhadas"], portal.get(hook).json()["pendentes"]) == (0, 3)
    assert portal.post(path, {}).json() == {"reenviadas": 0}


def test_a_delivery_of_another_is_not_sent_again(cast: Cast, vizinha: Program, ouvinte: Listener) -> None:
    register_for(ouvinte.webhook.integracao, cast)
    theirs = vizinha.post("/webhooks/", {"url": URL}).json()["id"]
    one = identity_of(ouvinte.entregas()[0])

    answer = vizinha.post(f"/webhooks/{theirs}/reenvio/", {"entregas": [one]})
    assert (answer.status_code, list(answer.json()["erros"])) == (422, ["entregas"])
    malformed = vizinha.post(f"/webhooks/{theirs}/reenvio/", {"entregas": ["msg_1"]})
    assert (malformed.status_code, list(malformed.json()["erros"])) == (400, ["entregas.0"])


def test_a_new_secret_is_shown_once_and_the_former_ends_when_it_says(cidade: Program, here: None) -> None:
    made = cidade.post("/webhooks/", {"url": URL}).json()
    path = f"/webhooks/{made['id']}/segredo/"

    answer = cidade.post(path, {})
    changed = answer.json()
    assert (answer.status_code, wrong("WebhookComSegredo", changed)) == (200, [])
    assert (changed["segredo"] != made["segredo"], changed["segredo_anterior_ate"] is None) == (True, False)
    assert cidade.post(path, {"sobreposicao_horas": 0}).json()["segredo_anterior_ate"] is None
    assert [cidade.post(path, {"sobreposicao_horas": hours}).status_code for hours in (-1, 169, "1")] == [400] * 3


def test_a_test_is_delivered_and_only_one_at_a_time(portal: Program, ouvinte: Listener) -> None:
    path = f"/webhooks/{ouvinte.webhook.pk}/teste/"
    answer = portal.send("POST", path, b"")

    assert (answer.status_code, wrong("Entrega", answer.json())) == (201, [])
    again = portal.send("POST", path, b"")
    assert (again.status_code, "O teste anterior ainda não terminou" in again.json()["detail"]) == (409, True)


def test_a_disabled_webhook_is_not_tried_out(portal: Program, ouvinte: Listener) -> None:
    Webhook.objects.update(situacao="desativado")

    answer = portal.send("POST", f"/webhooks/{ouvinte.webhook.pk}/teste/", b"")
    assert (answer.status_code, "está desativado" in answer.json()["detail"]) == (409, True)
