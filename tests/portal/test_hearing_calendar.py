"""The calendar file of one hearing, as the portal fetches it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
import vobject

from hearings.services import cancel
from tests.conftest import NOW, Cast
from tests.hearings.conftest import moment
from tests.portal.conftest import Program
from tests.portal.scene import Scene, make_scene


@pytest.fixture(autouse=True)
def _on_the_day(settings: Any, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def scene(cast: Cast, cidade: Program) -> Scene:
    return make_scene(cast, cidade)


def _event(answer: Any) -> tuple[Any, str]:
    text = answer.content.decode()
    return vobject.readOne(text).vevent, text


def test_the_calendar_is_the_messages_own(cidade: Program, scene: Scene) -> None:
    first = scene.schedule()
    answer = cidade.get(f"/audiencias/{first.pk}/ics/", Accept="text/calendar")
    event, text = _event(answer)

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert (event.uid.value, event.sequence.value, event.status.value) == (
        f"audiencia-{first.pk}@procon.example.org",
        "0",
        "TENTATIVE",
    )
    assert (event.dtstart.value, event.dtend.value) == (moment("10:00"), moment("10:30"))
    assert "TZID=America/Sao_Paulo" in text
    assert not [name for name in ("Ana", "Carla", "Loja") if name in text]


def test_a_moved_and_a_cancelled_hearing_in_the_calendar(cidade: Program, scene: Scene) -> None:
    first = scene.schedule()
    etag = cidade.get(f"/audiencias/{first.pk}/ics/")["ETag"]
    second = scene.move(first)
    old, _ = _event(cidade.get(f"/audiencias/{first.pk}/ics/", **{"If-None-Match": etag}))
    new, text = _event(cidade.get(f"/audiencias/{second.pk}/ics/"))
    cancel(audiencia=second, motivo="Resolvido antes.", by=scene.stage.cast.dora, at=NOW)
    gone, called_off = _event(cidade.get(f"/audiencias/{second.pk}/ics/"))

    assert [(one.uid.value, one.sequence.value, one.status.value) for one in (old, new, gone)] == [
        (f"audiencia-{first.pk}@procon.example.org", "1", "CANCELLED"),
        (f"audiencia-{first.pk}@procon.example.org", "2", "TENTATIVE"),
        (f"audiencia-{first.pk}@procon.example.org", "3", "CANCELLED"),
    ]
    assert ("METHOD:REQUEST" in text, "METHOD:CANCEL" in called_off) == (True, True)


def test_a_known_calendar_is_not_sent_again(cidade: Program, scene: Scene) -> None:
    path = f"/audiencias/{scene.schedule().pk}/ics/"
    etag = cidade.get(path)["ETag"]
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        again = cidade.get(path, **{"If-None-Match": etag})

    assert (again.status_code, again.content) == (304, b"")
    assert cidade.get(path, Accept="application/json").status_code == 406
