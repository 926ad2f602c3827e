"""What machines are told about the office's health."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from procon.belonging import claim
from procon.celery import BEAT_ALIVE, WORKER_ALIVE, Beat, app, worker_lives
from procon.health import ONE_ROLE
from procon.tasks import PULSE, pulse


@pytest.fixture(autouse=True)
def _no_signs(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.MEDIA_ROOT = tmp_path
    cache.delete_many([WORKER_ALIVE, BEAT_ALIVE, PULSE])
    yield
    cache.delete_many([WORKER_ALIVE, BEAT_ALIVE, PULSE])


def test_the_process_is_alive_without_any_database(client: Client) -> None:
    answer = client.get("/livez")

    assert (answer.status_code, answer.json()) == (200, {"estado": "ok"})


@pytest.mark.django_db
def test_what_is_missing_is_named(client: Client) -> None:
    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {
        "estado": "indisponivel",
        "partes": {
            "banco": "ok",
            "redis": "ok",
            "migracoes": "ok",
            "arquivos": "esta máquina não vê os documentos do escritório; confira DATA_DIR ou STORAGE_URL",
            "disco": "ok",
            "worker": "o worker não dá sinal de vida",
            "beat": "o beat não dá sinal de vida",
        },
        "avisos": {"usuario_do_banco": ONE_ROLE},  # the tests work as the database's superuser
    }


@pytest.mark.django_db
def test_ready_when_worker_and_beat_give_signs_of_life(client: Client) -> None:
    claim()
    worker_lives()
    Beat(app=app, lazy=True).tick()

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["estado"]) == (200, "ok")


def test_a_second_beat_waits_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Beat(app=app, lazy=True), Beat(app=app, lazy=True)
    monkeypatch.setattr(second, "identity", "outra-maquina:1")
    sent: list[str] = []
    monkeypatch.setattr("celery.beat.Scheduler.tick", lambda self, *a, **k: sent.append(self.identity) or 1.0)

    first.tick()
    second.tick()
    first.close()
    second.tick()

    assert sent == [first.identity, "outra-maquina:1"]


def test_the_pulse_is_written_down() -> None:
    pulse()

    assert cache.get(PULSE) == "1"


@pytest.mark.parametrize("address", ["/livez", "/readyz"])
def test_health_takes_only_reading(client: Client, address: str) -> None:
    assert client.post(address).status_code == 405
