"""Delivering to a real server on this machine: signatures, retries, order, what switches off, what is given up."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from standardwebhooks import WebhookVerificationError

from cases.services import issue_cip
from portal.models import Entrega, Webhook
from portal.services import identity_of, remove_webhook, renew_webhook_secret, replay, send_test
from portal.services.deliveries import ABANDONED, SWITCHED_OFF
from portal.tasks import forget_expired_answers
from tests.conftest import NOW, Cast
from tests.portal.receiver import Listener, deliver, listen, register_for, verified

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _no_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.random", lambda: 0.0)


def test_a_delivery_is_signed_and_the_reference_library_reads_it(cast: Cast, ouvinte: Listener) -> None:
    case = register_for(ouvinte.webhook.integracao, cast)

    assert deliver() == {"entregues": 1}
    (path, headers, _) = ouvinte.server.told[0]
    assert path == "/avisos?de=procon"
    assert ouvinte.read()["data"]["protocolo"] == case.protocolo
    (row,) = ouvinte.entregas()
    assert headers["webhook-id"] == identity_of(row)
    assert (row.situacao, row.tentativas, row.resposta, row.concluida_em) == ("entregue", 1, "HTTP 204", NOW)
    assert deliver() == {}


def test_another_secret_or_an_altered_body_does_not_verify(cast: Cast, ouvinte: Listener) -> None:
    register_for(ouvinte.webhook.integracao, cast)
    deliver()
    path, headers, body = ouvinte.server.told[0]

    with pytest.raises(WebhookVerificationError):
        verified((path, headers, body), "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
    with pytest.raises(WebhookVerificationError):
        verified((path, headers, body.replace(b"registrado", b"encerrado")), ouvinte.segredo)


def test_both_secrets_sign_while_they_overlap_and_then_only_the_new_one(cast: Cast, ouvinte: Listener) -> None:
    new = renew_webhook_secret(webhook=ouvinte.webhook, overlap=DAY, at=NOW).segredo
    register_for(ouvinte.webhook.integracao, cast)
    register_for(ouvinte.webhook.integracao, cast, at=NOW + DAY)
    deliver()
    deliver(NOW + DAY)

    first, second = ouvinte.server.told
    assert verified(first, ouvinte.segredo) == verified(first, new)
    assert verified(second, new, NOW + DAY)["type"] == "atendimento.registrado"
    with pytest.raises(WebhookVerificationError):
        verified(second, ouvinte.segredo, NOW + DAY)


def test_without_overlap_the_former_secret_ends_at_once(cast: Cast, ouvinte: Listener) -> None:
    renew_webhook_secret(webhook=ouvinte.webhook, overlap=timedelta(0), at=NOW)
    register_for(ouvinte.webhook.integracao, cast)
    deliver()

    with pytest.raises(WebhookVerificationError):
        ouvinte.read()


@pytest.mark.parametrize("answer", [500, 404, 401, (301, {"Location": "/outro"}), (307, {"Location": "/outro"})])
def test_what_was_not_taken_is_repeated_under_the_same_id_and_no_redirect_is_followed(
    cast: Cast, ouvinte: Listener, answer: Any
) -> None:
    register_for(ouvinte.webhook.integracao, cast)
    ouvinte.server.script = [answer]

    assert deliver() == {"adiadas": 1}
    assert deliver() == {}
    assert deliver(NOW + MINUTE) == {"entregues": 1}
    (_, one, first), (_, other, second) = ouvinte.server.told
    assert (one["webhook-id"], first) == (other["webhook-id"], second)
    assert int(other["webhook-timestamp"]) - int(one["webhook-timestamp"]) == 60
    assert ouvinte.read(1, NOW + MINUTE)["type"] == "atendimento.registrado"


def test_the_receiver_may_ask_for_a_longer_wait(cast: Cast, ouvinte: Listener) -> None:
    register_for(ouvinte.webhook.integracao, cast)
    ouvinte.server.script = [(503, {"Retry-After": "600"})]
    deliver()

    assert ouvinte.entregas()[0].proxima_tentativa_em == NOW + 10 * MINUTE


def test_after_three_days_it_is_given_up_kept_and_sent_again_on_request(cast: Cast, ouvinte: Listener) -> None:
    register_for(ouvinte.webhook.integracao, cast)
    ouvinte.server.script = [500] * 100
    at, tries = NOW, 0
    while deliver(at) == {"adiadas": 1}:
        tries += 1
        at = ouvinte.entregas()[0].proxima_tentativa_em

    (row,) = ouvinte.entregas()
    assert (row.situacao, row.motivo, row.tentativas, at) == ("falhou", "HTTP 500", tries + 1, NOW + 3 * DAY)
    ouvinte.server.script = []
    assert deliver(at + DAY) == {}
    assert replay(webhook=ouvinte.webhook, codigos=None, at=at + DAY) == 1
    assert deliver(at + DAY) == {"entregues": 1}
    assert {headers["webhook-id"] for _, headers, _ in ouvinte.server.told} == {identity_of(row)}


def test_within_a_case_the_next_waits_for_the_one_before_and_other_cases_do_not(cast: Cast, ouvinte: Listener) -> None:
    stuck = register_for(ouvinte.webhook.integracao, cast)
    issue_cip(reclamado=stuck.reclamados.get(), by=cast.bruno, at=NOW)
    other = register_for(ouvinte.webhook.integracao, cast, consumidor=None, tipo="simples_consulta")
    ouvinte.server.script = [500]

    assert deliver() == {"adiadas": 1, "entregues": 1}
    assert json.loads(ouvinte.server.told[1][2])["data"]["protocolo"] == other.protocolo
    assert deliver(NOW + MINUTE) == {"entregues": 4}
    told = [json.loads(body)["type"] for _, _, body in ouvinte.server.told[2:]]
    assert told == ["atendimento.registrado", "documento.emitido", "cip.emitida", "atendimento.status_alterado"]


def test_410_switches_the_webhook_off_and_a_replay_switches_it_on(cast: Cast, ouvinte: Listener) -> None:
    case = register_for(ouvinte.webhook.integracao, cast)
    register_for(ouvinte.webhook.integracao, cast)
    ouvinte.server.script = [410]

    assert deliver() == {"falhas": 1}
    ouvinte.webhook.refresh_from_db()
    assert (ouvinte.webhook.situacao, ouvinte.webhook.motivo) == ("desativado", SWITCHED_OFF)
    assert [row.situacao for row in ouvinte.entregas()] == ["falhou", "falhou"]
    issue_cip(reclamado=case.reclamados.get(), by=cast.bruno, at=NOW)
    assert len(ouvinte.entregas()) == 2
    assert replay(webhook=ouvinte.webhook, codigos=None, at=NOW) == 2
    assert deliver() == {"entregues": 2}


def test_a_server_out_of_reach_costs_one_try_a_minute(cast: Cast, ouvinte: Listener) -> None:
    Webhook.objects.update(url="http://127.0.0.1:9/")
    register_for(ouvinte.webhook.integracao, cast)
    register_for(ouvinte.webhook.integracao, cast)

    assert deliver() == {"adiadas": 1}
    assert deliver(NOW + MINUTE / 2) == {}
    assert deliver(NOW + MINUTE) == {"adiadas": 1}
    assert [row.tentativas for row in ouvinte.entregas()] == [1, 1]
    assert ouvinte.entregas()[0].resposta == "Não foi possível ligar ao servidor (ConnectionRefusedError)."


def test_what_an_act_wrote_while_the_webhook_was_removed_is_called_off(cast: Cast, ouvinte: Listener) -> None:
    register_for(ouvinte.webhook.integracao, cast)
    remove_webhook(webhook=ouvinte.webhook, at=NOW)
    Entrega.objects.update(situacao="pendente", concluida_em=None)

    assert deliver() == {"abandonadas": 1}
    assert (ouvinte.entregas()[0].situacao, ouvinte.entregas()[0].motivo) == ("cancelada", ABANDONED)


def test_a_revoked_integration_gets_nothing_more(cast: Cast, ouvinte: Listener) -> None:
    register_for(ouvinte.webhook.integracao, cast)
    user = ouvinte.webhook.integracao.user
    user.is_active = False
    user.save()

    assert deliver() == {"abandonadas": 1}
    assert ouvinte.server.told == []


def test_a_lease_that_ran_out_is_taken_back(cast: Cast, ouvinte: Listener) -> None:
    register_for(ouvinte.webhook.integracao, cast)
    Entrega.objects.claim(now=NOW, until=NOW + MINUTE, after=0)

    assert deliver(NOW + MINUTE / 2) == {}
    assert deliver(NOW + MINUTE) == {"retomadas": 1, "entregues": 1}
    assert ouvinte.entregas()[0].tentativas == 2


def test_a_long_queue_of_one_holds_up_no_other(cast: Cast, ouvinte: Listener) -> None:
    for _ in range(3):
        register_for(ouvinte.webhook.integracao, cast)
    ouvinte.server.url += "&outro"
    newer = listen(ouvinte.webhook.integracao, ouvinte.server)
    send_test(webhook=newer.webhook, at=NOW)
    deliver()

    assert [path for path, _, _ in ouvinte.server.told].index("/avisos?de=procon&outro") == 1
    assert len(ouvinte.server.told) == 4


def test_settled_deliveries_are_forgotten_after_thirty_days(cast: Cast, ouvinte: Listener) -> None:
    register_for(ouvinte.webhook.integracao, cast)
    register_for(ouvinte.webhook.integracao, cast)
    ouvinte.server.script = [204, 500]
    deliver()
    with time_machine.travel(NOW + 30 * DAY - MINUTE, tick=False):
        assert forget_expired_answers() == 0
    with time_machine.travel(NOW + 30 * DAY, tick=False):
        assert forget_expired_answers() == 1

    assert [row.situacao for row in ouvinte.entregas()] == ["pendente"]


def test_a_secret_that_cannot_be_read_sends_nothing_and_says_so(cast: Cast, ouvinte: Listener, settings: Any) -> None:
    register_for(ouvinte.webhook.integracao, cast)
    settings.SECRET_KEY = "outra-chave-da-instalacao"

    assert deliver() == {"adiadas": 1}
    assert ouvinte.server.told == []
    assert "SECRET_KEY do Procon mudou" in ouvinte.entregas()[0].resposta
