"""Who was refused what: written down with the account, once an hour for the same request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from access.models import RegistroDeAcesso
from accounts.models import User
from portal.conf import LIMITS
from tests.access.conftest import FIREFOX, now
from tests.browsing import logged_in
from tests.conftest import Cast
from tests.reports.conftest import case

RECUSA = RegistroDeAcesso.Fato.RECUSA


def refused(user: User) -> list[tuple[str, str, str | None]]:
    found = RegistroDeAcesso.objects.filter(usuario=user, fato=RECUSA)
    return [(row.detalhe, row.navegador, row.endereco) for row in found]


def test_what_is_not_ones_to_do_is_written_down_with_the_place(cast: Cast) -> None:
    client = logged_in(cast.bruno)
    where = {"REMOTE_ADDR": "203.0.113.7", "headers": {"User-Agent": FIREFOX}}

    assert client.get("/cadastros/usuarios/", **where).status_code == 404
    assert client.post(f"/cadastros/usuarios/{cast.dora.pk}/desativar/", {"motivo": "x"}, **where).status_code == 404

    assert refused(cast.bruno) == [
        ("POST /cadastros/usuarios/<int:pk>/desativar/: 404", "Firefox no Windows", "203.0.113.7"),
        ("GET /cadastros/usuarios/: 404", "Firefox no Windows", "203.0.113.7"),
    ]


def test_the_same_again_is_written_down_once_an_hour(cast: Cast) -> None:
    client = logged_in(cast.bruno)
    for _ in range(3):
        client.get("/cadastros/usuarios/")
    assert len(refused(cast.bruno)) == 1

    with connection.cursor() as cursor:  # its own trigger lets nobody move a row
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE access_registrodeacesso SET quando = %s", [now() - timedelta(minutes=61)])
        cursor.execute("SET LOCAL session_replication_role = origin")
    client.get("/cadastros/usuarios/")
    assert len(refused(cast.bruno)) == 2


def test_a_forged_form_is_written_down(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.bruno)
    assert (
        client.post("/atendimentos/novo/", {"relato": "x"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    )
    assert [detail for detail, _, _ in refused(cast.bruno)] == ["POST /atendimentos/novo/: 403"]


def test_too_many_files_in_a_minute_are_refused_and_written_down(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "arquivo", 1)
    client, other = logged_in(cast.bruno), logged_in(cast.dora)
    assert client.get("/atendimentos/exportar/").status_code == 200
    late = client.get("/atendimentos/exportar/xlsx/")

    assert (late.status_code, 0 < int(late["Retry-After"]) <= 60) == (429, True)
    assert f"Espere {late['Retry-After']} segundo" in late.content.decode()
    assert other.get("/atendimentos/exportar/").status_code == 200
    assert [detail for detail, _, _ in refused(cast.bruno)] == ["GET /atendimentos/exportar/xlsx/: 429"]


def test_a_case_of_another_unidade_is_written_down_and_an_address_of_nobody_is_not(cast: Cast) -> None:
    made = case(cast, now(), "abertura_direta")
    client = logged_in(cast.eva)
    assert client.get(made.get_absolute_url()).status_code == 404
    assert client.get("/nao-existe/").status_code == 404
    assert [detail for detail, _, _ in refused(cast.eva)] == ["GET /atendimentos/<protocolo:protocolo>/: 404"]


def test_who_is_not_logged_in_is_in_nobodys_record(cast: Cast) -> None:
    assert Client().get("/publico/balanco/1991/").status_code == 404
    assert not RegistroDeAcesso.objects.filter(fato=RECUSA).exists()
