"""Hearings as calendar programs read them; checked with another library than the one that wrote them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
import vobject
from django.test import Client

from hearings.models import AssinaturaDeAgenda, Audiencia
from hearings.services import cancel, open_feed, read_feed, reschedule, revoke_feed
from notifications.models import Mensagem
from notifications.transport import as_email
from tests.browsing import logged_in
from tests.conftest import NOW
from tests.hearings.conftest import Stage, moment, told
from workflow.errors import ActNotAllowed

NEXT_DAY = date(2026, 3, 17)


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def _event(text: str) -> Any:
    return vobject.readOne(text).vevent


def _invitation(audiencia: Audiencia, tipo: str) -> str:
    return Mensagem.objects.get(referencia=audiencia.referencia, tipo=tipo, destinatario="Ana Souza").convite


def _move(stage: Stage, hearing: Audiencia) -> Audiencia:
    new = reschedule(
        audiencia=hearing,
        sala=stage.sala,
        conciliador=stage.cast.carla,
        inicio=moment("14:00", NEXT_DAY),
        motivo="A pedido do fornecedor.",
        by=stage.cast.bruno,
        at=NOW,
    )
    return told(new, by=stage.cast.bruno, at=NOW)


def test_an_invitation_says_when_and_where_and_nobody_s_name(stage: Stage) -> None:
    hearing = stage.schedule()
    text = _invitation(hearing, "aviso_audiencia")
    event = _event(text)

    assert (event.dtstart.value, event.dtend.value) == (moment("10:00"), moment("10:30"))
    assert event.uid.value == f"audiencia-{hearing.pk}@procon.example.org"
    assert (event.sequence.value, event.status.value) == ("0", "TENTATIVE")
    assert "TZID=America/Sao_Paulo" in text
    assert "BEGIN:VTIMEZONE" in text
    assert "METHOD:REQUEST" in text
    assert "Ana" not in text


def test_the_invitation_is_attached_to_the_notice(stage: Stage) -> None:
    hearing = stage.schedule()
    email = as_email(Mensagem.objects.get(tipo="aviso_audiencia", destinatario="Ana Souza"), None)

    name, content, kind = email.attachments[0]
    assert (name, kind) == ("audiencia.ics", "text/calendar; charset=utf-8; method=REQUEST")
    assert f"UID:audiencia-{hearing.pk}@procon.example.org" in str(content)
    assert "text/calendar" in email.message().as_string()


def test_a_new_date_keeps_the_uid_and_raises_the_sequence(stage: Stage) -> None:
    first = stage.schedule()
    second = _move(stage, first)
    third = _move(stage, second) if second.inicio != moment("14:00", NEXT_DAY) else second
    event = _event(_invitation(third, "aviso_audiencia"))

    assert (event.uid.value, event.sequence.value) == (f"audiencia-{first.pk}@procon.example.org", "2")
    assert event.dtstart.value == moment("14:00", NEXT_DAY)


def test_a_cancelled_hearing_leaves_the_calendar(stage: Stage) -> None:
    hearing = stage.schedule()
    cancel(audiencia=hearing, motivo="Resolvido antes.", by=stage.cast.dora, at=NOW)
    text = _invitation(hearing, "cancelamento_audiencia")
    event = _event(text)

    assert (event.status.value, event.sequence.value) == ("CANCELLED", "1")
    assert "METHOD:CANCEL" in text


def _feed(stage: Stage) -> tuple[AssinaturaDeAgenda, str]:
    return open_feed(unidade=stage.cast.unidade, conciliador=stage.cast.carla, by=stage.cast.carla, at=NOW)


def test_a_feed_shows_the_newest_date_of_each_hearing(stage: Stage) -> None:
    _, key = _feed(stage)
    _move(stage, stage.schedule())
    events = list(vobject.readOne(read_feed(key, at=NOW) or "").vevent_list)

    assert [event.dtstart.value for event in events] == [moment("14:00", NEXT_DAY)]


def test_a_feed_needs_no_log_in_and_ends_when_revoked(stage: Stage, client: Client) -> None:
    made, key = _feed(stage)
    stage.schedule()
    address = f"/audiencias/calendario/{key}.ics"
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert "Ana" not in answer.content.decode()

    revoke_feed(assinatura=made, by=stage.cast.carla, at=NOW)
    assert client.get(address).status_code == 404
    assert client.get("/audiencias/calendario/x.ics").status_code == 404
    with pytest.raises(ActNotAllowed, match="já foi revogada"):
        revoke_feed(assinatura=made, by=stage.cast.carla, at=NOW)


def test_nobody_opens_another_s_feed(stage: Stage) -> None:
    with pytest.raises(ActNotAllowed, match="o ato cabe a"):
        open_feed(unidade=stage.cast.unidade, conciliador=stage.caio, by=stage.cast.carla, at=NOW)


def test_the_page_shows_the_address_once(stage: Stage) -> None:
    carla = logged_in(stage.cast.carla)
    place = f"/audiencias/agenda/{stage.cast.unidade.pk}/"
    made = carla.post(f"{place}assinaturas/", {"recurso": f"conciliador:{stage.cast.carla.pk}"})

    assert ("/audiencias/calendario/" in made.content.decode(), made.status_code) == (True, 200)
    assert "/audiencias/calendario/" not in carla.get(place).content.decode()
    row = AssinaturaDeAgenda.objects.get()
    assert carla.post(f"{place}assinaturas/{row.pk}/revogar/").status_code == 302


def test_one_hearing_as_a_file(stage: Stage) -> None:
    hearing = stage.schedule()
    address = f"/audiencias/{hearing.pk}/ics/"

    assert _event(logged_in(stage.cast.bruno).get(address).content.decode()).dtstart.value == moment("10:00")
    assert logged_in(stage.cast.eva).get(address).status_code == 404


def _span(text: str) -> tuple[str, list[tuple[str, str, str]]]:
    """What another library than the writer reads: the method, and each event's UID, SEQUENCE and STATUS."""
    calendar = vobject.readOne(text)
    calendar.validate()
    events = [(one.uid.value, one.sequence.value, one.status.value) for one in calendar.vevent_list]
    return calendar.method.value, events


