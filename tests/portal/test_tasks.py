"""What the clock forgets for the API."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from oauth2_provider.models import AccessToken

from cases.models import Assunto
from portal.models import RespostaGuardada
from portal.tasks import forget_expired_answers
from tests.conftest import NOW
from tests.portal.conftest import Program, complaint


def test_expired_answers_and_tokens_are_forgotten_and_the_rest_kept(ninguem: Program, subject: Assunto) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        ninguem.log_in().post("/atendimentos/", complaint(), **{"Idempotency-Key": "um"})
        clock.shift(timedelta(hours=23))
        ninguem.log_in().post("/atendimentos/", complaint(), **{"Idempotency-Key": "dois"})
        clock.shift(timedelta(hours=1, minutes=-1))
        assert forget_expired_answers() == 1
        clock.shift(timedelta(minutes=1))
        ninguem.log_in()
        assert forget_expired_answers() == 2

    assert (RespostaGuardada.objects.count(), AccessToken.objects.count()) == (1, 1)
