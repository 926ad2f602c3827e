"""What parties of a hearing are told: unique by what it is, overtaken by closer reminders, not during the quiet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from notifications.models import Mensagem
from tests.conftest import NOW, Cast
from tests.notifications.scripted import Scripted, deliver, put

pytestmark = pytest.mark.usefixtures("server")


def reminder(cast: Cast, vez: str, due: datetime, **fields: object) -> Mensagem:
    values: dict[str, object] = {
        "tipo": "lembrete_audiencia",
        "referencia": "audiencia:1",
        "parte": "consumidor:5",
        "vez": vez,
        "assunto": f"Lembrete de {vez}",
        "vale_ate": NOW + timedelta(days=1),
        **fields,
    }
    return put(cast, f"lembrete:{vez}:{len(fields)}", devida_em=due, **values)


def test_hearing_version_recipient_kind_and_channel_are_unique_in_the_database(cast: Cast) -> None:
    row = reminder(cast, "1d", NOW)
    row.pk, row.chave = None, "outra chave"

    with pytest.raises(IntegrityError, match="mensagem_uma_por_parte"), transaction.atomic():
        row.save(force_insert=True)
    different = {"versao": 1, "parte": "fornecedor:9", "contato": "contato:7", "vez": "7d", "canal": "sms", "tipo": "a"}
    for name, value in different.items():
        copy = Mensagem.objects.get(chave="lembrete:1d:0")
        copy.pk, copy.chave = None, name
        setattr(copy, name, value)
        copy.save(force_insert=True)
    assert Mensagem.objects.count() == 7


def test_a_reminder_overtaken_by_a_closer_one_is_skipped_and_says_so(cast: Cast, server: type[Scripted]) -> None:
    week, day = NOW - timedelta(days=6), NOW
    older = reminder(cast, "7d", week)
    server.opening = [ConnectionRefusedError(111, "refused")]
    deliver(week)
    reminder(cast, "1d", day)
    reminder(cast, "2h", NOW + timedelta(hours=22))

    assert deliver(day) == {"puladas": 1, "enviadas": 1}
    older.refresh_from_db()
    assert (older.situacao, older.motivo) == (
        "pulada",
        "Ultrapassada por «Lembrete de 1d», que já era devida em 04/03/2026 às 10:00: uma só lembrança basta.",
    )
    assert [sent.subject for sent in mail.outbox] == ["Lembrete de 1d"]


def test_a_closer_one_that_was_called_off_overtakes_nothing(cast: Cast) -> None:
    reminder(cast, "7d", NOW - timedelta(days=6))
    closer = reminder(cast, "1d", NOW)
    Mensagem.objects.filter(pk=closer.pk).update(situacao="cancelada", motivo="…")

    assert deliver() == {"enviadas": 1}


def test_what_waits_for_the_morning_costs_no_try(cast: Cast) -> None:
    night, morning = NOW.replace(hour=21), (NOW + timedelta(days=1)).replace(hour=8)
    mensagem = reminder(cast, "1d", night, fora_do_silencio=True, vale_ate=NOW + timedelta(days=2))

    assert deliver(night) == {"em_silencio": 1}
    assert deliver(morning - timedelta(seconds=1)) == {}
    assert deliver(morning) == {"enviadas": 1}
    mensagem.refresh_from_db()
    assert mensagem.tentativas_feitas == 1


def test_what_the_quiet_would_carry_past_its_moment_is_skipped_and_says_so(cast: Cast) -> None:
    night = NOW.replace(hour=21)
    mensagem = reminder(cast, "1d", night, fora_do_silencio=True, vale_ate=night + timedelta(hours=11))

    assert deliver(night) == {"puladas": 1}
    mensagem.refresh_from_db()
    assert mensagem.motivo == (
        "As horas de silêncio vão até 05/03/2026 às 08:00, e depois de 05/03/2026 às 08:00 não faria mais sentido."
    )


def test_a_notice_does_not_wait_for_the_morning(cast: Cast) -> None:
    put(cast)

    assert deliver(NOW.replace(hour=23)) == {"enviadas": 1}


@pytest.mark.parametrize("zone", ["America/Sao_Paulo", "Pacific/Kiritimati", "America/New_York"])
def test_what_is_due_does_not_depend_on_the_clock_on_the_wall(cast: Cast, settings: Any, zone: str) -> None:
    """4/11/2018 had no midnight in São Paulo, and New York's 1:30 came twice that day."""
    gap = datetime(2018, 11, 4, 3, 0, tzinfo=UTC)
    settings.TIME_ZONE = zone
    put(cast, devida_em=gap)
    put(cast, "depois", devida_em=gap + timedelta(hours=3))

    assert deliver(gap - timedelta(seconds=1)) == {}
    assert deliver(gap) == {"enviadas": 1}
    assert deliver(gap + timedelta(hours=2, minutes=59)) == {}
    assert deliver(gap + timedelta(hours=3)) == {"enviadas": 1}
