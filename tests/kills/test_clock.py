"""The machine's clock steps forward or back while the office works: nothing is sent twice, lost, or stuck."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import chain, product, repeat
from typing import Any

import pytest
import redis
import time_machine
from celery.beat import ScheduleEntry
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client

from access.models import Sessao
from cases.models import CIP, Atendimento
from cases.services import lapse_due_cips
from notifications.models import Mensagem, Tentativa
from notifications.rules import LEASE
from notifications.services import deliver_due
from procon.celery import BEAT_ALIVE, Beat, app
from tests.cases.conftest import ap, rules, running_cip  # noqa: F401  fixtures
from tests.conftest import NOW, Cast
from tests.notifications.scripted import Scripted, put
from workflow.models import Evento

DAY = timedelta(days=1)
#: The clock is right, then steps by so much in the middle of the work.
STEPS = [timedelta(hours=3), -timedelta(hours=3), 400 * DAY, -400 * DAY]


@pytest.fixture
def server(settings: Any) -> type[Scripted]:
    """A mail server that takes everything."""
    settings.EMAIL_BACKEND = "tests.notifications.scripted.Scripted"
    Scripted.answers, Scripted.opening, mail.outbox = [], [], []
    return Scripted


def stepping(step: timedelta, after: int) -> Callable[[], datetime]:
    """A clock that is right so many times, and then wrong by the step."""
    moments = chain(repeat(NOW, after), repeat(NOW + step))
    return lambda: next(moments)


@pytest.mark.django_db(transaction=True)
def test_messages_under_a_step_go_out_once(cast: Cast, server: Any) -> None:
    for step, after in product(STEPS, (1, 3, 5)):
        mail.outbox, keys = [], [put(cast, f"{step}:{after}:{number}", devida_em=NOW).pk for number in range(4)]

        deliver_due(at_clock=stepping(step, after))
        for later in (NOW + step, NOW + LEASE, NOW + step + LEASE, NOW + 2 * LEASE):  # and the clock is put right again
            deliver_due(at_clock=lambda later=later: later)

        states = set(Mensagem.objects.filter(pk__in=keys).values_list("situacao", flat=True))
        tries = Tentativa.objects.filter(mensagem__in=keys, enviada=True).count()
        assert (step, after, states, tries, len(mail.outbox)) == (step, after, {"enviada"}, 4, 4)


@pytest.mark.django_db(transaction=True)
def test_a_reminder_overtaken_by_the_clock_is_skipped_and_says_so(cast: Cast, server: Any) -> None:
    reminder = put(cast, "lembrete", devida_em=NOW, vale_ate=NOW + DAY, vez="1d")

    deliver_due(at_clock=lambda: NOW + 2 * DAY)
    deliver_due(at_clock=lambda: NOW)

    reminder.refresh_from_db()
    assert (reminder.situacao, reminder.motivo[:17], mail.outbox) == ("pulada", "Passou o momento ", [])


def test_a_beat_whose_clock_was_put_back_sends_the_next_minute_all_the_same() -> None:
    broker = redis.Redis.from_url(settings.REDIS_URL)
    cache.delete(BEAT_ALIVE)
    beat = Beat(app=app, lazy=True)

    def sent(at: datetime) -> int:
        with time_machine.travel(at, tick=False):
            for _ in beat.schedule:
                beat.tick()
        many = broker.llen("celery")
        broker.delete("celery")
        return int(many)

    moment = datetime(2026, 3, 4, 13, 0, tzinfo=UTC)
    beat.data.clear()
    beat.schedule["pulso"] = ScheduleEntry(
        "pulso", "procon.tasks.pulse", moment - DAY, schedule=timedelta(seconds=60), app=app
    )
    broker.delete("celery")
    counted = [
        sent(moment),
        sent(moment - timedelta(hours=3)),
        sent(moment - timedelta(hours=3) + timedelta(seconds=61)),
    ]
    beat.close()
    assert counted == [1, 0, 1]


@pytest.mark.django_db
def test_a_session_ends_with_a_clock_ahead_and_outlives_one_put_back(cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        client = Client()
        client.force_login(cast.bruno, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get("/").status_code == 200
        clock.shift(-timedelta(hours=3))
        assert client.get("/").status_code == 200
        clock.shift(timedelta(hours=6))
        assert client.get("/").status_code == 302
    assert Sessao.objects.filter(usuario=cast.bruno).count() == 1


@pytest.mark.django_db
def test_a_term_lapses_once_whatever_the_clock_says_then(cast: Cast, ap: Any, running_cip: Any) -> None:  # noqa: F811
    case: Atendimento = ap()
    cip: CIP = running_cip(case.reclamados.get())

    days = [date(2026, 3, 12), date(2026, 3, 13), date(2026, 3, 5), date(2026, 3, 14)]  # the term ends on the 12th
    assert [lapse_due_cips(today=day, at=datetime.combine(day, NOW.timetz())) for day in days] == [0, 1, 0, 0]
    assert Evento.objects.filter(objeto_id=cip.pk, ato="DECORRER_PRAZO").count() == 1
