"""The container files, read as data: no engine runs here. test_parts.py runs what they would start."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from procon.environment import VARIABLES, read
from procon.run import PARTS, command_of

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_the_services() -> None:
    assert set(SERVICES) == {"migrate", "web", "worker", "beat", "postgres", "redis"}
    assert SERVICES["postgres"]["image"] == "postgres:18"
    assert set(COMPOSE["volumes"]) == {"dados", "copias", "banco", "fila"}


def test_every_lasting_service_has_a_health_check() -> None:
    assert {name for name, service in SERVICES.items() if "healthcheck" not in service} == {"migrate"}
    for service in SERVICES.values():
        check = service.get("healthcheck", {"test": ["CMD"], "interval": "", "timeout": "", "retries": 1})
        assert check["test"][0] in {"CMD", "CMD-SHELL"}
        assert {"interval", "timeout", "retries"} <= set(check)


def test_parts_wait_for_the_migration_and_it_for_the_servers() -> None:
    waits = {name: service.get("depends_on", {}) for name, service in SERVICES.items()}

    assert waits == {
        "migrate": {"postgres": {"condition": "service_healthy"}, "redis": {"condition": "service_healthy"}},
        **{part: {"migrate": {"condition": "service_completed_successfully"}} for part in PARTS},
        "postgres": {},
        "redis": {},
    }


def test_every_command_is_a_part_that_exists() -> None:
    for name in ("migrate", *PARTS):
        assert SERVICES[name]["command"] == [name]
        assert command_of(name, read({}))
    assert 'ENTRYPOINT ["python", "-m", "procon.run"]' in DOCKERFILE


def test_every_variable_is_one_that_the_office_reads() -> None:
    for name in ("migrate", *PARTS):
        assert set(SERVICES[name]["environment"]) <= set(VARIABLES)


def test_only_the_migration_knows_the_owner_of_the_tables() -> None:
    owner = {name for name, service in SERVICES.items() if "DATABASE_OWNER_URL" in service.get("environment", {})}

    assert owner == {"migrate"}
    assert {SERVICES[name]["environment"]["DATABASE_URL"].split(":")[1] for name in ("migrate", *PARTS)} == {
        "//procon_app"
    }


def test_secrets_have_no_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()

    assert set(re.findall(r"\$\{(\w+):\?", text)) == {"POSTGRES_PASSWORD", "POSTGRES_APP_PASSWORD", "SECRET_KEY"}
    assert not re.search(r"\$\{(POSTGRES_PASSWORD|POSTGRES_APP_PASSWORD|SECRET_KEY):-", text)


def test_the_image_has_neither_tests_nor_what_is_measured_with() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()

    assert {"tests", "bench", "docs", ".ci"} <= set(ignored)


def test_every_file_that_the_image_copies_exists() -> None:
    copied = [word for line in re.findall(r"^COPY (?!--)(.+)$", DOCKERFILE, re.M) for word in line.split()[:-1]]

    assert copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
