"""Changing a password, forgetting one, and what a password may be."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from access.models import RegistroDeAcesso
from notifications.models import Mensagem
from tests.access.conftest import PASSWORD, enrolled, log_in, now
from tests.conftest import Cast

CHANGE, FORGOT = "/conta/senha/", "/senha/esqueci/"
NEW = "três tigres tristes"


def change(client: Client, senha: str = PASSWORD, nova: str = NEW, repetida: str = NEW):
    return client.post(CHANGE, {"senha": senha, "nova": nova, "repetida": repetida})


def link() -> str:
    found = re.search(
        r"https?://[^/]+(/senha/nova/\S+)", Mensagem.objects.filter(tipo="acesso_senha").latest("pk").corpo
    )
    assert found
    return found[1]


def test_a_changed_password_ends_every_other_session_at_once(client: Client, cast: Cast) -> None:
    other = Client()
    log_in(other)
    log_in(client)
    before = client.cookies["sessionid"].value
    assert change(client)["Location"] == "/conta/"
    assert (client.get("/").status_code, other.get("/").status_code) == (200, 302)
    assert client.cookies["sessionid"].value != before
    assert (log_in(Client()).status_code, log_in(Client(), password=NEW).status_code) == (200, 302)
    assert Mensagem.objects.filter(assunto="Sua senha foi trocada").count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"senha": "errada"}, "A senha não confere."),
        ({"repetida": "três tigres"}, "As duas senhas são diferentes."),
        ({"nova": "curta", "repetida": "curta"}, "12 caracteres"),
        ({"nova": "bruno atendente", "repetida": "bruno atendente"}, "muito parecida"),
        ({"nova": "procon2026!!!", "repetida": "procon2026!!!"}, "todos aqui tentariam"),
        ({"nova": "123456789012", "repetida": "123456789012"}, "muito comum com algo em volta"),
    ],
)
def test_what_is_refused(client: Client, cast: Cast, typed: dict[str, str], said: str) -> None:
    log_in(client)
    refused = change(client, **typed)
    assert (refused.status_code, said in refused.content.decode()) == (422, True)
    assert log_in(Client()).status_code == 302


@pytest.mark.parametrize(
    "good", ["a" * 6 + " cavalo " + "b" * 120, "cavalo correto bateria", "onze letras ã", "🐴 correto 🔋 grampo"]
)
def test_long_ones_sentences_and_every_sign_are_taken(cast: Cast, good: str) -> None:
    validate_password(good, cast.bruno)
    cast.bruno.set_password(good)
    assert (cast.bruno.check_password(good), cast.bruno.check_password(good[:-1])) == (True, False)


def test_eleven_characters_are_too_few(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        validate_password("onzeletrasx", cast.bruno)


def test_guessing_the_old_password_in_a_stolen_session_shuts_the_door(client: Client, cast: Cast) -> None:
    log_in(client)
    assert [change(client, senha="errada").status_code for _ in range(5)] == [422, 422, 422, 422, 429]
    assert change(client).status_code == 429


def test_the_link_sets_a_password_once_and_opens_no_session(client: Client, cast: Cast) -> None:
    logged = Client()
    log_in(logged)
    client.post(FORGOT, {"quem": "BRUNO@example.org"})
    way = link()
    opened = client.get(way)
    assert (opened["Location"], opened["Location"] == way) == (f"{way.rsplit('/', 2)[0]}/definir/", False)
    assert "três" not in client.get(opened["Location"]).content.decode()
    weak = client.post(opened["Location"], {"nova": "curta", "repetida": "curta"})
    assert weak.status_code == 422
    done = client.post(opened["Location"], {"nova": NEW, "repetida": NEW})
    assert (done["Location"], client.get("/").status_code) == ("/entrar/", 302)
    assert logged.get("/").status_code == 302
    assert (client.get(way).status_code, client.post(opened["Location"], {}).status_code) == (410, 410)
    assert log_in(Client(), password=NEW).status_code == 302
    facts = RegistroDeAcesso.objects.filter(usuario=cast.bruno).order_by("id").values_list("fato", flat=True)
    assert list(facts) == ["entrada", "senha_pedida", "sessoes", "senha", "entrada"]


def test_the_link_does_not_pass_by_the_second_factor(client: Client, cast: Cast) -> None:
    enrolled(cast.bruno)
    client.post(FORGOT, {"quem": "bruno"})
    way = client.get(link())["Location"]
    client.post(way, {"nova": NEW, "repetida": NEW})
    assert log_in(client, password=NEW)["Location"] == "/entrar/segundo-fator/"


def test_nobody_learns_who_exists(client: Client, cast: Cast) -> None:
    pages = [client.post(FORGOT, {"quem": who}).content for who in ("bruno", "ninguem", "sistema", "x@example.org")]
    assert len({re.sub(rb'token" value="\w+"|csrftoken": "\w+"', b"", page) for page in pages}) == 1
    assert Mensagem.objects.filter(tipo="acesso_senha").count() == 1


def test_ten_minutes_lie_between_two_links(client: Client, cast: Cast) -> None:
    with time_machine.travel("2026-12-01 12:00:00+00:00", tick=False) as clock:
        for _ in range(3):
            client.post(FORGOT, {"quem": "bruno"})
        assert Mensagem.objects.filter(tipo="acesso_senha").count() == 1
        clock.move_to("2026-12-01 12:10:00+00:00")
        client.post(FORGOT, {"quem": "bruno"})
        assert Mensagem.objects.filter(tipo="acesso_senha").count() == 2


def test_the_link_lapses_after_an_hour(client: Client, cast: Cast) -> None:
    client.post(FORGOT, {"quem": "bruno"})
    way = link()
    with time_machine.travel(now().timestamp() + 3700):
        assert client.get(way).status_code == 410


@pytest.mark.parametrize(
    "way",
    [
        "/senha/nova/MQ/x-y/",
        "/senha/nova/%F0%9F%90%B4/x/",
        "/senha/nova/OTk5OTk5OTk5OTk5OTk5OTk5OTk5/x/",
        "/senha/nova/x/definir/",
    ],
)
def test_a_torn_link_is_told(client: Client, db: None, way: str) -> None:
    answer = client.get(way)
    assert (answer.status_code, "não serve mais" in answer.content.decode()) == (410, True)


def test_the_host_of_a_request_does_not_reach_the_link(client: Client, cast: Cast) -> None:
    client.post(FORGOT, {"quem": "bruno"}, headers={"Host": "localhost", "X-Forwarded-Host": "evil.example"})
    assert "evil" not in Mensagem.objects.get(tipo="acesso_senha").corpo
