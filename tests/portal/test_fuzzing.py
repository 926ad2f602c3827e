"""schemathesis walks the API's description against a live server: with a token, with another client's, with none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from cases.models import Atendimento
from tests.conftest import Cast, make_cast
from tests.portal.conftest import Program, complaint, make_program, make_subject

HERE = Path(__file__).parent
#: Examples of each operation, seconds of one walk at most; `make bench ONLY=fuzzing` takes more, with any seed.
EXAMPLES, SECONDS = os.environ.get("FUZZ_EXAMPLES", "6"), os.environ.get("FUZZ_SECONDS", "15")


@pytest.fixture
def office(transactional_db: None) -> Cast:
    """The cast, where the live server sees it."""
    make_subject()
    return make_cast()


@pytest.fixture
def portal(office: Cast) -> Program:
    """The city's portal, which has registered Ana's complaint, with a token for everything."""
    program = make_program(office, "Portal da cidade").log_in()
    assert program.post("/atendimentos/", complaint()).json()["protocolo"] == "35.001.001.26-0000001"
    return program


def walk(server: LiveServer, folder: Path, token: str, *more: str) -> tuple[dict[str, Any], str]:
    """One run: its report, and every answer as it came."""
    told, answers = folder / "relato.json", folder / "respostas.har"
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml")]
    command += ["run", f"{server.url}/api/v1/schema/", "--url", server.url, "--checks", "all", "-n", EXAMPLES]
    command += ["--max-time", SECONDS, *([] if "FUZZ_SECONDS" in os.environ else ["--seed", "20261128"])]
    command += ["--report", "json,har", "--report-json-path", str(told), "--no-color", *more]
    command += ["--report-har-path", str(answers), "--warnings", "off"]
    command += ["-H", f"Authorization: Bearer {token}"] if token else []
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr)  # noqa: T201  what failed, with the line of curl that repeats it
    return json.loads(told.read_text()), answers.read_text()


def test_no_answer_to_its_owner_is_a_fault_or_undescribed(
    live_server: LiveServer, portal: Program, tmp_path: Path
) -> None:
    report, answers = walk(live_server, tmp_path, portal.token)

    assert (report["failures"], report["errors"], report["operations"]["errored"]) == ([], [], 0)
    assert report["operations"]["tested"] > 0  # a slow machine comes less far in its time
    assert "Ana Souza" in answers


@pytest.mark.parametrize("caller", ["another client", "without its scope", "nobody"])
def test_nobody_else_gets_at_the_case(
    live_server: LiveServer, office: Cast, portal: Program, tmp_path: Path, caller: str
) -> None:
    before = Atendimento.objects.values().get()
    token = ""
    if caller == "another client":
        token = make_program(office, "Portal da vizinha").log_in().token
    elif caller == "without its scope":
        token = portal.log_in("estatisticas:ler").token

    report, answers = walk(live_server, tmp_path, token, "--phases", "coverage", "--include-path-regex", "protocolo")

    assert (report["failures"], report["errors"]) == ([], [])
    assert "Ana Souza" not in answers
    assert Atendimento.objects.values().get() == before