def test_one_series_as_another_library_reads_it(stage: Stage) -> None:
    first = stage.schedule()
    second = _move(stage, first)
    cancel(audiencia=second, motivo="Resolvido antes.", by=stage.cast.dora, at=NOW)
    uid = f"audiencia-{first.pk}@procon.example.org"

    assert [
        _span(_invitation(first, "aviso_audiencia")),
        _span(_invitation(second, "aviso_audiencia")),
        _span(_invitation(second, "cancelamento_audiencia")),
    ] == [
        ("REQUEST", [(uid, "0", "TENTATIVE")]),
        ("REQUEST", [(uid, "2", "TENTATIVE")]),
        ("CANCEL", [(uid, "3", "CANCELLED")]),
    ]


def test_a_feed_as_another_library_reads_it(stage: Stage, another_case: Any) -> None:
    _, key = _feed(stage)
    moved = stage.schedule()
    _move(stage, moved)
    case, shop = another_case()
    gone = stage.schedule("11:00", atendimento=case, reclamados=[shop])
    cancel(audiencia=gone, motivo="Resolvido antes.", by=stage.cast.dora, at=NOW)
    text = read_feed(key, at=NOW) or ""
    method, events = _span(text)

    assert (method, sorted(events)) == (
        "PUBLISH",
        sorted(
            [
                (f"audiencia-{moved.pk}@procon.example.org", "2", "TENTATIVE"),
                (f"audiencia-{gone.pk}@procon.example.org", "1", "CANCELLED"),
            ]
        ),
    )
    zone = vobject.readOne(text).vtimezone_list[0]
    assert (zone.tzid.value, text.count("DTSTART;TZID=America/Sao_Paulo")) == ("America/Sao_Paulo", 2)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_a_room_s_feed(stage: Stage) -> None:
    _, key = open_feed(unidade=stage.cast.unidade, sala=stage.outra_sala, by=stage.cast.dora, at=NOW)
    stage.schedule()
    virtual = stage.schedule("12:00", sala=stage.outra_sala, conciliador=stage.caio, modalidade="virtual")
    events = vobject.readOne(read_feed(key, at=NOW) or "").vevent_list

    assert [(one.uid.value, one.location.value) for one in events] == [
        (f"audiencia-{virtual.pk}@procon.example.org", "https://reuniao.example.org/sala-2")
    ]
