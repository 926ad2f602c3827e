"""Logging in and out, being locked out, and where one lands."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.conftest import Cast

PASSWORD = "senha-de-teste-1"


def log_in(client: Client, password: str = PASSWORD, **extra: str):
    return client.post("/entrar/", {"username": "bruno", "password": password, **extra})


def test_every_page_asks_for_the_log_in(client: Client, db: None) -> None:
    response = client.get("/")
    assert (response.status_code, response["Location"]) == (302, "/entrar/?next=/")


def test_a_clerk_logs_in_and_lands_at_home(client: Client, cast: Cast) -> None:
    response = log_in(client)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert "Bruno Atendente" in client.get("/").content.decode()


def test_next_is_followed_within_the_site(client: Client, cast: Cast) -> None:
    assert log_in(client, next="/atendimentos/")["Location"] == "/atendimentos/"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_next_never_leads_away(client: Client, cast: Cast, target: str) -> None:
    assert log_in(client, next=target)["Location"] == "/"


def test_a_wrong_password_says_the_same_as_an_unknown_name(client: Client, cast: Cast) -> None:
    wrong = log_in(client, "errada")
    unknown = client.post("/entrar/", {"username": "ninguem", "password": "errada"})
    sentence = "Usuário ou senha não conferem"
    assert (wrong.status_code, unknown.status_code) == (200, 200)
    assert sentence in wrong.content.decode()
    assert sentence in unknown.content.decode()


def test_five_wrong_passwords_shut_the_door_and_say_for_how_long(client: Client, cast: Cast) -> None:
    answers = [log_in(client, "errada").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]
    locked = log_in(client)
    assert locked.status_code == 429
    assert "Espere 15 minutos" in locked.content.decode()
    assert "peça ao administrador" in locked.content.decode()


def test_one_locked_name_does_not_lock_the_office(client: Client, cast: Cast) -> None:
    for _ in range(5):
        log_in(client, "errada")
    response = client.post("/entrar/", {"username": "dora", "password": PASSWORD})
    assert response.status_code == 302


def test_logging_out_is_by_post(client: Client, cast: Cast) -> None:
    client.force_login(cast.bruno, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/sair/").status_code == 405
    response = client.post("/sair/")
    assert (response.status_code, response["Location"]) == (302, "/entrar/")
    assert client.get("/").status_code == 302
