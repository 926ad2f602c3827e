"""Two workers at once, a worker killed in the middle of a delivery, and a webhook removed while an act is written."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as configured
from django.db import connection, transaction

from portal.models import Entrega
from portal.services import identity_of, remove_webhook, send_test
from tests.conftest import NOW, Cast
from tests.meeting import meet
from tests.portal.receiver import Listener, deliver, register_for

ROOT = Path(__file__).resolve().parent.parent.parent
ONE_RUN = """
import django; django.setup()
from datetime import datetime
from portal.services import deliver_due
deliver_due(at_clock=lambda: datetime.fromisoformat({at!r}))
"""

pytestmark = pytest.mark.django_db(transaction=True)


def start_worker() -> subprocess.Popen[bytes]:
    """A process of its own that delivers once, over this test's database."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    env = os.environ | {
        "DATABASE_URL": urlunsplit(database),
        "SECRET_KEY": configured.SECRET_KEY,
        "PROCON_WEBHOOKS_PRIVADOS": "127.0.0.0/8",
        "PROCON_SITE": configured.PROCON["SITE"],
        "DJANGO_SETTINGS_MODULE": "procon.settings",
    }
    return subprocess.Popen([sys.executable, "-c", ONE_RUN.format(at=NOW.isoformat())], cwd=ROOT, env=env)


def test_a_worker_killed_while_it_sends_is_replaced_and_the_id_is_the_same(ouvinte: Listener) -> None:
    entrega = send_test(webhook=ouvinte.webhook, at=NOW)
    reached, killed = Event(), Event()

    def hold(_: Any) -> None:
        reached.set()
        killed.wait(120)

    ouvinte.server.script = [hold]
    worker = start_worker()
    try:
        assert reached.wait(240)
    finally:
        worker.kill()
        worker.wait(120)
        killed.set()

    assert deliver(NOW + timedelta(seconds=59)) == {}
    assert deliver(NOW + timedelta(seconds=60)) == {"retomadas": 1, "entregues": 1}
    assert [headers["webhook-id"] for _, headers, _ in ouvinte.server.told] == [identity_of(entrega)] * 2
    assert ouvinte.server.told[0][2] == ouvinte.server.told[1][2]


def test_two_workers_at_once_deliver_each_once_and_a_case_s_in_order(cast: Cast, ouvinte: Listener) -> None:
    for _ in range(10):
        register_for(ouvinte.webhook.integracao, cast)
    case = register_for(ouvinte.webhook.integracao, cast)
    later = {"webhook": ouvinte.webhook, "historico": case.historico, "protocolo": case.protocolo}
    Entrega.objects.bulk_create(
        Entrega(tipo="cip.emitida", ocorrido_em=NOW, proxima_tentativa_em=NOW, **later) for _ in range(9)
    )

    def take() -> int:
        with transaction.atomic():
            taken = Entrega.objects.claim(now=NOW, until=NOW + timedelta(minutes=1), after=0)
            return taken.pk if taken else 0

    one, other = meet(take, take, after="\nUPDATE portal_entrega SET situacao = 'em_envio'")
    assert 0 < one < other
    Entrega.objects.filter(pk__in=[one, other]).update(situacao="pendente", reservada_ate=None)

    def work(_: int) -> Counter[str]:
        try:
            return Counter(deliver())
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        total = sum(pool.map(work, range(4)), Counter())
    total += Counter(deliver())

    identities = [headers["webhook-id"] for _, headers, _ in ouvinte.server.told]
    assert total == {"entregues": 20}
    assert Counter(identities) == {identity_of(row): 1 for row in Entrega.objects.all()}
    of_case = [identity_of(row) for row in Entrega.objects.filter(historico=case.historico).order_by("id")]
    assert [one for one in identities if one in of_case] == of_case


def test_an_act_does_not_fail_because_its_webhook_is_removed_meanwhile(cast: Cast, ouvinte: Listener) -> None:

    def act() -> None:
        with transaction.atomic():
            register_for(ouvinte.webhook.integracao, cast)

    outcomes = meet(act, lambda: remove_webhook(webhook=ouvinte.webhook, at=NOW), after="\nINSERT INTO workflow_evento")

    assert outcomes == [None, None]
    assert deliver() == {"abandonadas": 1}
    assert [(row.tipo, row.situacao) for row in ouvinte.entregas()] == [("atendimento.registrado", "cancelada")]
    assert ouvinte.server.told == []
