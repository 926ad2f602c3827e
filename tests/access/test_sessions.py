"""Sessions: new at log-in, seen, ended at once, timed out; who reads the table cannot use it."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from django.test import Client

from access.models import RegistroDeAcesso, Sessao
from access.services.sessions import forget_ended
from accounts.models import User
from notifications.models import Mensagem
from tests.access.conftest import FIREFOX, log_in, now
from tests.conftest import Cast

POLL = {"X-Sozinha": "1"}


def inside(client: Client, **headers: str) -> bool:
    return client.get("/", headers=headers).status_code == 200


def test_a_session_fixed_before_the_log_in_is_worth_nothing(client: Client, cast: Cast) -> None:
    attacker = Client()
    attacker.get("/publico/fornecedor/")
    session = attacker.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key
    log_in(client)
    assert client.cookies["sessionid"].value != session.session_key
    attacker.cookies["sessionid"] = session.session_key
    assert (inside(client), inside(attacker)) == (True, False)


def test_a_key_of_ones_own_making_is_not_taken(client: Client, cast: Cast) -> None:
    client.cookies["sessionid"] = "a" * 32
    log_in(client)
    assert client.cookies["sessionid"].value != "a" * 32


def test_the_table_does_not_hold_what_the_browser_has(client: Client, cast: Cast) -> None:
    log_in(client)
    key = client.cookies["sessionid"].value
    row = Sessao.objects.get(usuario=cast.bruno)
    thief = Client()
    thief.cookies["sessionid"] = row.session_key
    assert (row.session_key == key, inside(thief)) == (False, False)


def test_the_page_says_where_one_is_logged_in_and_ends_the_others(client: Client, cast: Cast) -> None:
    phone = Client(headers={"User-Agent": FIREFOX}, REMOTE_ADDR="203.0.113.9")
    log_in(phone)
    log_in(client)
    page = client.get("/conta/").content.decode()
    assert [text in page for text in ("Firefox no Windows", "203.0.113.9", "Esta sessão")] == [True] * 3
    row = Sessao.objects.get(navegador="Firefox no Windows")
    assert client.post(f"/conta/sessoes/{row.codigo}/encerrar/").status_code == 302
    assert (inside(phone), inside(client)) == (False, True)
    assert client.post(f"/conta/sessoes/{row.codigo}/encerrar/").status_code == 404
    assert "Firefox no Windows" in client.get("/conta/").content.decode()  # what happened still tells it


def test_all_others_end_with_one_button(client: Client, cast: Cast) -> None:
    others = [Client(), Client()]
    for browser in (*others, client):
        log_in(browser)
    client.post("/conta/sessoes/encerrar-outras/")
    assert ([inside(other) for other in others], inside(client)) == ([False, False], True)


def test_nobody_ends_anothers_session(client: Client, cast: Cast) -> None:
    other = Client()
    log_in(other, "dora")
    log_in(client)
    row = Sessao.objects.get(usuario=cast.dora)
    assert client.post(f"/conta/sessoes/{row.codigo}/encerrar/").status_code == 404
    assert inside(other)


def test_a_session_ended_during_a_request_is_not_written_back(client: Client, cast: Cast) -> None:
    log_in(client)
    session = client.session
    session["x"] = 1
    Sessao.objects.update(encerrada_em=now(), session_data="")
    assert client.post("/atendimentos/triagem/").status_code == 302
    from django.contrib.sessions.backends.base import UpdateError

    try:
        session.save()
    except UpdateError:
        written = False
    else:
        written = True
    assert (written, inside(client)) == (False, False)


def test_half_an_hour_without_use_ends_it(client: Client, cast: Cast) -> None:
    start = now()
    with time_machine.travel(start, tick=False) as clock:
        log_in(client)
        clock.shift(timedelta(minutes=29))
        assert inside(client)
        clock.shift(timedelta(minutes=29))
        assert inside(client)
        clock.shift(timedelta(minutes=31))
        assert not inside(client)


def test_a_page_that_asks_by_itself_does_not_keep_it_alive(client: Client, cast: Cast) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        log_in(client)
        for _ in range(3):
            clock.shift(timedelta(minutes=9))
            assert inside(client, **POLL)
        clock.shift(timedelta(minutes=9))
        assert not inside(client, **POLL)


def test_the_longest_time_ends_it_however_busy(client: Client, cast: Cast, setting) -> None:
    setting(SESSAO_TOTAL=1)
    with time_machine.travel(now(), tick=False) as clock:
        log_in(client)
        for _ in range(2):
            clock.shift(timedelta(minutes=20))
            assert inside(client)
        clock.shift(timedelta(minutes=21))
        assert not inside(client)


def test_the_offices_own_times_are_kept(client: Client, cast: Cast, setting) -> None:
    setting(SESSAO_PARADA=5)
    with time_machine.travel(now(), tick=False) as clock:
        log_in(client)
        clock.shift(timedelta(minutes=6))
        assert not inside(client)


def test_what_was_used_within_the_minute_writes_nothing(client: Client, cast: Cast, django_assert_num_queries) -> None:
    log_in(client)
    with django_assert_num_queries(3):  # the session, the person, their papéis
        client.get("/conta/senha/")


def test_the_account_page_reads_the_same_at_one_and_three(
    client: Client, cast: Cast, django_assert_num_queries
) -> None:
    log_in(client)
    for others in (0, 2):
        for _ in range(others):
            log_in(Client())
        with django_assert_num_queries(6):
            client.get("/conta/")


def test_ended_sessions_are_forgotten_after_a_day(client: Client, cast: Cast) -> None:
    log_in(client)
    assert (forget_ended(at=now() + timedelta(hours=24)), Sessao.objects.count()) == (0, 1)
    assert (forget_ended(at=now() + timedelta(hours=25)), Sessao.objects.count()) == (1, 0)


def test_an_unusual_log_in_is_told_once(cast: Cast) -> None:
    for address in ("10.0.0.1", "10.0.0.1", "203.0.113.9", "203.0.113.9"):
        log_in(Client(REMOTE_ADDR=address))
    told = Mensagem.objects.filter(tipo="acesso_aviso")
    assert [message.assunto for message in told] == ["Houve uma entrada na sua conta de outro navegador ou endereço"]
    assert "203.0.113.9" in told.get().corpo
    assert RegistroDeAcesso.objects.filter(usuario=cast.bruno, fato="entrada").count() == 4


def test_a_person_made_inactive_is_out_at_once(client: Client, cast: Cast) -> None:
    log_in(client)
    User.objects.filter(pk=cast.bruno.pk).update(is_active=False)
    assert not inside(client)
