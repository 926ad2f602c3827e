"""A booking owes its notices, and pays them once: in the same request, or by the minute's task after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from documents.models import Documento
from hearings.models import Audiencia
from hearings.selfcheck import missing_notices
from hearings.services import announce, announce_waiting, cancel, reschedule
from notifications.models import Mensagem
from procon.embedded import DATABASE as MAIN
from tests.browsing import logged_in
from tests.conftest import NOW, make_cast
from tests.hearings.booked import booked, reminders
from tests.hearings.conftest import Stage, make_case, make_stage, moment, told
from workflow.models import Evento

LATER = NOW + timedelta(minutes=1)


def moved(stage: Stage, old: Audiencia, clock: str) -> Audiencia:
    return reschedule(
        audiencia=old, sala=stage.sala, conciliador=stage.cast.carla, inicio=moment(clock), motivo="Pedido.",
        by=stage.cast.bruno, at=NOW,
    )  # fmt: skip


def made() -> tuple[int, int]:
    """How many letters and messages there are."""
    return Documento.objects.count(), Mensagem.objects.count()


def test_a_booking_alone_owes_its_notices_and_the_task_pays_them_once(stage: Stage) -> None:
    hearing = booked(stage)
    assert (hearing.espera_avisos, made()) == (True, (0, 0))

    assert [announce_waiting(at=LATER) for _ in "ab"] == [1, 0]
    hearing.refresh_from_db()
    assert (hearing.avisada_em, hearing.status, made()) == (LATER, "agendada", (2, 8))
    assert set(Documento.objects.values_list("emitido_por__usuario", "emitido_em")) == {("bruno", LATER)}


def test_told_twice_nothing_is_written_twice(stage: Stage) -> None:
    hearing = stage.schedule()
    before = (*made(), hearing.avisada_em)

    assert announce(audiencias=[hearing], by=stage.cast.bruno, at=LATER) is True
    hearing.refresh_from_db()
    assert (*made(), hearing.avisada_em) == before == (2, 8, NOW)


def test_a_booking_by_sql_is_told_in_the_office_s_name(stage: Stage) -> None:
    hearing = Audiencia.objects.create(
        atendimento=stage.caso, sala=stage.sala, conciliador=stage.cast.carla, inicio=moment("10:00"),
        fim=moment("10:30"), agendada_em=NOW,
    )  # fmt: skip
    hearing.reclamados.add(stage.loja)
    assert announce_waiting(at=LATER) == 1
    assert set(Documento.objects.values_list("emitido_por__usuario", flat=True)) == {"sistema"}


def test_what_is_over_or_called_off_is_told_to_nobody(stage: Stage, another_case: Callable[..., Any]) -> None:
    cancel(audiencia=booked(stage), motivo="Não vem.", by=stage.cast.bruno, at=NOW)
    case, shop = another_case()
    late = booked(stage, "11:00", atendimento=case, reclamados=[shop])

    assert (announce_waiting(at=late.inicio), made()) == (0, (0, 0))
    with time_machine.travel(late.inicio, tick=False):
        page = logged_in(stage.cast.bruno).get(late.get_absolute_url()).content.decode()
    assert "A hora chegou antes que as notificações fossem feitas" in page


def test_a_date_moved_before_it_was_told_is_never_told_and_the_next_replaces_the_first(stage: Stage) -> None:
    first = stage.schedule()
    second = moved(stage, first, "11:00")
    third = moved(stage, second, "14:00")
    assert announce_waiting(at=LATER) == 1

    standing = Documento.objects.filter(substituido_por=None)
    assert {row.dados["dados"]["audiencia"]["id"] for row in standing} == {third.pk}
    assert (Documento.objects.count(), reminders(second)) == (4, {})
    assert set(reminders(first).values()) == {"cancelada"}


def test_a_date_called_off_before_it_was_told_names_the_one_that_the_parties_know(stage: Stage) -> None:
    second = moved(stage, stage.schedule(), "14:00")
    cancel(audiencia=second, motivo="Resolvido.", by=stage.cast.bruno, at=NOW)

    sent = Mensagem.objects.filter(referencia=second.referencia)
    assert set(sent.values_list("tipo", flat=True)) == {"cancelamento_audiencia"}
    assert "Ela substituía a de 16/03/2026 às 10:00, que também não acontece." in sent[0].corpo


def test_a_reminder_that_passed_while_the_notices_were_owed_says_so(stage: Stage) -> None:
    booked(stage, inicio=moment("11:00", date(2026, 3, 18)))
    assert announce_waiting(at=moment("12:00", date(2026, 3, 17))) == 1

    states = Mensagem.objects.filter(vez="1d").values_list("situacao", "motivo")
    said = (
        "O momento deste lembrete (17/03/2026 às 11:00) já havia passado quando as partes foram avisadas, "
        "em 17/03/2026 às 12:00."
    )
    assert set(states) == {("pulada", said)}


def test_letters_that_fail_leave_the_booking_and_the_page_says_that_they_come(
    stage: Stage, settings: Any, tmp_path: Path
) -> None:
    bruno, room = logged_in(stage.cast.bruno), settings.MEDIA_ROOT
    settings.MEDIA_ROOT = tmp_path / "cheio"
    settings.MEDIA_ROOT.write_text("no folder")
    with time_machine.travel(NOW, tick=False):
        page = bruno.post(*booking(stage), follow=True).content.decode()
    hearing = Audiencia.objects.get()
    assert made() == (0, 0)
    for text in ("Audiência marcada. As notificações e os avisos estão sendo preparados", "Atualizar a página"):
        assert text in page

    settings.MEDIA_ROOT = room
    assert list(missing_notices(at=LATER)) == []
    assert list(missing_notices(at=NOW + timedelta(minutes=11))) == [
        f"Audiência {hearing.pk}, marcada em 04/03/2026 10:00: as notificações e os avisos não foram feitos."
    ]
    assert (announce_waiting(at=LATER), made()) == (1, (2, 8))
    with time_machine.travel(LATER, tick=False):
        assert "Atualizar a página" not in bruno.get(hearing.get_absolute_url()).content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_cost_in_queries(
    stage: Stage, another_case: Callable[..., Any], many: int, django_assert_num_queries: Any
) -> None:
    rows = []
    for number in range(many):
        case, shop = another_case(10 + number)
        rows.append(booked(stage, f"{10 + number}:00", atendimento=case, reclamados=[shop]))
    with django_assert_num_queries(16):
        assert announce(audiencias=rows, by=stage.cast.bruno, at=NOW)


# ---- real transactions ----


@pytest.fixture
def committed(transactional_db: None) -> Stage:
    """The stage, committed, so that other connections see it."""
    return make_stage(make_cast())


def booking(stage: Stage) -> tuple[str, dict[str, Any]]:
    """The address and what the page posts for Ana's hearing."""
    chosen = f"2026-03-16T10:00|{stage.sala.pk}|{stage.cast.carla.pk}"
    form = {"reclamados": [stage.loja.pk], "modalidade": "presencial", "horario": chosen}
    return reverse("audiencia_nova", args=[stage.caso.protocolo]), form


