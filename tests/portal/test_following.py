"""POST /acompanhamento/: the key opens, and nothing else tells anything."""

from __future__ import annotations

import math
import time
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Assunto
from cases.services import register
from portal.conf import LIMITS
from portal.tracking import hash_key, key_matches, new_key
from tests.conftest import NOW, Cast
from tests.portal.conftest import Program, complaint


@pytest.fixture
def made(cidade: Program, subject: Assunto) -> dict[str, Any]:
    with time_machine.travel(NOW, tick=False):
        cidade.log_in()
        body: dict[str, Any] = cidade.post("/atendimentos/", complaint()).json()
    return body


def _follow(ninguem: Program, protocolo: str, chave: str) -> Any:
    return ninguem.post("/acompanhamento/", {"protocolo": protocolo, "chave": chave})


def test_protocol_and_key_show_the_status_and_no_personal_data(ninguem: Program, made: dict[str, Any]) -> None:
    answer = _follow(ninguem, made["protocolo"], made["chave"])

    assert (answer.status_code, answer.json()) == (
        200,
        {
            "protocolo": "35.001.001.26-0000001",
            "tipo": "atendimento_preliminar",
            "status": "aberto",
            "status_descricao": "Aberto",
            "desfecho": None,
            "aberto_em": "2026-03-04T10:00:00-03:00",
            "encerrado_em": None,
            "andamentos": [
                {
                    "sequencia": 1,
                    "quando": "2026-03-04T10:00:00-03:00",
                    "descricao": "Seu atendimento foi registrado no Procon.",
                }
            ],
        },
    )


def test_a_key_copied_by_hand_opens_too(ninguem: Program, made: dict[str, Any]) -> None:
    typed = made["chave"].lower().replace("-", " ").replace("1", "l").replace("0", "o")

    assert _follow(ninguem, made["protocolo"], typed).status_code == 200


def test_wrong_key_unknown_protocol_and_a_case_without_key_are_one_answer(
    ninguem: Program, made: dict[str, Any], cast: Cast
) -> None:
    keyless = register(by=cast.bruno, at=NOW, unidade=cast.unidade, tipo="simples_consulta", canal="telefone")
    tries = [
        (made["protocolo"], new_key()),
        (made["protocolo"], made["chave"][:-1]),
        ("35.001.001.26-9999999", made["chave"]),
        ("qualquer coisa", "x"),
        (keyless.protocolo, "x"),
        (keyless.protocolo, "-"),
    ]

    answers = []
    for protocolo, chave in tries:
        with CaptureQueriesContext(connection) as asked:
            answer = _follow(ninguem, protocolo, chave)
        headers = {name: value for name, value in answer.items() if name not in ("Date", "X-Request-ID")}
        answers.append((answer.status_code, answer.content, headers, len(asked)))

    assert [answer[0] for answer in answers] == [404] * len(tries)
    assert all(answer == answers[0] for answer in answers)


def test_comparing_takes_the_same_time_with_and_without_a_case(db: None) -> None:
    stored, tried = hash_key(new_key()), new_key()
    fastest = {stored: math.inf, "": math.inf}
    for _ in range(400):  # in turns, and the fastest of each: what else the machine does slows both
        for known in fastest:
            start = time.perf_counter()
            for _ in range(20):
                key_matches(tried, known)
            fastest[known] = min(fastest[known], time.perf_counter() - start)

    assert 0.7 < fastest[stored] / fastest[""] < 1.4


def test_following_is_slowed_down_per_address(
    ninguem: Program, made: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "acompanhamento", 2)
    with time_machine.travel(NOW, tick=False):
        answers = [_follow(ninguem, made["protocolo"], "x") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert answers[2]["Retry-After"] == "60"


def test_claiming_another_address_does_not_help(
    ninguem: Program, made: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, "acompanhamento", 1)
    body = {"protocolo": made["protocolo"], "chave": "x"}
    answers = [ninguem.post("/acompanhamento/", body, **{"X-Forwarded-For": f"10.0.0.{n}"}) for n in range(2)]

    assert answers[1].status_code == 429


@pytest.mark.parametrize(
    ("body", "erros"),
    [
        ({}, ["protocolo", "chave"]),
        ({"protocolo": 1, "chave": "x"}, ["protocolo"]),
        ({"protocolo": "x", "chave": None}, ["chave"]),
        ({"protocolo": "x", "chave": "x" * 65}, ["chave"]),
        ({"protocolo": "x", "chave": "x", "cpf": "x"}, ["cpf"]),
    ],
)
def test_a_malformed_question_is_refused(ninguem: Program, body: Any, erros: list[str]) -> None:
    answer = ninguem.post("/acompanhamento/", body)

    assert (answer.status_code, list(answer.json()["erros"])) == (400, erros)


def test_keys_are_long_and_never_the_same() -> None:
    keys = {new_key() for _ in range(1000)}

    assert len(keys) == 1000
    assert {len(key.replace("-", "")) for key in keys} == {20}
