"""kill -9 of the worker in the middle of each of its tasks; another worker ends what it began, and nothing is double.

All tasks of the office stop in their middle at once, each where its scene holds it (tests/kills/scenes.py); then the
worker is killed, and another one gets the same tasks from the next minute of the beat.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import timezone

from procon.celery import app
from procon.processes import wait_until
from tests.kills.ground import Ground, Scene
from tests.kills.office import Office, holding
from tests.kills.scenes import SCENES
from workflow.selfcheck import broken_links

pytestmark = [pytest.mark.xdist_group("kills"), pytest.mark.django_db]
#: The leases of the dead, and the pauses after an outage, run on for minutes; the test does not wait for them.
LEASES_END = (
    "UPDATE notifications_mensagem SET reservada_ate = now() WHERE situacao = 'em_envio'; "
    "UPDATE portal_entrega SET reservada_ate = now() WHERE situacao = 'em_envio'; "
    "UPDATE portal_entrega SET proxima_tentativa_em = now() WHERE situacao = 'pendente'; "
    "UPDATE portal_webhook SET pausado_ate = NULL"
)


@dataclass
class Seen:
    """What there was of one task, beside what its scene wants."""

    scene: Scene
    stopped: bool
    middle: Any
    after: Any


@pytest.fixture(scope="module")
def seen(office: Office, outside: dict[str, Any], django_db_blocker: Any) -> Iterator[dict[str, Seen]]:
    """Every task stopped in its middle, its worker killed, and done by another."""
    office.kill("worker")
    with django_db_blocker.unblock(), office.inside() as cast:
        now = timezone.now()  # noqa: TID251  real processes read the real clock
        ground = Ground(office, cast, outside, now)
        scenes = {name: prepare(ground) for name, prepare in SCENES.items()}
        stopped, middle = _killed(office, scenes)
        office.sql(LEASES_END)
        office.start("worker")
        after = _done(office, scenes)
        yield {name: Seen(scenes[name], stopped[name], middle[name], after[name]) for name in SCENES}


def _killed(office: Office, scenes: dict[str, Scene]) -> tuple[dict[str, bool], dict[str, Any]]:
    """Which tasks stopped where they were to stop, and what was there when the worker died."""
    with ExitStack() as stack:
        waits = {
            name: stack.enter_context(holding(office, *scene.held)) for name, scene in scenes.items() if scene.held
        }
        office.start("worker", PROCON_TRABALHADORES=str(len(scenes) - 1))

        def stops(name: str, scene: Scene) -> bool:
            return waits[name]() > 0 if scene.held else scene.pause is None or scene.pause.reached.is_set()

        def all_stop(some: dict[str, Scene]) -> None:
            office.send(*some)
            wait_until(lambda: all(stops(*one) for one in some.items()), 60)

        all_stop({name: scene for name, scene in scenes.items() if scene.held})
        all_stop({name: scene for name, scene in scenes.items() if scene.pause})  # nobody waits long for an answer
        all_stop({name: scene for name, scene in scenes.items() if not (scene.held or scene.pause)})
        stopped = {name: stops(name, scene) for name, scene in scenes.items()}
        middle = {name: scene.look() for name, scene in scenes.items()}
        office.kill("worker")
    for scene in scenes.values():
        if scene.pause:
            scene.pause.go.set()
    return stopped, middle


def _done(office: Office, scenes: dict[str, Scene]) -> dict[str, Any]:
    """What is there in the end; every second stands for a minute of the beat."""
    end = time.monotonic() + 60
    while True:
        office.send(*(name for name, scene in scenes.items() if scene.look() != scene.after))
        time.sleep(1)
        after = {name: scene.look() for name, scene in scenes.items()}
        if time.monotonic() > end or all(after[name] == scene.after for name, scene in scenes.items()):
            return after


def test_every_task_has_its_scene() -> None:
    app.loader.import_default_modules()
    assert {name for name in app.tasks if not name.startswith(("celery.", "tests."))} == set(SCENES)


@pytest.mark.parametrize("name", SCENES)
def test_killed_in_the_middle_it_is_done_once_by_another(name: str, seen: dict[str, Seen]) -> None:
    found = seen[name]
    assert found.stopped
    assert (found.middle, found.after) == (found.scene.middle, found.scene.after)


def test_nothing_is_double_and_every_history_holds(seen: dict[str, Seen], outside: dict[str, Any]) -> None:
    assert {identity: times for identity, times in Counter(outside["mail"].taken).items() if times > 1} == {}
    assert list(broken_links()) == []
