"""When the database or the Redis is not there: a page in Portuguese with a way out, never a stack trace."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis
from django.core.cache import cache
from django.db import InterfaceError, OperationalError, connection
from django.template.loader import render_to_string
from django.test import Client
from psycopg import errors as psycopg_errors

from cases.models import Atendimento
from tests.browsing import logged_in
from tests.conftest import Cast
from workflow.integrity import is_away

#: Nobody listens there.
NOWHERE = "redis://127.0.0.1:1/0"
TYPED = {"relato": "Comprei e não veio.", "senha": "segredo bem guardado"}


@pytest.fixture
def no_database(transactional_db: None) -> Iterator[None]:
    connection.close()
    kept = dict(connection.settings_dict)
    connection.settings_dict |= {"HOST": "/nao-existe", "PORT": "1"}
    yield
    connection.close()
    connection.settings_dict |= kept


@pytest.fixture
def no_redis(settings: pytest.FixtureRequest) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": NOWHERE}}


def browser() -> Client:
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "a" * 32
    return client


def test_without_the_database_a_page_says_so_and_gives_back_what_was_typed(no_database: None, no_redis: None) -> None:
    for path in ("/", "/entrar/", "/atendimentos/novo/", "/publico/"):
        answer = browser().get(path)
        page = answer.content.decode()
        assert (path, answer.status_code, answer["Retry-After"]) == (path, 503, "30")
        assert "<h1>O sistema está fora do ar</h1>" in page
        assert ("formulários de contingência" in page, f'<a href="{path}">Tentar de novo' in page) == (True, True)
        assert ("Traceback" in page, "OperationalError" in page) == (False, False)
    page = browser().post("/atendimentos/novo/", TYPED).content.decode()
    assert ("Comprei e não veio." in page, "segredo" in page) == (True, False)
    told = browser().get("/api/v1/assuntos/", headers={"Authorization": "Bearer abc"})
    assert (told.status_code, told["Retry-After"], told["Content-Type"]) == (503, "30", "application/problem+json")
    assert told.json()["type"] == "/api/v1/docs/#fora-do-ar"


def test_alive_and_the_page_for_no_network_need_nothing() -> None:
    client = Client()
    assert client.get("/livez").status_code == 200
    page, script = client.get("/sem-rede/"), client.get("/sem-rede.js")
    assert "<h1>O sistema não foi alcançado</h1>" in page.content.decode()
    assert (script.status_code, script["Content-Type"]) == (200, "text/javascript; charset=utf-8")


def test_staff_work_on_without_redis_and_programs_are_told(cast: Cast, no_redis: None) -> None:
    bruno = logged_in(cast.bruno)
    told = {"unidade": cast.unidade.pk, "tipo": "simples_consulta", "canal": "pessoal", "relato": "Perguntou."}
    assert bruno.get("/").status_code == 200
    assert (bruno.post("/atendimentos/novo/", told).status_code, Atendimento.objects.count()) == (302, 1)
    with pytest.raises(redis.ConnectionError):
        cache.get("x")


def test_both_failure_pages_stand_alone() -> None:
    for name in ("503.html", "sem_rede.html"):
        page = render_to_string(name)
        assert ("<script" in page, "style=" in page, page.count("<h1>")) == (False, False, 1)


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (OperationalError("connection refused"), True),
        (InterfaceError("the connection is closed"), True),
        (caused(OperationalError(), psycopg_errors.AdminShutdown()), True),
        (caused(OperationalError(), psycopg_errors.DiskFull()), True),
        (caused(OperationalError(), psycopg_errors.TooManyConnections()), True),
        (caused(OperationalError(), psycopg_errors.DeadlockDetected()), False),
        (caused(RuntimeError(), redis.ConnectionError()), True),
        (ValueError("ours"), False),
    ],
)
def test_what_passes_is_told_apart_from_what_is_ours(error: Exception, away: bool) -> None:
    assert is_away(error) is away
