"""The examples for running the office elsewhere: what they name exists, and they can be read by what reads them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml
from django.test import Client

from procon import metrics, serving
from procon.environment import VARIABLES, read
from procon.run import PARTS, command_of

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
RULES = yaml.safe_load((DEPLOY / "prometheus" / "alertas.yml").read_text())["groups"][0]["rules"]
BOARD = json.loads((DEPLOY / "grafana" / "painel.json").read_text())
EXPRESSIONS = [rule["expr"] for rule in RULES] + [
    target["expr"] for panel in BOARD["panels"] for target in panel["targets"]
]
#: A histogram and a counter are asked for under these endings.
ENDINGS = r"_(bucket|count|sum|total)$"


def unit(path: Path) -> ConfigParser:
    found = ConfigParser(strict=False, interpolation=None)
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read(path)
    return found


@pytest.mark.django_db
def test_every_figure_in_board_and_rules_exists() -> None:
    client = Client()
    for _ in range(2):
        text = client.get("/metrics").content.decode()
    there = {"procon_replica_lida", "procon_replica_atraso_segundos"}  # where there is a replica: test_machines
    there |= {"procon_copia_segundos", "procon_copia_bytes"}  # once one was made: test_metrics
    told = there | {re.sub(ENDINGS, "", line.split()[2]) for line in text.splitlines() if line.startswith("# TYPE")}
    asked = {re.sub(ENDINGS, "", name) for text in EXPRESSIONS for name in re.findall(r"procon_\w+", text)}
    assert asked - told == set()
    assert len(asked) >= 9


def test_every_label_in_board_and_rules_exists() -> None:
    asked = {name for text in EXPRESSIONS for name in re.findall(r"(?:[{,]\s*)(\w+)=~?\"", text)}
    asked |= {
        name for text in EXPRESSIONS for group in re.findall(r"by \(([^)]*)\)", text) for name in group.split(", ")
    }
    ours = {"metodo", "rota", "status", "situacao", "quando", "parte", "estado", "grupo"}
    assert asked - ours == {"job", "le"}


def test_every_rule_says_what_to_do_in_a_chapter_that_exists() -> None:
    running = (ROOT / "docs" / "running.md").read_text()
    for rule in RULES:
        assert {"alert", "expr", "for", "labels", "annotations"} == set(rule)
        assert rule["labels"]["gravidade"] in {"urgente", "aviso"}
        for chapter in re.findall(r"running.md, «([^»]+)»", rule["annotations"]["fazer"]):
            assert f"### {chapter}\n" in running


def test_the_groups_of_figures_are_named_in_portuguese() -> None:
    assert [group.__name__ for group in metrics.FIGURES][:4] == ["mensagens", "prazos", "sinais", "banco"]


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_a_part_that_exists(path: Path) -> None:
    found = unit(path)
    if path.suffix == ".target":
        assert found["Unit"]["Wants"].split() == [f"procon-{part}.service" for part in PARTS]
        return
    part = found["Service"]["ExecStart"].rsplit(" ", 1)[1]
    assert command_of(part, read({}))
    assert path.stem == ("procon-preparar" if part == "migrate" else f"procon-{part}")
    assert found["Service"]["User"] == "procon"
    assert found["Service"]["NoNewPrivileges"] == "yes"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_itself_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for path in UNITS:
        text = path.read_text().replace("/opt/procon/.venv/bin/python", str(program))
        (tmp_path / path.name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / path.name) for path in UNITS)],
        capture_output=True, text=True, check=False, env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert [line for line in done.stderr.splitlines() if "procon" in line] == []


def test_the_example_environment_is_one_that_the_office_takes() -> None:
    lines = [
        line for name in ("procon", "procon-dono") for line in (DEPLOY / f"{name}.env.exemplo").read_text().split("\n")
    ]
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert set(given) <= set(VARIABLES)
    assert read(given).text("PROCON_SITE") == "https://procon.cidade.sp.gov.br"


def test_only_the_preparation_knows_the_owner_of_the_tables() -> None:
    assert [path.stem for path in UNITS if "procon-dono.env" in path.read_text()] == ["procon-preparar"]


@pytest.mark.parametrize("name", ["nginx/procon.conf", "caddy/Caddyfile"])
def test_a_proxy_says_who_came_how_and_hides_the_figures(name: str) -> None:
    text = (DEPLOY / name).read_text()
    for word in (
        "/api/",
        "/oauth/",
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "X-Request-ID",
        "/metrics",
        "sem-sistema.html",
    ):
        assert word in text
    assert text.count("{") == text.count("}")


def test_an_idle_connection_is_ended_by_the_proxy_and_not_under_a_form_that_it_sends() -> None:
    """The web's end comes after nginx's (60 s) and Caddy's (120 s) own, which neither example changes."""
    for name in ("nginx/procon.conf", "caddy/Caddyfile"):
        assert re.search(r"keepalive_time|keepalive \d+[ms]", (DEPLOY / name).read_text()) is None
    assert serving.keepalive > 120


def test_the_proxy_logs_no_address() -> None:
    (wanted,) = re.findall(r"log_format procon '([^']*)'", (DEPLOY / "nginx" / "procon.conf").read_text())
    assert {"$request", "$request_uri", "$uri", "$args", "$http_referer"} & set(wanted.split()) == set()


def test_nginx_speaks_only_what_is_recommended_and_lists_no_folder() -> None:
    text = (DEPLOY / "nginx" / "procon.conf").read_text()
    words = [line.strip() for line in text.splitlines()]
    assert [word for word in words if word.startswith(("ssl_p", "ssl_c", "ssl_e")) and "certificate" not in word] == [
        "ssl_protocols TLSv1.2 TLSv1.3;", "ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;",
        "ssl_ecdh_curve X25519:secp384r1:secp256r1;", "ssl_prefer_server_ciphers on;",
    ]  # fmt: skip
    assert "autoindex" not in text
