"""The API's sandbox: ready in a demonstration, the same after a restart, gone from any other office."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from portal.models import Integracao
from procon.demo.sandbox import close_sandbox, open_sandbox
from procon.environment import read
from procon.management.commands.preparar import Command
from procon.models import Demonstracao
from procon.run import SANDBOX_FILE, welcome
from tests.conftest import NOW, Cast


def _token(folder: Path) -> int:
    known = json.loads((folder / SANDBOX_FILE).read_text())
    status: int = Client().post("/oauth/token/", {"grant_type": "client_credentials", **known}).status_code
    return status


def test_it_is_ready_and_stays_the_same_over_restarts(cast: Cast, tmp_path: Path) -> None:
    open_sandbox(tmp_path, at=NOW)
    first = (tmp_path / SANDBOX_FILE).read_text()
    open_sandbox(tmp_path, at=NOW)

    assert (tmp_path / SANDBOX_FILE).read_text() == first
    assert stat.S_IMODE((tmp_path / SANDBOX_FILE).stat().st_mode) == 0o600
    assert _token(tmp_path) == 200
    one = Integracao.objects.get()
    assert (one.name, one.client_id) == ("Sandbox da demonstração", "sandbox")


@pytest.mark.parametrize("kept", [None, "{", '{"client_secret": "outro"}'])
def test_a_secret_that_was_lost_is_drawn_anew(cast: Cast, tmp_path: Path, kept: str | None) -> None:
    open_sandbox(tmp_path, at=NOW)
    (tmp_path / SANDBOX_FILE).write_text(kept) if kept else (tmp_path / SANDBOX_FILE).unlink()
    open_sandbox(tmp_path, at=NOW)

    assert _token(tmp_path) == 200


def test_it_ends_and_comes_back_with_another_secret(cast: Cast, tmp_path: Path) -> None:
    open_sandbox(tmp_path, at=NOW)
    old = (tmp_path / SANDBOX_FILE).read_text()
    for _ in range(2):
        close_sandbox(tmp_path, at=NOW)
        assert not (tmp_path / SANDBOX_FILE).exists()
    known = json.loads(old)
    assert Client().post("/oauth/token/", {"grant_type": "client_credentials", **known}).status_code == 401
    open_sandbox(tmp_path, at=NOW)
    assert _token(tmp_path) == 200
    assert (tmp_path / SANDBOX_FILE).read_text() != old


@pytest.mark.parametrize(("demo", "built", "there"), [("1", True, True), ("0", True, False), ("1", False, False)])
def test_only_a_demonstration_has_one_and_prints_it(
    cast: Cast, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any,
    demo: str, built: bool, there: bool,
) -> None:  # fmt: skip
    monkeypatch.setenv("DEMO", demo)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    settings.ENVIRONMENT, settings.DATA_DIR = read(), tmp_path
    Demonstracao.objects.create(ano=2023, escala=1, concluida=built)
    Command()._sandbox()
    welcome(settings.ENVIRONMENT, "http://127.0.0.1:8000")

    assert (tmp_path / SANDBOX_FILE).exists() is there
    assert ("Sandbox da API (docs/portal.md): client_id sandbox, client_secret " in capsys.readouterr().out) is there