#: A process of its own: it books by the page and kills itself (-9) after its letters were printed, before its messages.
BOOK_AND_DIE = """
import os, signal, sys
import django
django.setup()
import time_machine
from django.db import connection
from django.test.utils import setup_test_environment
from accounts.models import User
from tests.browsing import logged_in
from tests.conftest import NOW

def die(execute, sql, *rest):
    if sql.startswith('INSERT INTO "notifications_mensagem"'):
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, *rest)

setup_test_environment()
address, *form = sys.argv[1:]
with time_machine.travel(NOW, tick=False), connection.execute_wrapper(die):
    logged_in(User.objects.get(usuario="bruno")).post(address, dict(zip(form[::2], form[1::2])))
"""


def book_and_die(stage: Stage, folder: Path) -> int:
    """How the process ended."""
    database = os.environ["DATABASE_URL"].replace(f"/{MAIN}?", f"/{connection.settings_dict['NAME']}?")
    address, form = booking(stage)
    given = [str(part) for name, value in form.items() for part in (name, value[0] if name == "reclamados" else value)]
    ended = subprocess.run(
        [sys.executable, "-c", BOOK_AND_DIE, address, *given],
        env={**os.environ, "DATABASE_URL": database, "DATA_DIR": str(folder)},
        check=False,
    )
    return ended.returncode


def test_killed_between_its_two_transactions_a_booking_stands_and_is_told_by_the_task(
    committed: Stage, tmp_path: Path
) -> None:
    assert book_and_die(committed, tmp_path) == -signal.SIGKILL

    hearing = Audiencia.objects.get()
    assert (hearing.espera_avisos, hearing.reservas.count(), made()) == (True, 3, (0, 0))
    assert list(Evento.objects.values_list("ato", flat=True)) == ["AGENDAR"]
    assert (announce_waiting(at=LATER), made()) == (1, (2, 8))


def test_request_and_task_at_once_write_one_of_each(committed: Stage) -> None:
    cases = [make_case(committed.cast, 50 + number, consumidor=None) for number in range(4)]
    shops = [case.reclamados.create(fornecedor=committed.cast.loja) for case in cases]
    rows = [
        booked(committed, f"{10 + place}:00", atendimento=case, reclamados=[shops[place]])
        for place, case in enumerate(cases)
    ]
    gate = Barrier(3)

    def run(tell: Callable[[], Any]) -> Any:
        try:
            gate.wait(timeout=60)
            return tell()
        finally:
            connection.close()

    def request() -> bool:
        return announce(audiencias=rows, by=committed.cast.bruno, at=NOW)

    with ThreadPoolExecutor(3) as pool:
        said = list(pool.map(run, [request, lambda: announce_waiting(at=LATER), lambda: announce_waiting(at=LATER)]))
    assert said[0] is True
    assert made() == (4, 16)
    assert Audiencia.objects.filter(avisada_em=None).count() == 0


def test_the_second_of_a_batch_is_told_with_the_first(stage: Stage, another_case: Callable[..., Any]) -> None:
    case, shop = another_case()
    first, second = stage.schedule(), booked(stage, "11:00", atendimento=case, reclamados=[shop])
    assert announce(audiencias=[first, second], by=stage.cast.bruno, at=LATER)
    assert (first.avisada_em, second.avisada_em) == (NOW, LATER)
    assert told(second, by=stage.cast.bruno, at=LATER).espera_avisos is False
