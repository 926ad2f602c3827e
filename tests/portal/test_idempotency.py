"""Idempotency-Key: one effect, one answer, for 24 hours."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from cases.models import Assunto, Atendimento
from portal.api.idempotency import forget_expired
from portal.models import RespostaGuardada
from tests.conftest import NOW, make_cast
from tests.portal.conftest import Program, complaint, make_program, make_subject

KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


def test_the_same_request_again_gets_the_same_answer_and_no_second_case(cidade: Program, subject: Assunto) -> None:
    first = cidade.post("/atendimentos/", complaint(), **KEY)
    again = cidade.post("/atendimentos/", dict(reversed(complaint().items())), **KEY)

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert (again["ETag"], again["Location"]) == (first["ETag"], first["Location"])
    assert (again.get("Idempotent-Replayed"), first.get("Idempotent-Replayed")) == ("true", None)
    assert Atendimento.objects.count() == 1


def test_the_stored_answer_does_not_show_the_tracking_key(cidade: Program, subject: Assunto) -> None:
    chave = cidade.post("/atendimentos/", complaint(), **KEY).json()["chave"]

    kept = RespostaGuardada.objects.get()
    assert chave.encode() not in bytes(kept.resposta)
    assert KEY["Idempotency-Key"] not in kept.chave_hash


def test_another_body_under_the_same_key_is_refused(cidade: Program, subject: Assunto) -> None:
    cidade.post("/atendimentos/", complaint(), **KEY)
    answer = cidade.post("/atendimentos/", complaint(pedido="Outro."), **KEY)

    assert answer.status_code == 422
    assert "já serviu a outro pedido" in answer.json()["detail"]
    assert Atendimento.objects.count() == 1


def test_a_refused_request_leaves_its_key_free(cidade: Program, subject: Assunto) -> None:
    assert cidade.post("/atendimentos/", complaint(assunto=1), **KEY).status_code == 422
    assert cidade.post("/atendimentos/", complaint(), **KEY).status_code == 201


def test_keys_of_two_integrations_do_not_meet(cidade: Program, vizinha: Program, subject: Assunto) -> None:
    one = cidade.post("/atendimentos/", complaint(), **KEY).json()["protocolo"]
    other = vizinha.post("/atendimentos/", complaint(), **KEY).json()["protocolo"]

    assert (one, other) == ("35.001.001.26-0000001", "35.001.001.26-0000002")


def test_a_key_is_forgotten_after_24_hours(ninguem: Program, subject: Assunto) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        ninguem.log_in().post("/atendimentos/", complaint(), **KEY)
        clock.shift(timedelta(hours=24))
        answer = ninguem.log_in().post("/atendimentos/", complaint(), **KEY)

    assert answer.json()["protocolo"] == "35.001.001.26-0000002"
    assert RespostaGuardada.objects.count() == 1


def test_forgetting_deletes_only_what_is_older_than_24_hours(ninguem: Program, subject: Assunto) -> None:
    with time_machine.travel(NOW, tick=False):
        ninguem.log_in().post("/atendimentos/", complaint(), **KEY)

    assert forget_expired(at=NOW + timedelta(hours=23, minutes=59)) == 0
    assert forget_expired(at=NOW + timedelta(hours=24)) == 1


def test_an_answer_that_can_no_longer_be_opened_is_a_conflict(cidade: Program, subject: Assunto, settings: Any) -> None:
    cidade.post("/atendimentos/", complaint(), **KEY)
    settings.SECRET_KEY = "outra-chave-da-instalacao"
    answer = cidade.post("/atendimentos/", complaint(), **KEY)

    assert answer.status_code == 409
    assert "já foi atendido" in answer.json()["detail"]
    assert Atendimento.objects.count() == 1


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 256])
def test_a_key_must_be_visible_ascii(cidade: Program, subject: Assunto, key: str) -> None:
    answer = cidade.post("/atendimentos/", complaint(), **{"Idempotency-Key": key})

    assert answer.status_code == 400
    assert "Idempotency-Key deve ter" in answer.json()["detail"]


@pytest.mark.django_db(transaction=True)
def test_a_hundred_parallel_posts_with_one_key_make_one_case() -> None:
    cidade = make_program(make_cast(), "Portal da cidade").log_in()
    make_subject()

    def post(_: int) -> tuple[int, bytes]:
        try:
            answer = cidade.post("/atendimentos/", complaint(), **KEY)
            return answer.status_code, answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(post, range(100)))

    assert {status for status, _ in answers} <= {201, 409}
    assert len({content for status, content in answers if status == 201}) == 1
    assert Atendimento.objects.count() == 1
